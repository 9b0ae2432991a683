"""Rows that are told once each, days that are cut short, adjectives of cells, and rates."""

from __future__ import annotations

import pytest

from evidentia import Library

FILES = {
    "weather.csv": """date,rainfall,temp_max,temp_min,sky
2021/01/01,0.0,4.5,-1.5,sun
2021/01/02,8.5,7.0,2.0,rain
2021/07/04,1.0,31.5,18.0,rain
2021/07/05,0.0,27.0,19.5,sun
2022/02/01,0.0,2.0,-6.0,fog
2022/02/02,3.0,5.0,1.0,rain
""",
    "crime.csv": """state,violent,murder,graduates
Ashland,410.5,7.1,82.1
Birch,632.6,3.2,91.4
Coral,120.2,1.4,88.0
Dune,704.6,5.9,83.9
""",
    "tips.csv": """total_bill,tip,day,time
16.99,1.01,Sun,Dinner
10.34,1.66,Sat,Dinner
21.01,3.50,Sat,Dinner
23.68,3.31,Thur,Lunch
24.59,3.61,Fri,Lunch
""",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What are the two most violent states?", {("Dune",), ("Birch",)}),
        ("Which state has the highest murder rate?", {("Ashland",)}),
        ("Which states have a murder rate above 5?", {("Ashland",), ("Dune",)}),
        ("What were the tips on Saturday in total?", {(5.16,)}),
        ("How many dinners were on Saturday?", {(2,)}),
        ("How many lunches were on Thursday?", {(1,)}),
        ("How many rainy days were there in 2021?", {(2,)}),
        ("How many foggy days were there?", {(1,)}),
        ("What was the hottest day?", {("2021-07-04",)}),
        ("What was the coldest day?", {("2022-02-01",)}),
    ],
)
def test_it_is_answered_by_the_rows(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.ask(question)
    assert answer.status == "rows"
    found = answer.citations[0].evidence.rows
    assert len(found) == len(rows)
    assert all(any({*wanted} <= {*_rounded(row)} for row in found) for wanted in rows)
    assert answer.fit in ("sure", "likely")


def _rounded(row: object) -> list[object]:
    return [round(cell, 4) if isinstance(cell, float) else cell for cell in row]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "question",
    [
        "Which day had the most rain?",  # a row for each day: none has most rows
        "How many sunny dinners were there?",  # "Sun" is a day there
        "What was the temperature rate in 2021?",
    ],
)
def test_what_no_column_says_is_not_answered_as_fitting(library: Library, question: str):
    assert library.ask(question).fit not in ("sure", "likely")
