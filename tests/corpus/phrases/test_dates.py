"""Days, months and years in texts."""

from __future__ import annotations

import pytest

from evidentia.corpus.phrases.dates import bounds, day_text, days, period, periods


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The firm was sold in 2019 and bought back on 5 May 2021.", [(2019, 0, 0), (2021, 5, 5)]),
        ("From March 2020 to June 30, 2021 it grew.", [(2020, 3, 0), (2021, 6, 30)]),
        ("Opened 2020-03, closed 2021-04-05.", [(2020, 3, 0), (2021, 4, 5)]),
        ("It sold 2000 units to 1500 customers for 1999 euros.", []),
        ("A group of 2000 customers grew by 2020 %.", []),
        ("Between 1990 and 1995 nothing happened.", [(1990, 0, 0), (1995, 0, 0)]),
        ("In 2019, in the spring of 2020.", [(2019, 0, 0), (2020, 0, 0)]),
    ],
)
def test_periods_are_found_in_order_and_counts_are_none(text: str, found: list[tuple[int, int, int]]):
    assert list(periods(text)) == found


def test_a_text_that_is_a_period_and_nothing_else():
    assert period("March 2021") == (2021, 3, 0)
    assert period("2021") == (2021, 0, 0)
    assert period("2021-03-05") == (2021, 3, 5)
    assert period("version 2021") is None
    assert period("soon") is None


def test_a_period_has_a_first_and_a_last_day():
    assert bounds((2021, 0, 0)) == ((2021, 1, 1), (2021, 12, 31))
    assert bounds((2021, 3, 0)) == ((2021, 3, 1), (2021, 3, 31))
    assert [day_text(day) for day in ((2021, 0, 0), (2021, 3, 0), (2021, 3, 5))] == ["2021", "2021-03", "2021-03-05"]


def test_days_are_those_with_all_three_parts():
    assert days("On 3.5.2025 or May 4, 2025, in 2026.") == {(2025, 5, 3), (2025, 5, 4)}
