"""One cell as a number, a date or a range, and a column of them."""

from __future__ import annotations

import pytest

from evidentia.graphs.english.dates import read_date
from evidentia.graphs.tables.cells import read_number
from evidentia.graphs.tables.kinds import ColumnCensus, read_cell
from evidentia.graphs.tables.periods import AmountBounds, amounts_in
from evidentia.graphs.tables.ranges import read_cycle, read_range


def values_of(*cells: str, title: str = "value") -> list[object]:
    census = ColumnCensus()
    for cell in cells:
        census.add(cell)
    column = census.column(title)
    return [column.kind, *(read_cell(cell, column) for cell in cells)]


@pytest.mark.parametrize(
    ("cell", "mark", "number"),
    [
        ("1,234.50", ".", 1234.5),
        ("-1.234,56", ",", -1234.56),
        ("1 234,56 €", ",", 1234.56),
        ("€-84.20", ".", -84.2),
        ("(84.20)", ".", -84.2),
        ("84.20-", ".", -84.2),
        ("−7", ".", -7),
        ("12,5", ".", None),
        ("R2", ".", None),
    ],
)
def test_numbers_are_read_with_the_mark_of_their_column(cell: str, mark: str, number: float | None):
    assert read_number(cell, mark) == number  # type: ignore[arg-type]


def test_a_column_decides_which_mark_its_decimals_have():
    assert values_of("1.180,00", "-84,20", "1.000") == ["number", 1180.0, -84.2, 1000]
    assert values_of("1,180.00", "-84.20") == ["number", 1180.0, -84.2]
    assert values_of("1,234", "2,500") == ["integer", 1234, 2500]
    assert values_of("1,5", "1.5")[0] == "text"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-03-31", "2025-03-31"),
        ("31.12.2025", "2025-12-31"),
        ("31/12/25", "2025-12-31"),
        ("31-Mar-2025", "2025-03-31"),
        ("3rd of June 2020", "2020-06-03"),
        ("June 4th, 2021", "2021-06-04"),
        ("Mon, 3 Feb 2025", "2025-02-03"),
        ("31.12.2025 9:05", "2025-12-31T09:05"),
        ("31.02.2025", None),
        ("1.2.10", None),
        ("5 Marbles 2020", None),
    ],
)
def test_dates_are_read_in_the_forms_that_people_write(cell: str, day: str | None):
    assert read_date(cell, True) == day


def test_digits_are_a_date_only_where_the_header_says_so():
    assert values_of("20250331", "20250401", title="Booking date") == ["date", "2025-03-31", "2025-04-01"]
    assert values_of("20250331", "20250401", title="Amount")[0] == "integer"


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("under 7", 5, 7),
        ("7 to 10", 10, 11),
        ("11-14 years", 11, 15),
        ("16 and over", 16, 15),
        ("65+", 65, 64),
        ("over 40", 41, 40),
        ("up to 12", 12, 13),
        ("12", 12, 13),
    ],
)
def test_ranges_of_numbers_hold_what_they_say(text: str, inside: int, outside: int):
    found = read_range(text)
    assert found is not None
    assert found.holds(inside)
    assert not found.holds(outside)


def test_ranges_of_months_and_days_go_over_the_turn():
    assert read_cycle("October to March", "month") == {10, 11, 12, 1, 2, 3}
    assert read_cycle("all year", "month") == set(range(1, 13))
    assert read_cycle("Sat, Mon-Wed", "day") == {5, 0, 1, 2}
    assert read_cycle("by appointment", "day") is None
    assert read_range("Tadpoles") is None


@pytest.mark.parametrize(
    ("question", "amount"),
    [
        ("in November 2024", AmountBounds(">=", "2024-11-01", ("<", "2024-12-01"))),
        ("after December 2024", AmountBounds(">=", "2025-01-01")),
        ("before March 2024", AmountBounds("<", "2024-03-01")),
        ("in November", AmountBounds("=", "--11")),
        ("between 10 and 20", AmountBounds(">=", 10, ("<=", 20))),
        ("from 1 March 2025 to 5 March 2025", AmountBounds(">=", "2025-03-01", ("<=", "2025-03-05"))),
        ("on 31.12.2025", AmountBounds("=", "2025-12-31")),
        ("over €1,000", AmountBounds(">", 1000)),
        ("below -5", AmountBounds("<", -5)),
    ],
)
def test_bounds_of_a_question_are_understood(question: str, amount: AmountBounds):
    assert next(one.amount for one in amounts_in(f"What happened {question}?")) == amount


@pytest.mark.parametrize("question", ["What may I eat?", "Who can march?", "Between you and me?"])
def test_words_that_look_like_months_or_bounds_are_none(question: str):
    assert not [*amounts_in(question)]
