"""Dense search: one vector per window of each passage, cosine similarity, faiss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ...corpus.catalog import evidence
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...corpus.vectors import passages_of, vectors_in_scope
from ...errors import LibraryIncompatible
from ..base import Embedder
from . import hnsw
from .index import DENSE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class DenseRetriever:
    name = "dense"

    def __init__(self, store: Store, embedder: Callable[[], Embedder], model: object = None) -> None:
        self._store, self._embedder = store, embedder

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages by their vectors. Raises ``LibraryIncompatible`` when the library was embedded by another
        model."""
        if DENSE.present(self._store) is None:
            return []
        embedder = self._embedder()
        require_embedder(self._store, embedder)
        hits = self.nearest(embedder.encode([question]), k)
        return [replace(hit, why=f"cosine {hit.score:.2f}") for hit in evidence(self._store, hits, self.name, "")]

    def nearest(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """``(passage id, cosine)`` of the ``k`` best passages for one query vector ``[1, d]``."""
        index = DENSE.present(self._store)
        if index is None:
            return []
        if self._store.scope is not None:
            return _nearest_in_scope(self._store, query, k)
        # Several windows of one passage may be among the nearest, and HNSW still holds vectors that are gone.
        scores, keys = hnsw.search(index, query, min(4 * k + 16, index.ntotal))
        best: dict[int, float] = {}
        for score, passage in zip(scores[0].tolist(), passages_of(self._store, keys[0].tolist()), strict=True):
            if passage is not None:
                best.setdefault(passage, score)
        return list(best.items())[:k]


def _nearest_in_scope(store: Store, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """Compares with every vector in scope, a part of them at a time."""
    best: dict[int, float] = {}
    for passages, vectors in vectors_in_scope(store):
        for passage, score in zip(passages, (vectors @ query[0]).tolist(), strict=True):
            best[passage] = max(score, best.get(passage, -1.0))
    return sorted(best.items(), key=lambda entry: -entry[1])[:k]


def require_embedder(store: Store, embedder: Embedder) -> None:
    """Refuses another embedder than the library's: vectors of different models never mix."""
    have = store.get("embedder")
    if have is not None and have != embedder.fingerprint:
        raise LibraryIncompatible(
            f"the library was embedded with {have}, not with {embedder.fingerprint}",
            where=str(store.folder),
            fix="set EVIDENTIA_EMBEDDER to the first, or add the documents to a new library",
        )
