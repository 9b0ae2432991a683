"""Several searches into one list: by what their scores mean where that is known, by rank where it is not.

Dense and lexical scores are put on one scale, the log-odds that the passage is relevant (a logistic model, fitted by
``training/fusion.py``). Lists whose scores are not comparable are fused by reciprocal rank (Cormack, Clarke and
Büttcher, 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import log

from ..corpus.document import Evidence
from ..corpus.languages import ENGLISH, language_of
from ..corpus.spans.examples import MANUALS
from ..corpus.spans.units import CODE_KINDS
from ..corpus.store import Store
from .base import Embedder, Retriever
from .dense.retriever import DenseRetriever
from .embedders import is_multilingual
from .lexical import LexicalRetriever

RRF_K = 60
DEPTH = 50
"""How many hits of each retriever are fused."""
BIAS, COSINE, LEXICAL = -15.3, 15.0, 6.9
"""Log-odds of relevance from the cosine and from the BM25 score as a share of the best one for the question."""
LEXICAL_ON_CODE = 1.5
USUAL = 0.7
"""The weight of words where the passage is source code: the words of a short question are seldom its names. The share
that code is then taken to have, so that it stands among texts as before."""
COSINE_ELSEWHERE = 1.0
"""The weight of the cosine for questions in other languages than English, where the embedder is made for English."""
NAMED = 3.0
"""Added to the first of a list of others, such as the definition of a symbol that the question names; less further
down."""

Key = object


def reciprocal_rank(lists: Sequence[Sequence[Evidence]], k: int) -> list[Evidence]:
    """The ``k`` best by the sum of 1 / (60 + rank)."""
    scores: dict[Key, float] = {}
    for hits in lists:
        for rank, hit in enumerate(hits, start=1):
            scores[key(hit)] = scores.get(key(hit), 0.0) + 1 / (RRF_K + rank)
    return merge_lists(lists, scores, k)


def fuse_calibrated(
    dense: Sequence[Evidence],
    lexical: Sequence[Evidence],
    more: Sequence[Sequence[Evidence]],
    k: int,
    on_code: float | None = None,
    known: bool = True,
) -> list[Evidence]:
    """The ``k`` most likely to be relevant; the score is the log-odds. ``on_code``: another weight of words in code;
    ``known``: whether the embedder knows the question's language."""
    every = (hit for hits in (dense, lexical, *more) for hit in hits)
    code = {key(hit) for hit in every if hit.kind in CODE_KINDS and not hit.name.endswith(MANUALS)}
    weight = LEXICAL_ON_CODE if on_code is None else on_code
    near = COSINE if known else COSINE_ELSEWHERE
    scores = {
        name: BIAS
        + near * cosine
        + (weight * share + (LEXICAL - weight) * USUAL if name in code else LEXICAL * share)
        + NAMED * named
        for name, (cosine, share, named) in features(dense, lexical, more).items()
    }
    return merge_lists([dense, lexical, *more], scores, k)


def features(
    dense: Sequence[Evidence], lexical: Sequence[Evidence], more: Sequence[Sequence[Evidence]]
) -> dict[Key, tuple[float, float, float]]:
    """Gives of each hit its cosine, its share of the best BM25 score, and 1 / its rank in one of ``more``. A hit that
    one search did not find counts there like the last that it did find, and one without any word of the question has no
    share."""
    cosines, words = ({key(hit): hit.score for hit in hits} for hits in (dense, lexical))
    named = {key(hit): 1 / rank for hits in reversed(more) for rank, hit in enumerate(hits, start=1)}
    least, best = min(cosines.values(), default=0.0), max(words.values(), default=1.0)
    shares = {name: score / best for name, score in words.items()}
    every_word_looked_up = len(lexical) < len(dense)
    last = 0.0 if every_word_looked_up else min(shares.values(), default=0.0)
    return {
        name: (cosines.get(name, least), shares.get(name, last), named.get(name, 0.0))
        for name in (*cosines, *shares, *named)
    }


def key(hit: Evidence) -> Key:
    """What makes two hits the same."""
    return hit.key or (hit.span, hit.query)


def by_rank(hits: Sequence[Evidence]) -> list[Evidence]:
    """Turns scores of any scale into log-odds that fall with the rank."""
    return [replace(hit, score=-log(rank)) for rank, hit in enumerate(hits, start=1)]


def merge_lists(lists: Sequence[Sequence[Evidence]], scores: Mapping[Key, float], k: int) -> list[Evidence]:
    """The ``k`` best by ``scores``. Each result names every retriever that found it, and why."""
    found: dict[Key, list[tuple[int, Evidence]]] = {}
    for hits in lists:
        for rank, hit in enumerate(hits, start=1):
            found.setdefault(key(hit), []).append((rank, hit))
    best = sorted(found, key=lambda name: -scores[name])[:k]
    return [_merge_hits(sorted(found[name], key=lambda entry: entry[0]), scores[name]) for name in best]


def _merge_hits(entries: list[tuple[int, Evidence]], score: float) -> Evidence:
    names = [hit.retriever for _, hit in entries]
    whys = [f"{hit.retriever} #{rank} ({hit.why})" for rank, hit in entries]
    return replace(entries[0][1], score=score, retriever="+".join(names), why="; ".join(whys))


class FusedRetriever:
    """Fuses dense and lexical search, always both, by what their scores mean."""

    name = "fused"

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        model: object = None,
        *,
        near: Retriever | None = None,
        said: Retriever | None = None,
    ) -> None:
        """``near`` and ``said``: whose scores are cosines and BM25, other than all of dense and lexical search."""
        self._store = store
        self._dense = near or DenseRetriever(store, embedder)
        self._lexical = said or LexicalRetriever(store)

    def search(self, question: str, k: int, *more: Sequence[Evidence]) -> list[Evidence]:
        """Searches both ways. ``more`` are ranked lists of others, such as the definitions of symbols that the question
        names."""
        depth = max(k, DEPTH)
        near, said = self._dense.search(question, depth), self._lexical.search(question, depth)
        known = language_of(question) == ENGLISH or is_multilingual(self._store.get("embedder"))
        return fuse_calibrated(near, said, more, k, known=known)
