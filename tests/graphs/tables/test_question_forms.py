"""Forms of questions over tables of several kinds: absences with conditions, rows of one table, differences, ranges,
groups, months; each answered by rows that the shown query gives, or refused."""

from __future__ import annotations

from collections import Counter

import pytest

from evidentia import Library
from evidentia.graphs.cypher.guard import check, check_schema

FILES = {
    "rowers.csv": """rower_id,name,level,born,coached_by,town
R1,Ada Holt,senior,1980-02-01,,Ely
R2,Ben Osei,senior,1991-05-11,R1,Ely
R3,Cleo Marsh,junior,2011-09-03,R1,Bath
R4,Dov Ariel,junior,2012-01-30,R2,Ely
R5,Eva Lund,junior,2010-07-19,R2,Bath
""",
    "payments.csv": """payment_id,rower_id,paid_on,purpose,amount
P1,R1,2024-01-10,fee,100
P2,R2,2024-02-11,fee,100
P3,R2,2024-11-12,storage,40
P4,R3,2024-11-20,fee,60
P5,R5,2025-01-04,storage,45
P6,R1,2025-02-01,storage,40
""",
    "courses.csv": """course,age,months,price
Ducklings,under 8,April to September,30
Cubs,8 to 12,all year,45
Crew,13 and over,October to March,60
""",
    "nurses.csv": "code,name,contract hours per week\n0017,Lena Voss,38\n0042,Ivo Marek,20\n0063,Noor Aziz,28\n",
    "account.csv": """booking date;partner;purpose;amount (EUR)
01.02.2025;Hall Ltd;rent;-1.180,00
03.02.2025;Gas Co;heating;-84,20
27.02.2025;Northwind;salary;3.245,17
03.03.2025;Gas Co;heating;-75,80
""",
    "gauges.tsv": "station\tday\ttemp (°C)\train (mm)\nHov\t2025-03-01\t3.5\t0\nHov\t2025-03-02\t-1\t2.5\n"
    "Vik\t2025-03-01\t-2\t0\nVik\t2025-03-02\t0.5\t7\nVik\t2025-03-03\tn/a\t1\n",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which rowers have never paid?", {("R4", "Dov Ariel")}),
        ("Which juniors have never paid for storage?", {("R3", "Cleo Marsh"), ("R4", "Dov Ariel")}),
        ("Which rowers have no payments in 2025?", {("R2", "Ben Osei"), ("R3", "Cleo Marsh"), ("R4", "Dov Ariel")}),
        ("How many rowers from Ely have no payments?", {(1,)}),
        ("Who coached Ben Osei?", {("Ada Holt",)}),
        ("Who was Cleo Marsh coached by?", {("Ada Holt",)}),
        ("Which rowers are coached by Ben Osei?", {("Dov Ariel",), ("Eva Lund",)}),
        ("How many rowers did Ada Holt coach?", {(2,)}),
        ("Which course can a five year old take?", {("Ducklings",)}),
        ("Which courses take place in November?", {("Cubs",), ("Crew",)}),
        ("How many payments were made in November 2024?", {(2,)}),
        ("How many rowers are there in each town?", {("Ely", 3), ("Bath", 2)}),
        ("What is the highest temperature at each station?", {("Hov", 3.5), ("Vik", 0.5)}),
        ("Who has paid the most in total?", {("R1", "Ada Holt", 140), ("R2", "Ben Osei", 140)}),
        ("How many days without rain were there at Vik?", {(1,)}),
        ("How many temperatures are missing?", {(1,)}),
        ("How much was paid to Gas Co in total?", {(-160.0,)}),
        ("What is the code of Ivo Marek?", {("0042",)}),
        ("Which nurses work fewer than 30 hours per week?", {("Ivo Marek",), ("Noor Aziz",)}),
        ("On which day did it rain most at Vik?", {("2025-03-02", 7)}),
        ("How strong was the rain at Vik on 2 March 2025?", {(7,)}),
        ("How many days between 2025-03-02 and 2025-03-03 were there at Vik?", {(2,)}),
    ],
)
def test_rows_answer_with_a_query_that_gives_them(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.tables.ask(question)
    assert answer.status == "rows", answer.text
    assert answer.fit != "unsure", answer.reasons
    assert set(answer.citations[0].evidence.rows) == rows
    assert_query_gives(library, answer.metadata["query"], answer.citations[0].evidence.rows)


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("How much more did Ada Holt pay than Cleo Marsh?", "80"),
        ("How much less did Cleo Marsh pay than Ada Holt?", "80"),
        ("How much warmer was Hov than Vik on 1 March 2025?", "5.5"),
        ("What is the difference in price between Crew and Cubs?", "15"),
        ("How many times more did Ada Holt pay than Eva Lund?", "3.111111111"),
    ],
)
def test_two_values_are_set_against_each_other(library: Library, question: str, result: str):
    answer = library.tables.ask(question)
    assert answer.short == result, answer.text
    assert len(answer.citations[0].evidence.rows) == 2
    assert_query_gives(library, answer.metadata["query"], answer.citations[0].evidence.rows)


def assert_query_gives(library: Library, query: str, rows: tuple[tuple[object, ...], ...]) -> None:
    assert check(query)
    assert not check_schema(query, library.graph.schema())
    assert Counter(library.graph.query(query).rows) == Counter(rows)


@pytest.mark.parametrize(
    "question",
    [
        "Which rowers have never won a medal?",
        "Who repaired the boat of Ben Osei?",
        "How much more did Ada Holt row than Cleo Marsh?",
        "How many rowers are there in each club?",
        "Which rowers have never been coached by Ada Holt in Bath?",
        "What is the difference in weight between Crew and Cubs?",
        "How many rowers paid every fee?",
        "Who coached Zoe Quist?",
        "Which course can a left-handed person take?",
    ],
)
def test_what_is_not_understood_is_not_shown_as_fitting(library: Library, question: str):
    assert library.tables.ask(question).fit not in ("sure", "likely")
