"""Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): rank lists into one, without comparing their scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from .base import Embedder, Evidence
from .dense import DenseRetriever
from .lexical import LexicalRetriever
from .store import Store

RRF_K = 60
DEPTH = 50
"""How many hits of each retriever are fused."""


def reciprocal_rank(lists: Sequence[Sequence[Evidence]], k: int) -> list[Evidence]:
    """The ``k`` best by the sum of 1 / (60 + rank). Each result names every retriever that found it, and why."""
    scores: dict[object, float] = {}
    found: dict[object, list[tuple[int, Evidence]]] = {}
    for hits in lists:
        for rank, hit in enumerate(hits, start=1):
            key = hit.key or (hit.span, hit.query)
            scores[key] = scores.get(key, 0.0) + 1 / (RRF_K + rank)
            found.setdefault(key, []).append((rank, hit))
    best = sorted(scores, key=lambda key: -scores[key])[:k]
    return [_merged(sorted(found[key], key=lambda entry: entry[0]), scores[key]) for key in best]


def _merged(entries: list[tuple[int, Evidence]], score: float) -> Evidence:
    names = [hit.retriever for _, hit in entries]
    whys = [f"{hit.retriever} #{rank} ({hit.why})" for rank, hit in entries]
    return replace(entries[0][1], score=score, retriever="+".join(names), why="; ".join(whys))


class FusedRetriever:
    """Dense and lexical search, always both."""

    name = "fused"

    def __init__(self, store: Store, embedder: Callable[[], Embedder], model: object = None) -> None:
        self.parts = (DenseRetriever(store, embedder), LexicalRetriever(store))

    def search(self, question: str, k: int, *more: Sequence[Evidence]) -> list[Evidence]:
        """``more`` are ranked lists of others, such as the definitions of symbols that the question names."""
        return reciprocal_rank([*(part.search(question, max(k, DEPTH)) for part in self.parts), *more], k)
