from __future__ import annotations

import pytest

from evidentia.agents.check import carries, freely_carries

QUOTE = "The 1973 oil crisis began in October 1973 when Arab members of OPEC proclaimed an oil embargo."


@pytest.mark.parametrize(
    "sentence",
    [
        "The oil crisis began in October 1973.",
        "Arab members of OPEC proclaimed an oil embargo.",
    ],
)
def test_a_sentence_in_the_words_of_the_quote_is_carried(sentence: str):
    assert carries(QUOTE, sentence)


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The oil crisis began in October 1974.", "another number"),
        ("The oil crisis did not begin in October 1973.", "a negation"),
        ("OPEC proclaimed an oil embargo of Arab members.", "another order"),
        ("The oil crisis began when Iran proclaimed an embargo.", "a name that is not there"),
        ("The crisis ruined many factories.", "other words"),
        ("Yes.", "nothing said"),
    ],
)
def test_anything_else_is_not(sentence: str, why: str):
    assert not carries(QUOTE, sentence), why


ASKED = "When did the oil crisis begin?"
FREE = "The 1973 oil crisis started in October 1973."


def test_a_freer_wording_is_carried_when_the_reader_answers_the_same_from_both():
    assert freely_carries(ASKED, QUOTE, FREE)


@pytest.mark.parametrize(
    "sentence",
    [
        "The oil crisis started in October 1974, when members of OPEC proclaimed it.",
        "The oil crisis did not start in October 1973.",
        "Arab members of OPEC met over oil.",
    ],
)
def test_another_answer_is_not_carried_however_near_its_words(sentence: str):
    assert not freely_carries(ASKED, QUOTE, sentence)
