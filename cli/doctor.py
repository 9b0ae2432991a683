"""The check of what is missing and how to get it: one finding per piece, in the order in which a newcomer needs
them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..corpus import soundness
from ..corpus.store import Store
from ..errors import EvidentiaError, NotFoundError
from ..graphs.code.storage import CHECKED as CODE
from ..graphs.knowledge.storage import CHECKED as KNOWLEDGE
from ..graphs.stores import STORES
from ..graphs.tables.storage import CHECKED as TABLES
from ..settings import Settings, redact

_ENGINES = f"set EVIDENTIA_GRAPH to one of {', '.join(STORES)}"
SHOWN = 5
"""Kinds of damage and damaged documents that are named."""
MIN_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    piece: str
    ok: bool
    state: str
    fix: str = ""
    needed: bool = True
    """False for what everything works without."""


def examine(settings: Settings, *, repair: bool = False) -> list[Finding]:
    return [
        _python(),
        _sqlite(),
        *_packages(),
        _check("embedder", lambda: _embedder(settings)),
        _model(settings),
        _room(settings),
        _neo4j(settings),
        _disk(settings),
        *_library(settings, repair),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        "python",
        sys.version_info >= (3, 11),
        version,
        "" if sys.version_info >= (3, 11) else "install Python 3.11 or newer",
    )


def _sqlite() -> Finding:
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    has = "ENABLE_FTS5" in options
    return Finding("sqlite full text", has, sqlite3.sqlite_version, "" if has else "use a Python whose SQLite has FTS5")


def _packages() -> Iterator[Finding]:
    for package, extra, what in (
        ("faiss", "", "dense search"),
        ("tokenizers", "", "the embedder"),
        ("pypdfium2", "", "PDF files"),
        ("torch", "local", "the local model, and embedding in bulk"),
        ("transformers", "local", "the local model"),
        ("arcadedb", "cypher", "Cypher, embedded"),
    ):
        has = importlib.util.find_spec(package) is not None
        named = f'"evidentia[{extra}]"' if extra else "evidentia"
        yield Finding(
            package,
            has,
            f"installed ({what})" if has else f"missing ({what})",
            "" if has else f"run: pip install {named}",
            needed=not extra,
        )


def _check(piece: str, check: Callable[[], str], *, needed: bool = True) -> Finding:
    try:
        return Finding(piece, True, check(), needed=needed)
    except EvidentiaError as error:
        return Finding(piece, False, error.what, error.fix, needed)


def _embedder(settings: Settings) -> str:
    from ..retrieval.embedders import load

    return load(settings.embedder, settings).fingerprint


def _model(settings: Settings) -> Finding:
    from ..serving.models import hub

    if settings.endpoint:
        return Finding(
            "language model", True, f"{settings.model} at {redact(settings.endpoint)} (not called)", needed=False
        )
    found = hub.find(settings.model, settings.cache)
    if found is None:
        return Finding(
            "language model",
            False,
            f"{settings.model} is not on this machine; answers are quoted",
            "run: evidentia model get",
            needed=False,
        )
    return Finding("language model", True, f"{settings.model} in {found}", needed=False)


def _room(settings: Settings) -> Finding:
    """On a processor; what a GPU has free is known once the model is there."""
    from ..serving.engine.room import REQUESTS, bytes_by_default, check_bytes, memory_of_processor

    def state() -> str:
        memory = memory_of_processor()
        if shutil.which("nvidia-smi") is None:
            check_bytes(settings.kv_bytes, memory)
        found = settings.kv_bytes or bytes_by_default(memory)
        return f"{found / 1e9:.1f} GB of keys and values, {settings.requests or REQUESTS} requests side by side at most"

    return _check("memory for replies", state, needed=False)


def _neo4j(settings: Settings) -> Finding:
    if settings.graph not in STORES:
        return Finding("graph engine", False, f"no engine is called {settings.graph}", _ENGINES)
    if settings.graph != "neo4j" and importlib.util.find_spec(settings.graph) is None:
        return Finding(
            "graph engine", False, f"{settings.graph} is missing", 'run: pip install "evidentia[cypher]"', False
        )
    if settings.graph != "neo4j":
        return Finding("graph engine", True, f"{settings.graph}, embedded", needed=False)
    if "NEO4J_URI" not in os.environ:
        return Finding(
            "graph engine",
            False,
            "neo4j is chosen but NEO4J_URI is not set",
            "set NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD",
        )

    def reach() -> str:
        from ..graphs.stores import open_store

        store = open_store("neo4j", graph=str(settings.library.resolve()))
        store.close()
        return f"neo4j at {redact(os.environ['NEO4J_URI'])}"

    return _check("graph engine", reach)


def _disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.library, *settings.library.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    enough = free >= MIN_FREE_BYTES
    return Finding("disk", enough, f"{free / 1e9:.1f} GB free at {folder}", "" if enough else "free some space")


def _integrity(store: Store) -> str:
    """ "ok", or the first thing that SQLite finds wrong."""
    found = store.connection.execute("PRAGMA integrity_check").fetchone()[0]
    if found == "ok" and store.connection.execute("PRAGMA foreign_key_check").fetchone():
        return "rows that belong together do not match"
    return str(found)


def _library(settings: Settings, repair: bool) -> Iterator[Finding]:
    from ..library import Library

    try:
        with Library(settings=settings, create=False) as library:
            broken = _integrity(library.store)
            yield Finding(
                "library file",
                broken == "ok",
                str(settings.library) if broken == "ok" else str(broken),
                "" if broken == "ok" else "remove the folder and add the documents again",
            )
            notes = library.repair() if repair else []
            told = (
                list(islice(soundness.damage(library.store, {**CODE, **KNOWLEDGE, **TABLES}), SHOWN))
                if broken == "ok"
                else []
            )
            yield Finding(
                "stored text",
                not told,
                "; ".join(told) or "as it was read",
                "remove the library's folder and add the documents again" if told else "",
            )
            status = library.status()
            stale = bool(status["unfinished"] or status["stale"])
            state = "; ".join(notes) or (
                f"unfinished: {', '.join(status['unfinished']) or 'indexes'}" if stale else "up to date"
            )
            yield Finding("library indexes", not stale, state, "run: evidentia doctor --repair" if stale else "")
            yield _check(
                "dense index", lambda: f"{len(library.search('evidence', 1, 'dense'))} hit for a trial question"
            )
    except NotFoundError as error:
        yield Finding("library", False, error.what, error.fix, needed=False)
    except EvidentiaError as error:
        yield Finding("library", False, error.what, error.fix)
