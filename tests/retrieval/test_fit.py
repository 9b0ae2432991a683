from __future__ import annotations

import pytest

from evidentia.retrieval.fit import fit
from evidentia.retrieval.question import parse


@pytest.mark.parametrize(
    ("question", "statement", "level"),
    [
        ("What is the highest permitted pressure?", "The lowest permitted pressure is 2 bar.", "no"),
        ("What is the highest permitted pressure?", "The highest permitted pressure is 9 bar.", "sure"),
        ("How many guests does the Linden hall seat?", "The Rowan hall seats 90 guests.", "no"),
        ("How many guests does the Linden hall seat?", "The Linden hall seats 120 guests.", "sure"),
    ],
)
def test_the_level_says_whether_a_statement_answers(question: str, statement: str, level: str):
    assert fit(parse(question), statement).level == level
