"""Derived things that are arrays: one ``.npz`` file per generation. Knows nothing of what the arrays mean."""

from __future__ import annotations

import logging
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic

from .derived import Derived, Generation, T, replacing
from .store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

Arrays = Mapping[str, "NDArray[Any]"]

_NAMES = "names of the arrays"
"""One more array: a damaged table of contents may leave some out."""


@dataclass(frozen=True)
class DerivedArrays(Derived[Arrays, T], Generic[T]):
    """Arrays that ``make`` makes from the documents; ``open`` makes of the arrays what searches use."""

    kind: str
    version: str
    make: Callable[[Store], Arrays]
    open: Callable[[Arrays], T]

    def build(self, store: Store, held: T | None) -> Arrays:
        return self.make(store)

    def write(self, store: Store, made: Arrays, revision: int) -> Generation:
        generation = Generation(f"{self.kind}-{revision}.npz", revision, self.version)
        write(store.folder / generation.file, made)
        return generation

    def read(self, store: Store, generation: Generation) -> Arrays | None:
        return read(store.folder / generation.file)

    def load(self, made: Arrays) -> T:
        return self.open(made)


def write(path: Path, arrays: Arrays) -> None:
    """Replaces a file of this name at once. Raises ``StorageError``."""
    import numpy as np

    plain = dict[str, Any](arrays) | {_NAMES: np.array(sorted(arrays))}
    with replacing(path) as part, part.open("wb") as handle:
        np.savez(handle, allow_pickle=False, **plain)


def read(path: Path) -> Arrays | None:
    """Reads all arrays, compared with their checksums; ``None`` for a file that is missing or damaged, with a
    warning."""
    import numpy as np

    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as found:
            if any(one.compress_type != zipfile.ZIP_STORED for one in found.zip.infolist()):
                raise ValueError("it is compressed, as none is that Evidentia wrote")
            arrays = {name: found[name] for name in found.files}
        if sorted(arrays.keys() - {_NAMES}) != arrays.pop(_NAMES).tolist():
            raise ValueError("arrays are missing")
        return arrays
    except (
        OSError,
        ValueError,
        KeyError,
        EOFError,
        RuntimeError,
        MemoryError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        log.warning("%s is made anew: it cannot be read (%s)", path, error)
        return None
