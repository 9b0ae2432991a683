"""The facts of each document that holds tables: their columns, and their rows as typed values, a thousand at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from sqlite3 import Connection

from ...corpus.connection import mapped_rows
from ...corpus.soundness import row_sum
from ...corpus.texts import documents_of, first_passages, media_type_of, named_text, names_of, rows_left_out
from .derived import SCHEMA as DERIVED_EDGES
from .kinds import NOTHING_DECLARED, Column, ColumnCensus, Value, distinct_names, read_cell
from .reading import MEDIA_TYPES, RawTable, read_tables
from .sideways import upright
from .text_tables import TEXTS

FORM = "8"
"""Of the facts: those of another form are read again."""
MOST_ROWS = 200_000
"""Of one table; questions are not answered from one that has more."""
BLOCK = 1_000
"""Rows that are stored in one piece."""

SCHEMA = (
    """CREATE TABLE table_documents (
    document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    form TEXT NOT NULL, first_passage INTEGER NOT NULL);
CREATE TABLE table_facts (
    document_id INTEGER NOT NULL REFERENCES table_documents ON DELETE CASCADE, number INTEGER NOT NULL,
    name TEXT NOT NULL, columns TEXT NOT NULL, rows INTEGER NOT NULL, whole INTEGER NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (document_id, number)) WITHOUT ROWID;
CREATE TABLE table_rows (
    document_id INTEGER NOT NULL REFERENCES table_documents ON DELETE CASCADE, number INTEGER NOT NULL,
    first INTEGER NOT NULL, rows TEXT NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (document_id, number, first)) WITHOUT ROWID""",
    DERIVED_EDGES,
)
"""A block of rows is a JSON list of rows, each the line of the text and the values."""
CHECKED = {
    "facts of tables": "SELECT crc, document_id, number, name, columns, rows, whole FROM table_facts",
    "rows of tables": "SELECT crc, document_id, number, first, rows FROM table_rows",
}
"""Checksums and what they are of (``corpus/soundness.py``)."""

Row = list[Value]
"""The line of the document's text, and the values of the columns."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    document: int
    uri: str
    document_name: str
    number: int
    """Of the tables of its document, from 0."""
    name: str
    columns: tuple[Column, ...]
    rows: int
    whole: bool
    """Whether all rows are there."""


@dataclass(frozen=True, slots=True)
class _Counted:
    name: str
    columns: tuple[Column, ...]
    rows: int
    whole: bool


def missing(connection: Connection) -> list[tuple[int, int]]:
    """``(document, first passage)`` of documents of tables whose facts are not there, or are of an older text."""
    wanted = documents_of(connection, MEDIA_TYPES)
    if not wanted:
        return []
    first = first_passages(connection)
    rows = connection.execute("SELECT document_id, form, first_passage FROM table_documents")
    there = {document: (form, passage) for document, form, passage in rows}
    return [(one, first.get(one, 0)) for one in wanted if there.get(one) != (FORM, first.get(one, 0))]


def store_tables(connection: Connection, document: int, first_passage: int) -> None:
    """Reads the tables of a document and puts them in the place of those that it had."""
    found = named_text(connection, document)
    assert found is not None
    name, text, media_type = found.name, found.text, media_type_of(connection, document)
    connection.execute("DELETE FROM table_documents WHERE document_id = ?", (document,))
    connection.execute("INSERT INTO table_documents VALUES (?, ?, ?)", (document, FORM, first_passage))
    cut = bool(rows_left_out(connection, document))
    counted = _with_kinds_of_keys([_count(upright(table)) for table in read_tables(text, name, media_type)])
    for number, (table, count) in enumerate(
        zip(map(upright, read_tables(text, name, media_type)), counted, strict=True)
    ):
        if count.rows:
            rows, columns = min(count.rows, MOST_ROWS), count.columns
            values = (
                [line, *(read_cell(cell, column) for cell, column in zip(cells, columns, strict=True))]
                for line, cells in islice(table.rows, MOST_ROWS)
            )
            for first in range(0, rows, BLOCK):
                block = json.dumps(list(islice(values, BLOCK)), ensure_ascii=False)
                row = (document, number, first, block)
                connection.execute("INSERT INTO table_rows VALUES (?, ?, ?, ?, ?)", (*row, row_sum(*row)))
            described = json.dumps([asdict(column) for column in count.columns], ensure_ascii=False)
            facts = (document, number, table.name, described, rows, int(count.whole and not cut))
            connection.execute("INSERT INTO table_facts VALUES (?, ?, ?, ?, ?, ?, ?)", (*facts, row_sum(*facts)))
        for _ in table.rows:  # The next table begins where this one ends.
            pass


