"""The process that reads files: requests on its standard input, outcomes on its standard output, one at a time.

It ends when the process that started it is gone, whatever that one died of, and by itself when it is over its time.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from queue import SimpleQueue

from ..files import Skipped
from .extract import Limits, extract
from .message import Request, request_from_bytes, to_bytes

READY = b"ready"
OUT_OF_MEMORY = b"out of memory"
OUT_OF_MEMORY_STATUS = 70
_GRACE = 2
"""Seconds beyond its limit, after which the system ends this process although nobody else did."""


def main() -> None:
    limits = Limits(*map(int, sys.argv[1:5]))
    requests, replies = _pipes()
    _bound_memory(limits.memory)
    waiting: SimpleQueue[Request] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    replies.send_bytes(READY)
    while True:
        request = waiting.get()
        # The default action needs no interpreter, which a library may hold for ever.
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
        reply = _answer(request, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        replies.send_bytes(reply)


def _answer(request: Request, limits: Limits) -> bytes:
    try:
        return to_bytes(extract(request.path, request.root, request.known, limits, wanted=request.wanted))
    except MemoryError:
        return OUT_OF_MEMORY
    except (ValueError, TypeError) as error:
        return to_bytes(Skipped(request.path, f"what its reader gave cannot be stored ({type(error).__name__})"))


def _pipes() -> tuple[Connection, Connection]:
    """Requests and replies; whatever a library prints goes nowhere."""
    requests, replies = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, replies


def _listen(requests: Connection, waiting: SimpleQueue[Request]) -> None:
    while True:
        try:
            waiting.put(request_from_bytes(requests.recv_bytes()))
        except (EOFError, OSError):
            os._exit(0)


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
