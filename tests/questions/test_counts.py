"""What the numbers of a statement count: the noun of their own phrase, not whatever shares the sentence with them."""

from __future__ import annotations

import pytest

from evidentia.questions import counts
from evidentia.questions.fit import fit
from evidentia.questions.question import parse


@pytest.mark.parametrize(
    ("question", "statement", "above"),
    [
        ("How many berths does the marina have?", "At most three boats per berth may lie side by side.", ""),
        ("How many ladders do we have?", "One helper must hold the ladder at its foot.", ""),
        ("How many helpers work at the marina?", "Two helpers must hold the rope.", ""),
        ("How many applications did we get?", "We reply within 15 working days.", "## Applications"),
        ("How many floors does the tower have?", "The lift stops at floor nine and goes down again.", ""),
        ("How many members are in the club?", "None of the members in the club pays for the boats.", ""),
        ("How many boats were lost this year?", "If a boat is lost, call the harbour master (channel 12) at once.", ""),
        ("How many boats were lost this year?", "A wind of 8 or more means that nobody sails.", "# Lost boats"),
    ],
)
def test_a_number_of_something_else_is_no_answer(question: str, statement: str, above: str) -> None:
    faults = counts.faults(parse(question), statement, [above] if above else [])
    assert [level for level, _ in faults] == ["unsure"]
    assert fit(parse(question), statement, [above] if above else []).level in ("no", "unsure")


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("How many berths does the marina have?", "The marina has 40 berths."),
        ("How many berths does the marina have?", "Berths: 40"),
        ("How many berths are there?", "The number of berths rose from 30 to 42."),
        ("How many berths are there?", "There are 12 small and 14 large berths."),
        ("How many cabins does the boat have?", "The boat has four large and airy cabins."),
        ("How many ladders do we have?", "There are no ladders."),
        ("How many guests can sleep on board?", "It sleeps six."),
        ("How many people can the ferry carry?", "The ferry has 40 seats."),
        ("How many helpers must hold the rope?", "Two helpers must hold the rope."),
        ("How many copies do I need?", "Bring three copies of the form."),
        ("How many times may I renew it?", "You may renew it twice."),
        ("How many faults are open?", "Fault #511 is still open."),
    ],
)
def test_a_number_of_what_is_asked_is_none_of_something_else(question: str, statement: str) -> None:
    assert counts.faults(parse(question), statement, []) == []
