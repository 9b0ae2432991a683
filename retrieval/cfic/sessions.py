"""Documents that a model has read: their keys and values in memory and, within a budget, on disk.

A session is kept under the digest of its document, of its text and of the model's weights, so a changed document or an
adapter never meets the keys of another. What was not used longest goes first. Files lie in ``sessions`` below the
library's folder and can be thrown away; those of documents that left the library are swept at the next use.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...corpus import permissions
from ...corpus.catalog import document_rows
from ...corpus.store import Store
from ...errors import ModelError, StorageError
from ...serving.base import LocalModel, Session
from . import prompts

log = logging.getLogger(__name__)

MEMORY_BYTES = 256_000_000
DISK_BYTES = 500_000_000
"""Unless ``allow`` says otherwise."""

_SUFFIX = ".session"


@dataclass
class Sessions:
    """Keeps the sessions of one library. It is safe to use from several threads; sessions that come out of it are only
    read."""

    folder: Path
    writable: bool = True
    memory_bytes: int = MEMORY_BYTES
    disk_bytes: int = DISK_BYTES
    _held: OrderedDict[str, Session] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _revision: int = -1

    def open(self, model: LocalModel, digest: str, tokens: Sequence[int]) -> Session:
        """Opens a session that holds ``tokens``, the beginning of a prompt about the document of that digest."""
        content = hashlib.sha256(f"{model.fingerprint}{list(tokens)}".encode()).hexdigest()
        name = f"{digest[:16]}-{content[:32]}"
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        session = self._read(model, name)
        if session is None:
            session = model.start()
            session.feed(tokens, rows=0)
            self._write(session, name)
        self._hold(name, session)
        return session

    def _hold(self, name: str, session: Session) -> None:
        with self._lock:
            self._held[name] = session
            size = sum(held.size for held in self._held.values())
            while size > self.memory_bytes and len(self._held) > 1:
                size -= self._held.popitem(last=False)[1].size

    def _read(self, model: LocalModel, name: str) -> Session | None:
        path = self.folder / f"{name}{_SUFFIX}"
        if not path.exists():
            return None
        try:
            session = model.resume(path)
            if self.writable:
                os.utime(path)
        except (StorageError, ModelError, OSError) as error:
            log.warning("a kept session is read anew from its text: %s", error)
            path.unlink(missing_ok=True)
            return None
        return session

    def _write(self, session: Session, name: str) -> None:
        if not self.writable or session.size > self.disk_bytes:
            return
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            session.save(self.folder / f"{name}{_SUFFIX}")
            permissions.tighten_tree(self.folder)
            self._trim()
        except (StorageError, OSError) as error:
            log.warning("a session could not be kept on disk: %s", error)

    def _trim(self) -> None:
        files = sorted(((path, path.stat()) for path in self._files()), key=lambda entry: entry[1].st_mtime_ns)
        total = sum(stat.st_size for _, stat in files)
        for path, stat in files:
            if total <= self.disk_bytes:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size

    def sweep(self, store: Store) -> None:
        """Takes out what belongs to documents that are no longer in the library."""
        if self._revision == store.revision or not self.writable:
            return
        self._revision = store.revision
        known = {row.digest[:16] for row in document_rows(store)}
        for path in self._files():
            if path.name[:16] not in known:
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return list(self.folder.glob(f"*{_SUFFIX}*")) if self.folder.is_dir() else []


def sessions_of(store: Store) -> Sessions:
    """The sessions of this library in this process, swept."""
    found = _of(store)
    found.sweep(store)
    return found


def open_sessions(store: Store, model: LocalModel, documents: Iterable[tuple[str, str]]) -> list[Session]:
    """Opens for each digest of a document the session in which the model has read the text beside it."""
    kept = sessions_of(store)
    return [kept.open(model, digest, prompts.document_tokens(model, text)) for digest, text in documents]


def allow(store: Store, disk_bytes: int) -> None:
    """Sets how many bytes the library's sessions may take on disk."""
    _of(store).disk_bytes = disk_bytes


def _of(store: Store) -> Sessions:
    return store.hold("sessions", lambda: Sessions(store.folder / "sessions", not store.read_only))
