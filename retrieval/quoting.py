"""From passages to quotes: which sentence of what was found answers the question.

The unit of retrieval is a passage, the unit of quotation a sentence inside it. A sentence is scored by the share of the
question's weight (idf) that its own words carry, by the share that its passage and heading carry, by its cosine with
the question, by the rank of its passage, and by whether it is prose or a statement. Measured beside its parts in
``benchmarks/squad.py``. Knows nothing of language models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import catalog, words
from .base import Embedder, Evidence
from .spans import sentences
from .store import Store

PASSAGES = 8
"""How many passages are read for sentences."""
ENCODED = 16
"""How many of their sentences, best by words, are also compared by meaning."""
OWN, CONTEXT, COSINE, RANK = 1.0, 0.85, 1.1, 0.35
"""Weights of the parts."""
STATEMENT, TEST, LENGTH = 0.6, 0.3, 0.15
"""Taken off for a statement of code, for code that tests, and for each doubling beyond ``LONG_CHARS``."""
LONG_CHARS = 400

_TEST = re.compile(r"(?:^|/)(?:tests?/|test_|conftest)")
_REFERENCE = re.compile(r"(?:\.\.\s*)?\[\w+\]\s|https?://\S+$")
_HEADING = re.compile(r"#{1,6}\s[^\n]*|[^\n]+\n\s*([=~^\"'`#*+-])\1{2,}")
_MANUAL = (".md", ".rst", ".html", ".txt")
_CODE_KINDS = ("function", "class", "module", "code")
_STATEMENT = re.compile(
    r"@|(?:async|def|class|return|if|elif|else|for|while|try|except|finally|with|raise|import|from|assert|yield|del|pass"
    r"|break|continue|global|nonlocal)\b|[\w.]+(?:\[[^\]]*\])?(?:, [\w.]+)*(?:: [\w.\[\], |]+)? ?(?:[-+*/|&%]?= |\()"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """``evidence`` is ``passage`` narrowed to one sentence: its span and quote are the sentence's, verbatim."""

    evidence: Evidence
    passage: Evidence
    score: float
    own: float
    """Share of the question's idf weight that the sentence's own words carry, 0 to 1."""
    context: float
    """The same for its passage with its heading and the document's name."""
    cosine: float


def best_sentences(store: Store, embedder: Embedder, question: str, hits: Sequence[Evidence], k: int) -> list[Quote]:
    """The ``k`` best sentences of the first ``PASSAGES`` hits, best first. Empty when nothing was found."""
    weights = words.idf(store, words.stems(question))
    found: list[tuple[float, float, float, Evidence, int, int]] = []
    for rank, hit in enumerate([hit for hit in hits if hit.span][:PASSAGES]):
        context = _share(weights, f"{hit.name} {hit.heading} {_without(question, hit.quote)}")
        base = CONTEXT * context + RANK / (1 + rank) - TEST * bool(_TEST.search(hit.name))
        for start, end in sentences(hit.quote, 0, len(hit.quote), hit.kind):
            text = hit.quote[start:end]
            if not may_answer(text, question):
                continue
            own = _share(weights, text)
            found.append((base + OWN * own + _shape(text, hit), own, context, hit, start, end))
    found.sort(key=lambda entry: -entry[0])
    return _with_meaning(store, embedder, question, found[: max(ENCODED, k)])[:k]


def _share(weights: dict[str, float], text: str) -> float:
    present = set(words.stems(text))
    return sum(weight for stem, weight in weights.items() if stem in present) / (sum(weights.values()) or 1.0)


def _plain(text: str) -> str:
    return " ".join(words.words(text))


def _without(question: str, text: str) -> str:
    """A passage that repeats the question is not thereby about its subject."""
    return re.sub(re.escape(question.strip()), " ", text, flags=re.IGNORECASE)


def may_answer(text: str, question: str) -> bool:
    """A heading, a question, the question itself or the name of a publication is no answer."""
    asked = _plain(question)
    asks = text.rstrip("\"'`*_,() ").endswith("?") or (asked and asked in _plain(text))
    return not (asks or _REFERENCE.match(text) or _HEADING.fullmatch(text))


def _shape(text: str, hit: Evidence) -> float:
    """Prose before statements and the examples of a manual, short before long."""
    example = hit.kind == "code" and hit.name.endswith(_MANUAL)
    statement = example or (hit.kind in _CODE_KINDS and _STATEMENT.match(text) is not None)
    return -STATEMENT * statement - LENGTH * (len(text) // LONG_CHARS).bit_length()


def _with_meaning(
    store: Store, embedder: Embedder, question: str, found: list[tuple[float, float, float, Evidence, int, int]]
) -> list[Quote]:
    if not found:
        return []
    vectors = embedder.encode(
        [question, *(f"{hit.heading} {hit.quote[start:end]}".strip() for *_, hit, start, end in found)]
    )
    quotes = [
        Quote(narrowed(store, hit, start, end), hit, score + COSINE * cosine, own, context, cosine)
        for (score, own, context, hit, start, end), cosine in zip(
            found, (vectors[1:] @ vectors[0]).tolist(), strict=True
        )
    ]
    return sorted(quotes, key=lambda quote: -quote.score)


def narrowed(store: Store, hit: Evidence, start: int, end: int) -> Evidence:
    """``hit`` cut down to characters ``start`` to ``end`` of its quote, with lines and page of its own."""
    assert hit.span is not None
    line = hit.span.line + hit.quote.count("\n", 0, start)
    plain = replace(
        hit.span,
        start=hit.span.start + start,
        end=hit.span.start + end,
        line=line,
        end_line=line + hit.quote.count("\n", start, end),
    )
    span = catalog.in_original(catalog.marks(store, plain.document), plain)
    return replace(hit, quote=hit.quote[start:end], span=span)


def surroundings(store: Store, quote: Quote, chars: int) -> Evidence:
    """The quoted sentence with its neighbours in the passage, as many as fit into ``chars`` characters."""
    passage, inner = quote.passage, quote.evidence.span
    assert passage.span is not None
    assert inner is not None
    places = sentences(passage.quote, 0, len(passage.quote), passage.kind)
    at = inner.start - passage.span.start
    first = last = next(index for index, (start, _) in enumerate(places) if start == at)
    while True:
        wider = [(first - 1, last), (first, last + 1)]
        fits = [(a, z) for a, z in wider if a >= 0 and z < len(places) and places[z][1] - places[a][0] <= chars]
        if not fits:
            return narrowed(store, passage, places[first][0], places[last][1])
        first, last = fits[-1]
