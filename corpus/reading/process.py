"""One process that reads files, as seen by the one that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection

from ...errors import EvidentiaError
from .extract import Limits
from .message import Request, request_to_bytes
from .worker import OUT_OF_MEMORY, OUT_OF_MEMORY_STATUS, READY

TOO_SLOW = "reading took more than {} seconds; EVIDENTIA_FILE_SECONDS allows more"
_START = 60
"""Seconds in which the process must have started."""
_MOST = 1_000_000_000
"""Bytes of one reply."""
_MAIN = "import sys; sys.path[:] = sys.argv[5:]; from evidentia.corpus.reading.worker import main; main()"
# fmt: off
_ENVIRONMENT = frozenset({
    "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "PYTHONHOME", "PYTHONUTF8",
})
# fmt: on
"""What a reader may need of the environment: a process that meets a stranger's files has no business with keys."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the process has to be replaced; ``slow``: it was over its time."""

    reason: str
    slow: bool = False


class Process:
    """Raises ``EvidentiaError`` when it cannot be started."""

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        """That were given to it."""
        self._limits = limits
        numbers = (limits.seconds, limits.memory, limits.characters, limits.passages)
        kept = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
        try:
            # In a session of its own, so that Ctrl-C reaches only the process that knows what to do about it.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _MAIN, *map(str, numbers), *filter(None, sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept | {"OMP_NUM_THREADS": "1"},
                start_new_session=True,
            )
        except OSError as error:
            raise _not_started(error.strerror or str(error)) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = Connection(os.dup(self._process.stdin.fileno()), readable=False)
        self._replies = Connection(os.dup(self._process.stdout.fileno()), writable=False)
        self._process.stdin.close()
        self._process.stdout.close()

    def answer(self, request: Request) -> bytes | Failure:
        """After a ``Failure`` the process is of no more use."""
        if not self.files:
            self._await_start()
        self.files += 1
        try:
            self._requests.send_bytes(request_to_bytes(request))
            if not self._replies.poll(self._limits.seconds):
                return self._too_slow()
            reply = self._replies.recv_bytes(_MOST)
        except (EOFError, OSError):
            return self._ended()
        return self._too_large() if reply == OUT_OF_MEMORY else reply

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._replies.close()

    def _await_start(self) -> None:
        try:
            if self._replies.poll(_START) and self._replies.recv_bytes(_MOST) == READY:
                return
        except (EOFError, OSError):
            pass
        raise _not_started("it ended at once")

    def _ended(self) -> Failure:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Failure("its reader sent no document")
        if status == OUT_OF_MEMORY_STATUS:
            return self._too_large()
        if status == -signal.SIGALRM:
            return self._too_slow()
        return Failure(f"its reader crashed ({signal.Signals(-status).name if status < 0 else f'status {status}'})")

    def _too_slow(self) -> Failure:
        return Failure(TOO_SLOW.format(self._limits.seconds), slow=True)

    def _too_large(self) -> Failure:
        return Failure(f"reading took more than {self._limits.memory / 1_000_000_000:g} GB of memory")


def _not_started(why: str) -> EvidentiaError:
    return EvidentiaError("the process that reads files did not start", where=why, fix="check that Python can run")
