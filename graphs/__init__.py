"""Graph stores by name. An engine is imported when it is asked for, never before."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from ..errors import NotFoundError
from .base import GraphStore

STORES = {"arcadedb": ".arcadedb_store:ArcadeStore", "neo4j": ".neo4j_store:Neo4jStore"}


def open_store(name: str, **options: Any) -> GraphStore:
    """``arcadedb`` takes ``folder``; ``neo4j`` takes ``graph``, and if wanted ``part``, ``uri``, ``user``, ``password``
    and ``database``.

    Raises ``NotFoundError`` for another name, ``MissingExtra`` when the engine's package is absent, ``GraphError`` when
    the engine cannot be reached.
    """
    if name not in STORES:
        raise NotFoundError(f"no graph store is called {name!r}", fix=f"use one of {', '.join(STORES)}")
    module, factory = STORES[name].split(":")
    return cast(GraphStore, getattr(import_module(module, __package__), factory)(**options))
