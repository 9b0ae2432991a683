"""The other end of ``child_process.py``, in the process that works: requests on standard input, replies on standard
output. It ends when the process that started it is gone, whatever that one died of.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from queue import SimpleQueue

READY = b"ready"
OUT_OF_MEMORY_STATUS = 70


class Pipes:
    """The pipes to the process that started this one. Whatever a library prints goes nowhere from here on."""

    def __init__(self) -> None:
        self._requests, self._replies = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        self._waiting: SimpleQueue[bytes] = SimpleQueue()

    def requests(self) -> Iterator[bytes]:
        """Yields requests one after the other, without end. The first call says that the process is ready."""
        threading.Thread(target=self._listen, daemon=True).start()
        self.reply(READY)
        while True:
            yield self._waiting.get()

    def reply(self, data: bytes) -> None:
        self._replies.send_bytes(data)

    def _listen(self) -> None:
        while True:
            try:
                self._waiting.put(self._requests.recv_bytes())
            except (EOFError, OSError):
                os._exit(0)
