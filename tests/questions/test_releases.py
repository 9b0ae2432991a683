"""When a version came out."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library
from evidentia.questions.question import parse
from evidentia.questions.releases import release_day

CHANGES = (
    "# Changes of Fennel\n\n## 2.4.1 (March 3, 2023)\n\nOne fix.\n\n## 2.4.0 - 2023-01-15\n\nAdds the `peel` command.\n\n"
    "## 2.3.0\n\nSince 4 May 2022 the boat is blue.\n"
)


@pytest.mark.parametrize(
    ("question", "heading", "day"),
    [
        ("When did Fennel 2.4.1 come out?", "## 2.4.1 (March 3, 2023)", "March 3, 2023"),
        ("What is the release date of 2.4.0?", "2.4.0 - 2023-01-15\n------------------", "2023-01-15"),
        ("When was 2.4.0 released?", "## 2.4.1 (March 3, 2023)", ""),
        ("When was 2.3.0 released?", "## 2.3.0", ""),
        ("What changed in 2.4.1?", "## 2.4.1 (March 3, 2023)", ""),
    ],
)
def test_a_heading_tells_the_day_of_its_version(question: str, heading: str, day: str):
    assert release_day(parse(question), heading) == day


def test_the_day_of_a_version_is_the_answer_and_of_another_work_it_is_not(tmp_path: Path):
    (tmp_path / "fennel.md").write_text(CHANGES)
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "fennel.md")
        answer = library.ask("When was Fennel 2.4.0 released?")
        other = library.ask("When was Quince 2.4.0 released?")
    assert (answer.fit, answer.short) == ("sure", "2023-01-15")
    assert answer.citations[0].quote.endswith("2.4.0 - 2023-01-15")
    assert other.fit not in ("sure", "likely")
