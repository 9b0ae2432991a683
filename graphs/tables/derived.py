"""Edges that no column holds and people declare: the winner of a match is its home team where the home score is higher.

An edge is a name and cases in their order, each a foreign key and what must hold for it: ``home_team_id if home_score >
away_score``. A row of which no case holds has no such edge. Declared edges are part of the library, and become a
column and a foreign key of their table whenever the tables are made anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Connection

from ...errors import InputError
from ..english.names import property_name
from .model import ForeignKey, Table

SCHEMA = """CREATE TABLE derived_edges (
    owner TEXT NOT NULL, name TEXT NOT NULL, cases TEXT NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID"""
_CASE = re.compile(r"\s*(\w+)\s+if\s+(.+?)\s*", re.IGNORECASE)
_ONE = r"(\w+)\s*(<=|>=|!=|<>|==|=|<|>)\s*('[^']*'|-?\d+(?:\.\d+)?|\w+)"
_TEST = re.compile(_ONE)
_TESTS = re.compile(rf"{_ONE}(?:\s+and\s+{_ONE})*", re.IGNORECASE)
_TRUTH = {"true": 1, "false": 0}


@dataclass(frozen=True, slots=True)
class DerivedEdge:
    table: str
    name: str
    cases: tuple[str, ...]

    @property
    def column(self) -> str:
        return property_name(self.name)


def stored_edges(connection: Connection) -> list[DerivedEdge]:
    rows = connection.execute("SELECT owner, name, cases FROM derived_edges ORDER BY owner, name")
    return [DerivedEdge(table, name, tuple(json.loads(cases))) for table, name, cases in rows]


def store_edge(connection: Connection, edge: DerivedEdge) -> None:
    """No cases: the edge is taken away."""
    connection.execute("DELETE FROM derived_edges WHERE owner = ? AND name = ?", (edge.table, edge.name))
    if edge.cases:
        row = (edge.table, edge.name, json.dumps(edge.cases))
        connection.execute("INSERT INTO derived_edges VALUES (?, ?, ?)", row)


def check_edge(edge: DerivedEdge, tables: Mapping[str, Table]) -> None:
    """Raises ``InputError`` where the table, a column or a case is not as it must be."""
    _target(edge, _table(edge, tables))
    _expression(edge, _table(edge, tables))


def with_derived(connection: Connection, tables: Sequence[Table], edges: Sequence[DerivedEdge]) -> list[Table]:
    """The tables with the columns and foreign keys of the declared edges. An edge of a table that is not there, or has
    other columns than it had, waits until it fits again."""
    found = {table.name: table for table in tables}
    for edge in edges:
        try:
            table = _table(edge, found)
            key, (expression, values) = _target(edge, table), _expression(edge, table)
        except InputError:
            continue
        connection.execute(f'ALTER TABLE "{table.name}" ADD COLUMN "{edge.column}"')
        connection.execute(f'UPDATE "{table.name}" SET "{edge.column}" = {expression}', values)  # noqa: S608
        counted = f'SELECT count(DISTINCT "{edge.column}"), count(*) - count("{edge.column}") FROM "{table.name}"'  # noqa: S608
        distinct, missing = connection.execute(counted).fetchone()
        column = replace(
            table.column(key.column),
            name=edge.column,
            title=edge.name,
            distinct=distinct,
            missing=missing,
            is_key=False,
        )
        foreign = ForeignKey(edge.column, key.target, key.key, edge.column.upper())
        found[table.name] = replace(table, columns=(*table.columns, column), foreign=(*table.foreign, foreign))
    return [found[table.name] for table in tables]


def _table(edge: DerivedEdge, tables: Mapping[str, Table]) -> Table:
    if edge.table not in tables:
        raise InputError("there is no such table", where=edge.table, fix=f"one of: {', '.join([*tables][:10])}")
    return tables[edge.table]


def _target(edge: DerivedEdge, table: Table) -> ForeignKey:
    """The foreign key of the first case; those of the others lead to the same table."""
    own = {column.name for column in table.columns}
    if edge.column in own or edge.column.upper() in {key.type for key in table.foreign}:
        raise InputError("the table has a column of that name", where=edge.name, fix="call the edge by another name")
    keys = {key.column: key for key in table.foreign}
    found = []
    for case in edge.cases:
        parts = _CASE.fullmatch(case)
        if parts is None:
            raise InputError("it is no case", where=case, fix="write COLUMN if TEST and TEST, such as a_id if a > b")
        if parts[1] not in keys:
            raise InputError(
                f"{parts[1]} is no foreign key of {table.name}",
                where=case,
                fix=f"one of: {', '.join(keys) or 'it has none'}",
            )
        found.append(keys[parts[1]])
    if len({(key.target, key.key) for key in found}) > 1:
        raise InputError("the cases lead to different tables", where=edge.name, fix="declare an edge for each")
    return found[0]


def _expression(edge: DerivedEdge, table: Table) -> tuple[str, list[int | float | str]]:
    """The cases in SQL, and the values that its question marks stand for."""
    names = {column.name for column in table.columns}
    values: list[int | float | str] = []
    whens = []
    for case in edge.cases:
        parts = _CASE.fullmatch(case)
        whole = parts[2] if parts else ""
        tests = []
        for name, sign, other in _TEST.findall(whole) if _TESTS.fullmatch(whole) else [(whole, "", "")]:
            if name not in names:
                raise InputError(
                    f"{name!r} is no test of {table.name}",
                    where=case,
                    fix=f"compare a column with =, !=, <, <=, > or >=; the columns are {', '.join(names)}",
                )
            operator = {"==": "=", "!=": "<>"}.get(sign, sign)
            if other in names:
                tests.append(f'"{name}" {operator} "{other}"')
            else:
                tests.append(f'"{name}" {operator} ?')
                values.append(_value(other, case))
        whens.append(f'WHEN {" AND ".join(tests)} THEN "{parts[1] if parts else ""}"')
    return f"CASE {' '.join(whens)} END", values


def _value(text: str, case: str) -> int | float | str:
    if text.startswith("'"):
        return text[1:-1]
    if text.casefold() in _TRUTH:
        return _TRUTH[text.casefold()]
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise InputError(f"{text} is no column", where=case, fix="write texts in quotes: 'won'") from None
