"""Whether anybody still waits for what this thread does.

Whoever starts work for somebody says so with ``working_for``; long work asks with ``check`` between its steps and ends
in ``Stopped``. Where nobody has said anything, work goes on to its end. SQLite asks by itself (``connection.py``), and
so does everything in the one torch thread (``serving/network/torch_thread.py``).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ..errors import Stopped


class Wanted:
    """How long work is wanted: until ``stop``, which any thread may call, or until ``seconds`` have passed since this
    object was made."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self._until, self._stopped = seconds, time.monotonic() + seconds, False
        self.begun = False
        """Whether any of it was done."""

    def stop(self) -> None:
        self._stopped = True

    @property
    def seconds_left(self) -> float:
        """The seconds that are left, none when it is over."""
        return 0.0 if self._stopped else max(0.0, self._until - time.monotonic())

    @property
    def over(self) -> bool:
        return self._stopped or time.monotonic() > self._until

    def error(self) -> Stopped:
        if self._stopped:
            return Stopped("nobody waits for this any more")
        return Stopped(f"this took more than {self.seconds:g} seconds", fix="ask for less, or allow more time")


_wanted: ContextVar[Wanted | None] = ContextVar("wanted", default=None)


@contextmanager
def working_for(wanted: Wanted) -> Iterator[None]:
    token, wanted.begun = _wanted.set(wanted), True
    try:
        yield
    finally:
        _wanted.reset(token)


def over() -> bool:
    wanted = _wanted.get()
    return wanted is not None and wanted.over


def check() -> None:
    """Raises ``Stopped`` when nobody waits any more."""
    wanted = _wanted.get()
    if wanted is not None and wanted.over:
        raise wanted.error()


def stop_error() -> Stopped:
    """The error for work that was found to be over."""
    wanted = _wanted.get()
    return wanted.error() if wanted is not None else Stopped("the work was interrupted")
