"""How likely a statement answers a question in a language that the reader does not know.

A small network of two layers over the vectors of question and statement (``embedders/multilingual.py``), which lie near
each other whatever the language: trained on English questions, it ranks statements of all sixteen. Knows nothing of
passages and of how statements were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..embedders import weights
from ..embedders.bert_numpy import gelu
from ..embedders.multilingual import open_multilingual
from .network import read_half

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("multilingual.safetensors")
DIGEST = "aca3b97fd520e535d65a9d9563e6f92c386856e2e93ced9070da4e6790ba0a0b"
"""SHA-256 of ``WEIGHTS``."""
SCALES = (20.0, 5.0, 5.0, 5.0)
"""Of the product of both vectors, of the question's, of the statement's, and of their cosine, as the network reads
them."""


class MultilingualRanker:
    def __init__(self, cache: Path, file: Path | None = None) -> None:
        """``file``: other trained weights than the packaged ones."""
        self._cache, self._file = cache, file

    def rank(self, question: str, statements: Sequence[str]) -> list[float]:
        """The log-odds for each statement that it answers, against that none does.

        Raises ``ModelError`` when weights are missing, ``DigestMismatch`` when they were changed.
        """
        if not statements:
            return []
        vectors = open_multilingual(self._cache).encode([question, *statements])
        found: list[float] = log_odds(self._tensors, vectors[0], vectors[1:]).tolist()
        return found

    @cached_property
    def _tensors(self) -> dict[str, Array]:
        if self._file is None:
            weights.verify(WEIGHTS, DIGEST, self._cache)
        return read_half(self._file or WEIGHTS)


def log_odds(tensors: dict[str, Array], question: Array, statements: Array) -> Array:
    """Vectors ``[512]`` and ``[statements, 512]`` to ``[statements]``."""
    cosines = statements @ question
    asked = np.broadcast_to(question, statements.shape)
    parts = (asked * statements, asked, statements, cosines[:, None])
    read = np.concatenate([part * np.float32(scale) for part, scale in zip(parts, SCALES, strict=True)], axis=1)
    inner = gelu(read @ tensors["inner.weight"].T + tensors["inner.bias"])
    odds: Array = (inner @ tensors["out.weight"].T + tensors["out.bias"])[:, 0] + tensors["cosine"] * cosines
    return odds
