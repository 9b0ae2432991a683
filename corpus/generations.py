"""Files that are made from the library and can be thrown away: one ``.npz`` of arrays per kind and revision.

Made at the first search that needs one, kept in memory while the revision stands, written under a temporary name,
synced and switched by one row. A file that is missing or damaged is made anew. Knows nothing of what the arrays mean.
"""

from __future__ import annotations

import logging
import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from ..errors import LibraryLocked
from . import private
from .connection import mapped_errors
from .store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

T = TypeVar("T")

Arrays = Mapping[str, "NDArray[Any]"]

_NAMES = "names of the arrays"
"""One more array: a damaged table of contents may leave some out."""
_ROW = "SELECT file, revision, detail FROM generations WHERE kind = ?"


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    revision: int = -1
    version: str = ""
    value: Any = None


_OPEN: WeakKeyDictionary[Store, dict[str, _Slot]] = WeakKeyDictionary()
_OPENING = threading.Lock()


def current(store: Store, kind: str, version: str, build: Callable[[Store], Arrays], load: Callable[[Arrays], T]) -> T:
    """What ``load`` makes of the arrays of ``kind`` at the store's present revision.

    ``build`` is called when there is no such file, or one of another ``version`` of the method. When the library is
    being written or is read-only, the arrays stay in memory. Raises ``StorageError`` when the disk is full.
    """
    with _OPENING:
        slot = _OPEN.setdefault(store, {}).setdefault(kind, _Slot())
    with slot.lock:
        revision = store.revision
        if (slot.revision, slot.version) != (revision, version):
            arrays = _stored(store, kind, version, revision)
            slot.value = load(_made(store, kind, version, revision, build) if arrays is None else arrays)
            slot.revision, slot.version = revision, version
        value: T = slot.value
        return value


def _stored(store: Store, kind: str, version: str, revision: int) -> Arrays | None:
    row = store.connection.execute(_ROW, (kind,)).fetchone()
    if row is None or row[1:] != (revision, version):
        return None
    return read(store.folder / row[0])


def _made(store: Store, kind: str, version: str, revision: int, build: Callable[[Store], Arrays]) -> Arrays:
    arrays = build(store)
    with _writing(store, kind) as allowed:
        if allowed and store.revision == revision:
            _switch(store, kind, version, revision, arrays)
    return arrays


@contextmanager
def _writing(store: Store, kind: str) -> Iterator[bool]:
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


def _switch(store: Store, kind: str, version: str, revision: int, arrays: Arrays) -> None:
    before = store.connection.execute(_ROW, (kind,)).fetchone()
    name = f"{kind}-{revision}.npz"
    write(store.folder / name, arrays)
    with store.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO generations VALUES (?, ?, ?, ?)", (kind, name, revision, version))
    # A reader may be about to open the one before.
    keep = {name, before[0] if before else ""}
    for path in [*store.folder.glob(f"{kind}-*.npz"), *store.folder.glob(f"{kind}-*.part")]:
        if path.name not in keep:
            path.unlink(missing_ok=True)


def write(path: Path, arrays: Arrays) -> None:
    """Replaces a file of this name at once. Raises ``StorageError``."""
    import numpy as np

    part, plain = path.with_suffix(".part"), dict[str, Any](arrays) | {_NAMES: np.array(sorted(arrays))}
    with mapped_errors(path):
        try:
            part.unlink(missing_ok=True)
            private.make(part)
            with part.open("wb") as handle:
                np.savez(handle, allow_pickle=False, **plain)
                handle.flush()
                os.fsync(handle.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def read(path: Path) -> Arrays | None:
    """All arrays, compared with their checksums; ``None`` for a file that is missing or damaged, with a warning."""
    import numpy as np

    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        if sorted(arrays.keys() - {_NAMES}) != arrays.pop(_NAMES).tolist():
            raise ValueError("arrays are missing")
        return arrays
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        log.warning("%s is made anew: it cannot be read (%s)", path, error)
        return None
