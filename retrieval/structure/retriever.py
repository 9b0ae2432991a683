"""Structure-aware search: dense search's best, and what the library's own structure says belongs to them.

The training-free form of ATLANTIC (Munikoti et al., *ATLANTIC: Structure-Aware Retrieval-Augmented Language Model for
Interdisciplinary Science*, 2023): where that trains a graph network, a walker starts at the best dense passages and
follows typed relations; where he stands most often is one more ranked list. Measured in ``benchmarks/structure.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ...corpus.catalog import evidence
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...graphs.documents.relations import Relations, relations
from ...graphs.pagerank import DAMPING, personalised_pagerank
from ..base import Embedder, Retriever
from ..dense.retriever import DenseRetriever
from ..fusion import DEPTH, reciprocal_rank

TOLERANCE = 1e-4
SHOWN = 2
RELATED = 7
"""Where the walker stands most often; a longer list pushes out what only the words say."""
_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"link": 0.1, "mention": 0.1, "entity": 0.05, "commit": 0.03, "folder": 0.02, "section": 0.01, "author": 0.01}
)


@dataclass(frozen=True)
class RelationWeights:
    """``benchmarks/structure.py`` prints what each relation is worth."""

    relations: Mapping[str, float] = field(default_factory=lambda: dict(_WEIGHTS))
    """Being part of one document weighs 1; a relation that is left out weighs nothing."""
    seeds: int = 3
    """How many of the best dense passages the walker starts at."""
    power: float = 4.0
    """Of the cosine, for the share of each seed: the best one counts for more than its cosine says."""
    damping: float = DAMPING


class StructureRetriever:
    """Follows relations between documents from what another search found. ``weights`` are for measuring the relations
    one by one."""

    name = "structure"

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        model: object = None,
        weights: RelationWeights | None = None,
        *,
        first: Retriever | None = None,
    ) -> None:
        """``first``: whose best the walker starts at, those of dense search unless it is given."""
        self._store, self._first = store, first or DenseRetriever(store, embedder)
        self._weights = weights or RelationWeights()

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages, and those that relations lead to. Raises ``LibraryIncompatible`` when the library was
        embedded by another model, ``StorageError`` when the disk is full."""
        hits = self._first.search(question, max(k, DEPTH))
        found = relations(self._store)
        seeds = {row: hit for hit in hits for row in [found.row(hit.key)] if row is not None}
        seeds = dict(list(seeds.items())[: self._weights.seeds])
        return reciprocal_rank([hits, self._related_passages(found, seeds)], k) if seeds else hits[:k]

    def _related_passages(self, found: Relations, seeds: Mapping[int, Evidence]) -> list[Evidence]:
        """Where a walker from the seeds stands most often, best first."""
        import numpy as np

        walk = found.walk(self._weights.relations)
        reset = np.zeros(walk.shape[0])
        for row, hit in seeds.items():
            reset[row] = max(0.0, hit.score) ** self._weights.power
        if not reset.any():  # scores of another search that are no cosines and not above 0
            reset[list(seeds)] = 1.0
        mass = personalised_pagerank(walk, reset, self._weights.damping, TOLERANCE)[: len(found.keys)]
        best: list[int] = np.argsort(-mass, kind="stable")[:RELATED].tolist()  # ties in the order of the library
        places = [(int(found.keys[row]), float(mass[row])) for row in best if mass[row] > 0]
        hits = evidence(self._store, places, self.name, "")
        return [replace(hit, why=self._why(found, seeds, hit)) for hit in hits]

    def _why(self, found: Relations, seeds: Mapping[int, Evidence], hit: Evidence) -> str:
        row = found.row(hit.key)
        if row is None or row in seeds:
            return "among the nearest"
        steps = dict.fromkeys(
            f"{name} with {seed.name}" for at, seed in seeds.items() for name in found.joining(row, at)
        )
        return ", ".join(list(steps)[:SHOWN]) or "related over several steps"
