"""Graph stores by name. An engine is imported when it is asked for, never before."""

from __future__ import annotations

from typing import Any, cast

from ...registry import Registry
from ..base import GraphStore

STORES = Registry(
    "graph store", __name__, {"arcadedb": "arcadedb.store:ArcadeStore", "neo4j": "neo4j.store:Neo4jStore"}
)


def open_store(name: str, **options: Any) -> GraphStore:
    """``arcadedb`` takes ``folder``; ``neo4j`` takes ``graph``, and if wanted ``uri``, ``user``, ``password`` and
    ``database``.

    Raises ``NotFoundError`` for another name, ``MissingExtra`` when the engine's package is absent, ``GraphError`` when
    the engine cannot be reached.
    """
    return cast(GraphStore, STORES.load(name)(**options))
