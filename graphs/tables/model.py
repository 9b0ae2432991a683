"""The tables of a library with their keys, and their rows in a database in memory. Plain values; knows no documents."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ...corpus.cancellation import check, over
from ...errors import GraphError
from .kinds import Column

ROW, LINE = "row:", "line:"
"""Columns that no table has itself: a name of its own has no colon."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    column: str
    target: str
    """A table's name."""
    key: str
    """The target's column."""
    type: str
    """Of the edge: HOME_TEAM."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """Unique; as a name in SQL and in ids of nodes."""
    label: str
    """Of its rows as nodes: STADIUM."""
    uri: str
    document: str
    """The document's display name."""
    columns: tuple[Column, ...]
    rows: int
    whole: bool
    key: str = ""
    """The column that identifies a row; empty where none does."""
    shown: tuple[str, ...] = ()
    """The columns that tell people which row it is."""
    foreign: tuple[ForeignKey, ...] = ()
    title: str = ""
    """Its name in its document."""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class CellValue:
    """A value that a question may name."""

    table: str
    columns: tuple[str, ...]
    """Two for a person's names."""
    values: tuple[str | int, ...]
    rows: int


@dataclass(frozen=True)
class TableModel:
    tables: Mapping[str, Table]
    rows: sqlite3.Connection
    """A table for each, with the columns ``ROW`` (from 1) and ``LINE`` before its own, and ``cell_values``."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def without(self, documents: Collection[str]) -> TableModel:
        """The model without the tables of these documents."""
        kept = {name: table for name, table in self.tables.items() if table.document not in documents}
        there = {name: replace(one, foreign=_leading_to(one.foreign, kept)) for name, one in kept.items()}
        return replace(self, tables=there)

    def run(self, sql: str, values: Sequence[Any] = (), *, most: int = 1_000, seconds: float = 5.0) -> list[Any]:
        """Raises ``GraphError`` when it takes longer than ``seconds``."""
        with self._lock:
            end = time.monotonic() + seconds
            self.rows.set_progress_handler(lambda: int(time.monotonic() > end or over()), 10_000)
            try:
                return self.rows.execute(sql, tuple(values)).fetchmany(most)
            except OverflowError:  # no cell holds a number of more than 64 bits
                return []
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                check()
                raise GraphError(
                    f"the tables were not asked to the end within {seconds:g} s", fix="ask for less"
                ) from error
            finally:
                self.rows.set_progress_handler(None, 0)

    @cached_property
    def paths(self) -> Mapping[str, Mapping[str, tuple[tuple[ForeignKey, ...], ...]]]:
        """Table -> table that its rows lead to -> the shortest ways along foreign keys, at most three steps long."""
        return {name: self._paths_from(name) for name in self.tables}

    def _paths_from(self, start: str) -> Mapping[str, tuple[tuple[ForeignKey, ...], ...]]:
        found: dict[str, list[tuple[ForeignKey, ...]]] = {start: [()]}
        front: list[tuple[str, tuple[ForeignKey, ...]]] = [(start, ())]
        for _ in range(STEPS):
            ahead = []
            for name, path in front:
                for key in self.tables[name].foreign:
                    there = found.setdefault(key.target, [])
                    if key.target != start and (not there or len(there[0]) >= len(path)) and len(there) < WAYS:
                        there.append((*path, key))
                        ahead.append((key.target, (*path, key)))
            front = ahead
        return {name: tuple(ways) for name, ways in found.items()}


def _leading_to(keys: Sequence[ForeignKey], tables: Collection[str]) -> tuple[ForeignKey, ...]:
    return tuple(one for one in keys if one.target in tables)


STEPS, WAYS = 3, 12
