"""Nodes and edges as the statements of one transaction.

A node's number in the database is kept when it is made, and edges join numbers: to look both ends up in an index costs
ten times as much where the same transaction has deleted the nodes' predecessors. Properties travel as columns, without
their names, since the driver's encoding is the other half of the cost. Knows no session and no owner but what it is
given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...base import Edge, Node
from ..grouping import Row, check_name, group_nodes, present, without_end

OWNER = "_graph"
"""The property that marks our nodes, ``[library, part]``; never shown in results and schemas."""
_BATCH = 5_000
Numbers = dict[str, int]
"""A node's id -> its number in the database."""


class GraphWriter:
    """``transaction`` is open, and stays so; ``library`` is whose nodes are written and found."""

    def __init__(self, transaction: Any, library: str) -> None:
        self._transaction, self._library = transaction, library
        self._numbers: Numbers = {}

    def delete(self, kept: Sequence[str]) -> None:
        """The library's nodes, but for those of the parts that are kept, with all their edges."""
        text = f"MATCH (n) WHERE n.{OWNER}[0] = $library AND NOT n.{OWNER}[1] IN $kept DETACH DELETE n"
        self._transaction.run(text, library=self._library, kept=list(kept)).consume()

    def create_nodes(self, groups: Mapping[str, Mapping[str, list[Row]]]) -> None:
        """Part -> label -> rows."""
        for part, labels in groups.items():
            for label, rows in labels.items():
                keys, lists = _columns(rows)
                text = (
                    f"UNWIND $rows AS row CREATE (n:`{label}` {{{_pattern(keys)}, {OWNER}: $owner}}) "
                    f"RETURN collect(row[{keys.index('id')}]) AS ids, collect(id(n)) AS numbers"
                )
                for batch in _batches(lists):
                    made = self._transaction.run(text, rows=batch, owner=[self._library, part]).single(strict=True)
                    self._numbers.update(zip(made["ids"], made["numbers"], strict=True))

    def create_edges(self, edges: Iterable[Edge], labels: Iterable[str]) -> None:
        """Those that touch a node that was made here. The other end may be a node that was kept, under one of
        ``labels``. Raises ``GraphError`` where it is neither."""
        new = self._numbers
        touching = [edge for edge in edges if edge.source in new or edge.target in new]
        absent = {end for edge in touching for end in (edge.source, edge.target) if end not in new}
        numbers = {**new, **(self._find(absent, labels) if absent else {})}
        by_type: dict[str, list[Edge]] = defaultdict(list)
        for edge in touching:
            if edge.source not in numbers or edge.target not in numbers:
                raise without_end(edge)
            by_type[edge.type].append(edge)
        for kind, some in by_type.items():
            check_name(kind)
            keys, lists = _columns([present(edge.properties) for edge in some])
            text = (
                "UNWIND $rows AS row MATCH (a) WHERE id(a) = row[-2] MATCH (b) WHERE id(b) = row[-1] "
                f"CREATE (a)-[:`{kind}` {{{_pattern(keys)}}}]->(b)"
            )
            for row, edge in zip(lists, some, strict=True):
                row += (numbers[edge.source], numbers[edge.target])
            for batch in _batches(lists):
                self._transaction.run(text, rows=batch).consume()

    def _find(self, ids: Iterable[str], labels: Iterable[str]) -> Numbers:
        wanted, found = sorted(ids), Numbers()
        for label in labels:
            text = (
                f"UNWIND $ids AS wanted MATCH (n:`{label}` {{id: wanted}}) WHERE n.{OWNER}[0] = $library "
                "RETURN collect(wanted) AS ids, collect(id(n)) AS numbers"
            )
            there = self._transaction.run(text, ids=wanted, library=self._library).single(strict=True)
            found.update(zip(there["ids"], there["numbers"], strict=True))
        return found


def group_parts(parts: Mapping[str, Iterable[Node]]) -> dict[str, dict[str, list[Row]]]:
    """Part -> label -> rows. Raises ``GraphError`` for an id that is there twice, in one part or in two."""
    seen: dict[str, str] = {}
    return {part: group_nodes(nodes, seen) for part, nodes in parts.items()}


def _columns(rows: list[Row]) -> tuple[list[str], list[list[Any]]]:
    """The keys of all rows, and each row's values in their order; a property that is null is one that is not there."""
    keys = sorted({key for row in rows for key in row})
    return keys, [[row.get(key) for key in keys] for row in rows]


def _pattern(keys: Sequence[str]) -> str:
    escaped = (key.replace("`", "``") for key in keys)
    return ", ".join(f"`{key}`: row[{place}]" for place, key in enumerate(escaped))


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
