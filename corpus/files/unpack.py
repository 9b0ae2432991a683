"""Single files that a program has packed (gzip, bzip2, xz): each is read as the file inside, by that file's name.

An archive of several files (``.tar.gz``, ``.zip``) is no such file and is not read.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Mapping
from os.path import splitext
from typing import IO

from ...errors import ReadError

_OPENERS: Mapping[str, Callable[[IO[bytes]], io.BufferedIOBase]] = {
    ".gz": lambda packed: gzip.GzipFile(fileobj=packed),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
_UNPACKED = 100_000_000
"""Bytes that one file may unpack to."""


def inner_name(name: str) -> str:
    """The name of the file inside (``guide.md`` for ``guide.md.gz``); the name itself where nothing is packed."""
    stem, suffix = splitext(name)
    return stem if suffix.lower() in _OPENERS else name


def unpack(name: str, data: bytes) -> bytes:
    """Returns the bytes of the file inside; ``data`` itself where nothing is packed.

    Raises ``ReadError`` for what is damaged, is no such file, or unpacks to more than 100 MB.
    """
    suffix = splitext(name)[1].lower()
    if suffix not in _OPENERS:
        return data
    try:
        with _OPENERS[suffix](io.BytesIO(data)) as packed:
            unpacked = packed.read(_UNPACKED + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise ReadError(f"damaged, or no {suffix} file", fix=f"make the {suffix} file anew") from error
    if len(unpacked) > _UNPACKED:
        raise ReadError(f"unpacks to more than {_UNPACKED // 1_000_000} MB", fix="unpack it and split it")
    return unpacked
