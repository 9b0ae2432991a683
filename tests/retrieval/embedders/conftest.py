"""A small BERT with random weights, and texts for it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

HIDDEN, WIDTH, LAYERS, WORDS = 24, 48, 2, 40
Tensors = dict[str, NDArray[np.float32]]


@pytest.fixture
def tensors() -> Tensors:
    """A random BERT of twelve heads, whose feed-forwards have only 20 channels that are not made of others."""
    draw = np.random.default_rng(0)

    def some(*shape: int) -> NDArray[np.float32]:
        return (draw.standard_normal(shape) * 0.3).astype(np.float32)

    def norm(name: str) -> Tensors:
        return {f"{name}.weight": np.ones(HIDDEN, np.float32), f"{name}.bias": np.zeros(HIDDEN, np.float32)}

    found = {
        "embeddings.word_embeddings.weight": some(WORDS, HIDDEN),
        "embeddings.position_embeddings.weight": some(32, HIDDEN),
        "embeddings.token_type_embeddings.weight": some(2, HIDDEN),
        **norm("embeddings.LayerNorm"),
    }
    for number in range(LAYERS):
        stem = f"encoder.layer.{number}"
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            found[f"{stem}.attention.{part}.weight"] = some(HIDDEN, HIDDEN)
            found[f"{stem}.attention.{part}.bias"] = some(HIDDEN)
        up, bias = some(WIDTH, HIDDEN), some(WIDTH)
        up[20:], bias[20:] = up[np.arange(20, WIDTH) % 20], bias[np.arange(20, WIDTH) % 20]
        found |= {f"{stem}.intermediate.dense.weight": up, f"{stem}.intermediate.dense.bias": bias}
        found |= {f"{stem}.output.dense.weight": some(HIDDEN, WIDTH), f"{stem}.output.dense.bias": some(HIDDEN)}
        found |= norm(f"{stem}.attention.output.LayerNorm") | norm(f"{stem}.output.LayerNorm")
    return found


@pytest.fixture
def ids() -> list[list[int]]:
    draw = np.random.default_rng(1)
    return [draw.integers(0, WORDS, draw.integers(3, 12)).tolist() for _ in range(120)]
