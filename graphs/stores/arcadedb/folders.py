"""Temporary folders of readers, each held by a lock while its process lives; what a killed one left is swept."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from pathlib import Path

PREFIX = "evidentia-graph-"
_LOCK = "held"
_NEW, _YOUNG = 60.0, 3600.0
"""Seconds. A folder that is newer may be one that is being made: its lock is there and not yet taken, and must not be
tried; one without a lock is given longer."""


class HeldFolder:
    """A private folder that vanishes with this object or, at the latest, when another process makes one after this one
    has died."""

    def __init__(self) -> None:
        import filelock

        sweep()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.path = folder / "data"
        self.path.mkdir()
        lock = filelock.FileLock(folder / _LOCK, mode=0o600)
        lock.acquire(timeout=0)
        self.remove = weakref.finalize(self, _remove, folder, lock)


def _remove(folder: Path, lock: object) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()  # type: ignore[attr-defined]
    shutil.rmtree(folder, ignore_errors=True)  # Windows keeps a file that is locked


def sweep() -> None:
    """Removes the folders of processes that are dead. A lock is asked for, not a process id: those may be of another
    container."""
    import filelock

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            locked = (folder / _LOCK).exists()
            if time.time() - folder.stat().st_mtime < (_NEW if locked else _YOUNG):
                continue
            if locked:
                with filelock.FileLock(folder / _LOCK, timeout=0):
                    pass
        except (OSError, filelock.Timeout):
            continue
        shutil.rmtree(folder, ignore_errors=True)
