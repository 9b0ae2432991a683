"""Multi-hop search without a language model: from what a question names, along phrases, to what it does not name.

The shape of HippoRAG 2 (Gutiérrez et al., *From RAG to Memory*, 2025): passages and phrases are nodes, the facts that
fit the question say where a walker starts, and personalised PageRank ranks the passages. Here facts are sentences, and
phrases are found by rule; where a library holds what a language model extracted, its names and pairs are phrases and
edges too. Measured in ``benchmarks/multihop.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...corpus.catalog import evidence
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...graphs.knowledge.told_phrases import told_phrase_graph
from ...graphs.pagerank import personalised_pagerank, row_of
from ...graphs.phrases.graph import PhraseGraph, phrase_graph
from ..base import Embedder, Retriever
from ..dense.retriever import DenseRetriever, require_embedder
from .start import Start, WalkWeights, start_of

DEPTH = 100
"""Passages of dense search that the walker may start from."""
TOLERANCE = 1e-4
SHOWN = 2
TOLD = "a model joins"
"""How the reason of a hit begins to which a pair leads that a language model extracted."""


class MultihopRetriever:
    """Finds passages by a walk over the graph of phrases. ``weights`` are for measuring the parts one by one."""

    name = "multihop"

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        model: object = None,
        weights: WalkWeights | None = None,
        *,
        first: Retriever | None = None,
    ) -> None:
        """``first``: whose hits the walker may start from, those of dense search unless it is given."""
        self._store, self._embedder = store, embedder
        self._first, self._dense = first, DenseRetriever(store, embedder)
        self._weights = weights or WalkWeights()

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages over several steps. Raises ``LibraryIncompatible`` when the library was embedded by another
        model, ``StorageError`` when the disk is full."""
        import numpy as np

        graph = told_phrase_graph(self._store) if self._weights.told else phrase_graph(self._store)
        cosines = self._cosines(graph, question)
        start = start_of(self._store, graph, question, cosines, self._weights)
        walk = graph.walk(self._weights.named, self._weights.synonym)
        mass = personalised_pagerank(walk, start.reset(graph, cosines, self._weights.passage), tolerance=TOLERANCE)
        passages = mass[: len(graph.keys)]
        best = [at for at in np.argsort(-passages, kind="stable")[:k].tolist() if passages[at] > 0]
        hits = evidence(self._store, [(int(graph.keys[at]), float(passages[at])) for at in best], self.name, "")
        return [replace(hit, why=self._why(graph, start, cosines, hit.key)) for hit in hits]

    def _cosines(self, graph: PhraseGraph, question: str) -> dict[int, float]:
        """Those of the best dense passages, by their row in the graph, best first; or the scores of another
        search's."""
        if self._first is not None:
            hits = [(hit.key, hit.score) for hit in self._first.search(question, DEPTH)]
            return {row: score for key, score in hits if (row := graph.row(key)) is not None}
        embedder = self._embedder()
        require_embedder(self._store, embedder)
        hits = self._dense.nearest(embedder.encode([question]), DEPTH)
        rows = {graph.row(key): score for key, score in hits}
        return {row: score for row, score in rows.items() if row is not None}

    def _why(self, graph: PhraseGraph, start: Start, cosines: Mapping[int, float], key: int) -> str:
        """The phrases with most mass that lead here, and where they were read."""
        row = graph.row(key)
        if row is None:
            return ""
        named = [graph.phrases[phrase] for phrase in graph.naming(row) if phrase in start.asked]
        if named:
            return f"named in the question: {', '.join(named[:SHOWN])}"
        phrases = sorted(graph.phrases_at(row) & start.mass.keys(), key=lambda phrase: -start.mass[phrase])
        steps = [self._step(graph, start, phrase, row) for phrase in phrases[:SHOWN]]
        steps += _pair_leading_to(graph, start, row)
        return "; ".join(steps) or (f"cosine {cosines[row]:.2f}" if row in cosines else "neighbours of neighbours")

    def _step(self, graph: PhraseGraph, start: Start, phrase: int, row: int) -> str:
        before = start.read_in.get(phrase, row)
        if before == row:
            return f"shares {graph.phrases[phrase]}"
        source = next(evidence(self._store, [(int(graph.keys[before]), 0.0)], "", ""), None)
        place = (source.heading.rsplit(" > ", 1)[-1] or source.name) if source else "a passage"
        return f"{place} speaks of {graph.phrases[phrase]}"


def _pair_leading_to(graph: PhraseGraph, start: Start, row: int) -> list[str]:
    """The pair that a language model extracted from a phrase with most mass, which is not there, to one that is."""
    here = graph.phrases_at(row)
    pairs = [(other, phrase) for phrase in here for other in row_of(graph.told, phrase) if other not in here]
    pairs = [pair for pair in pairs if pair[0] in start.mass]
    if not pairs:
        return []
    before, after = max(pairs, key=lambda pair: (start.mass[pair[0]], pair))
    return [f"{TOLD} {graph.phrases[before]} and {graph.phrases[after]}"]
