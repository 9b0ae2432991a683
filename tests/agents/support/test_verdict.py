"""What a statement carries, and by which rule it does not carry the rest."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis.strategies import text

from evidentia.agents.support.quantities import quantities
from evidentia.agents.support.verdict import Verdict, decide_by_rules, open_judge, verdicts
from evidentia.settings import Settings

QUOTE = "The 1973 oil crisis began in October 1973 when Arab members of OPEC proclaimed an oil embargo."


def verdict(claim: str, statement: str, *governors: str) -> Verdict:
    return verdicts(claim, [(statement, governors)], open_judge(Settings.from_env().cache))[0]


@pytest.mark.parametrize(
    "claim",
    [
        "The oil crisis began in October 1973.",
        "Arab members of OPEC proclaimed an oil embargo.",
        "The oil crisis started in October 1973.",
    ],
)
def test_a_claim_that_the_statement_makes_is_carried(claim: str):
    assert verdict(claim, QUOTE).carried


WRONG = [
    ("The oil crisis began in October 1974.", QUOTE, "1974"),
    ("The oil crisis did not begin in October 1973.", QUOTE, "denies"),
    ("The oil crisis began when Iran proclaimed an oil embargo.", QUOTE, "Iran"),
    ("Yes.", QUOTE, "too little"),
    ("Revenue was $5 million in all.", "Revenue was $5 billion in all.", "5 million"),
    ("Visitors pay 5 euros monthly.", "Visitors pay 5 euros daily.", "another time span"),
    ("Sales rose 5 points in May.", "Sales rose 5 percent in May.", "5 points"),
    ("It lasted 63 days and was planned for 48 hours.", "It lasted 48 hours and was planned for 63 days.", ""),
    ("Over 30 people may enter the room.", "Under 30 people may enter the room.", "reverses the limit"),
    ("It came sixth of ten.", "It came fifth of ten.", "sixth"),
    ("Meyer bought Brandt in May.", "Brandt bought Meyer in May.", "reverses what the source says"),
    ("Heat causes fever in children.", "Fever causes heat in children.", "reverses what the source says"),
    ("The maximum load is five people.", "The minimum load is five people.", "minimum"),
    ("The lift has been closed since noon.", "The lift has been open since noon.", "open"),
    ("The useless key opens the door.", "The useful key opens the door.", "useful"),
    ("Prices fell by a fifth in spring.", "Prices rose by a fifth in spring.", "rose"),
    ("All birds of the island can fly.", "Some birds of the island can fly.", "all"),
    ("Only members may enter the garden.", "Members may enter the garden.", "only"),
    ("Owls are the cause of the noise.", "Most owls are the cause of the noise.", "most"),
    ("The form must be signed by both.", "The form may be signed by both.", "must"),
    ("The drug lowers blood pressure.", "The drug might lower blood pressure.", "might"),
    ("The bridge was built by giants.", "Villagers claimed that the bridge was built by giants.", "claimed"),
    ("According to Fischer the bridge is safe.", "According to Weber the bridge is safe.", "Fischer"),
    ("Weber claimed that the bridge is safe.", "The bridge is safe.", "adds who says so"),
    ("Owls hardly fly in the daytime.", "Owls fly in the daytime.", "denies"),
    ("The guests refused to pay the bill.", "The guests paid the bill.", "denies"),
    ("The price is for all rooms, excluding the hall.", "The price is for all rooms, and the hall.", "excluding"),
    ("The dam will break in spring.", "The dam may break in spring.", "will"),
    ("China came with the Soviet Union to the aid of North Korea in May.",
     "China came with North Korea to the aid of the Soviet Union in May.", "exchanges"),
    ("The park has 40 square miles of grass.", "The park has 40 square metres of grass.", "40 square miles"),
    ("Members may enter if they pay the fee.", "Members may enter only if they pay the fee.", "only"),
    ("Female mice of the group were asleep.", "Male mice of the group and all females were asleep.", "male"),
    ("The fleet of Africa was sunk in the bay.", "The fleet of the African Lakes Company was sunk in the bay.", "Africa"),
    ("Lund became a city in 1145 by law.",
     "In 1145 it burnt down to the ground, and Lund became a city by law in 1320.", "another number"),
    ("Sales of cars rose in May while exports of wool fell.",
     "Sales of cars fell in May while exports of wool rose.", ""),
    ("The file is copied instead of the link.", "The link is copied instead of the file.", ""),
    ("Revenue grew in the third quarter.", "We expect revenue to grow in the third quarter.", "expect"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "statement", "why"), WRONG)
def test_a_wrong_claim_of_the_statements_own_words_is_not(claim: str, statement: str, why: str):
    found = verdict(claim, statement)
    assert not found.carried
    assert why in " ".join(found.reasons)


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("In all, 14 percent came by train.", "14% came by train in all."),
        ("Thirty-two men were asked twice.", "32 men were asked two times."),
        ("Brandt was bought by Meyer in May.", "Meyer bought Brandt in May."),
        ("The form has to be signed by both.", "The form must be signed by both."),
        ("The oldest bird of the island doesn’t fly.", "The oldest bird of the island does not fly."),
    ],
)
def test_the_same_said_otherwise_has_no_fault(claim: str, statement: str):
    assert verdict(claim, statement).carried


def test_two_halves_of_two_sentences_are_carried_by_neither():
    first, second = "The tower of Lund was built in 1145.", "The bridge of Malden was burnt by the Danes."
    spliced = "The tower of Lund was burnt by the Danes."
    judge = open_judge(Settings.from_env().cache)
    assert not any(found.carried for found in verdicts(spliced, [(first, ()), (second, ())], judge))


def test_a_true_quote_of_another_subject_is_not_carried():
    statement = "Brio carries 40 cars on each trip."
    assert verdict("Brio carries 40 cars.", statement, "# Ferries").carried
    assert not verdict("Alba carries 40 cars.", statement, "# Ferries").carried
    assert "Alba" in verdict("Alba carries 40 cars on each trip.", statement, "# Alba").reasons[0]


def test_what_stands_above_a_statement_may_say_its_subject():
    assert verdict("Brio carries 40 cars on each trip.", "It carries 40 cars on each trip.", "# Brio").carried


def test_a_number_is_read_with_its_unit_scale_and_bound():
    found = quantities("Over 1.5 million people paid $20, a fifth of 30%.")
    assert [(one.value, one.unit, one.bound) for one in found] == [
        (1.5e6, "", "more"), (20, "dollar", ""), (5, "", ""), (30, "percent", ""),
    ]  # fmt: skip


def test_a_statement_of_a_megabyte_carries_what_it_says_word_for_word_alone():
    statement = "Cells divide. " * 70_000 + QUOTE
    assert verdict(QUOTE, statement).carried
    assert verdict("OPEC proclaimed an oil embargo in 1973.", statement).reasons == (
        "the statement is too long to be compared",
    )


def test_a_raised_number_is_no_digit():
    assert [one.value for one in quantities("10⁶ cells, 106 mice, 1990¹")] == [1e6, 106, 1990]


def test_numbers_in_a_list_belong_to_the_names_in_their_places():
    statement = "Revenue and profit grew by 5 percent and 9 percent, respectively."
    assert not verdict("Revenue grew by 9 percent and profit by 5 percent.", statement).carried


@given(text(max_size=60), text(max_size=60))
@example("10⁶ km² of 5⁶", "⁶ cells and x¹")
@example("The s of X ate 5 s of Y at 7 s.", "The s of Y ate 7 s of X at 5 s.")
@example("1.2.3 - 4,5. ", "£ % $ ½ of Ⅳ ٣")
def test_any_text_has_a_verdict_of_the_rules(claim: str, statement: str):
    decide_by_rules(claim, statement, (statement[:20],))
