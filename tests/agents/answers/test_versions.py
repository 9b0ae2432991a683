"""Several versions of one document: told by names or titles; the one that is asked for, else the newest, comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library

TITLES = {
    "prices-a.md": "# Price list 2023\n\nThe day ticket costs 9 euros.\n",
    "prices-b.md": "# Price list 2024\n\nThe day ticket costs 11 euros.\n",
}
WORDS = {
    "leave-2022.md": "# Leave policy 2022\n\nEmployees get 25 days of leave a year.\n",
    "leave-2025.md": "# Leave policy 2025\n\nFrom January on the annual leave is 28 days for every employee.\n",
}


@pytest.mark.parametrize(
    ("files", "question", "first", "other"),
    [
        (TITLES, "What does the day ticket cost?", "11 euros", "prices-a.md"),
        (TITLES, "What does the day ticket cost now?", "11 euros", "prices-a.md"),
        (TITLES, "What did the day ticket cost in 2023?", "9 euros", "prices-b.md"),
        (WORDS, "How many days of leave do employees currently get?", "28 days", "leave-2022.md"),
        (WORDS, "How many days of leave do employees get?", "28 days", "leave-2022.md"),
    ],
)
def test_the_version_that_is_asked_for_comes_first(
    tmp_path: Path, files: dict[str, str], question: str, first: str, other: str
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Library(tmp_path / "library") as library:
        library.add(folder)
        answer = library.ask(question)
    assert first in answer.citations[0].quote
    assert any("another version" in reason and other in reason for reason in answer.reasons)
