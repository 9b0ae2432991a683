"""Of a rule and its exception, and of what holds until a day and what then, the one that is asked about."""

from __future__ import annotations

import pytest

from evidentia.questions import cases
from evidentia.questions.cases import lacks_number, tells_trigger
from evidentia.questions.fit import fit
from evidentia.questions.question import parse

GATE = "The gate is opened by the warden on weekdays, except on bank holidays; then call the mayor."
SHIFT = "Night bell: Ivar until 3 March, then Signe."


def test_the_rule_is_no_headline_where_its_exception_is_asked_about():
    assert cases.is_of_other_case("Who opens the gate on a public holiday?", "warden", GATE)
    assert not cases.is_of_other_case("Who opens the gate on a public holiday?", "mayor", GATE)
    assert not cases.is_of_other_case("Who opens the gate on Tuesday?", "warden", GATE)


def test_holidays_of_another_kind_are_no_exception():
    assert cases.excepted_case("Who opens the gate in the school holidays?", GATE) is None


def test_an_exception_of_which_nothing_more_is_said_is_unsure():
    said = "The pool is open from 9 to 5 except on Sundays."
    assert fit(parse("When is the pool open on Sundays?"), said).level == "unsure"
    assert fit(parse("When is the pool open on Mondays?"), said).level != "no"
    assert fit(parse("Is the pool open on Sundays?"), said).level == "sure"


def test_after_a_month_holds_what_begins_at_its_end():
    said = "Night bell: Ivar (until 31 March 2025, then Signe)."
    assert cases.is_of_other_case("Who answers the night bell after March 2025?", "Ivar", said)
    assert not cases.is_of_other_case("Who answers the night bell in March 2025?", "Ivar", said)


def test_what_holds_from_a_day_on_is_not_refused_and_the_former_is_no_headline():
    question = "Who answers the night bell on 5 March?"
    assert fit(parse(question), SHIFT).level != "no"
    assert cases.is_of_other_case(question, "Ivar", SHIFT)
    assert not cases.is_of_other_case(question, "Signe", SHIFT)
    assert not cases.is_of_other_case("Who answers the night bell on 1 March?", "Ivar", SHIFT)
    assert not cases.holds_from_then("Who answers the night bell on 1 March?", SHIFT)


@pytest.mark.parametrize(
    ("question", "statement", "level"),
    [
        ("Has the crane been repaired?", "Use the red crane once the crane has been repaired.", "unsure"),
        ("Has the parcel come?", "Take the blue bag if the parcel has come.", "unsure"),
        ("Is the well dry?", "When the well is dry, the bell rings.", "unsure"),
        ("Does the bell ring when the well is dry?", "When the well is dry, the bell rings.", "sure"),
        ("Can members pay by card?", "If they like, members can pay by card.", "likely"),
    ],
)
def test_a_condition_says_neither_yes_nor_no(question: str, statement: str, level: str):
    assert fit(parse(question), statement).level == level


def test_a_word_of_the_condition_alone_is_not_said():
    assert cases.only_under_condition("Has the parcel come?", "Take the blue bag if the parcel has come.")
    assert cases.only_under_condition("Has the lift arrived?", "Hers is the new lift once it has arrived.")
    assert not cases.only_under_condition("Is the well dry?", "No, when it rains the well is full.")


def test_what_is_due_behind_a_deadline_is_not_what_holds_until_it():
    said = "Changes are free until two weeks before the tour; after that a fifth of the fare is due."
    assert cases.is_of_other_case("What do I pay if I change three days before?", "free", said)
    assert not cases.is_of_other_case("What do I pay if I change three days before?", "a fifth", said)
    assert not cases.is_of_other_case("What do I pay if I change a tour 20 days before?", "free", said)


def test_the_number_from_which_on_something_is_done_is_not_what_is_allowed():
    said = "If humidity in room 3 goes above 60 % for four hours, switch on the dehumidifier."
    assert tells_trigger("What humidity is allowed in room 3?", said)
    assert not tells_trigger("Above what humidity do I switch on the dehumidifier?", said)
    assert not tells_trigger("What humidity is allowed?", "Humidity must stay below 60 %.")


def test_a_number_with_decimals_must_be_there():
    assert lacks_number("What is shown at the 99.99 percentile?", ["At 97.5 %, the slow ones."]) == "99.99"
    assert not lacks_number("What is shown at the 97.5 percentile?", ["At 97,5 %, the slow ones."])
    assert not lacks_number("What can I do in 1.5 hours?", ["The tour takes 90 minutes."])
