"""What a statement of several clauses says of one thing is not claimed of another of its things."""

from __future__ import annotations

import pytest

from evidentia.agents.support.alignment import align
from evidentia.agents.support.subjects import subject_faults

TWO = "The warden opens the gate at dawn, and the porter checks the tickets."
RELATIVE = "The pump feeds the tank, which supplies the boiler."
SHARED = "After the drought Norwick sold the mill to Ashby and bought the quarry."
THAN = "Slate lasts longer than tile but weighs more than thatch."
PRONOUN = "Divers found the wreck, and all of them reported the leak."


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        (TWO, "The warden checks the tickets."),
        (TWO, "The porter opens the gate at dawn."),
        (RELATIVE, "The boiler supplies the tank."),
        (RELATIVE, "The pump supplies the boiler."),
        (SHARED, "Ashby bought the quarry."),
        (THAN, "Slate lasts longer than thatch."),
    ],
)
def test_a_verb_of_another_clause_is_a_fault(statement: str, claim: str) -> None:
    assert subject_faults(align(claim, statement))


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        (TWO, "The porter checks the tickets."),
        (TWO, "The tickets are checked by the porter."),
        (RELATIVE, "The tank supplies the boiler."),
        (SHARED, "Norwick bought the quarry."),
        (THAN, "Slate weighs more than thatch."),
        (PRONOUN, "Divers reported the leak."),
        ("Copper, zinc and tin lose the gloss.", "Copper loses the gloss."),
    ],
)
def test_what_is_said_of_its_own_subject_is_none(statement: str, claim: str) -> None:
    assert not subject_faults(align(claim, statement))


def test_a_word_from_above_does_not_take_the_place_of_another() -> None:
    statement = "For the tenants' safety the landlord inspects the boiler every year."
    claim = "For the authors' safety the landlord inspects the boiler every year."
    assert subject_faults(align(claim, statement, ("Authors of the report",)))
    assert not subject_faults(align(statement, statement, ("Authors of the report",)))
