"""Processes that run queries for this one, since the engine cannot be interrupted inside a row and frees no memory that
a query has made it take: whatever outruns its limit is killed with its process, and the next query gets another.

Each process has a *view* of one generation: a temporary folder of links with settings of its own (deadline, no LOAD
CSV, bounded ``range``), opened read-only. It is started by the first query and kept for the next.
"""

from __future__ import annotations

import json
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ....corpus.child_pipes import OUT_OF_MEMORY_STATUS
from ....corpus.child_process import Child, ChildEnded
from ....errors import GraphError, StorageError
from . import worker
from .folders import HeldFolder
from .worker import HEAP, MEMORY, Found, WorkerQuery, found_in

PROCESSES = 2
"""At work at once; further queries wait for one."""
GRACE = 0.4
"""Seconds in which the engine may stop by itself once the time is over: then its process can be kept."""
NARROWER = "make it narrower: start at a named node, or follow fewer hops"
_SETTINGS = {
    "opencypher.loadCsv.allowFileUrls": False,
    "opencypher.loadCsv.allowRemoteUrls": False,
    "queryMaxRangeSize": 10_000,
}


class Readers:
    """``loaded`` names the generation in ``folder`` that is read now. Safe to share between threads."""

    def __init__(self, folder: Path, loaded: Callable[[], str]) -> None:
        self._folder, self._loaded = folder, loaded
        self._changed = threading.Condition()
        self._idle: list[_Reader] = []
        self._busy = self._closings = 0

    def answer(self, asked: WorkerQuery, seconds: float, deadline: int) -> Found:
        """``deadline``: the engine's own, in whole seconds, not before ``seconds``. Raises ``GraphError``."""
        message = asked.to_bytes()
        while True:
            generation = self._loaded()
            try:
                with self._reader(generation, deadline) as reader:
                    return reader.answer(message, seconds)
            except (GraphError, OSError) as error:
                if self._loaded() != generation:  # it may have vanished while it was opened
                    continue
                if isinstance(error, GraphError):
                    raise
                raise StorageError(
                    f"the graph cannot be opened ({error.strerror or error})",
                    where=str(error.filename or self._folder),
                    fix="check that it is there, and the free space of the folder for temporary files",
                ) from error

    def close(self) -> None:
        """Ends the processes, those at work when they are done; another query starts others."""
        with self._changed:
            self._closings += 1
            for reader in self._idle:
                reader.end()
            self._idle.clear()

    @contextmanager
    def _reader(self, generation: str, deadline: int) -> Iterator[_Reader]:
        with self._changed:
            self._changed.wait_for(lambda: self._busy < PROCESSES)
            self._busy += 1
            closings, reader = self._closings, self._fitting(generation, deadline)
        try:
            if reader is None:
                reader = _Reader(self._folder / generation / "data", generation, deadline)
            yield reader
        finally:
            with self._changed:
                self._busy -= 1
                if reader and reader.settled and closings == self._closings:
                    self._idle.append(reader)
                elif reader:
                    reader.end()
                self._changed.notify()

    def _fitting(self, generation: str, deadline: int) -> _Reader | None:
        for reader in [reader for reader in self._idle if reader.generation != generation]:
            self._idle.remove(reader)
            reader.end()
        for reader in self._idle:
            if reader.deadline == deadline:
                self._idle.remove(reader)
                return reader
        if self._idle and len(self._idle) + self._busy > PROCESSES:
            self._idle.pop(0).end()
        return None


class _Reader:
    """A process and its view. Not ``settled``: a query has begun whose reply was not taken."""

    def __init__(self, data: Path, generation: str, deadline: int) -> None:
        self.generation, self.deadline, self.settled = generation, deadline, False
        self._held = HeldFolder()
        view = self._held.path
        for file in data.iterdir():
            if file.name != "configuration.json":
                link = view / file.name
                try:
                    link.symlink_to(file)
                except OSError:  # Windows lets only some users make links
                    shutil.copyfile(file, link)
        settings = {**_SETTINGS, "command.timeout": deadline * 1000}
        (view / "configuration.json").write_text(json.dumps({"configuration": settings}), encoding="utf-8")
        variables = {"ARCADEDB_NATIVE_ISOLATE_ARGS": HEAP, "ARCADEDB_LOG_CONSOLE": "0"}
        self._child = Child(worker.__name__, [str(view)], "runs graph queries", variables)
        self._child.await_start()

    def answer(self, message: bytes, seconds: float) -> Found:
        self.settled = False
        reply = self._child.ask(message, seconds + GRACE)
        if isinstance(reply, ChildEnded):
            raise _stop_error(reply, seconds)
        self.settled = True
        return found_in(reply)

    def end(self) -> None:
        self._child.end()
        self._held.remove()


def _stop_error(ended: ChildEnded, seconds: float) -> GraphError:
    if ended.slow:
        return GraphError(f"the query was stopped after {seconds:g} s", fix=NARROWER)
    if ended.status == OUT_OF_MEMORY_STATUS:
        what = f"the query was stopped because it took more memory than one may ({MEMORY // 1_000_000} MB in all)"
        return GraphError(what, fix="make it narrower, or let it give less at once")
    how = "no reply"
    if ended.status is not None:
        how = signal.Signals(-ended.status).name if ended.status < 0 else f"status {ended.status}"
    return GraphError(
        f"the graph engine broke down over this query ({how})", fix="write it in another way; the library is unharmed"
    )
