"""Which of the values of a statement is shown above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.agents.answers.values import (
    is_of_other_clause,
    value_now,
    value_of_clause,
    whole_path,
    with_negation,
)


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


@pytest.mark.parametrize(
    ("question", "found", "said", "other"),
    [
        ("How much is the sauna?", "£4 an hour", "The pool costs £4 an hour, the sauna 90p for 20 minutes.", True),
        ("How much is the pool?", "£4 an hour", "The pool costs £4 an hour, the sauna 90p for 20 minutes.", False),
        ("When is a sample thrown away?", "above 30 °C", "Above 8 °C a sample is thrown away; above 30 °C call.", True),
        ("How many boxes had K2?", "12", "K1: 12 boxes, K2: 7, K3: 12.", True),
        ("How much was the pump?", "300 euros", "The pump, bought in 2019, cost 300 euros.", False),
    ],
)
def test_a_number_of_a_clause_about_something_else(question: str, found: str, said: str, other: bool) -> None:
    assert is_of_other_clause(question, found, said) is other


def test_a_negation_belongs_to_the_comparison_behind_it() -> None:
    assert with_negation("more than two", "Use each filter not more than two times.") == "not more than two"
    assert with_negation("more than two", "Do not wash a filter more than two times.") == ""
    assert with_negation("more than two", "The filter lasts more than two years.") == "more than two"


def test_a_path_is_shown_to_its_end() -> None:
    said = "Keys lie in $HOME/.local/share/tool/keys/ and nowhere else."
    assert whole_path("$HOME/.local", said) == "$HOME/.local/share/tool/keys/"
    assert whole_path("nowhere", said) == "nowhere"
