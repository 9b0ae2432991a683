"""Nodes and edges put into the groups in which engines load them fast, and checked on the way.

Holds the whole graph in memory once. Knows no engine.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import GraphError
from ..base import Edge, GraphSchema, Node

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Groups:
    nodes: Mapping[str, list[Row]]
    """Label -> the properties of each node, ``id`` among them."""
    edges: Mapping[tuple[str, str, str], list[tuple[str, str, Row]]]
    """(source label, type, target label) -> (source id, target id, properties)."""

    @property
    def schema(self) -> GraphSchema:
        keys = {label: tuple(sorted({key for row in rows for key in row})) for label, rows in self.nodes.items()}
        return GraphSchema(keys, tuple(sorted(self.edges)))


def group(nodes: Iterable[Node], edges: Iterable[Edge]) -> Groups:
    """Raises ``GraphError`` for a repeated id, an edge without its nodes, or a name that no engine could take."""
    labels: dict[str, str] = {}
    rows = group_nodes(nodes, labels)
    links: dict[tuple[str, str, str], list[tuple[str, str, Row]]] = defaultdict(list)
    for edge in edges:
        if edge.source not in labels or edge.target not in labels:
            raise without_end(edge)
        kind = (labels[edge.source], edge.type, labels[edge.target])
        links[kind].append((edge.source, edge.target, present(edge.properties)))
    for name in {kind for _, kind, _ in links}:
        check_name(name)
    return Groups(rows, links)


def group_nodes(nodes: Iterable[Node], labels: dict[str, str]) -> dict[str, list[Row]]:
    """The rows of each label. ``labels`` (id -> label) grows by what is seen; an id that it holds is refused."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for node in nodes:
        if node.id in labels:
            raise GraphError("two nodes have the same id", where=node.id)
        labels[node.id] = node.label
        rows[node.label].append({**present(node.properties), "id": node.id})
    for name in rows:
        check_name(name)
    return rows


def without_end(edge: Edge) -> GraphError:
    return GraphError("an edge has no node at one end", where=f"{edge.source} -[{edge.type}]-> {edge.target}")


def check_name(name: str) -> None:
    if not re.fullmatch(r"[^\W\d][\w ]*", name):
        raise GraphError(f"{name!r} cannot be a label or relationship type", fix="use letters, digits and underscores")


def present(properties: Mapping[str, Any]) -> Row:
    """Without nulls: in Cypher a property that is null is one that is not there."""
    return {key: value for key, value in properties.items() if value is not None}
