"""The process in which ArcadeDB runs the queries of people and models, on one view, one query at a time.

It takes queries that have passed the guard, and knows neither guard nor generations. A query that outruns its memory
ends it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from .... import errors
from ....corpus.child_pipes import OUT_OF_MEMORY_STATUS, Pipes
from .engine import CYPHER, OutOfMemory, edge_types, engine_errors, import_engine, plain_rows

MEMORY = 500_000_000
"""Bytes that the process may hold in all."""
HEAP = "-Xmx200m"
"""Of the engine; about as much again goes to its code, its pages and the rows on their way out."""
MOST = 64_000_000
"""Bytes of the rows of one query, which the process that asked must hold as well."""
_WATCHED = 0.02
"""Seconds between two looks at the memory, in which a query may take what is between these."""
_NOTICED = MEMORY - 60_000_000


@dataclass(frozen=True, slots=True)
class WorkerQuery:
    text: str
    params: dict[str, Any]
    limit: int
    columns: tuple[str, ...]
    paths: bool
    """Whether a column may be a path, which the engine gives as text."""

    def to_bytes(self) -> bytes:
        """Raises ``InputError`` for a parameter that no JSON can carry."""
        try:
            return json.dumps(astuple(self)).encode()
        except (TypeError, ValueError) as error:
            raise errors.InputError(
                f"a parameter cannot be passed ({error})", fix="use JSON's kinds of values"
            ) from error


Found = tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], bool]


def found_in(reply: bytes) -> Found:
    """Columns, rows, and whether there were more. Raises the error that the reply tells."""
    told = json.loads(reply)
    if isinstance(told, dict):
        kind: type[errors.EvidentiaError] = getattr(errors, told["error"])
        raise kind(told["what"], where=told["where"], fix=told["fix"])
    columns, rows, truncated = told
    return tuple(columns), tuple(map(tuple, rows)), truncated


def main(arguments: Sequence[str]) -> None:
    (folder,) = arguments
    pipes = Pipes()
    threading.Thread(target=_watch, daemon=True).start()
    view: _View | None = None
    failed: errors.EvidentiaError | None = None
    try:
        view = _View(folder)
    except errors.EvidentiaError as error:
        failed = error
    for request in pipes.requests():
        try:
            if view is None:
                raise failed or errors.GraphError("the graph was not opened")
            pipes.reply(_rows(view.answer(WorkerQuery(*json.loads(request)))))
        except (OutOfMemory, MemoryError):
            os._exit(OUT_OF_MEMORY_STATUS)
        except errors.EvidentiaError as error:
            told = {"error": type(error).__name__, "what": error.what, "where": error.where, "fix": error.fix}
            pipes.reply(_pack(told))


class _View:
    """One read-only database handle."""

    def __init__(self, folder: str) -> None:
        with engine_errors():
            self._database = import_engine().open_database(folder, read_only=True)
            self._edges = edge_types(self._database)

    def answer(self, asked: WorkerQuery) -> Found:
        with engine_errors():
            found = self._database.query(CYPHER, asked.text, asked.params)
            rows = plain_rows(
                self._database,
                found,
                asked.limit,
                columns=tuple(asked.columns),
                edges=self._edges,
                paths=asked.paths,
            )
            found.close()
        return rows


def _rows(found: Found) -> bytes:
    packed = _pack(found)
    if len(packed) > MOST:
        raise errors.GraphError(
            f"the rows have more than {MOST // 1_000_000} MB", fix="ask for fewer rows, or for less of each"
        )
    return packed


def _pack(told: object) -> bytes:
    return json.dumps(told, separators=(",", ":"), default=str).encode()


def _watch() -> None:
    while _resident() < _NOTICED:
        time.sleep(_WATCHED)
    os._exit(OUT_OF_MEMORY_STATUS)


def _resident() -> int:
    import resource

    if sys.platform == "linux":
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    else:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
