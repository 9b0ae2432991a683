"""One process that reads files, as seen by the one that started it."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from ..child_pipes import OUT_OF_MEMORY_STATUS
from ..child_process import Child, ChildEnded
from . import worker
from .limits import Limits
from .message import Request, request_to_bytes

TOO_SLOW = "reading took more than {} seconds; EVIDENTIA_FILE_SECONDS allows more"


@dataclass(frozen=True, slots=True)
class ReadingFailure:
    """Why the process has to be replaced; ``slow``: it was over its time."""

    reason: str
    slow: bool = False


class Process:
    """A process that reads files. Raises ``EvidentiaError`` when it cannot be started."""

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        """That were given to it."""
        self._limits = limits
        numbers = (limits.seconds, limits.memory, limits.characters, limits.passages)
        self._child = Child(worker.__name__, [*map(str, numbers)], "reads files", {"OMP_NUM_THREADS": "1"})
        self.pid, self.kill, self.end = self._child.pid, self._child.kill, self._child.end

    def answer(self, request: Request) -> bytes | ReadingFailure:
        """Has the process read one file. After a ``ReadingFailure`` the process is of no more use."""
        if not self.files:
            self._child.await_start()
        self.files += 1
        reply = self._child.ask(request_to_bytes(request), self._limits.seconds)
        if isinstance(reply, ChildEnded):
            return self._failure(reply)
        return self._too_large() if reply == worker.OUT_OF_MEMORY else reply

    def _failure(self, ended: ChildEnded) -> ReadingFailure:
        if ended.slow or ended.status == -signal.SIGALRM:
            return ReadingFailure(TOO_SLOW.format(self._limits.seconds), slow=True)
        if ended.status is None:
            return ReadingFailure("its reader sent no document")
        if ended.status == OUT_OF_MEMORY_STATUS:
            return self._too_large()
        how = signal.Signals(-ended.status).name if ended.status < 0 else f"status {ended.status}"
        return ReadingFailure(f"its reader crashed ({how})")

    def _too_large(self) -> ReadingFailure:
        return ReadingFailure(f"reading took more than {self._limits.memory / 1_000_000_000:g} GB of memory")
