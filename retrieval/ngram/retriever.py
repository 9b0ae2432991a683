"""N-gram search: passages that share the question's own phrases, rare and long ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...corpus.catalog import evidence
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...corpus.words import STOPWORDS
from .generation import Corpus, words
from .kinds import T
from .scoring import Key, by_first, candidates, question_keys, score
from .tokens import Tokens, WordTokenizer

SHOWN = 6


class NgramRetriever:
    """Finds passages by n-grams. It uses neither an embedder nor a model: the index is of words alone."""

    name = "ngram"

    def __init__(self, store: Store, embedder: object = None, model: object = None) -> None:
        self._store = store

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages by the question's n-grams. Raises ``StorageError`` for a damaged index file."""
        corpus = words(self._store)
        asked = corpus.tokenizer.encode(question)
        keys = question_keys(corpus.segments, asked.ids.tolist(), stopwords(corpus.tokenizer))
        best, used = rank(corpus, keys, k)
        hits = evidence(self._store, best, self.name, "")
        return [replace(hit, why=_why(question, asked, used[hit.key])) for hit in hits]


def stopwords(tokenizer: WordTokenizer) -> frozenset[int]:
    """The token ids of stopwords, as far as they occur."""
    known = tokenizer.vocabulary
    return frozenset(known[word] for word in STOPWORDS if word in known)


def rank(corpus: Corpus[T], keys: Sequence[Key], k: int) -> tuple[list[tuple[int, float]], dict[int, list[Key]]]:
    """The ``k`` best passages with their scores, best first, and the keys that counted in each, heaviest first."""
    starting = by_first(keys)
    scores: dict[int, float] = {}
    used: dict[int, list[Key]] = {}
    for document in candidates(corpus.segments, keys).tolist():
        scores[document], used[document] = score(starting, corpus.tokens_of(document).ids.tolist(), corpus.mean)
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))[:k], used


def _why(question: str, asked: Tokens, keys: Sequence[Key]) -> str:
    """The phrases as the question has them."""
    parts = []
    for key in keys[:SHOWN]:
        start, end = asked.spans[key.start][0], asked.spans[key.start + len(key.tokens) - 1][1]
        parts.append(" ".join(question[start:end].split()))
    return f"phrases: {', '.join(parts)}"


def occurrences(store: Store, phrase: str, limit: int = 100) -> list[tuple[int, int, int]]:
    """Finds where the words of ``phrase`` stand in a row: ``(passage id, start, end)``, at most ``limit`` per segment.

    ``start`` and ``end`` are characters from the passage's start; case and what stands between words may differ.
    """
    corpus = words(store)
    ids = corpus.tokenizer.encode(phrase).ids.tolist()
    keys, offsets = corpus.segments.locate(corpus.segments.interval(ids), limit) if ids else ((), ())
    found = []
    for key, offset in zip(keys, offsets, strict=True):
        spans = corpus.tokens_of(int(key)).spans
        found.append((int(key), int(spans[offset][0]), int(spans[offset + len(ids) - 1][1])))
    return found
