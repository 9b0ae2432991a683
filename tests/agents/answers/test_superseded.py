"""What an amendment or a later paper says is not passed over, and what was only asked or offered is no outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia import Answer, Library

FILES = {
    "rules-v2.md": """# Library rules

Version 2, in force since 1 January 2024.

## 1 Lending

### 1.1 Loan period
Books are lent for 14 days.

### 1.2 Fees
Each day late costs 20 cents.

## 2 Rooms

### 2.1 Quiet room
The quiet room closes at 18:00.
""",
    "amendment-2025-06.md": """# Amendment to the library rules

In force from 1 June 2025.

1. **Section 1.1.** "14 days" is replaced by "21 days".
2. **Section 1.2.** The fee is 30 cents.
""",
    "draft-amendment.md": """# Draft of a second amendment to the library rules (not in force)

1. **Section 2.1.** The quiet room closes at 21:00.
""",
    "2025-02-03 Roof.txt": """3 February 2025

Dear readers,

the roof works begin on 12 May and the scaffold comes down by 30 June.
""",
    "roof.eml": """From: Office <office@example.org>
To: Readers <readers@example.org>
Date: Tue, 06 May 2025 09:00:00 +0000
Subject: Roof: new dates

Dear readers,

the builders are late. New dates: the roof works begin on 2 June and the scaffold comes down by 21 July.
""",
    "minutes-2025-04-02.md": """# Minutes of the committee

The chess club plays in the reading room on 9 and 16 October.
""",
    "letter.txt": """10 March 2025

Dear Mrs Lund,

we offer that you pay 40 euros a month for the damaged atlas.
Also: may we keep the atlas in the cellar?

Kim
""",
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    folder: Path = tmp_path_factory.mktemp("papers")
    (folder / "papers").mkdir()
    for name, text in FILES.items():
        (folder / "papers" / name).write_text(text, encoding="utf-8")
    library = Library(folder / "library")
    library.add(folder / "papers")
    return library.ask


@pytest.mark.parametrize(
    ("question", "now", "before"),
    [
        ("For how many days are books lent?", "21 days", "14 days"),
        ("How much does each day late cost?", "30 cents", "20 cents"),
    ],
)
def test_an_amendment_of_the_section_stands_first(
    ask: Callable[[str], Answer], question: str, now: str, before: str
) -> None:
    answer = ask(question)
    assert now in answer.citations[0].quote
    assert answer.fit in ("likely", "unsure")
    assert before not in answer.short
    assert any(reason.startswith("changes section") for reason in answer.reasons)
    assert all(citation.verified for citation in answer.citations)


def test_a_draft_amends_nothing(ask: Callable[[str], Answer]) -> None:
    answer = ask("When does the quiet room close?")
    assert "18:00" in answer.citations[0].quote
    assert not any(reason.startswith("changes section") for reason in answer.reasons)


def test_a_later_mail_overrules_a_letter(ask: Callable[[str], Answer]) -> None:
    answer = ask("When does the scaffold come down?")
    assert "21 July" in answer.citations[0].quote
    assert answer.fit != "sure"
    assert "30 June" not in answer.short


def test_what_the_question_dates_itself_is_taken_from_there(ask: Callable[[str], Answer]) -> None:
    assert not any("document says more" in reason for reason in ask("What begins on 12 May?").reasons)


def test_an_offer_is_not_what_came_of_it(ask: Callable[[str], Answer]) -> None:
    assert ask("How much does Mrs Lund pay a month?").fit == "unsure"
    assert "says what was asked for or offered" not in "".join(ask("How much was offered for the atlas?").reasons)


def test_what_was_written_before_the_day_is_a_plan(ask: Callable[[str], Answer]) -> None:
    answer = ask("When did the chess club play?")
    assert answer.fit == "unsure"
    assert "was written before that day: a plan" in answer.reasons
    assert ask("When does the chess club play?").fit in ("sure", "likely")


def test_a_question_in_a_letter_answers_nothing(ask: Callable[[str], Answer]) -> None:
    answer = ask("May the atlas be kept in the cellar?")
    assert answer.fit in ("no", "unsure")
