"""Questions that set columns of one row against each other, multiply them, read a verb as a column, count words of
cells, or ask for an extreme of groups; each answered by rows that the shown query gives, or not as fitting."""

from __future__ import annotations

from collections import Counter

import pytest

from evidentia import Library
from evidentia.graphs.cypher.guard import check, check_schema

FILES = {
    "results.csv": """Day,Home club,Away club,Home goals,Away goals,Crowd
2025-03-01,Ayle,Brent,2,1,120
2025-03-08,Brent,Cove,0,0,90
2025-03-15,Cove,Ayle,1,3,150
2025-03-22,Ayle,Cove,0,2,110
""",
    "wares.csv": """Ware,Shelf,Quantity,Unit price,Cost,Wanted from
Blue lamp,S1,3,20.00,12.00,2025-01-10
Red lamp,S1,5,8.00,9.50,2025-02-11
Floor mat,S2,10,4.00,4.00,2025-03-12
Door mat,S2,2,6.00,2.50,2025-04-13
""",
    "lorries.csv": """Plate,Make,Driver,Serviced by,Bought,Inspected
KA-101,Scania R450,Ida Holm,Ward,2017-02-01,2025-01-05
KA-377,Volvo FH Aero,Nils Dahl,Koch,2021-06-09,
KA-402,Volvo FH,Eva Roth,Ward,2019-10-30,2025-03-01
KA-415,DAF XF,Tom Berg,Koch,2023-01-17,
""",
    "pupils.csv": """Pupil,Class,Lesson fee,Fee per term,Paid
Ada Lum,Violin,30,300,yes
Ben Kay,Cello,35,350,no
Cy Orr,Violin,30,300,no
Dee Fox,Cello,40,380,yes
""",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which games did the home side win?", {("2025-03-01", "Ayle", "Brent", 2, 1)}),
        ("How many games did the visitors win?", {(2,)}),
        ("Which matches ended in a draw?", {("2025-03-08", "Brent", "Cove", 0, 0)}),
        ("How many games did the home club lose?", {(2,)}),
        ("Where is the price above the cost?", {("Blue lamp", 20, 12), ("Door mat", 6, 2.5)}),
        ("Which wares have a price lower than their cost?", {("Red lamp", 8, 9.5)}),
        ("Which wares on shelf S1 have a cost below the unit price?", {("Blue lamp", 12, 20)}),
        ("List the wares whose price is the same as the cost", {("Floor mat", 4, 4)}),
        ("What is quantity times price in total?", {(152,)}),
        ("What is quantity times price for the floor mat?", {("Floor mat", 40)}),
        ("What is quantity times cost in total in each shelf?", {("S1", 83.5), ("S2", 45)}),
        ("What is the difference between unit price and cost for the blue lamp?", {("Blue lamp", 8)}),
        ("How many Volvos are there?", {(2,)}),
        ("Who drives KA-377?", {("Nils Dahl",)}),
        ("By whom is KA-402 driven?", {("Eva Roth",)}),
        ("Who serviced KA-415?", {("Koch",)}),
        ("Which lorries have not been inspected?", {("KA-377",), ("KA-415",)}),
        ("Which pupils have not paid?", {("Ben Kay",), ("Cy Orr",)}),
        ("What is the fee of Ben Kay?", {(35, 350)}),
        ("What is the lesson fee of Ben Kay?", {(35,)}),
        ("What is the price of the red lamp?", {(8,)}),
        ("Which class has the highest average lesson fee?", {("Cello", 37.5)}),
        ("Which shelf has the largest total quantity?", {("S2", 12)}),
        ("Which shelf has the most wares?", {("S1", 2), ("S2", 2)}),
        ("What is the most common class?", {("Violin", 2), ("Cello", 2)}),
        ("What is the second highest lesson fee?", {(35,)}),
        ("What is the most expensive ware on shelf S2?", {("Door mat", 6)}),
        ("Which is the oldest lorry?", {("KA-101", "Scania R450", "2017-02-01")}),
        ("Which game had the largest crowd?", {("2025-03-15", "Cove", "Ayle", 150)}),
    ],
)
def test_rows_answer_with_a_query_that_gives_them(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.tables.ask(question)
    assert answer.status == "rows", (answer.text, answer.reasons)
    given = answer.citations[0].evidence.rows
    assert answer.fit in ("sure", "likely")
    assert len(given) == len(rows), given
    assert all(any(set(one) <= set(each) for each in given) for one in rows), given
    query = answer.metadata["query"]
    assert check(query)
    assert not check_schema(query, library.graph.schema())
    assert Counter(map(str, library.graph.query(query).rows)) == Counter(map(str, given))


@pytest.mark.parametrize(
    "question",
    [
        "Which wares have a price below their weight?",
        "What is quantity times weight in total?",
        "How many Scooters are there?",
        "How many lamps are there?",
        "Who owns KA-377?",
        "Which pupils have not moved?",
        "Which countries did the home side win?",
        "What is the average fee?",
        "Who has not paid for Ben Kay?",
        "Which games did Ayle win?",
        "Which wares are below cost price of last year?",
    ],
)
def test_what_is_not_understood_is_not_shown_as_fitting(library: Library, question: str):
    answer = library.tables.ask(question)
    assert answer.status == "not_found" or answer.fit == "unsure", answer.text
