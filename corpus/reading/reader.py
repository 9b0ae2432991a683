"""Files read in other processes while this one stores what has been read before."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence

from ..files import Skipped
from .extract import Extract
from .limits import Limits
from .message import Request, from_bytes, to_bytes
from .process import Process

log = logging.getLogger(__name__)

AHEAD = 64_000_000
"""Bytes of outcomes that may wait to be taken, and one more outcome for each process."""
MOST_PROCESSES = 4
FILES_EACH = 16
"""Fewer files are not worth a further process: one takes half a second to start."""


class FileReader:
    """Reads files in processes of their own. ``read`` gives one outcome for each request, in their order. The processes
    are started with the first request and end with the last, with an exception, and with this process."""

    def __init__(self, limits: Limits, processes: int = MOST_PROCESSES) -> None:
        self._limits, self._processes = limits, processes

    def read(self, requests: Sequence[Request]) -> Generator[Extract | Skipped | str, None, None]:
        """Yields one outcome for each request. Raises ``EvidentiaError`` when a process cannot be started."""
        count = min(self._processes, os.cpu_count() or 1, -(-len(requests) // FILES_EACH))
        desks = [_Desk(self._limits) for _ in range(count)]
        queues = [_Queue(AHEAD // count) for _ in range(count)]
        threads = [
            threading.Thread(
                target=_work, args=(desk, requests[place::count], queue), name="evidentia-reading", daemon=True
            )
            for place, (desk, queue) in enumerate(zip(desks, queues, strict=True))
        ]
        for thread in threads:
            thread.start()
        try:
            for number, request in enumerate(requests):
                data = queues[number % count].take()
                if isinstance(data, BaseException):
                    raise data
                try:
                    yield from_bytes(data, request.path)
                except ValueError as error:
                    yield Skipped(request.path, f"its reader gave no document ({error})")
        finally:
            for queue, desk in zip(queues, desks, strict=True):
                queue.close()
                desk.close()
            for thread in threads:
                thread.join()


def _work(desk: _Desk, requests: Sequence[Request], queue: _Queue) -> None:
    try:
        for request in requests:
            begun = time.monotonic()
            queue.put(desk.answer(request))
            if (took := time.monotonic() - begun) > 1:
                log.debug("reading %s took %.1f s", request.path, took)
    except _Closed:
        pass
    except BaseException as error:  # noqa: BLE001  (it is raised in the thread that waits for the outcome)
        queue.put(error, force=True)
    finally:
        desk.end()


class _Closed(Exception):
    """Nobody waits for outcomes any more."""


class _Queue:
    """First in, first out, bounded by bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._held, self._closed = most, 0, False
        self._items: deque[bytes | BaseException] = deque()
        self._changed = threading.Condition()

    def put(self, item: bytes | BaseException, *, force: bool = False) -> None:
        """Waits for room, unless forced. Raises ``_Closed``."""
        with self._changed:
            self._changed.wait_for(lambda: force or self._closed or self._held < self._most)
            if self._closed and not force:
                raise _Closed
            self._items.append(item)
            self._held += len(item) if isinstance(item, bytes) else 0
            self._changed.notify_all()

    def take(self) -> bytes | BaseException:
        with self._changed:
            self._changed.wait_for(lambda: self._items)
            item = self._items.popleft()
            self._held -= len(item) if isinstance(item, bytes) else 0
            self._changed.notify_all()
            return item

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class _Desk:
    """One process at a time, and another when a file has ended it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._closed = False

    def answer(self, request: Request) -> bytes:
        """A file that ends a process which has read others before is tried again in a fresh one: what those left behind
        is not its fault."""
        process = self._ready()
        fresh = process.files == 0
        outcome = process.answer(request)
        if isinstance(outcome, bytes):
            return outcome
        self.end()
        if outcome.slow or fresh:
            return to_bytes(Skipped(request.path, outcome.reason))
        return self.answer(request)

    def close(self) -> None:
        """May be called by any thread; the one that asks then finds out."""
        with self._lock:
            self._closed = True
            if self._process:
                self._process.kill()

    def end(self) -> None:
        with self._lock:
            if self._process:
                self._process.end()
            self._process = None

    def _ready(self) -> Process:
        with self._lock:
            if self._closed:
                raise _Closed
            if self._process is None:
                self._process = Process(self._limits)
            return self._process
