"""The rows of all tables as one database in memory, their keys, and an index of the values that questions may name.

It is made of the facts when they have changed, and kept as a derived file.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from ...corpus.array_file import Arrays
from ...corpus.cancellation import check
from ...corpus.store import Store
from ...errors import StorageError
from ..english.names import property_name
from .derived import stored_edges, with_derived
from .keys import label_of, with_keys
from .kinds import Column
from .model import LINE, ROW, ForeignKey, Table, TableModel
from .storage import TableFacts, stored_rows, stored_tables, without_many

VERSION = "9"
MOST_TOTAL = 1_000_000
"""Rows of all tables together; those that come later by their documents' paths are left out."""
MOST_TABLES = 300
"""Of all documents; a question is tried with each."""
MOST_WITHIN_TEXTS = 60
"""Tables of letters, notes and pages; where there are more, these are manuals, whose tables explain."""
LONGEST = 80
"""Characters of a value that a question may name."""


def build(store: Store) -> Arrays:
    import numpy as np

    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    facts = without_many(store.connection, stored_tables(store.connection), MOST_WITHIN_TEXTS)
    tables: list[Table] = []
    total = 0
    for one, name in zip(facts, _names(facts), strict=True):
        total += one.rows
        if total > MOST_TOTAL or len(tables) == MOST_TABLES:
            break
        check()
        columns = ", ".join(f'"{column.name}"' for column in one.columns)
        connection.execute(f'CREATE TABLE "{name}" ("{ROW}" INTEGER PRIMARY KEY, "{LINE}", {columns})')
        marks = ", ".join("?" * (len(one.columns) + 2))
        rows = ((number, *row) for number, row in enumerate(stored_rows(store.connection, one), start=1))
        connection.execute("BEGIN")
        connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608
        connection.execute("COMMIT")
        tables.append(
            Table(
                name,
                label_of(name),
                one.uri,
                one.document_name,
                columns=one.columns,
                rows=one.rows,
                whole=one.whole,
                title=one.name,
            )
        )
    tables = with_derived(connection, with_keys(connection, tables), stored_edges(store.connection))
    for table in tables:
        for column in {*([table.key] if table.key else []), *(key.column for key in table.foreign)}:
            connection.execute(f'CREATE INDEX "{table.name}.{column}" ON "{table.name}" ("{column}")')
    _index_values(connection, tables)
    described = json.dumps([asdict(table) for table in tables], ensure_ascii=False).encode()
    rows_of_all = connection.serialize()
    connection.close()
    return {"tables": np.frombuffer(described, np.uint8), "rows": np.frombuffer(rows_of_all, np.uint8)}


def load(arrays: Arrays) -> TableModel:
    """Raises ``StorageError`` for arrays that are not as ``build`` makes them."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        connection.deserialize(arrays["rows"].tobytes())
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        tables = {table.name: table for table in map(_table, json.loads(arrays["tables"].tobytes()))}
        held = connection.execute("SELECT name, type, sql FROM sqlite_master WHERE type <> 'index'").fetchall()
        plain = all(kind == "table" and (sql or "").startswith("CREATE TABLE") for _, kind, sql in held)
        if not plain or {name for name, *_ in held} != {*tables, "cell_values"}:
            raise ValueError("it holds other tables than those that are described")
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StorageError(
            f"the index of the tables is not as it was written ({' '.join(str(error).split())})",
            fix="remove the library's files tables-*.npz: they are made anew",
        ) from error
    return TableModel(tables, connection)


def _table(described: dict[str, Any]) -> Table:
    columns = tuple(Column(**{**one, "samples": tuple(one["samples"])}) for one in described["columns"])
    foreign = tuple(ForeignKey(**one) for one in described["foreign"])
    return Table(**{**described, "columns": columns, "foreign": foreign, "shown": tuple(described["shown"])})


def _names(facts: list[TableFacts]) -> list[str]:
    """One for each table, of its own name; where several have it, of their folders too, then of a number."""
    plain = [property_name(one.name) for one in facts]
    plain = [f"table_{name}" if name.startswith("sqlite_") else name for name in plain]
    found: list[str] = []
    for one, name in zip(facts, plain, strict=True):
        if plain.count(name) > 1:
            name = f"{property_name(PurePosixPath(one.uri).parent.name)}_{name}"
        tried, number = name, 1
        while tried in found or tried == "cell_values":
            number += 1
            tried = f"{name}_{number}"
        found.append(tried)
    return found


def normal(text: str) -> str:
    """The form in which values are compared: small letters without accents and punctuation.

    >>> normal("Estádio do Maracanã"), normal("A'Court")
    ('estadio do maracana', 'acourt')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return " ".join(re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def _index_values(connection: sqlite3.Connection, tables: list[Table]) -> None:
    connection.execute(
        "CREATE TABLE cell_values (normal TEXT, tight TEXT, owner TEXT, columns TEXT, value TEXT, rows INTEGER)"
    )
    connection.execute("BEGIN")
    for table in tables:
        named = [
            (column.name,)
            for column in table.columns
            if column.kind in ("text", "category", "identifier")
            and not any("://" in sample for sample in column.samples)
        ]
        pairs = [table.shown] if len(table.shown) == 2 and table.shown[0] != table.shown[1] else _people(table)
        for columns in (*named, *pairs):
            listed = ", ".join(f'"{column}"' for column in columns)
            query = f'SELECT {listed}, count(*) FROM "{table.name}" GROUP BY {listed}'  # noqa: S608
            values = (
                (one, one.replace(" ", ""), table.name, json.dumps(columns), json.dumps(row[:-1]), row[-1])
                for row in connection.execute(query).fetchall()
                if None not in row
                and len(" ".join(map(str, row[:-1]))) <= LONGEST
                and (one := normal(" ".join(map(str, row[:-1]))))
            )
            connection.executemany("INSERT INTO cell_values VALUES (?, ?, ?, ?, ?, ?)", values)
    connection.execute("COMMIT")
    connection.execute("CREATE INDEX cell_values_tight ON cell_values (tight)")


def _people(table: Table) -> list[tuple[str, ...]]:
    names = {column.name for column in table.columns}
    return [pair for pair in (("given_name", "family_name"), ("first_name", "last_name")) if names.issuperset(pair)]


__all__ = ["build", "load", "normal"]
