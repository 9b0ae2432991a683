"""What a later paper takes back, and how sure it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Answer, Library

PLANS = (
    "# Committee 4 March 2025\n\n- **Hall**: the hire of the hall goes up from £40 to £55 on 1 July.\n"
    "- **Outing**: will be to Lundy, 9 August.\n- Ruth to mend the piano (no. 12).\n"
)
CHANGES = (
    "# Committee 6 May 2025\n\n- **Hall**: the rise is put off; the hire stays at £40 until 1 March 2026.\n"
    "- **Outing**: Lundy is off, the ferry is full. New: Caldey, 16 August.\n- The piano (no. 12) is mended.\n"
    "- Lunch is dropped this year.\n"
)


def ask(tmp_path: Path, question: str) -> Answer:
    (tmp_path / "minutes").mkdir()
    (tmp_path / "minutes" / "2025-03-04-minutes.md").write_text(PLANS)
    (tmp_path / "minutes" / "2025-05-06-minutes.md").write_text(CHANGES)
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "minutes")
        return library.ask(question)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How much is the hire of the hall?", "stays at £40"),
        ("How much does the hall cost from July?", "stays at £40"),
        ("Where does the outing go?", "Caldey"),
    ],
)
def test_a_later_paper_that_takes_a_plan_back_comes_first_as_likely(tmp_path: Path, question: str, said: str) -> None:
    answer = ask(tmp_path, question)
    assert answer.fit == ("unsure" if "July" in question else "likely")
    assert not answer.short
    assert said in answer.citations[0].quote
    assert answer.citations[0].evidence.name.endswith("2025-05-06-minutes.md")
    assert any(citation.evidence.name.endswith("2025-03-04-minutes.md") for citation in answer.citations[1:])
    assert "takes back" in " ".join(answer.reasons)


def test_what_another_thing_is_dropped_for_takes_nothing_back(tmp_path: Path) -> None:
    assert "takes back" not in " ".join(ask(tmp_path, "Who is to mend the piano?").reasons)


def test_what_was_decided_for_one_case_changes_no_rule(tmp_path: Path) -> None:
    (tmp_path / "rules-2025-01-20.md").write_text(
        "# Rules 20 January 2025\n\n| Boat | Rest | Cleaned |\n|---|---|---|\n| Canoe | 2 days | weekly |\n"
        "| Skiff | 5 days | daily |\n"
    )
    (tmp_path / "log-2025-05-19.md").write_text(
        "# Log 19 May 2025\n\nThe canoe is back. Its rest can end this evening.\n"
    )
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "rules-2025-01-20.md", tmp_path / "log-2025-05-19.md")
        answer = library.ask("How long is the rest of the skiff?")
    assert answer.short == "5 days"
    assert "later document" not in " ".join(answer.reasons)


def test_letters_are_dated_by_their_names_and_heads_and_rules_by_their_year(tmp_path: Path) -> None:
    (tmp_path / "letter-june-2025.txt").write_text(
        "Mill Pond Society, the secretary                 2 June 2025\n\nThe list stands at 21 names.\n"
    )
    (tmp_path / "letter-october-2025.txt").write_text(
        "Mill Pond Society, the secretary                 4 October 2025\n\nThe list stands at 17 names.\n"
    )
    with Library(tmp_path / "library") as library:
        library.add(tmp_path / "letter-june-2025.txt", tmp_path / "letter-october-2025.txt")
        answer = library.ask("How many names stand on the list?")
    assert "17 names" in answer.citations[0].quote
    assert answer.fit in ("sure", "likely")


def test_a_day_in_a_table_is_corrected_by_a_mail_and_that_by_a_later_one(tmp_path: Path) -> None:
    (tmp_path / "season.csv").write_text(
        "play,author,premiere,place\nAntigone,Sophocles,2026-01-16,Barn\nLear,Shakespeare,2026-03-06,Barn\n"
        "Hamlet,Shakespeare,2026-04-24,Mill\n"
    )
    (tmp_path / "mail 2025-12-03.txt").write_text(
        "# Antigone\n\nThe premiere of Antigone is therefore moved from 16 January to 30 January 2026.\n"
    )
    (tmp_path / "mail 2026-01-08.txt").write_text(
        "# Antigone again\n\nThe new date of the premiere of Antigone is 13 February 2026.\n"
    )
    with Library(tmp_path / "library") as library:
        library.add(*sorted(tmp_path.glob("*.*")))
        answer = library.ask("When is the premiere of Antigone?")
    assert "13 February" in answer.citations[0].quote
    assert answer.fit in ("sure", "likely")
