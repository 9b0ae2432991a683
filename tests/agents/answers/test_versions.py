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
OLD = {
    "leave policy 2022 OLD.md": "# Leave policy (2022) - OLD, replaced\n\nUnused days cannot be carried over.\n",
    "leave policy 2025.txt": "# Leave policy 2025\n\nUp to 5 unused days may be carried over until 31 March.\n",
}


@pytest.mark.parametrize(
    ("files", "question", "first", "other"),
    [
        (TITLES, "What does the day ticket cost?", "11 euros", "prices-a.md"),
        (TITLES, "What does the day ticket cost now?", "11 euros", "prices-a.md"),
        (TITLES, "What did the day ticket cost in 2023?", "9 euros", "prices-b.md"),
        (WORDS, "How many days of leave do employees currently get?", "28 days", "leave-2022.md"),
        (WORDS, "How many days of leave do employees get?", "28 days", "leave-2022.md"),
        (OLD, "Can I carry over unused holiday?", "Up to 5", "leave policy 2022 OLD.md"),
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


def test_what_a_document_that_calls_itself_replaced_says_is_never_sure(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    name, text = next(iter(OLD.items()))
    (folder / name).write_text(text, encoding="utf-8")
    with Library(tmp_path / "library") as library:
        library.add(folder)
        answer, named = (
            library.ask("Can unused days be carried over?"),
            library.ask("Could unused days be kept in 2022?"),
        )
    assert answer.fit == "unsure"
    assert any("says of itself: old" in reason for reason in answer.reasons)
    assert not any("says of itself" in reason for reason in named.reasons)
