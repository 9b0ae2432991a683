"""Spellings that mean the same, in a question and in a text."""

from __future__ import annotations

import pytest

from evidentia.questions.days import doubtful_day, possible_days
from evidentia.questions.fit import fit
from evidentia.questions.question import parse
from evidentia.questions.spellings import careful_spelling, has_respelling


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("dont they ring", "don't they ring"),
        ("whats the price", "what's the price"),
        ("Does it ring out of the box?", "Does it ring by default?"),
        ("the whats and hows", "the what's and hows"),
        ("Is the count right?", "Is the count right?"),
    ],
)
def test_a_question_is_read_as_it_would_be_written_with_care(question: str, said: str) -> None:
    assert careful_spelling(question) == said


@pytest.mark.parametrize(
    ("question", "statement", "level"),
    [
        ("Does the dryer have wifi?", "The dryer has Wi-Fi.", "sure"),
        ("Does the dryer have Wi-Fi?", "The dryer has wifi.", "sure"),
        ("How many spoons of chili are needed?", "Three tablespoons of chilli are needed.", "sure"),
        ("Who is the electrician?", "The electrician was Moyle (never again), now it is Nair.", "sure"),
        ("Who is the clerk in April?", "Jan Novak is the clerk in April.", "sure"),
        ("What is the code of the gate in December?", "The code of the gate is 8350 from 20 May.", "sure"),
        ("What is the code of the gate in March?", "The code of the gate is 8350 from 20 May.", "no"),
    ],
)
def test_what_is_spelt_otherwise_is_the_same(question: str, statement: str, level: str) -> None:
    found = fit(parse(question), statement).level
    assert found == level or (level == "sure" and found == "likely")


@pytest.mark.parametrize("question", ["What did Mr Weber pay?", "When did Mrs Weber come?"])
def test_a_title_is_no_part_of_a_name(question: str) -> None:
    assert parse(question).names == ("Weber",)


def test_a_german_title_says_nothing_either():
    question = parse("Wie viel muss Frau Peters nachzahlen?")
    assert not question.deciding
    assert "frau" not in question.subject


def test_only_doubled_letters_and_heads_are_respelt():
    assert has_respelling("chili", ["chilli"])
    assert has_respelling("spoon", ["tablespoon"])
    assert not has_respelling("sister", ["mister"])
    assert not has_respelling("fan", ["elefan"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15/03/2025", {(2025, 3, 15)}),
        ("03/15/2025", {(2025, 3, 15)}),
        ("01/03/2025", {(2025, 3, 1), (2025, 1, 3)}),
        ("45/46/2025", set()),
    ],
)
def test_a_day_in_numbers_is_read_in_both_orders(text: str, found: set[tuple[int, int, int]]) -> None:
    assert possible_days(text) == found


@pytest.mark.parametrize(
    ("beside", "doubtful"),
    [
        ("01/03/2025,5\n15/03/2025,7", False),
        ("01/03/2025;5,5;1", False),
        ("01/03/2025,5", True),
        ("01/03/2025,5\n03/15/2025,7", True),
    ],
)
def test_the_other_rows_tell_whether_the_day_comes_first(beside: str, doubtful: bool) -> None:
    assert doubtful_day("What was read on 1 March 2025?", "01/03/2025,5", beside) is doubtful
    assert not doubtful_day("What was read on 1 March 2025?", "2025-03-01,5", beside)
