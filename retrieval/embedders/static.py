"""The instant embedder: one learnt vector per word piece, and a text is their sum, turned to unit length.

No network is run, so a text costs its tokenising. The table is distilled from all-MiniLM-L6-v2 by
``training/static_embedding.py``; it knows no word order and no context. The idea: Tulkens and van Dongen, *Model2Vec*,
2024; Aarsen, *Static embeddings* in sentence-transformers, 2025.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...corpus.cancellation import check
from . import weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...settings import Settings

TABLE = Path(__file__).with_name("static.safetensors")
DIGEST = "a91a354341ff53fc12feb4c95d595f3a1428fbc4e48c49cd51dc989e356d01ff"
DIMENSION = 256
BATCH = 4096
"""Texts that are tokenised at a time."""


class StaticEmbedder:
    """Reads ``TABLE``: ``rows`` int8 ``[pieces, 256]`` and ``scales`` float16 ``[pieces]``; a piece's vector is its row
    times its scale. The pieces are those of the packaged MiniLM's tokenizer."""

    dimension = DIMENSION
    fingerprint = f"static {DIGEST[:12]}"

    def __init__(self, cache: Path) -> None:
        self.forward_seconds = 0.0
        self._cache = cache

    @classmethod
    def from_settings(cls, name: str, settings: Settings) -> StaticEmbedder:
        return cls(settings.cache)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """Gives float32 ``[len(texts), 256]``, rows of unit length; a text without words gets the first axis.

        Raises ``ModelError`` when a file is missing, ``DigestMismatch`` when the table was changed.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            check()
            batch = self.tokenizer.encode_batch_fast(list(texts[start : start + BATCH]), add_special_tokens=False)
            begun = perf_counter()
            vectors[start : start + BATCH] = sum_pieces(*self._table, [encoding.ids for encoding in batch])
            self.forward_seconds += perf_counter() - begun
            if progress is not None:
                progress(len(batch))
        return vectors

    @cached_property
    def _table(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        from safetensors.numpy import load_file

        weights.verify(TABLE, DIGEST, self._cache)
        tensors = load_file(TABLE)
        return tensors["rows"], tensors["scales"].astype(np.float32)

    @cached_property
    def tokenizer(self) -> Any:
        return weights.tokenizer(self._cache)


def sum_pieces(
    rows: NDArray[np.int8], scales: NDArray[np.float32], ids: Sequence[Sequence[int]]
) -> NDArray[np.float32]:
    """Turns piece ids per text into float32 ``[texts, width]``: the sum of the pieces' vectors, of unit length."""
    vectors = np.zeros((len(ids), rows.shape[1]), dtype=np.float32)
    for vector, text in zip(vectors, ids, strict=True):
        if text:
            vector += scales[text] @ rows[text].astype(np.float32)
    vectors[~vectors.any(axis=1), 0] = 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors
