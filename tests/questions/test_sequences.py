"""An order that a statement tells says what is first, last, and next to another."""

from __future__ import annotations

import pytest

from evidentia.questions.sequences import asked_of_order, things_in_order

HOOKS = "The hooks run in this order: onRequest, preParsing, preHandler, and onSend."


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("Which hook runs first?", "onRequest"),
        ("What is the last hook?", "onSend"),
        ("Which hook runs after preParsing?", "preHandler"),
        ("What comes before preHandler?", "preParsing"),
        ("What comes after onSend?", ""),
        ("Does preParsing run before preHandler?", ""),
        ("Which hooks are there?", ""),
    ],
)
def test_a_place_in_the_order(question: str, thing: str):
    assert asked_of_order(question, HOOKS) == thing


def test_a_list_without_an_order_has_no_first():
    assert things_in_order("We sell apples, pears and plums.") == []
    assert things_in_order("draft → review → print") == ["draft", "review", "print"]


def test_what_is_said_to_be_last_is_not_the_last_of_the_order():
    assert asked_of_order("Which hook runs last?", f"{HOOKS} After the reply onResponse runs last.") == ""
