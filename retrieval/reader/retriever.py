"""Fused search, its first passages read and ranked anew by how likely they answer (a cross-encoder re-ranker)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from ...corpus.document import Evidence
from ...corpus.store import Store
from ..base import Embedder, Retriever
from ..fusion import FusedRetriever
from . import open_reader
from .reader import Reader, Reading

READ = 5
"""How many passages are read: ten would put the gold sentence first in half a point more of the questions of SQuAD."""
BIAS, FOUND, ANSWERED, SENTENCE = -0.59, 0.62, 0.15, 0.28
"""Weights of the log-odds: of the search, that the passage answers, of its best sentence (``training/fusion.py``)."""
LEAST = -15.0
"""Log-odds below say no more than this."""


class ReaderRetriever:
    name = "reader"

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        model: object = None,
        *,
        first: Retriever | None = None,
    ) -> None:
        """``first``: whose hits are read, those of fused search unless it is given."""
        self._store, self._first = store, first or FusedRetriever(store, embedder)

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages, reads them and ranks them anew. Raises ``ModelError`` when the reader's weights are
        missing."""
        hits = self._first.search(question, max(k, READ))
        return rerank(hits, read(self._store, question, hits[:READ]))[:k]


def read(store: Store, question: str, hits: Sequence[Evidence]) -> list[Reading]:
    """Gives one reading per hit. Hits that were read for the last questions, in whatever order, are not read again."""
    passages = tuple(sorted({(hit.quote, hit.kind) for hit in hits}))
    found = dict(zip(passages, _read(open_reader(store), question, passages), strict=True))
    return [found[hit.quote, hit.kind] for hit in hits]


@lru_cache(maxsize=4)
def _read(reader: Reader, question: str, passages: tuple[tuple[str, str], ...]) -> list[Reading]:
    texts, kinds = zip(*passages, strict=True) if passages else ((), ())
    return reader.read(question, texts, kinds)


def features(hit: Evidence, reading: Reading) -> tuple[float, float, float]:
    best = max((score for _, score in reading.sentences), default=LEAST)
    return hit.score, max(LEAST, reading.answered), max(LEAST, best)


def relevance(hit: Evidence, reading: Reading) -> float:
    """The log-odds that the passage is the one to quote."""
    found, answered, sentence = features(hit, reading)
    return BIAS + FOUND * found + ANSWERED * answered + SENTENCE * sentence


def rerank(hits: Sequence[Evidence], readings: Sequence[Reading]) -> list[Evidence]:
    """Puts first those that were read, the best first, then the others as they were found."""
    scored = [
        replace(hit, score=relevance(hit, reading), why=f"{hit.why}; reader: {reading.answered:+.1f}")
        for hit, reading in zip(hits, readings, strict=False)
    ]
    return [*sorted(scored, key=lambda hit: -hit.score), *hits[len(scored) :]]
