"""Neighbours of what is asked: they share its words and answer nothing."""

from __future__ import annotations

import pytest

from evidentia.questions.fit import fit
from evidentia.questions.question import parse
from evidentia.questions.variants import initials_of, variants

MANUAL = ("oven", "# oven(8)")


@pytest.mark.parametrize(
    ("question", "term", "statement", "level"),
    [
        ("Does the oven ring an empty bell?", "noring", ": Do not ring the bell of the oven if it is empty.", "unsure"),
        ("Does the oven ring an empty bell?", "ring", ": Ring the empty bell of the oven.", "sure"),
        ("Does noring stop the bell of the oven?", "noring", ": Stops the bell of the oven.", "sure"),
        ("Are dogs allowed?", "pets", ": Dogs are allowed.", "sure"),
    ],
)
def test_what_an_option_does_holds_where_it_is_set(question: str, term: str, statement: str, level: str) -> None:
    title = MANUAL if "oven" in question else ("rules", "Rules")
    assert fit(parse(question), statement, (*title, term)).level == level


def test_the_limit_of_an_option_that_nobody_asks_about_is_only_a_guess():
    question = parse("What is the biggest number of loaves per batch by default?")
    found = fit(question, "By default, the limit is 100.", ("oven", "# oven(8)", "--trays <number>"))
    assert (found.level, found.worded_otherwise) == ("unsure", False)


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        ("We leave the rent at £875 until the fan is in.", "unsure"),
        ("The fan, which makes £12 of noise.", "unsure"),
        ("The fan was £164.", "likely"),
        ("The fan (164 EUR) is loud.", "likely"),
        ("The fan costs £164.", "sure"),
    ],
)
def test_an_amount_of_another_thing_is_no_price(statement: str, level: str) -> None:
    assert fit(parse("How much did the fan cost?"), statement).level == level


def test_a_bare_no_belongs_to_its_own_question():
    above = ("faq", "Questions", "Does the boat have a sail?")
    assert fit(parse("Does the boat have a radio?"), "No.", above).level == "unsure"
    assert fit(parse("Does the boat have a sail?"), "No.", above).level in ("sure", "likely")


def test_what_is_said_in_brackets_alone_decides_nothing():
    question, plain = parse("Does the ferry carry goats?"), "The ferry carries goats."
    assert fit(question, plain).level == "sure"
    assert fit(question, "Rules have two sides on a ferry (they say when it carries goats).").level == "unsure"


@pytest.mark.parametrize(
    ("question", "statement", "level"),
    [
        ("What is the default port of the radio?", "Sets the default port number of the radio.", "unsure"),
        ("What is the default port of the radio?", "The default port of the radio is 631.", "sure"),
        ("What is the timeout of the radio, in seconds?", "The radio has a timeout that can be shown.", "unsure"),
        ("Which night was booked at Kred?", "06/04/2025, 09:04 - Ann: one night was booked at Kred", "unsure"),
        ("Which night was booked at Kred?", "At Kred the night of 27 June was booked.", "sure"),
    ],
)
def test_a_number_or_a_time_that_is_asked_for_must_stand_there(question: str, statement: str, level: str) -> None:
    found = fit(parse(question), statement)
    assert found.level == level
    assert level == "sure" or not found.worded_otherwise


TEXTS = ("AB20", "The AB20 has a mesh. The AB20 Pro has a filter.", "AB20 Dryer: a small dryer")


def test_a_longer_name_is_another_thing_where_both_are_known():
    question = parse("How long does the filter of the AB20 last?")
    known = variants(question, TEXTS)
    assert known == {"AB20": frozenset({"pro"})}
    statement, above = "The filter lasts twelve months.", ("dryers", "# AB20 Pro")
    assert fit(question, statement, above, variants=known).level == "no"
    assert fit(question, statement, ("dryers", "# AB20"), variants=known).level == "sure"
    assert fit(question, "The filter of the AB20 lasts long.", above, variants=known).level == "unsure"


def test_a_name_that_is_asked_for_whole_has_no_variants():
    assert not variants(parse("How long does the filter of the AB20 Pro last?"), TEXTS)
    assert not variants(parse("How long does the filter of the AB20 last?"), ("The AB20 Pro has a filter.",))


def test_initials_are_of_the_person_whose_name_is_told_once():
    question = parse("How many hives may Piotr keep?")
    assert initials_of(question, ("Present: Ann Lee, Piotr Nowak",)) == {"Piotr": "PN"}
    assert not initials_of(question, ("Present: Piotr Adam, Piotr Nowak",))
    known = initials_of(question, ("Present: Ann Lee, Piotr Nowak",))
    assert fit(question, "PN may keep two hives.", initials=known).level == "sure"
    assert fit(question, "AL may keep two hives.", initials=known).level == "no"


def test_a_rate_is_a_price():
    found = fit(parse("How much does mooring cost?"), "Mooring: the first night is free, then £3.20 a night.")
    assert found.level in ("sure", "likely")
