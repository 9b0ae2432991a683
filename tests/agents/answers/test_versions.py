"""Several versions of one document: told by names or titles; the one that is asked for, else the newest, comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Answer, Library

TITLES = {
    "prices-a.md": "# Price list 2023\n\nThe day ticket costs 9 euros.\n",
    "prices-b.md": "# Price list 2024\n\nThe day ticket costs 11 euros.\n",
}
WORDS = {
    "leave-2022.md": "# Leave policy 2022\n\nEmployees get 25 days of leave a year.\n",
    "leave-2025.md": "# Leave policy 2025\n\nFrom January on the annual leave is 28 days for every employee.\n",
}
SINCE = {
    "Hire 2025.md": "# Hire\n\n| Bike | Per week |\n| --- | --- |\n| Cargo trike | 190 |\n",
    "Hire 2026 (valid from 1 Jan 2026).md": "# Hire\n\n| Bike | Per week |\n| --- | --- |\n| Cargo trike | 205 |\n",
}
OLD = {
    "leave policy 2022 OLD.md": "# Leave policy (2022) - OLD, replaced\n\nUnused days cannot be carried over.\n",
    "leave policy 2025.txt": "# Leave policy 2025\n\nUp to 5 unused days may be carried over until 31 March.\n",
}
SIGNED = {
    "Mill - lease 2021.txt": "# Lease\n\nThe rent is 900 euros a month. Windows are cleaned and included in the rent.\n",
    "Mill - lease 2024 (signed).md": "# Lease\n\nThe rent is 980 euros a month.\n\nWindows are not part of the rent.\n",
}


def ask(tmp_path: Path, files: dict[str, str], *questions: str) -> list[Answer]:
    for name, text in files.items():
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "docs")
        return [library.ask(question) for question in questions]


@pytest.mark.parametrize(
    ("files", "question", "first", "other"),
    [
        (TITLES, "What does the day ticket cost?", "11 euros", "prices-a.md"),
        (TITLES, "What does the day ticket cost now?", "11 euros", "prices-a.md"),
        (TITLES, "What did the day ticket cost in 2023?", "9 euros", "prices-b.md"),
        (WORDS, "How many days of leave do employees currently get?", "28 days", "leave-2022.md"),
        (WORDS, "How many days of leave do employees get?", "28 days", "leave-2022.md"),
        (SIGNED, "How much is the rent a month?", "980", "Mill - lease 2021.txt"),
        (SIGNED, "Are windows included in the rent?", "not part", "Mill - lease 2021.txt"),
        (SINCE, "What does the cargo trike cost per week?", "205", "Hire 2025.md"),
        (OLD, "Can I carry over unused holiday?", "Up to 5", "leave policy 2022 OLD.md"),
    ],
)
def test_the_version_that_is_asked_for_comes_first(
    tmp_path: Path, files: dict[str, str], question: str, first: str, other: str
) -> None:
    (answer,) = ask(tmp_path, files, question)
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


def test_a_question_that_compares_two_versions_gets_both(tmp_path: Path) -> None:
    (answer,) = ask(tmp_path, SIGNED, "How much more is the rent a month in 2024 than in 2021?")
    assert "980" in answer.text
    assert "900" in answer.text


MINUTES = {
    "minutes/2025-03-11 board.md": "# Board, 11 March 2025\n\nThe fire drill is on 29 April at ten.\n\nWe buy the van.\n",
    "minutes/2025-04-08 board.md": (
        "# Board, 8 April 2025\n\nThe fire drill is moved from 29 April to 13 May.\n\n"
        "The van failed its inspection, so we did not buy the van.\n"
    ),
}


def test_what_a_later_document_of_a_series_changes_stands_first_and_is_not_sure(tmp_path: Path) -> None:
    answer, bought = ask(tmp_path, MINUTES, "When is the fire drill?", "Did we buy the van?")
    assert "13 May" in answer.citations[0].quote
    assert "at ten" in answer.citations[1].quote
    assert answer.fit != "sure"
    assert any("an earlier document says more of it" in reason for reason in answer.reasons)
    assert "did not buy" in bought.citations[0].quote


CORRECTED = {
    "loan.txt": "Loan of the veil\n\nThe loan of the veil begins on 1 November 2024 and ends on 30 June 2025.\n",
    "board.md": "# Board\n\nThe loan of the veil was extended from 30 June 2025 to 30 September 2025.\n",
    "prices.md": "# Prices\n\nAn adult ticket costs 7.50 euros.\n",
    "mail.txt": "One correction: from April on an adult ticket costs 8.50 euros, not 7.50 euros.\n",
    "hours.md": "# Hours\n\nThe mill was moved from the harbour to the hill. It opens from 9 to 5.\n",
}


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("Until when is the veil on loan?", "30 September 2025", "1 November 2024"),
        ("When does the loan of the veil end?", "30 September 2025", "1 November 2024"),
        ("How much is an adult ticket?", "8.50 euros, not 7.50", ""),
    ],
)
def test_what_changes_a_value_stands_before_it(tmp_path: Path, question: str, first: str, second: str) -> None:
    (answer,) = ask(tmp_path, CORRECTED, question)
    assert first in answer.citations[0].quote
    assert not second or (second in answer.citations[1].quote and answer.fit != "sure")
    assert answer.short not in ("1 November 2024", "30 June 2025", "7.50")
