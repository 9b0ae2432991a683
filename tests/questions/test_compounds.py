"""Compounds of a question, and statements about another thing of the same last word."""

from __future__ import annotations

import pytest

from evidentia.questions.compounds import compounds
from evidentia.questions.fit import fit
from evidentia.questions.question import parse

QUESTION = "Where do I keep the sail bags?"
TEXTS = ("Sail bags are kept behind the door.", "The sail is washed and the sand bags are kept in the shed.")


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        (TEXTS[0], "sure"),
        (TEXTS[1], "unsure"),
        ("The bags of a sail are kept in the shed.", "sure"),
        ("Keep the sail-bags in the shed.", "sure"),
    ],
)
def test_what_is_said_of_another_compound_is_unsure(statement: str, level: str):
    question = parse(QUESTION)
    assert fit(question, statement, compounds=compounds(question, TEXTS)).level == level


def test_only_what_the_texts_join_is_a_compound():
    assert compounds(parse(QUESTION), TEXTS[:1]) == {("sail", "bag")}
    assert not compounds(parse(QUESTION), ("The bags of the sail.",))
    assert not compounds(parse("Where are the bags?"), TEXTS)


def test_such_things_are_those_of_the_sentence_before():
    found = fit(parse("Where do the spare keys hang?"), "Such keys hang in the office.", ("hall", "Spare keys"))
    assert found.level == "unsure"
