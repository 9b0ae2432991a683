"""Arrays in one immutable file each, memory-mapped: written under a temporary name, synced, then moved into place.

The file: 8 bytes that name the format, the header's length and CRC-32, a JSON header (the tokenizer's fingerprint, what
the caller adds, and shape, type, place and CRC-32 of each array), then the arrays on 64-byte borders. Reading checks
all of it. Knows nothing of what the arrays mean.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...corpus.derived import replacing
from ...errors import LibraryIncompatible, StorageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMAT = b"EVNGRAM1"
_PREFIX = struct.Struct("<8sII")
_BORDER = 64

Arrays = Mapping[str, "NDArray[Any]"]


def write(path: Path, fingerprint: str, detail: Mapping[str, Any], arrays: Arrays) -> None:
    """Writes arrays to a file. ``detail`` must be JSON-ready. A file of this name is replaced at once; readers keep
    what they had open.

    Raises ``StorageError`` when the disk is full or cannot be written.
    """
    import numpy as np

    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    layout, size = _layout(plain)
    head = json.dumps({"fingerprint": fingerprint, "detail": dict(detail), "arrays": layout, "size": size}).encode()
    with replacing(path) as part, part.open("wb") as handle:
        handle.write(_PREFIX.pack(_FORMAT, len(head), zlib.crc32(head)) + head)
        handle.write(_padding(handle.tell()))
        for array in plain.values():
            handle.write(_bytes(array))
            handle.write(_padding(array.nbytes))


def read(path: Path, fingerprint: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Reads what the caller added, and the arrays, mapped and read-only.

    Raises ``StorageError`` for a file that is cut short or damaged, ``LibraryIncompatible`` for one of another
    tokenizer.
    """
    import numpy as np

    try:
        raw = np.asarray(np.memmap(path, np.uint8, mode="r"))
        head = _header(path, raw)
    except (OSError, ValueError) as error:
        raise _damage_error(path, str(error)) from error
    if head["fingerprint"] != fingerprint:
        raise LibraryIncompatible(
            f"the n-gram index was made with the tokenizer {head['fingerprint']}, not with {fingerprint}",
            where=str(path),
            fix="remove the file: the next n-gram search makes it anew",
        )
    return head["detail"], {name: _array(path, raw, head, entry) for name, entry in head["arrays"].items()}


def _layout(arrays: Arrays) -> tuple[dict[str, dict[str, Any]], int]:
    """Where each array goes, and the bytes of all; ``place`` counts from the border behind the header."""
    found, place = {}, 0
    for name, array in arrays.items():
        checksum = zlib.crc32(_bytes(array))
        found[name] = {"type": array.dtype.str, "shape": array.shape, "place": place, "crc": checksum}
        place += array.nbytes + len(_padding(array.nbytes))
    return found, place


def _bytes(array: NDArray[Any]) -> memoryview:
    return array.data.cast("B") if array.size else memoryview(b"")


def _padding(size: int) -> bytes:
    return b"\0" * (-size % _BORDER)


def _header(path: Path, raw: NDArray[np.uint8]) -> dict[str, Any]:
    if len(raw) < _PREFIX.size:
        raise _damage_error(path, "it is cut short")
    name, length, checksum = _PREFIX.unpack(raw[: _PREFIX.size].tobytes())
    body = raw[_PREFIX.size : _PREFIX.size + length].tobytes()
    if name != _FORMAT or len(body) != length or zlib.crc32(body) != checksum:
        raise _damage_error(path, "its header does not match its checksum")
    head: dict[str, Any] = json.loads(body)
    head["start"] = _PREFIX.size + length + len(_padding(_PREFIX.size + length))
    if len(raw) != head["start"] + head["size"]:
        raise _damage_error(path, "it is cut short or longer than it was")
    return head


def _array(path: Path, raw: NDArray[np.uint8], head: dict[str, Any], entry: dict[str, Any]) -> NDArray[Any]:
    import numpy as np

    start = head["start"] + entry["place"]
    dtype, shape = np.dtype(entry["type"]), tuple(entry["shape"])
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    body = raw[start : start + size]
    if zlib.crc32(_bytes(body)) != entry["crc"]:
        raise _damage_error(path, "its content does not match its checksum")
    found: NDArray[Any] = body.view(dtype).reshape(shape)
    return found


def _damage_error(path: Path, why: str) -> StorageError:
    return StorageError(
        f"the n-gram index cannot be read ({why})",
        where=str(path),
        fix="remove the file: the next n-gram search makes it anew",
    )
