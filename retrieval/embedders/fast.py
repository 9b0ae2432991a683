"""MiniLM with narrow feed-forwards: cut by its moments and distilled (``training/fast_embedder.py``).

Embeddings are those of the packaged model; what was trained is the layers, which come with this package. Its vectors
are near MiniLM's, and yet another embedder's: a library keeps the one that it was made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import weights
from .minilm import MAX_TOKENS, MiniLM

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYERS = Path(__file__).with_name("fast.safetensors")
DIGEST = "0"


class FastMiniLM(MiniLM):
    """Reads ``LAYERS``: the encoder's tensors in float16, named as in a Hugging Face BERT checkpoint."""

    fingerprint = f"all-MiniLM-L6-v2-fast {DIGEST[:12]} mean {MAX_TOKENS}"

    def _tensors(self) -> Mapping[str, NDArray[np.float32]]:
        from safetensors.numpy import load_file

        weights.verify(LAYERS, DIGEST, self._cache)
        whole = super()._tensors()
        below = {name: values for name, values in whole.items() if not name.startswith("encoder.layer.")}
        return below | {name: values.astype(np.float32) for name, values in load_file(LAYERS).items()}
