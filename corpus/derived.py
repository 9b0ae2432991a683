"""What is made from the library and can be thrown away: one life cycle for every kind of it.

Of each kind one generation is present: a row of the table ``generations`` names its file and the revision of the
library that it was made from. A lazy kind is brought up to date by whoever asks for it (``current``), an eager one at
the end of an ``add`` (``renew``), and then asked for as it is (``present``). Files are written under a temporary name,
synced and switched in by the row; those of the generation before stay for readers that are about to open them. Values
are kept in memory along with the store. Knows nothing of what the files mean.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar, cast

from ..errors import LibraryLocked, StorageError
from . import permissions
from .connection import damage_error, mapped_errors
from .store import Store

log = logging.getLogger(__name__)

_FILE = re.compile(r"(?!\.)[\w.-]*")
"""A plain name, or none."""

M = TypeVar("M")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Generation:
    """A row of the table ``generations``."""

    file: str
    """Its name in the library's folder; empty where there was nothing to write."""
    revision: int
    detail: str
    """The version of the method, or what the kind itself notes."""


@dataclass
class Slot(Generic[T]):
    """What is in memory of one kind."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    of: object = None
    """What ``value`` was made from: a revision and a version, or a generation."""
    value: T | None = None


class Derived(ABC, Generic[M, T]):
    """A kind of derived thing. ``M`` is its form in files, ``T`` the one that searches use."""

    kind: str
    """Of its row, and how the names of its files begin."""
    version: str
    """Of the method: what another version made is made anew."""

    @abstractmethod
    def build(self, store: Store, held: T | None) -> M:
        """Makes it from the documents. ``held``: what is in memory of an earlier revision, to go on from."""

    @abstractmethod
    def write(self, store: Store, made: M, revision: int) -> Generation:
        """Writes its files. The caller holds the writer's lock. Raises ``StorageError``."""

    @abstractmethod
    def read(self, store: Store, generation: Generation) -> M | None:
        """Reads what ``write`` wrote; ``None`` for what is missing or damaged and shall be made anew."""

    @abstractmethod
    def load(self, made: M) -> T:
        """Makes it ready to be searched."""

    def fits(self, generation: Generation) -> bool:
        """Whether this version of the method made it."""
        return generation.detail == self.version

    def further_files(self, made: M) -> set[str]:
        """Names of files besides the row's, of this generation and of the one before."""
        return set()

    def improve(self, store: Store, slot: Slot[T]) -> None:
        """May start what makes a new value better behind the search. ``slot`` is locked."""

    def current(self, store: Store) -> T:
        """What is derived from the store's present revision, made first where there is none.

        While the library is being written, or is read-only, what is made stays in memory. Raises ``StorageError`` when
        the disk is full.
        """
        slot = self.slot(store)
        with slot.lock:
            revision = store.revision
            if slot.of != (revision, self.version):
                self._fill(store, slot, revision)
            return cast(T, slot.value)

    def _fill(self, store: Store, slot: Slot[T], revision: int) -> None:
        _, stored = self.read_present(store, lambda there: there.revision == revision and self.fits(there))
        if stored is not None:
            slot.value, slot.of = self.load(stored), (revision, self.version)
            return
        same_method = isinstance(slot.of, tuple) and slot.of[1] == self.version
        made = self.build(store, slot.value if same_method else None)
        with writing(store, self.kind) as allowed:
            if allowed and store.revision == revision:
                self.switch(store, made, revision)
        slot.value, slot.of = self.load(made), (revision, self.version)
        self.improve(store, slot)

    def renew(self, store: Store) -> None:
        """Makes the generation of the present revision. The caller holds the writer's lock."""
        revision = store.revision
        self.switch(store, self.build(store, None), revision)

    def present(self, store: Store) -> T | None:
        """What was made last, whatever has changed since; ``None`` where there is none. Raises ``StorageError``."""
        slot = self.slot(store)
        with slot.lock:
            generation, made = self.read_present(store, lambda there: slot.of != there)
            if generation is None or not generation.file:
                return None
            if slot.of != generation:
                slot.value, slot.of = None if made is None else self.load(made), generation
            return slot.value

    def read_present(
        self, store: Store, wanted: Callable[[Generation], bool] = lambda _: True
    ) -> tuple[Generation | None, M | None]:
        """The present generation, and what its files hold where it has some and is ``wanted``. Raises ``StorageError``.

        Its files may be swept away by those who write newer ones before they are open; then the newest is read.
        """
        while True:
            generation = generation_of(store, self.kind)
            if generation is None or not generation.file or not wanted(generation):
                return generation, None
            try:
                made = self.read(store, generation)
            except StorageError:
                if generation_of(store, self.kind) == generation:
                    raise
                continue
            if made is not None or generation_of(store, self.kind) == generation:
                return generation, made

    def slot(self, store: Store) -> Slot[T]:
        return store.hold(f"derived:{self.kind}", Slot[T])

    def is_stale(self, store: Store) -> bool:
        generation = generation_of(store, self.kind) or Generation("", 0, "")
        return store.revision != generation.revision or not (store.folder / generation.file).exists()

    def discard_damaged(self, store: Store) -> list[str]:
        """Forgets a generation that cannot be read, so that the next ``renew`` makes another; a sentence about it. The
        caller holds the writer's lock."""
        generation = generation_of(store, self.kind)
        if generation is None or not generation.file:
            return []
        try:
            self.read(store, generation)
        except StorageError:
            with store.transaction() as connection:
                connection.execute("DELETE FROM generations WHERE kind = ?", (self.kind,))
            return [f"the {self.kind} index {generation.file} could not be read and was made anew"]
        return []

    def switch(self, store: Store, made: M, revision: int) -> None:
        """Writes a generation and makes it the present one. The caller holds the writer's lock."""
        before = generation_of(store, self.kind)
        generation = self.write(store, made, revision)
        put_generation(store, self.kind, generation)
        keep = {generation.file, *self.further_files(made)}
        if before and generation.file:  # a reader may be about to open it
            keep.add(before.file)
        for path in store.folder.glob(f"{self.kind}-*"):
            if path.name not in keep:
                path.unlink(missing_ok=True)


