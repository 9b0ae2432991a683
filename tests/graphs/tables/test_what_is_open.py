"""Truth values with empty cells, what is owed, days without a year, and who has been there the longest."""

from __future__ import annotations

import pytest

from evidentia import Library

FILES = {
    "bills.csv": "Bill,Client,Issued,Amount,Paid\nB-1,Lark Ltd,2025-01-14,420,yes\nB-2,Moor & Son,2025-01-20,1180,no\n"
    "B-3,Lark Ltd,2025-02-11,310,\nB-4,Moor & Son,2025-02-27,75,no\nB-5,Tarn Inn,2025-03-02,60,yes\n",
    "volunteers.csv": "Name,Joined,Birthday,First aid,Drives van,Works hours,Fee paid\n"
    "Ida Moss,2019-05-02,1984-10-03,yes,no,12,yes\nBen Kaya,2021-11-17,1950-02-21,no,yes,4,no\n"
    "Cleo Marsh,2017-03-08,1975-10-28,yes,no,20,yes\n",
    "evenings.csv": "Date,Speaker,Subject,Host\n2025-09-25,Jon Pryce,Reading clouds,Ida Moss\n"
    "2025-10-09,Lena Okafor,Wooden hulls,Ben Kaya\n2025-10-23,Sam Whitlock,Ropes and knots,Ida Moss\n",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How much does Moor & Son owe us?", {(1255,)}),
        ("Who works the most hours?", {("Cleo Marsh", 20)}),
        ("How many people know first aid?", {(2,)}),
        ("Who hasn't paid the fee?", {("Ben Kaya", 0)}),
        ("Who is the oldest volunteer?", {("Ben Kaya", "1950-02-21")}),
        ("Who has been a volunteer the longest?", {("Cleo Marsh", "2017-03-08")}),
        ("Who comes in October?", {("Lena Okafor", "Ben Kaya"), ("Sam Whitlock", "Ida Moss")}),
        ("Who speaks on 25 September?", {("Jon Pryce",)}),
        ("Who speaks on October 9th?", {("Lena Okafor",)}),
    ],
)
def test_it_is_answered_as_fitting(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.tables.ask(question)
    assert answer.status == "rows"
    assert {*map(tuple, answer.citations[0].evidence.rows)} == rows
    assert answer.fit in ("sure", "likely")


def test_rows_that_leave_it_empty_are_listed_with_those_that_say_no(library: Library):
    answer = library.tables.ask("Which bills haven't been paid?")
    assert answer.status == "rows"
    assert {*map(tuple, answer.citations[0].evidence.rows)} == {("B-2", 0), ("B-3", None), ("B-4", 0)}
    assert (answer.fit, answer.reasons) == ("likely", ("1 row leaves paid empty",))
    assert len(library.graph.query(answer.citations[0].evidence.query).rows) == len(answer.citations[0].evidence.rows)


def test_a_number_over_empty_cells_is_unsure(library: Library):
    answer = library.tables.ask("How much is unpaid?")
    assert answer.status == "rows"
    assert answer.fit == "unsure"
    assert "1 row leaves paid empty" in answer.reasons


@pytest.mark.parametrize(
    "question",
    ["How much do we still get in total?", "How much does Tarn Inn owe us?", "Who comes on 26 September?"],
)
def test_what_no_row_says_is_refused(library: Library, question: str):
    assert library.tables.ask(question).status == "not_found"


def test_one_row_does_not_tell_of_everything(library: Library):
    assert library.ask("Has Lark Ltd paid everything?").fit not in ("sure", "likely")