def _count(table: RawTable) -> _Counted:
    """Whether all rows are there: in the text, and within the budget."""
    declared = table.declared or [NOTHING_DECLARED] * len(table.header)
    counts, rows = [ColumnCensus(one) for one in declared], 0
    for _, cells in table.rows:
        rows += 1
        if rows > MOST_ROWS:
            break
        for count, cell in zip(counts, cells, strict=True):
            count.add(cell)
    for _ in table.rows:
        pass
    marks = {count.decimal_mark for count in counts if not table.declared} - {None}
    usual = marks.pop() if len(marks) == 1 else "."
    columns = [count.column(title, usual or ".") for count, title in zip(counts, table.header, strict=True)]
    named = zip(columns, distinct_names(columns), strict=True)
    kinds = tuple(replace(column, name=name) for column, name in named)
    return _Counted(table.name, kinds, rows, table.whole and rows <= MOST_ROWS)


def _with_kinds_of_keys(tables: Sequence[_Counted]) -> list[_Counted]:
    """A declared foreign key and the key that it refers to are of one kind, or their values could not be compared:
    where one of them is an integer and the other is not, both are as they are written."""
    places = {
        (table.name.casefold(), column.title.casefold()): (number, at)
        for number, table in reversed([*enumerate(tables)])
        for at, column in enumerate(table.columns)
    }
    links = [
        ((number, at), places[there])
        for number, table in enumerate(tables)
        for at, column in enumerate(table.columns)
        if column.target and (there := (column.target.casefold(), column.target_column.casefold())) in places
    ]
    columns = [list(table.columns) for table in tables]
    changed = True
    while changed:
        changed = False
        for link in links:
            kinds = {columns[number][at].kind for number, at in link}
            if "integer" in kinds and len(kinds) == 2:
                changed = True
                for number, at in link:
                    if columns[number][at].kind == "integer":
                        columns[number][at] = replace(columns[number][at], kind="identifier", unit="")
    return [replace(table, columns=tuple(own)) for table, own in zip(tables, columns, strict=True)]


def stored_tables(connection: Connection) -> list[TableFacts]:
    """The tables by uri and place, so that the order in which documents came makes no difference."""
    named = names_of(connection)
    query = "SELECT document_id, number, name, columns, rows, whole FROM table_facts"
    with mapped_rows(connection):
        found = [
            TableFacts(
                document,
                *named[document],
                number,
                name,
                columns=tuple(map(_column, json.loads(columns))),
                rows=rows,
                whole=bool(whole),
            )
            for document, number, name, columns, rows, whole in connection.execute(query)
        ]
    return sorted(found, key=lambda one: (one.uri, one.number))


def version_of_facts(connection: Connection, media_types: Sequence[str]) -> str:
    """Another one after every change of the tables of documents of these types."""
    of_types = set(documents_of(connection, media_types))
    sums = [
        row
        for table in ("table_facts", "table_rows")
        for row in connection.execute(f"SELECT document_id, number, crc FROM {table} ORDER BY 1, 2, 3")  # noqa: S608
        if row[0] in of_types
    ]
    return f"{zlib.crc32(json.dumps(sums).encode()):08x}"


def without_many(connection: Connection, tables: Sequence[TableFacts], most: int) -> list[TableFacts]:
    """``tables`` with those that stand within texts last, and without these where they are more than ``most``."""
    texts = set(documents_of(connection, TEXTS))
    within = [one for one in tables if one.document in texts]
    own = [one for one in tables if one.document not in texts]
    return own + (within if len(within) <= most else [])


def _column(described: dict[str, object]) -> Column:
    return Column(**{**described, "samples": tuple(described["samples"])})  # type: ignore[arg-type]


def stored_rows(connection: Connection, facts: TableFacts) -> Iterator[Row]:
    query = "SELECT rows FROM table_rows WHERE document_id = ? AND number = ? ORDER BY first"
    for (block,) in connection.execute(query, (facts.document, facts.number)):
        with mapped_rows(connection):
            rows = json.loads(block)
        yield from rows
