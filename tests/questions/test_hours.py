from __future__ import annotations

import pytest

from evidentia.questions.fit import fit
from evidentia.questions.hours import asked_hours, told_hours
from evidentia.questions.question import parse

WEEK = "We are open Monday to Friday from 9:00 to 18:00 and on Saturdays from 10:00 to 14:00."


@pytest.mark.parametrize(
    ("question", "statement", "time"),
    [
        ("When do you close on Saturdays?", WEEK, "14:00"),
        ("When do you open on a Tuesday?", WEEK, "9:00"),
        ("Until when is the shop open on Friday?", WEEK, "18:00"),
        ("When is the shop open on Friday?", WEEK, "9:00 to 18:00"),
        ("When do you close on Sundays?", WEEK, None),
        ("When do you close?", WEEK, None),
        ("When does the fair end?", "The fair in the yard runs from 8.30 am to 1 pm.", "1 pm"),
        ("When do you close on Wednesdays?", "On Wednesdays the choir sings 19:00–21:00.", None),
        ("Who closes the shop on Fridays?", WEEK, None),
        ("Wann schließt die Halle am Mittwoch?", "Geöffnet: Mo–Fr 10–18 Uhr, Sa 10–13 Uhr", "18 Uhr"),
    ],
)
def test_the_end_that_is_asked_for_of_the_hours_of_that_day(question: str, statement: str, time: str | None):
    place = asked_hours(question, statement)
    assert (place and statement[slice(*place)]) == time


def test_two_numbers_are_hours_only_beside_a_day():
    assert told_hours("The doctor: Monday and Thursday 9–12")
    assert not told_hours("See pages 3-5; tickets cost 3 to 5 euros.")


def test_hours_tell_when_something_closes_though_they_say_open():
    assert fit(parse("When do you close on Saturdays?"), WEEK).level in ("sure", "likely")
    assert fit(parse("When do you close on Saturdays?"), "The gate opens in spring.").level in ("no", "unsure")
