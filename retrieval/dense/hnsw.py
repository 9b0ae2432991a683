"""The approximate index: an HNSW graph (Malkov and Yashunin, 2016) in faiss, for unit vectors under cosine.

Wide vectors are walked in their strongest directions (PCA), and what the walk found is compared whole: most of its time
goes into distances that need no last digit. Knows nothing of libraries and files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...settings import Settings

ORDERS = ("given", "shuffled", "ascending", "descending", "source")
NARROW_FROM = 192
"""Dimensions from which the graph is walked in fewer."""
NARROW = 128
TRAINED_ON = 20_000


@dataclass(frozen=True, slots=True)
class Plan:
    """``links``, ``construction`` and ``search`` are the M, efConstruction and efSearch of the literature."""

    links: int = 16
    construction: int = 128
    search: int = 0
    """0: as the last audit tuned it, or ``UNTUNED``."""
    width: int | None = None
    """Directions that the graph is walked in; 0: all; ``None``: ``NARROW`` for vectors of ``NARROW_FROM`` and more."""

    def __post_init__(self) -> None:
        if not 2 <= self.links <= 512 or self.construction < 1 or self.search < 0:
            raise InputError(
                "the HNSW graph cannot be built so",
                where=f"M {self.links}, efConstruction {self.construction}, efSearch {self.search}",
                fix="give an M from 2 to 512 and efforts above 0",
            )

    @classmethod
    def of(cls, settings: Settings) -> Plan:
        return cls(settings.hnsw_m, settings.hnsw_construction, settings.hnsw_search or 0)

    def width_of(self, dimension: int) -> int:
        wanted = (NARROW if dimension >= NARROW_FROM else 0) if self.width is None else self.width
        return wanted if wanted < dimension else 0


UNTUNED = 128


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Brings rows to length 1: float16, as vectors are stored, keeps a length to a thousandth only."""
    import numpy as np

    scaled: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled


def empty(plan: Plan, vectors: NDArray[np.float32]) -> Any:
    """Makes a faiss index without vectors, for unit vectors ``[n, d]`` such as those given (its own, or a sample: the
    directions are learnt from them). Whole vectors are walked by inner product, narrow ones, which are no longer of
    unit length, by Euclidean distance."""
    import faiss

    dimension = vectors.shape[1]
    width = plan.width_of(dimension)
    if not width or len(vectors) < width:
        return _graph(faiss.IndexHNSWFlat(dimension, plan.links, faiss.METRIC_INNER_PRODUCT), plan)
    graph = _graph(faiss.IndexHNSWFlat(width, plan.links), plan)
    index = faiss.IndexRefineFlat(faiss.IndexPreTransform(faiss.PCAMatrix(dimension, width), graph))
    index.train(vectors[:: max(1, len(vectors) // TRAINED_ON)])
    return index


def _graph(graph: Any, plan: Plan) -> Any:
    graph.hnsw.efConstruction, graph.hnsw.efSearch = plan.construction, plan.search or UNTUNED
    return graph


def graph_of(index: Any) -> Any:
    """The HNSW graph inside a faiss index, a view that must not outlive it; ``None`` where search is exact."""
    import faiss

    inner = faiss.downcast_index(index)
    while not isinstance(inner, faiss.IndexHNSW):
        if isinstance(inner, faiss.IndexRefine):
            inner = faiss.downcast_index(inner.base_index)
        elif isinstance(inner, faiss.IndexPreTransform | faiss.IndexIDMap):
            inner = faiss.downcast_index(inner.index)
        else:
            return None
    return inner


def search(
    index: Any, queries: NDArray[np.float32], k: int, effort: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Finds cosines and ids ``[queries, k]``, best first; id -1 where fewer were found. ``effort`` (efSearch): how many
    candidates the walk keeps, at least ``k``; 0: what the graph was given. All of them are compared whole."""
    import faiss

    graph = graph_of(index)
    if graph is None:
        scores, ids = index.search(queries, k)
    else:
        effort = max(effort or graph.hnsw.efSearch, k)
        walk = faiss.SearchParametersHNSW(efSearch=effort)  # type: ignore[attr-defined]  # missing in its stubs
        scores, ids = index.search(queries, k, params=walk if graph.d == index.d else _narrow(walk, effort, k))
    return (scores if index.metric_type == faiss.METRIC_INNER_PRODUCT else 1 - scores / 2), ids


def _narrow(walk: Any, effort: int, k: int) -> Any:
    import faiss

    # Half a candidate more, so that the product with k is never rounded down to one less.
    inner = faiss.SearchParametersPreTransform(index_params=walk)  # type: ignore[call-arg]  # missing in its stubs
    return faiss.IndexRefineSearchParameters(k_factor=(effort + 0.5) / k, base_index_params=inner)  # type: ignore[call-arg]
