"""The tables' rows as nodes and their foreign keys as edges, for a Cypher engine and for export."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ...corpus.store import Store
from ..base import Edge, Node
from .index import TableGraph
from .model import ROW, Table, TableModel


class TableSource:
    name = "tables"

    def __init__(self, store: Store) -> None:
        self._graph = TableGraph(store)

    @property
    def version(self) -> str:
        return self._graph.version

    def nodes(self) -> Iterator[Node]:
        return iter(()) if self._graph.is_empty else nodes(self._model)

    def edges(self) -> Iterator[Edge]:
        return iter(()) if self._graph.is_empty else edges(self._model)

    @cached_property
    def _model(self) -> TableModel:
        return self._graph.model()


def row_id(table: Table, row: int, key: object) -> str:
    return f"row:{table.name}/{key if table.key else row}"


def property_of(column: str) -> str:
    """``id`` is the node's own."""
    return "key" if column == "id" else column


def nodes(model: TableModel) -> Iterator[Node]:
    """``name`` says which row it is, where no column is called so."""
    for table in model.tables.values():
        names = [column.name for column in table.columns]
        for row, line, *values in model.rows.execute(f'SELECT * FROM "{table.name}"'):  # noqa: S608
            found = dict(zip(names, values, strict=True))
            properties: dict[str, Any] = {
                "name": " ".join(str(found[one]) for one in table.shown if found[one] is not None)
            }
            for column in table.columns:
                value = found[column.name]
                if value is not None:
                    properties[property_of(column.name)] = bool(value) if column.kind == "boolean" else value
            properties["line"] = properties.get("line", line)
            yield Node(table.label, row_id(table, row, found.get(table.key)), properties)


def edges(model: TableModel) -> Iterator[Edge]:
    for table in model.tables.values():
        for key in table.foreign:
            own = f'"{table.key}"' if table.key else "NULL"
            # A database may declare a key and hold values that point to nothing.
            there = f'SELECT "{key.key}" FROM "{key.target}"'  # noqa: S608
            query = f'SELECT "{ROW}", {own}, "{key.column}" FROM "{table.name}" WHERE "{key.column}" IN ({there})'  # noqa: S608
            target = model.tables[key.target]
            for row, one, value in model.rows.execute(query):
                yield Edge(key.type, row_id(table, row, one), row_id(target, 0, value))
