"""Personalised PageRank on a sparse graph: where a walker stands who follows edges and now and then starts anew.

p = (1 - d) * reset + d * W^T p, with W the edge weights, each row divided by its sum (Haveliwala, *Topic-Sensitive
PageRank*, 2002). Knows nothing of what the nodes are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAMPING = 0.5
"""Gutiérrez et al., *From RAG to Memory* (HippoRAG 2), 2025: half of the mass stays within one step of its source."""
TOLERANCE = 1e-6
MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Edges:
    """A graph that is small, or walked once: what ``transition`` gives, without scipy."""

    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    shares: NDArray[np.float64]
    """Of the mass at the source that goes along the edge."""
    nodes: int

    def __matmul__(self, mass: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        along = self.shares * mass[self.sources]
        return np.bincount(self.targets, along, self.nodes).astype(np.float64)  # whole numbers where there is no edge


def edges(sources: NDArray[np.int64], targets: NDArray[np.int64], weights: NDArray[np.float64], nodes: int) -> Edges:
    """``weights`` (float64 ``[edges]``, above 0) of edges between ``nodes``."""
    import numpy as np

    sums = np.bincount(sources, weights, nodes)
    return Edges(sources, targets, weights / sums[sources], nodes)


def shares(weights: Any) -> Any:
    """``csr_array``: each row divided by its sum; an empty row stays empty."""
    import numpy as np
    from scipy import sparse

    weights = sparse.csr_array(weights, dtype=np.float64)
    sums = weights.sum(axis=1)
    return sparse.csr_array(sparse.diags_array(np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)) @ weights)


def transition(weights: Any) -> Any:
    """``W^T`` as ``personalised`` takes it, from a sparse ``[n, n]`` of weights that are not negative."""
    from scipy import sparse

    return sparse.csr_array(shares(weights).T)


def row_of(matrix: Any, row: int) -> list[int]:
    """The columns that one row of a ``csr_array`` fills."""
    found: list[int] = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist()
    return found


def personalised_pagerank(
    transition: Any, reset: NDArray[np.float64], damping: float = DAMPING, tolerance: float = TOLERANCE
) -> NDArray[np.float64]:
    """float64 ``[n]`` that sums to 1. ``reset`` is brought to sum 1; all zero, it stands for no node in particular.

    A walker at a node without edges starts anew. The steps end when the mass that still moves is below ``tolerance``.
    """
    import numpy as np

    total = reset.sum()
    start = reset / total if total > 0 else np.full(len(reset), 1.0 / max(1, len(reset)))
    mass = start
    for _ in range(MOST_STEPS):
        walked = transition @ mass
        after = damping * walked + (1.0 - damping * walked.sum()) * start
        moved = float(np.abs(after - mass).sum())
        mass = after
        if moved < tolerance:
            break
    return mass
