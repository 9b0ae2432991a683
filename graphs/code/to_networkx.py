"""The code graph as a graph of networkx, for its algorithms and for drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import MissingExtra
from .index import CodeGraph
from .projection import edges, nodes

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def to_networkx(graph: CodeGraph) -> MultiDiGraph:
    """Nodes by their id with ``label`` and the projection's properties; edges keyed by their type. Raises
    ``MissingExtra`` without networkx."""
    try:
        from networkx import MultiDiGraph
    except ImportError as error:
        raise MissingExtra("networkx", "networkx") from error
    found = MultiDiGraph()
    for node in nodes(graph):
        found.add_node(node.id, label=node.label, **node.properties)
    for edge in edges(graph):
        found.add_edge(edge.source, edge.target, key=edge.type, **edge.properties)
    return found
