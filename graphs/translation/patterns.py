"""The connected patterns of a schema that a question may mean: grown from its best labels, one relation at a time.

A pattern is a tree of nodes with labels; what grows is a beam of the best by ``ranking``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .schema import SchemaRelation, TypedSchema

MOST_EDGES = 4
WIDTH = 24


@dataclass(frozen=True, slots=True)
class PatternEdge:
    relation: SchemaRelation
    source: int
    """Places among the pattern's nodes."""
    target: int


@dataclass(frozen=True, slots=True)
class GraphPattern:
    nodes: tuple[str, ...]
    """Their labels."""
    edges: tuple[PatternEdge, ...] = ()

    @property
    def key(self) -> tuple[frozenset[str], frozenset[tuple[str, str, str]]]:
        """Labels, types and directions: patterns of one key ask for the same kinds of things."""
        return frozenset(self.nodes), frozenset(one.relation.triple for one in self.edges)

    def degree(self, node: int) -> int:
        return sum(node in (one.source, one.target) for one in self.edges)

    def grown(self, schema: TypedSchema, may: MayGrow) -> Iterator[GraphPattern]:
        """Gives the patterns with one relation more, at any node, where ``may(pattern, relation, new label)``. Of a
        relation from a label to itself there is one direction only: who does it is told later."""
        for node, label in enumerate(self.nodes):
            for relation in schema.at[label]:
                if any(one.relation == relation and node in (one.source, one.target) for one in self.edges):
                    continue
                other = relation.target if relation.source == label else relation.source
                if not may(self, relation, other):
                    continue
                new = len(self.nodes)
                ends = (node, new) if relation.source == label else (new, node)
                yield GraphPattern((*self.nodes, other), (*self.edges, PatternEdge(relation, *ends)))


MayGrow = Callable[[GraphPattern, SchemaRelation, str], bool]
"""Whether a pattern may have this relation to a node of that label."""


def grow(
    schema: TypedSchema,
    score: Callable[[GraphPattern], float],
    may: MayGrow,
) -> list[tuple[float, GraphPattern]]:
    """All patterns that were looked at, best first; ``may(pattern, relation, new label)`` says which may grow."""
    best: dict[object, tuple[float, GraphPattern]] = {}
    front = [GraphPattern((label,)) for label in schema.labels]
    for size in range(MOST_EDGES + 1):
        scored = []
        for pattern in front:
            if pattern.key not in best:
                best[pattern.key] = score(pattern), pattern
                scored.append(best[pattern.key])
        scored.sort(key=lambda one: -one[0])
        if size == MOST_EDGES:
            break
        front = [longer for _, pattern in scored[:WIDTH] for longer in pattern.grown(schema, may)]
    return sorted(best.values(), key=lambda one: (-one[0], len(one[1].edges)))
