"""A value that is paired with what it stands for is told by its own pair, not by a neighbour's."""

from __future__ import annotations

import pytest

from evidentia.questions.value_pairs import paired_value

DAYS = "- weekday (0=Sunday, 6=Saturday)"
LEVELS = "Levels: 10 = trace, 20 = debug, 30 = info and 40 = warn."


@pytest.mark.parametrize(
    ("question", "statement", "value"),
    [
        ("Which weekday is 0?", DAYS, "Sunday"),
        ("What number is Saturday?", DAYS, "6"),
        ("What is level 40?", LEVELS, "warn"),
        ("Which number is the debug level?", LEVELS, "20"),
        ("What does R mean?", "Marks: R -> refused; A -> accepted", "refused"),
    ],
)
def test_the_other_side_of_the_pair_that_is_named(question: str, statement: str, value: str):
    assert paired_value(question, statement) == value


def test_nothing_where_no_pair_or_several_are_named():
    assert paired_value("Are 0 and 6 weekdays?", DAYS) == ""
    assert paired_value("Is 0 Sunday?", DAYS) == ""
    assert paired_value("Which weekday is 3?", DAYS) == ""
    assert paired_value("What is x?", "x = 4") == ""
