"""Which of the values of a statement is shown above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.agents.answers.values import value_now, value_of_clause


@pytest.mark.parametrize(
    ("question", "found", "said", "value"),
    [
        ("How much is a full plot?", "£34", "The rent for a full plot is £62 and for a half plot £34.", "£62"),
        ("How much is a half plot?", "£34", "The rent for a full plot is £62 and for a half plot £34.", "£34"),
        ("How much is a full plot?", "£34", "It is £58 for a full plot and £34 for a half plot.", "£58"),
        ("How much is a plot?", "£34", "The rent for a full plot is £62 and for a half plot £34.", "£34"),
        ("What deposit is it for a kayak?", "90 euros", "The deposit is 90 euros, for kayaks 30; by card only.", "30"),
        ("What is the deposit?", "90 euros", "The deposit is 90 euros, for kayaks 30; by card only.", "90 euros"),
        ("What deposit is it for a blue kayak?", "90 euros", "The deposit is 90 euros, for red kayaks 30.", ""),
        ("How much is a full plot?", "2 May", "The rent for a full plot is £62 from 2 May.", "2 May"),
    ],
)
def test_the_value_of_the_clause_that_is_asked_about(question: str, found: str, said: str, value: str) -> None:
    assert value_of_clause(question, found, said) == value


@pytest.mark.parametrize(
    ("found", "said", "value"),
    [
        ("Lilac", 'Room: was "Lilac", repainted July 2025 in "Sage" (Valspar)', "Sage"),
        ("Moyle & Co", "electrician: was Moyle & Co (never again), now Priya Nair 07700", "Priya Nair"),
        ("Sage", 'Room: was "Lilac", repainted in "Sage"', "Sage"),
        ("Lilac", 'The room was "Lilac", a colour of ours.', "Lilac"),
    ],
)
def test_the_value_that_holds_now(found: str, said: str, value: str) -> None:
    assert value_now(found, said) == value


def test_what_happens_is_told_by_no_cell(tmp_path: Path) -> None:
    (tmp_path / "racks.csv").write_text(
        "rack,customer,size,state\nT05,Engel,205/55,worn\nT06,Behn,195/65,good\nT07,Rau,185/60,good\n"
    )
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(tmp_path / "racks.csv")
        assert not library.ask("What happens with Engel's tyres?").short
        assert library.ask("What is the size of Engel's tyres?").short == "205/55"
