"""The contract of a graph store: bulk load, guarded read-only Cypher, schema. Two engines implement it.

``query`` is for people and models: it parses the text with our grammar, refuses everything that is not a read, and
bounds time and rows. ``execute`` is for this project's own code only. Graphs are projections: ``load`` replaces all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Node:
    label: str
    id: str
    """Unique over the graph; stored as the property ``id``."""
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    type: str
    source: str
    target: str
    """Ids of nodes in the same load."""
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphRows:
    """Nodes come as maps of properties with ``_labels``; relationships with ``_type``; paths as lists of nodes."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool = False
    """True when ``max_rows`` cut the result."""
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    """What was changed in the query before it ran, such as a cap on path lengths, in words for the user."""


@dataclass(frozen=True, slots=True)
class GraphSchema:
    labels: Mapping[str, tuple[str, ...]]
    """Label -> property names."""
    relations: tuple[tuple[str, str, str], ...]
    """(source label, relationship type, target label)."""


class GraphStore(Protocol):
    name: str

    def load(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Replaces the whole graph, in one switch: a reader sees the old or the new one, never a part."""
        ...

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> GraphRows:
        """Read-only. Raises ``QueryRefused`` for anything else, ``GraphError`` for engine errors and time-outs."""
        ...

    def execute(self, cypher: str, params: Mapping[str, Any] | None = None) -> GraphRows:
        """Unguarded, may write. Never given text from a user or a model."""
        ...

    def schema(self) -> GraphSchema: ...

    def is_whole(self) -> bool:
        """Whether what was loaded is still there. Cheap: asked once, before the first query."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class PartedStore(GraphStore, Protocol):
    """A store that can replace a part of its graph and leave the others where they are."""

    def load_parts(
        self, parts: Mapping[str, Iterable[Node]], edges: Iterable[Edge], kept: Collection[str] = ()
    ) -> None:
        """Replaces all parts but those that are ``kept``, in one switch. Of ``edges`` those are written that touch a
        node of ``parts``; their other end may be of a part that is kept, so that its edges to a part that is replaced
        come back when they are given again."""
        ...
