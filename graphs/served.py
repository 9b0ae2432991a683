"""The library's graphs (see ``sources``) in one, and free Cypher from an engine that is opened when needed.

The engine's graph is a projection of the facts in SQLite; before a query it is rebuilt if the facts have moved on.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import GraphError, InputError, QueryRefused
from .base import GraphRows, GraphSchema, GraphStore
from .code import CodeGraph
from .sources import GraphSource, open_sources, project, versions
from .stores import open_store
from .translation.projected import NodeNames, typed_schema
from .translation.translate import Translator

if TYPE_CHECKING:
    from .translation.evidence import Embed

MAX_ROWS = 1_000_000


class ServedGraph:
    """``engine`` is a name of ``stores.open_store``; ``folder`` is where an embedded one keeps its files."""

    def __init__(self, code: CodeGraph, folder: Path, engine: str) -> None:
        self.code, self._folder, self._engine = code, folder, engine
        self._lock = threading.RLock()
        self._store: GraphStore | None = None
        self._translator: tuple[str, Translator] | None = None
        """With the versions of the graphs that it was made for."""

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> GraphRows:
        """Read-only Cypher. Raises ``QueryRefused`` for anything else, and for a query that finds nothing because it
        names labels, relationships or properties that the graph does not have; where it has rows all the same (an
        aggregate always has one), ``notes`` name them."""
        from .cypher.schema import check_schema

        if not 1 <= max_rows <= MAX_ROWS:
            raise InputError(f"{max_rows} rows cannot be asked for", fix=f"ask for 1 to {MAX_ROWS:,}")
        store = self._current()
        rows = store.query(cypher, params, timeout=timeout, max_rows=max_rows)
        complaints = check_schema(cypher, store.schema())
        if complaints and not rows.rows:
            raise QueryRefused("the query found nothing", fix="; ".join(complaints).rstrip("."))
        return replace(rows, notes=(*rows.notes, *complaints)) if complaints else rows

    def schema(self) -> GraphSchema:
        return self._current().schema()

    def translator(self, embed: Embed | None = None) -> Translator:
        """What translates questions in English to queries over the graph as it is now; made anew when it has moved."""
        with self._lock:
            schema = self.schema()
            version = json.dumps(versions(self._sources), sort_keys=True)
            if self._translator is None or self._translator[0] != version:
                typed = typed_schema(schema, self._read)
                self._translator = version, Translator(typed, embed, NodeNames(typed, self._read))
            return self._translator[1]

    def called(self, name: str) -> Sequence[tuple[str, str, str]]:
        """The label, the property and the value of nodes that are called so, in large letters or small."""
        known = self.translator().known
        return tuple(known(name)) if known else ()

    def _read(self, cypher: str, params: Mapping[str, Any]) -> GraphRows:
        return self._current().query(cypher, params)

    def close(self) -> None:
        with self._lock:
            if self._store is not None:
                self._store.close()
                self._store = None

    @cached_property
    def _sources(self) -> list[GraphSource]:
        return open_sources(self.code.store)

    def _current(self) -> GraphStore:
        """The engine, with the graph as the facts stand now."""
        with self._lock:
            fresh = self._store is None
            if self._store is None:
                options = (
                    {"folder": self._folder}
                    if self._engine == "arcadedb"
                    else {"graph": str(self._folder.parent.resolve())}
                )
                self._store = open_store(self._engine, **options)
            facts, key = self.code.store, f"graph:{self._engine}"
            held = _read_versions(facts.get(key))
            if fresh and not self._store.is_whole():
                held = {}
            if held != versions(self._sources):
                if facts.read_only:
                    raise GraphError(
                        "the graph's projection is out of date and the library is read-only",
                        where=str(facts.folder),
                        fix="run one query where it can be written",
                    )
                facts.set(key, json.dumps(project(open_sources(facts), self._store, held)))
            return self._store


def _read_versions(text: str | None) -> dict[str, str]:
    """The version of each part that the engine holds; none where an older form of the library says it otherwise."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
