"""Tables whose first column holds the names of fields are read with a row for each thing."""

from __future__ import annotations

import pytest

from evidentia import Library
from evidentia.graphs.tables.reading import RawTable
from evidentia.graphs.tables.sideways import upright

FILES = {
    "tents.csv": "Name,Lapwing,Curlew,Dunlin\nKind,dome,tunnel,dome\nSleeps,2,4,3\nWeight (kg),2.1,6.4,3.3\n"
    "Bought,2021-04-02,2019-06-11,2023-01-30\nKeeper,Ana Reyes,the club,Tom Falk\nFree to borrow,yes,no,yes\n",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which tent is the heaviest?", {("Curlew", 6.4)}),
        ("What is the weight of the Curlew?", {(6.4,)}),
        ("Which tents are free to borrow?", {("Lapwing", 1), ("Dunlin", 1)}),
        ("Which tent is kept by Tom Falk?", {("Dunlin", "Tom Falk")}),
    ],
)
def test_its_things_are_asked_for_like_rows(library: Library, question: str, rows: set[tuple[object, ...]]):
    answer = library.tables.ask(question)
    assert {*map(tuple, answer.citations[0].evidence.rows)} == rows


def _table(*rows: str) -> RawTable:
    header, *body = [row.split(",") for row in rows]
    return RawTable("t", tuple(header), iter([(number, cells) for number, cells in enumerate(body, start=2)]))


@pytest.mark.parametrize(
    "rows",
    [
        ("name,colour,weight", "Ann,red,4", "Bob,blue,5"),  # upright: a column of numbers
        ("place,Mon,Tue", "Hall,8-12,closed", "Pool,6-22,6-22"),  # texts alone tell nothing
        ("year,2020,2021", "sales,4,5", "staff,2,3"),  # numbers alone neither
        ("setting,value", "port,80", "host,here"),  # one thing is no table of things
        ("item,small,large", "price,3,4", "price,red,blue"),  # two fields of one name
        ("item,small,large", "price,3,", "size,4,n/a"),  # nothing but numbers
    ],
)
def test_other_tables_stay_as_they_are(rows: tuple[str, ...]):
    table = upright(_table(*rows))
    assert table.header == tuple(rows[0].split(","))
    assert [cells for _, cells in table.rows] == [row.split(",") for row in rows[1:]]


def test_empty_cells_stay_with_their_thing():
    table = upright(_table("name,a,b,c", "price,1,,3", "colour,red,blue,", "kind,old,new,new"))
    assert table.header == ("name", "price", "colour", "kind")
    assert [cells for _, cells in table.rows] == [
        ["a", "1", "red", "old"],
        ["b", "", "blue", "new"],
        ["c", "3", "", "new"],
    ]
