"""A test double that needs no weights: words hashed into a vector, so that texts sharing words are near each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...settings import Settings

_WORD = re.compile(r"\w+")


class HashEmbedder:
    """Embeds by signed feature hashing (Weinberger et al., 2009) of lower-cased words; the same on every machine."""

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.fingerprint = f"hash-{dimension}"
        self.forward_seconds = 0.0

    @classmethod
    def from_settings(cls, name: str, settings: Settings) -> HashEmbedder:
        return cls()

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Gives float32 ``[len(texts), dimension]``, rows of unit length; a text without words gets the first axis."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                code = crc32(word.encode())
                row[(code >> 1) % self.dimension] += 1 - 2 * (code & 1)
            if not row.any():
                row[0] = 1
        if progress is not None and texts:
            progress(len(texts))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors
