"""Days, months and weekdays in columns of their own, and sorts of rows that "most" is said of."""

from __future__ import annotations

import pytest

from evidentia import Library

FILES = {
    "readings.csv": "year,month,day,rain,temperature\n"
    "2022,1,4,3.5,8\n2022,1,5,0,12\n2022,2,4,9.5,3\n2022,2,5,0,4\n2023,1,4,0,11\n2023,1,5,20,14\n2023,2,4,1,9\n",
    "allotment.csv": "Date,Day,Watered (l),Sunshine (h)\n"
    "2024-06-01,Sat,10,4\n2024-06-02,Sun,30,5\n2024-06-08,Sat,25,9\n2024-06-09,Sun,4,7\n2024-06-10,Mon,28,1\n",
    "offences.csv": "state,season,type,reports\n"
    "Maine,1,violent,40\nMaine,1,property,900\nOhio,1,violent,70\nOhio,1,property,20\nUtah,1,violent,90\nUtah,1,property,5\n",
    "till.csv": "receipt,waiter,sort,amount\n"
    "R-1,Ann,tip,3\nR-2,Ann,tip,2\nR-3,Ben,tip,40\nR-4,Ben,meal,60\nR-5,Ann,meal,50\nR-6,Ann,meal,30\n",
    "bills.csv": "no,guest,smokes,bill,gratuity\n"
    "1,Male,Yes,30,4\n2,Female,No,20,6\n3,Male,No,45,1\n4,Female,No,12,9\n5,Female,Yes,50,2\n",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which day was the hottest?", {(2023, 1, 5, 14)}),
        ("Which day was the coldest?", {(2022, 2, 4, 3)}),
        ("Which day had the most rain?", {(2023, 1, 5, 20)}),
        ("How many days had a temperature above 8?", {(4,)}),
        ("Which month of 2022 had the most rain?", {(2, 9.5)}),
        ("What was the sunniest day?", {("2024-06-08", "Sat", 9)}),
    ],
)
def test_a_day_is_told_with_its_month_and_year_or_date(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.ask(question)
    assert answer.status == "rows"
    assert {*map(tuple, answer.citations[0].evidence.rows)} == rows
    assert answer.fit in ("sure", "likely")


@pytest.mark.parametrize(
    "question",
    [
        "Which month had the most rain?",  # of one year, or of both
        "Which month was the hottest?",  # one day decides
        "Which day was watered most?",
        "On which day was the most watered?",
        "What are the two most violent states?",
        "Which state is the most violent?",
        "Which waiter got the most tips?",  # in number or in money
        "Who gives more gratuity, male or female guests?",
    ],
)
def test_what_may_be_meant_otherwise_is_not_told_as_fitting(library: Library, question: str):
    assert library.ask(question).fit not in ("sure", "likely")
    assert library.ask(question).status != "rows" or library.ask(question).fit == "unsure"
