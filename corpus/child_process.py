"""A process that works for this one: requests and replies are bytes over two pipes, one at a time.

It runs one module's ``main``, with the same import path and next to nothing of the environment. What it works on, and
what its replies mean, is its user's business; ``child_pipes.py`` is the other end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from ..errors import EvidentiaError
from .child_pipes import READY

_START = 60
"""Seconds in which the process must have started."""
_MOST = 1_000_000_000
"""Bytes of one reply."""
_MAIN = """import sys
end = 3 + int(sys.argv[2])
sys.path[:] = sys.argv[end:]
from importlib import import_module
import_module(sys.argv[1]).main(sys.argv[3:end])
"""
# fmt: off
_ENVIRONMENT = frozenset({
    "PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "PYTHONHOME", "PYTHONUTF8",
})
# fmt: on
"""What a library may need of it: a process that meets what strangers wrote has no business with keys."""


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """Why there is no reply; the process is of no more use."""

    slow: bool = False
    """It was over its time."""
    status: int | None = None
    """With which it ended; ``None`` while it runs."""


class Child:
    """A process that answers requests. ``module`` has a ``main`` that takes ``arguments``; ``deed`` is what the process
    does, for messages.

    Raises ``EvidentiaError`` when it cannot be started. It ends with this object at the latest.
    """

    def __init__(
        self, module: str, arguments: Sequence[str], deed: str, variables: Mapping[str, str] | None = None
    ) -> None:
        self._deed = deed
        kept = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
        command = [sys.executable, "-P", "-c", _MAIN, module, str(len(arguments)), *arguments, *filter(None, sys.path)]
        try:
            # In a session of its own, so that Ctrl-C reaches only the process that knows what to do about it.
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=kept | dict(variables or {}),
                start_new_session=True,
            )
        except OSError as error:
            raise self._not_started(error.strerror or str(error)) from error
        assert process.stdin is not None
        assert process.stdout is not None
        self._requests = Connection(os.dup(process.stdin.fileno()), readable=False)
        self._replies = Connection(os.dup(process.stdout.fileno()), writable=False)
        process.stdin.close()
        process.stdout.close()
        self._process = process
        self.end = weakref.finalize(self, _end, process, self._requests, self._replies)

    def await_start(self) -> None:
        try:
            if self._replies.poll(_START) and self._replies.recv_bytes(_MOST) == READY:
                return
        except (EOFError, OSError):
            pass
        raise self._not_started("it ended at once")

    def ask(self, request: bytes, seconds: float) -> bytes | ChildEnded:
        """Sends a request and waits for the reply. After ``ChildEnded`` the process is of no more use."""
        try:
            self._requests.send_bytes(request)
            if not self._replies.poll(seconds):
                return ChildEnded(slow=True)
            return self._replies.recv_bytes(_MOST)
        except (EOFError, OSError):
            try:
                return ChildEnded(status=self._process.wait(timeout=5))
            except subprocess.TimeoutExpired:
                return ChildEnded()

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """Ends the process. It may be called by any thread; the one that asks then finds out."""
        self._process.kill()

    def _not_started(self, why: str) -> EvidentiaError:
        return EvidentiaError(
            f"the process that {self._deed} did not start", where=why, fix="check that Python can run"
        )


def _end(process: subprocess.Popen[bytes], requests: Connection, replies: Connection) -> None:
    process.kill()
    process.wait()
    requests.close()
    replies.close()
