"""What a Cypher engine holds of a library: the code graph and the knowledge graph, in one load."""

from __future__ import annotations

from itertools import chain

from . import code
from .base import GraphStore
from .code.projection import edges as code_edges
from .code.projection import nodes as code_nodes
from .knowledge import KnowledgeGraph
from .knowledge.projection import edges, nodes


def project(of_code: code.CodeGraph, of_documents: KnowledgeGraph, store: GraphStore) -> str:
    """Replaces what ``store`` holds. Returns the version, to be compared with ``version`` later."""
    found = version(of_code, of_documents)
    quotes, communities = of_documents.quotes(), of_documents.communities()
    store.load(
        chain(code_nodes(of_code), nodes(quotes, communities)), chain(code_edges(of_code), edges(quotes, communities))
    )
    return found


def version(of_code: code.CodeGraph, of_documents: KnowledgeGraph) -> str:
    return f"{of_code.version}, {of_documents.version}"