def generation_of(store: Store, kind: str) -> Generation | None:
    """The present generation of a kind. Raises ``StorageError`` for a row that is not as ``put_generation`` writes it:
    its file lies in the library."""
    row = store.connection.execute("SELECT file, revision, detail FROM generations WHERE kind = ?", (kind,)).fetchone()
    if row is None:
        return None
    if tuple(map(type, row)) != (str, int, str) or not _FILE.fullmatch(row[0]):
        raise damage_error(store.file)
    return Generation(*row)


def put_generation(store: Store, kind: str, generation: Generation) -> None:
    row = (kind, generation.file, generation.revision, generation.detail)
    with store.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO generations VALUES (?, ?, ?, ?)", row)


@contextmanager
def writing(store: Store, kind: str) -> Iterator[bool]:
    """Whether a file can be written now; holds the writer's lock meanwhile."""
    with ExitStack() as held:
        if store.read_only:
            log.warning("the %s index is kept in memory: the library's folder is read-only", kind)
            yield False
            return
        try:
            held.enter_context(store.writing())
        except LibraryLocked:
            log.warning("the %s index is kept in memory: the library is being written", kind)
            yield False
            return
        yield True


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a private file under a temporary name, which takes the place of ``path`` once it is written and synced, and
    is gone after an error. Readers keep what they had open. Raises ``StorageError``."""
    part = path.with_name(f"{path.name}.part")
    with mapped_errors(path):
        try:
            part.unlink(missing_ok=True)
            permissions.make(part)
            yield part
            with part.open("r+b") as handle:
                os.fsync(handle.fileno())
            part.replace(path)
            _sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """The new name itself must outlast a power cut; Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
