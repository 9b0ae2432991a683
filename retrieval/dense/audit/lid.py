"""Exact neighbours, and how many directions the data has around each point (local intrinsic dimension, LID).

Maximum likelihood over the distances r_1 … r_k to the k nearest neighbours: LID = -1 / mean(ln(r_i / r_k)) (Levina and
Bickel, 2004; Amsaleg et al., 2015). The higher it is, the harder a graph finds its way. Knows nothing of graphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEIGHBOURS = 100
SAME = 1e-3
"""Below this distance two unit vectors are copies: float32 and float16 tell no more."""
BLOCK = 65_536


@dataclass(frozen=True, slots=True)
class Nearest:
    """The exact answers ``[queries, k]``, best first: cosines and row numbers."""

    cosines: NDArray[np.float32]
    rows: NDArray[np.int64]


def nearest(
    queries: NDArray[np.float32], vectors: NDArray[np.float32], k: int, own: NDArray[np.int64] | None = None
) -> Nearest:
    """Compares every query with every vector. ``own``: the row of each query among the vectors, which is left out."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    wanted = min(k + (own is not None), len(vectors))
    cosines, rows = index.search(np.ascontiguousarray(queries), wanted)
    return Nearest(cosines, rows) if own is None else without(Nearest(cosines, rows), own)


def without(found: Nearest, own: NDArray[np.int64]) -> Nearest:
    """Takes out one column: the query's own row, or the last where copies of it took its place."""
    itself = found.rows == own[:, None]
    itself[~itself.any(axis=1), -1] = True
    shape = (len(own), found.rows.shape[1] - 1)
    return Nearest(found.cosines[~itself].reshape(shape), found.rows[~itself].reshape(shape))


def distances(cosines: NDArray[np.float32]) -> NDArray[np.float64]:
    """The Euclidean distances of unit vectors."""
    return np.sqrt(np.maximum(2 - 2 * cosines.astype(np.float64), 0))


def dimensions(radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """The LID of each row of ascending distances ``[points, k]``; ``nan`` where fewer than two different ones are left.

    Copies of the point itself say nothing of the directions around it and are not counted.
    """
    radii = np.where(radii < SAME, np.nan, radii)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(radii / radii[:, -1:])
        counted = np.isfinite(logs).sum(axis=1)
        total = np.nansum(logs, axis=1)
        return np.where((counted > 1) & (total < 0), -counted / total, np.nan)
