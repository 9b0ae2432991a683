"""The lock of the one process that may change a library at a time; the system frees it when that process dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import LibraryLocked
from . import permissions
from .connection import mapped_errors


@contextmanager
def hold_writer_lock(folder: Path) -> Iterator[None]:
    """Raises ``LibraryLocked`` at once, and says which process is busy, when another one holds it."""
    import filelock

    lock, holder, library = filelock.FileLock(folder / "lock", mode=0o600), folder / "lock.pid", folder / "library.db"
    with mapped_errors(library):
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout as error:
            who = holder.read_text() if holder.exists() else "unknown"
            raise LibraryLocked(
                "the library is being written",
                where=f"{folder} by process {who}",
                fix="wait until it has finished",
            ) from error
    try:
        with mapped_errors(library):
            permissions.make(holder)
            holder.write_text(str(os.getpid()))
        yield
    finally:
        lock.release()
