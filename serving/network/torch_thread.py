"""One thread for all that torch computes here.

Every thread that calls torch gets a team of OpenMP threads of its own; with more of them than processors their waiting
turns from spinning into sleeping, and a pass of the packaged model takes 38 ms instead of 23. So loading, sessions and
the engine take turns in one thread. Knows nothing of what it runs.
"""

from __future__ import annotations

import atexit
import contextvars
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from ...corpus import cancellation

Result = TypeVar("Result")

CACHES = {"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "320", "LRU_CACHE_CAPACITY": "32"}
"""Sizes of the caches of kernels, one for every matrix and number of rows: oneDNN's own, and torch's beside it, which
only holds them in memory (a quarter of a megabyte each). A pass of another width takes five. With 128 in the first,
drafting, which needs a dozen widths, made some anew in every pass; the usual 1,024 in each take hours to fill and 300
MB."""

_tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
_starting = threading.Lock()
_thread: threading.Thread | None = None


def run(action: Callable[..., Result], *words: Any, **more: Any) -> Result:
    """What ``action`` returns, or raises, called in that thread; from within it, at once. Raises ``Stopped`` instead of
    beginning what nobody waits for any more."""
    cancellation.check()
    if threading.current_thread() is _running():
        return action(*words, **more)
    done: Future[Result] = Future()
    context = contextvars.copy_context()

    def call() -> Result:
        cancellation.check()
        return action(*words, **more)

    def task() -> None:
        try:
            done.set_result(context.run(call))
        except BaseException as error:  # noqa: BLE001  (it is raised where it was asked for)
            done.set_exception(error)

    _tasks.put(task)
    return done.result()


def _running() -> threading.Thread:
    global _thread
    with _starting:
        if _thread is None:
            for name, kernels in CACHES.items():
                os.environ.setdefault(name, kernels)
            _thread = threading.Thread(target=_loop, name="torch", daemon=True)
            _thread.start()
            atexit.register(_end)  # an interpreter must not end in the middle of an operator
        return _thread


def _loop() -> None:
    while (task := _tasks.get()) is not None:
        task()


def _end() -> None:
    _tasks.put(None)
    if _thread is not None:
        _thread.join()
