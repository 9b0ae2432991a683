"""The order in which vectors enter a graph: a permutation for each name of ``hnsw.ORDERS``. Knows nothing of the
graph."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .lid import NEIGHBOURS, dimensions, distances, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

REFERENCE = 5_000
"""Vectors against which the LID of all is estimated: exact neighbours of every one would cost n²."""


def order(name: str, vectors: NDArray[np.float32], sources: Sequence[str], seed: int = 0) -> NDArray[np.int64]:
    """The order in which rows are loaded. ``sources``: what each row came from. Raises ``KeyError`` for an unknown
    name."""
    count = len(vectors)
    if name == "given":
        return np.arange(count)
    if name == "shuffled":
        return np.random.default_rng(seed).permutation(count)
    if name == "source":
        return np.argsort(np.asarray(sources), kind="stable")
    if name in ("ascending", "descending"):
        found = np.nan_to_num(estimate_lid(vectors, seed))
        return np.argsort(found if name == "ascending" else -found, kind="stable")
    raise KeyError(name)


def estimate_lid(vectors: NDArray[np.float32], seed: int = 0) -> NDArray[np.float64]:
    """Estimates the LID of each vector from neighbours that are looked for in a random sample."""
    rows = np.random.default_rng(seed).permutation(len(vectors))[:REFERENCE]
    found = nearest(vectors, vectors[rows], min(NEIGHBOURS, len(rows)))
    return dimensions(distances(found.cosines))


def sorted_by_source(sources: Sequence[str]) -> bool:
    """Whether the rows of each source stand together, as a folder read after another leaves them."""
    runs = sum(one != other for one, other in pairwise(sources)) + 1
    return 1 < len(set(sources)) == runs
