"""Values of a question and ranges of a statement: which lie inside, which beside, and which are not to be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.questions.fit import fit
from evidentia.questions.question import parse
from evidentia.questions.range_cells import cells_in_range
from evidentia.questions.ranges import asked_magnitudes, compare, ranges


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("October to March", "month", 10, 3),
        ("Nov–Feb", "month", 11, 2),
        ("von Oktober bis März", "month", 10, 3),
        ("closed from 24 December to 6 January", "day", 12 * 32 + 24, 32 + 6),
        ("between 12 and 14 May", "day", 5 * 32 + 12, 5 * 32 + 14),
        ("open 9:30 to 18:00", "time", 570, 1080),
        ("off from 8 until noon", "time", 480, 720),
        ("Monday to Friday", "weekday", 0, 4),
        ("groups of 10 to 25 people", "number", 10, 25),
        ("1,000 to 5,000 EUR", "number", 1000, 5000),
        ("between three and five nights", "number", 3, 5),
    ],
)
def test_a_range_has_its_kind_and_its_ends(text: str, kind: str, low: float, high: float) -> None:
    assert [(one.kind, one.low, one.high) for one in ranges(text)] == [(kind, low, high)]


@pytest.mark.parametrize(
    "text", ["Dogs may come in to rest", "version 3.8 to 3.12 of 2024", "Room 12 to the left", "30 to 20 items", ""]
)
def test_what_only_looks_like_a_range_is_none(text: str) -> None:
    assert not ranges(text)


@pytest.mark.parametrize(
    ("question", "statement", "inside"),
    [
        ("When is it open in November?", "October to March: 10 to 16", True),
        ("When is it open in August?", "October to March: 10 to 16", False),
        ("Is it open on 27 December?", "Closed from 24 December to 6 January.", True),
        ("Is it open on 20 December?", "Closed from 24 December to 6 January.", False),
        ("Is it open on 3 November?", "Open from October to March.", True),
        ("What does a five year old pay?", "Children under 7 come in free.", True),
        ("What does a 7-year-old pay?", "Children under 7 come in free.", False),
        ("What does a 70 year old pay?", "Seniors from 65: 7.00 EUR", True),
        ("Do 15 people get a guide?", "Groups of 10 to 25 people get a guide.", True),
        ("Do 30 people get a guide?", "Groups of 10 to 25 people get a guide.", False),
        ("May I send a 25 kg parcel?", "Parcels over 20 kg are not taken.", True),
        ("May I send a parcel of exactly 20 kg?", "Parcels over 20 kg are not taken.", False),
        ("Can I pay 3 euros by card?", "We take cards from 5 EUR.", False),
        ("Can I get a sandwich at noon?", "Sandwiches are sold between 11 and 15.", True),
        ("Is it open at 8pm?", "Open 9:00 to 19:30.", False),
        ("Is it open on Saturday?", "Monday to Friday, 8am to 6pm", False),
        ("Was kostet es für 40 Jahre alte Besucher?", "Kinder unter 6 Jahren: frei", False),
    ],
)
def test_a_value_lies_inside_or_beside(question: str, statement: str, inside: bool) -> None:
    assert [one.inside for one in compare(question, statement)] == [inside]


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("What does a 12 year old pay?", "Groups of 10 to 25 people get a guide."),
        ("How long is a 5 km run?", "The run takes 20 to 30 minutes."),
        ("Who has room 12?", "Rooms 10 to 15 are on the second floor."),
        ("What happened in 2024?", "Open from October to March."),
        ("Is it open in November?", "Open every day."),
    ],
)
def test_other_kinds_and_units_are_not_compared(question: str, statement: str) -> None:
    assert not compare(question, statement)


def test_the_unit_may_stand_in_the_columns_header() -> None:
    assert [one.inside for one in compare("What does a 7 kg parcel cost?", "5 to 10", "Weight (kg)")] == [True]
    assert not compare("What does a 7 kg parcel cost?", "5 to 10", "Shelf")


def test_one_of_several_ranges_is_enough() -> None:
    said = "April to June from 9:30, July to September from 9:00"
    assert [(one.inside, one.range.text) for one in compare("When does it open in May?", said)] == [
        (True, "April to June")
    ]


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_a_number_is_inside_when_it_lies_between(value: int, one: int, other: int) -> None:
    low, high = min(one, other), max(one, other) + 1
    found = compare(f"Does it hold for {value} members?", f"It holds for {low} to {high} members.")
    assert [comparison.inside for comparison in found] == [low <= value <= high]


@given(st.text(max_size=200))
def test_any_text_may_be_read(text: str) -> None:
    asked_magnitudes(text)
    ranges(text)


HEADER = "| Visitor | Price |"


def test_the_row_whose_range_holds_the_value_fits_and_its_neighbour_does_not() -> None:
    asked = parse("What does a 12 year old pay?")
    rows = {"Children under 7": "free", "Children 7 to 15": "4.00 EUR", "Seniors from 65": "7.00 EUR"}
    levels = {
        label: fit(
            asked,
            f"| {label} | {price} |",
            ("Admission:", HEADER),
            short=price,
            row=[("Visitor", label), ("Price", price)],
        ).level
        for label, price in rows.items()
    }
    assert levels["Children 7 to 15"] in ("sure", "likely")
    assert levels["Children under 7"] == levels["Seniors from 65"] == "no"


def test_a_sentence_for_others_is_not_sure() -> None:
    said = "Dogs may come in from November to February."
    assert fit(parse("Can dogs come in in January?"), said, ()).level in ("sure", "likely")
    beside = fit(parse("When may dogs come in in July?"), said, ())
    assert beside.level == "unsure"
    assert "holds for November to February, not July" in beside.reasons


def test_a_cell_names_its_row_by_its_range() -> None:
    cells = [("Season", "October to March"), ("Open", "10:00 to 16:00")]
    assert cells_in_range(parse("When does it open in November?"), cells) == {0}
    assert not cells_in_range(parse("When does it open in May?"), cells)


@pytest.mark.parametrize(
    ("question", "statement", "level"),
    [
        (
            "What is the notice period after 6 years?",
            "The notice period after more than five years is a month.",
            "sure",
        ),
        (
            "What is the notice period after 3 years?",
            "The notice period after more than five years is a month.",
            "unsure",
        ),
        ("Is overtime paid for managers of grade 7?", "Managers of grade 6 and above are not paid overtime.", "sure"),
        ("Is overtime paid for managers of grade 5?", "Managers of grade 6 and above are not paid overtime.", "unsure"),
    ],
)
def test_years_and_grades_are_compared(question: str, statement: str, level: str) -> None:
    assert fit(parse(question), statement).level == level


_FEES = ["Days before the start", "Courses", "Boat trips"]


@pytest.mark.parametrize(
    ("question", "row", "fit_level"),
    [
        ("What do I pay if I drop a course 20 days before the start?", ["21 - 12", "40 %", "60 %"], "likely"),
        ("What do I pay if I drop a course 20 days before the start?", ["11 - 4", "80 %", "90 %"], "no"),
        ("Fee for a boat trip dropped 5 days before", ["11 - 4", "80 %", "90 %"], "likely"),
        ("Fee for a boat trip dropped 30 days before", ["11 - 4", "80 %", "90 %"], "no"),
    ],
)
def test_a_range_that_counts_down_holds_what_lies_in_it(question: str, row: list[str], fit_level: str) -> None:
    cells = list(zip(_FEES, row, strict=True))
    place = next((at for at, header in enumerate(_FEES) if at and header.split()[0][:4].lower() in question.lower()))
    header = f"| {' | '.join(_FEES)} |"
    found = fit(parse(question), f"| {' | '.join(row)} |", ["# Terms", header], short=row[place], row=cells)
    assert found.level == fit_level


def test_a_number_of_a_named_thing_is_compared_with_that_column() -> None:
    (inside,) = compare("Which dose for a potassium of 3.2?", "| 3.0 - 3.4 | 2 tablets |", "| Potassium | Dose |")
    assert inside.inside
    (outside,) = compare("Which dose for a potassium of 2.2?", "| 3.0 - 3.4 | 2 tablets |", "| Potassium | Dose |")
    assert not outside.inside


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("What is the dose for a patient under 50 kg?", "sure"),
        ("What is the dose for a patient under 40 kg?", "sure"),
        ("What is the dose for a patient over 50 kg?", "unsure"),
        ("What is the dose for a patient of 60 kg?", "unsure"),
    ],
)
def test_a_range_of_the_question_is_compared_whole(question: str, level: str) -> None:
    assert fit(parse(question), "The dose for patients under 50 kg is 2 g a day.").level == level


def test_a_month_lies_in_a_range_of_days_that_holds_all_of_it():
    said = "15 June – 31 August"
    assert [one.inside for one in compare("What does it cost in July?", said)] == [True]
    assert not compare("What does it cost in June?", said)
    assert [one.inside for one in compare("What does it cost in December?", "3 November – 28 March")] == [True]
