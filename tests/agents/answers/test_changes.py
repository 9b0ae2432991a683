"""What takes a statement back, and the new one of two values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia import Answer, Library
from evidentia.agents.answers.quoted import newer_value

CLUB = """# Rowing club: changes this season

The Tuesday training moves from 6 pm to 7 pm.

The regatta is on 20 June. It was postponed, and there is no date yet.

A rehair costs 35 euros. Setup was to become cheaper, but the owner decided against it.

My pay is 3,650 euros before tax.

The boathouse opens at 8 am.
"""
ORDERS = (
    "order,who,item,pieces,state\n1,Mia Lund,oar,4,open\n2,Piet Vos,rope,2,delivered\n3,Piet Vos,rope,3,delivered\n"
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    folder: Path = tmp_path_factory.mktemp("club")
    (folder / "docs").mkdir()
    (folder / "docs" / "club.md").write_text(CLUB, encoding="utf-8")
    (folder / "docs" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    library = Library(folder / "library")
    library.add(folder / "docs")
    return library.ask


def test_what_the_sentence_behind_it_takes_back_is_not_sure(ask: Callable[[str], Answer]) -> None:
    answer = ask("When is the regatta?")
    assert answer.fit == "unsure"
    assert not answer.short


def test_what_the_sentence_behind_it_says_of_another_thing_takes_nothing_back(ask: Callable[[str], Answer]) -> None:
    assert ask("How much does a rehair cost?").fit in ("sure", "likely")


def test_of_a_change_the_new_value_is_said(ask: Callable[[str], Answer]) -> None:
    assert "6 pm" not in ask("At what time is the training on Tuesday?").short.removesuffix("7 pm")
    assert newer_value("Wednesday", "Roast moves from Wednesday to Thursday.") == "Thursday"
    assert newer_value("80 to 95 euros", "The fee rises from 80 to 95 euros in January.") == "95 euros"
    assert newer_value("12 May to 19", "The fair was moved from 12 May to 19 May.") == "19 May"
    assert newer_value("12 boats", "The club has 12 boats.") == "12 boats"


def test_a_code_of_the_question_is_no_headline(ask: Callable[[str], Answer]) -> None:
    assert ask("Is order 1 open?").short != "1"


def test_a_number_is_said_whole(ask: Callable[[str], Answer]) -> None:
    assert ask("How many euros is my pay before tax?").short in ("", "3,650", "3,650 euros")


@pytest.mark.parametrize(
    ("question", "number"), [("How many oars did Mia Lund order?", "4"), ("How many ropes did Piet Vos order?", "5")]
)
def test_things_are_counted_by_the_pieces_of_their_rows(
    ask: Callable[[str], Answer], question: str, number: str
) -> None:
    assert ask(question).short == number
