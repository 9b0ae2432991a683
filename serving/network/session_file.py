"""Sessions on disk: the tokens of a sequence with its keys and values, in one safetensors file.

The file carries the model's fingerprint and a checksum, and is moved into place when it is whole. Knows nothing of what
computes the arrays.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...corpus import permissions
from ...errors import ModelError, StorageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOKENS = "tokens"


def write(path: Path, fingerprint: str, tokens: Sequence[int], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Raises ``StorageError`` when the disk is full or cannot be written."""
    import numpy as np
    from safetensors.numpy import save

    whole = {_TOKENS: np.asarray(tokens, np.int64)} | {name: np.ascontiguousarray(arrays[name]) for name in arrays}
    data = save(whole, {"fingerprint": fingerprint, "crc32": str(_checksum(whole))})
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        permissions.make(part)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"the session cannot be written ({error.strerror})", where=str(path), fix="check the free disk space"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def read(path: Path, fingerprint: str) -> tuple[list[int], dict[str, NDArray[Any]]]:
    """Raises ``StorageError`` for a damaged or missing file, ``ModelError`` for the session of another model."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "np") as file:
            head = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (it is no mapping)
    except (OSError, SafetensorError) as error:
        raise _damage_error(path) from error
    if _TOKENS not in arrays or head.get("crc32") != str(_checksum(arrays)):
        raise _damage_error(path)
    if head.get("fingerprint") != fingerprint:
        raise ModelError("the session is one of another model", where=str(path), fix="remove the file")
    return arrays.pop(_TOKENS).tolist(), arrays


def _checksum(arrays: Mapping[str, NDArray[Any]]) -> int:
    total = 0
    for name in sorted(arrays):
        shape = f"{name}{arrays[name].dtype.str}{arrays[name].shape}"
        total = zlib.crc32(arrays[name].tobytes(), zlib.crc32(shape.encode(), total))
    return total


def _damage_error(path: Path) -> StorageError:
    return StorageError("the session cannot be read: the file is damaged", where=str(path), fix="remove the file")
