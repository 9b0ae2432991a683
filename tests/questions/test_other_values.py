from __future__ import annotations

import pytest

from evidentia.questions.fit import fit
from evidentia.questions.lookup import crosses
from evidentia.questions.question import parse


@pytest.mark.parametrize(
    ("question", "statement", "answers"),
    [
        ("How much did the crash test cost?", "A month of the crash test cost 2.4 % of the range.", False),
        ("How much is the deposit?", "The deposit is 20 % of the rent.", True),
        ("How much does the crash test cost?", "The crash test costs 30 euros, 10 % less for members.", True),
        ("What does a day cost?", "The harbour fee is 4 euros per boat and day.", False),
        ("What does a day cost?", "A day costs 80 euros per person.", True),
        ("What does a night cost?", "The room is 80 euros per night.", True),
        ("Wie viele Mitglieder hat der Verein?", "Mitglieder des Vereins über 75 sind befreit.", False),
        ("Wie viele Mitglieder hat der Verein?", "Der Verein hat 240 Mitglieder.", True),
        ("What is the code of the gate?", "The code of the gate is NOT to go into letters.", False),
        ("What is the code of the gate?", "The code of the gate is 4471.", True),
        ("What is the alarm pin?", "The alarm pin is written on the board.", False),
        ("What is the printer password?", "Printer password: redfox9", True),
    ],
)
def test_a_value_of_another_kind_or_thing_is_no_answer(question: str, statement: str, answers: bool):
    assert (fit(parse(question), statement).level in ("sure", "likely")) == answers


@pytest.mark.parametrize(
    ("question", "crossing"),
    [
        ("What does a day cost in July?", True),
        ("How many days do I have to book in August?", True),
        ("What does a day cost in June?", False),
    ],
)
def test_a_row_whose_cell_is_a_range_is_named_by_what_lies_in_it(question: str, crossing: bool):
    row = (("Season", "High"), ("Dates", "15 June – 31 August"), ("Per day", "134 €"), ("Least stay", "7 days"))
    assert crosses(parse(question), row) == crossing


@pytest.mark.parametrize(("column", "answers"), [("Trainings", False), ("Trainings given by", True)])
def test_who_has_a_thing_is_not_who_gives_it(column: str, answers: bool):
    row = (("Name", "Tom Holm"), ("Joined", "2019"), (column, "saw; lathe"))
    if answers:
        row = (("Machine", "lathe"), ("Minimum age", "16"), (column, "Tom Holm"))
    text = ",".join(value for _, value in row)
    found = fit(parse("Who gives the lathe training?"), text, ("list",), row=row)
    assert ("says who has it, not who gives it" in found.reasons) != answers
