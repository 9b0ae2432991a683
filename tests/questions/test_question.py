"""What a question asks: its kind, its parts, its sides, and the words that decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.questions.question import parse


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many boats does the harbour hold?", "count"),
        ("How long is the quay closed?", "duration"),
        ("When was the pier built?", "date"),
        ("Who polishes the lantern?", "person"),
        ("Where is the key kept?", "place"),
        ("Why was the horn added?", "reason"),
        ("How do I reset the dimmer?", "steps"),
        ("reset the dimmer at dawn", "passage"),
        ("install the lamp driver", "steps"),
        ("What is a dimmer?", "definition"),
        ("What does the option dimmer do?", "definition"),
        ("Which lamps are broken?", "list"),
        ("Which lamp marks the entry?", "name"),
        ("Which release introduced the dimmer?", "name"),
        ("Is the horn loud?", "yes_no"),
        ("What is the difference between a horn and a bell?", "comparison"),
        ("What command starts the lamp?", "code"),
        ("Wie viele Boote fasst der Hafen?", "count"),
        ("灯塔是什么时候建成的？", "date"),
        ("灯台はどこですか", "place"),
        ("Combien de bateaux y a-t-il dans le port ?", "count"),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, kind: str):
    assert parse(question).kind == kind


def test_the_property_and_the_one_whose_it_is_are_told_apart():
    asked = parse("Who is the captain of the ferry Alba?")
    assert (asked.asked, asked.names, asked.subject) == (("captain",), ("Alba",), ("ferri",))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("How old is the pier and who built it?", 2),
        ("What are the defaults of max_lamps and of min_lamps?", 2),
        ("Does the harbour have a crane, and on which quay?", 0),
        ("What is the length and width of the quay?", 0),
    ],
)
def test_a_question_is_cut_where_each_part_can_be_asked_alone(question: str, parts: int):
    assert len(parse(question).parts) == parts


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Which is higher, the gull tower or the tern tower?", ("gull tower", "tern tower")),
        ("Difference between SIGINT and SIGTERM", ("SIGINT", "SIGTERM")),
        ("horn vs bell", ("horn", "bell")),
        ("How high is the tower?", ()),
    ],
)
def test_a_comparison_names_its_sides(question: str, sides: tuple[str, ...]):
    found = parse(question).sides
    assert len(found) == len(sides)
    assert all(side in asked for side, asked in zip(sides, found, strict=True))


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("When does the bakers' lease end and what rent do they pay?", "What rent do the bakers pay?"),
        ("When does the warden start and how much does he earn?", "How much does the warden earn?"),
        ("How long is the tour and what does it cost?", "What does the tour cost?"),
        ("Which baker brings the rolls and what do they charge?", "What do the baker charge?"),
        ("Does a licence cost money and where do I get it?", "Where do I get the licence?"),
    ],
)
def test_a_pronoun_of_the_second_part_means_the_thing_of_the_first(question: str, second: str):
    assert parse(question).parts[1].text == second


def test_a_contraction_is_no_name_and_takes_no_pronoun():
    assert parse("How do I mend what I've torn, and who does it when I'm away?").names == ()
    parts = parse("What do I do when I'm ill and who has to know it?").parts
    assert all("I'm?" not in part.text and "know I" not in part.text for part in parts)


def test_what_a_thing_costs_and_its_period_are_values():
    assert (parse("What will a jar of honey cost?").kind, parse("What will a jar of honey cost?").unit) == (
        "value",
        "money",
    )
    assert parse("What is the cancellation period of the gym?").kind == "duration"


def test_deciding_words_are_kept_apart_from_the_subject():
    asked = parse("What is the maximum load in 2021?")
    assert [(sign.group, sign.side) for sign in asked.deciding] == [("extreme", "maximum"), ("year", "2021")]
    assert "maximum" not in asked.subject


@given(st.text(max_size=200))
def test_anything_can_be_parsed(text: str):
    asked = parse(text)
    assert asked.text == " ".join(text.split())


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What was the pH in July?", "passage"),
        ("What was the Treaty of Ghent?", "definition"),
        ("What is the pH?", "definition"),
    ],
)
def test_what_something_was_at_a_time_asks_for_no_definition(question: str, kind: str):
    assert parse(question).kind == kind
