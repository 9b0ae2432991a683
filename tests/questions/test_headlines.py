"""The few words above an answer are a quantity of the kind that is asked for, of the unit and of the case."""

from __future__ import annotations

import pytest

from evidentia.questions.fit import fit
from evidentia.questions.headlines import suits
from evidentia.questions.question import parse


@pytest.mark.parametrize(
    ("question", "found", "said", "right"),
    [
        ("What is the cancellation period of the gym?", "3 May 2025", "It begins on 3 May 2025.", False),
        ("What is the cancellation period of the gym?", "six weeks", "Cancel six weeks before.", True),
        ("How long is the lease?", "until 3 May 2027", "It runs until 3 May 2027.", True),
        ("When is the deposit due?", "£240", "The deposit is £240.", False),
        ("When is the deposit due?", "3 May", "The deposit is due on 3 May.", True),
        ("How many boats does the club rent?", "£90", "The rent is £90.", False),
        ("How many boats does the club rent?", "third", "A third boat came.", False),
        ("How many boats does the club rent?", "4", "The club rents 4 boats.", True),
        ("How many grams of seed do hens get?", "three", "Give three worms.", False),
        ("How many grams of seed do hens get?", "40", "Give 40 g of seed.", True),
        ("How much does the boat cost?", "3 May 2025", "It costs much from 3 May 2025.", False),
        ("How much does the boat cost?", "90", "It costs 90.", True),
    ],
)
def test_a_quantity_suits_the_question_or_not(question: str, found: str, said: str, right: bool):
    assert suits(parse(question), found, said) is right


def test_a_price_is_no_count_and_no_year():
    assert fit(parse("How many boats does the club rent?"), "The club pays a rent of £90.50 for boats.").level != "sure"
    assert "gives no date" in fit(parse("When is the deposit due?"), "The deposit due is £240.").reasons
