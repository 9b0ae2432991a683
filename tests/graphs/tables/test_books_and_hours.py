"""Cash books that are added up whole, rates that are not, days of the week as columns, and cells that are one thing's."""

from __future__ import annotations

import pytest

from evidentia import Library

FILES = {
    "kitty.csv": "Day,Item,Income,Expenses,Balance\n2025-06-01,Float,80,,80\n2025-06-02,Coffee beans,,23.4,56.6\n"
    "2025-06-05,Sale of mugs,46,,102.6\n2025-06-09,Coffee beans,,21.1,81.5\n2025-06-12,New kettle,,40,41.5\n",
    "branches.csv": "Branch,Mon,Tue,Wed,Sat,Sun\nHarbour,8-17,8-17,8-17,9-20,closed\nStation,6-22,6-22,6-22,7-23,8-21\n",
    "water.csv": "probe,site,taken,lead (µg/l)\nP1,Well,2024-01-03,4\nP2,Brook,2024-01-08,11\nP3,Well,2024-02-05,9\n"
    "P4,Tank,2024-02-05,3\n",
    "singers.csv": "Singer,Voice,Can drive\nAnna Holm,soprano,yes\nBert Sand,bass,no\nEva Lund,soprano,yes\n",
    "tariffs.csv": "Tariff,Minutes\nLight,200\nSolid,unlimited\nGrand,unlimited\n",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How much did we spend in total?", {(84.5,)}),
        ("How much came in altogether?", {(46,)}),  # the float was there at first
        ("How much is left over after costs?", {("income", 126), ("expenses", 84.5)}),
        ("What was the largest expense?", {(40,)}),
        ("How much did we spend on coffee beans?", {(44.5,)}),
        ("When does the station open on Sunday?", {("8-21",)}),
        ("When does the Harbour close on Saturdays?", {("9-20",)}),
        ("Who can drive?", {("Anna Holm",), ("Eva Lund",)}),
        ("How many minutes are in Light?", {("200",)}),
    ],
)
def test_it_is_answered_as_fitting(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.tables.ask(question)
    assert answer.status == "rows"
    assert {*map(tuple, answer.citations[0].evidence.rows)} == rows
    assert answer.fit in ("sure", "likely")


@pytest.mark.parametrize(
    "question",
    [
        "Which site had the most lead?",  # a concentration is not added up
        "How much did we spend in July?",
        "How many minutes are in Nowhere?",
    ],
)
def test_what_would_be_reckoned_wrongly_is_not_told_as_fitting(library: Library, question: str):
    assert library.tables.ask(question).fit not in ("sure", "likely")
