"""From passages to quotes: which sentence of what was found answers the question.

The unit of retrieval is a passage, the unit of quotation a sentence inside it. A sentence is scored by how much of the
question's weight (idf) its own words carry, by how much its passage and heading carry, by its cosine with the question,
and by the rank of its passage. Measured beside its parts in ``benchmarks/squad.py``. Knows nothing of language models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import catalog, lexical
from .base import Document, Embedder, Evidence
from .spans import sentences
from .store import Store

PASSAGES = 8
"""How many passages are read for sentences."""
ENCODED = 24
"""How many of their sentences, best by words, are also compared by meaning."""
SENTENCE, PASSAGE, COSINE, RANK = 1.0, 0.6, 1.0, 0.4
"""Weights of the four parts."""


@dataclass(frozen=True, slots=True)
class Quote:
    """``evidence`` narrowed to one sentence: its span and quote are the sentence's, verbatim."""

    evidence: Evidence
    score: float
    coverage: float
    """Share of the question's idf weight that the sentence's passage and heading carry, 0 to 1."""
    own: float
    """The same for the sentence alone."""
    cosine: float


def best_sentences(store: Store, embedder: Embedder, question: str, hits: Sequence[Evidence], k: int) -> list[Quote]:
    """The ``k`` best sentences of the first ``PASSAGES`` hits, best first. Empty when nothing was found."""
    weights = lexical.idf(store, lexical.stems(question))
    total = sum(weights.values()) or 1.0

    def share(text: str) -> float:
        present = set(lexical.stems(text))
        return sum(weight for stem, weight in weights.items() if stem in present) / total

    found: list[Quote] = []
    for rank, hit in enumerate([hit for hit in hits if hit.span][:PASSAGES]):
        context = share(f"{hit.name} {hit.heading} {hit.quote}")
        for start, end in sentences(hit.quote, 0, len(hit.quote)):
            own = share(hit.quote[start:end])
            score = SENTENCE * own + PASSAGE * context + RANK / (1 + rank)
            found.append(Quote(narrowed(store, hit, start, end), score, context, own, 0.0))
    found.sort(key=lambda quote: -quote.score)
    return _with_meaning(embedder, question, found[:ENCODED])[:k]


def _with_meaning(embedder: Embedder, question: str, quotes: list[Quote]) -> list[Quote]:
    if not quotes:
        return []
    vectors = embedder.encode([question, *(f"{quote.evidence.heading} {quote.evidence.quote}".strip() for quote in quotes)])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    scored = [replace(quote, cosine=cosine, score=quote.score + COSINE * cosine)
              for quote, cosine in zip(quotes, cosines, strict=True)]
    return sorted(scored, key=lambda quote: -quote.score)


def narrowed(store: Store, hit: Evidence, start: int, end: int) -> Evidence:
    """``hit`` cut down to characters ``start`` to ``end`` of its quote, with lines and page of its own."""
    assert hit.span is not None
    before = hit.quote.count("\n", 0, start)
    inside = hit.quote.count("\n", start, end)
    page = hit.span.page
    if page is not None:
        document: Document | None = catalog.load_document(store, hit.span.document)
        mark = document.mark_at(hit.span.start + start) if document else None
        page = mark.page if mark else page
    line = hit.span.line + before
    span = replace(hit.span, start=hit.span.start + start, end=hit.span.start + end, line=line, end_line=line + inside, page=page)
    return replace(hit, quote=hit.quote[start:end], span=span)
