"""The process that reads files: an outcome for each request, one at a time. It ends itself when it is over its time."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence

from ..child_pipes import OUT_OF_MEMORY_STATUS, Pipes
from ..files import Skipped
from .extract import extract
from .limits import Limits
from .message import Request, request_from_bytes, to_bytes

OUT_OF_MEMORY = b"out of memory"
_GRACE = 2
"""Seconds beyond its limit, after which the system ends this process although nobody else did."""


def main(arguments: Sequence[str]) -> None:
    limits = Limits(*map(int, arguments))
    pipes = Pipes()
    _bound_memory(limits.memory)
    for request in map(request_from_bytes, pipes.requests()):
        # The default action needs no interpreter, which a library may hold for ever.
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
        reply = _answer(request, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipes.reply(reply)


def _answer(request: Request, limits: Limits) -> bytes:
    try:
        wanted, most = request.wanted, request.most
        return to_bytes(extract(request.path, request.root, request.known, limits, wanted=wanted, most=most))
    except MemoryError:
        return OUT_OF_MEMORY
    except (ValueError, TypeError) as error:
        return to_bytes(Skipped(request.path, f"what its reader gave cannot be stored ({type(error).__name__})"))


def _bound_memory(growth: int) -> None:
    """Linux counts what a process has asked for and refuses more; elsewhere its resident size is watched."""
    import resource

    if sys.platform == "linux":
        with open("/proc/self/statm") as file:
            asked = int(file.read().split()[5]) * resource.getpagesize()
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        wanted = asked + growth
        resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
    else:
        threading.Thread(target=_watch, args=(growth,), daemon=True).start()


def _watch(growth: int) -> None:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit + growth
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < most:
        time.sleep(0.1)
    os._exit(OUT_OF_MEMORY_STATUS)
