"""From passages to quotes: which sentence of what was found answers the question.

The unit of retrieval is a passage, the unit of quotation a sentence inside it. The reader reads the first passages; a
sentence is scored by how likely its passage is the right one, by the reader's score for the sentence, by whether the
reader's answer stands in it, by the share of the question's weight (idf) that its own words and those of its passage
and heading carry, and by whether it is prose or a statement. Measured beside its parts in ``benchmarks/squad.py``.
Knows nothing of language models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import mul

from ..corpus import catalog, words
from ..corpus.document import Evidence
from ..corpus.spans import sentences
from ..corpus.spans.examples import MANUALS, examples
from ..corpus.store import Store
from .reader.reader import Reading
from .reader.retriever import LEAST, READ, read, relevance

FEATURES = ("passage", "sentence", "answer", "own", "context")
WEIGHTS = (0.6, 0.35, 0.085, 2.5, 0.43)
"""Fitted by ``training/fusion.py``; the score is then a log-odds up to a constant of the question."""
STATEMENT, TEST, LENGTH = 3.0, 1.5, 0.6
"""Taken off for a statement of code or an example of a manual, for code that tests, and for each doubling beyond
``LONG_CHARS``."""
LONG_CHARS = 400

_TEST = re.compile(r"(?:^|/)(?:tests?/|test_|conftest)")
_REFERENCE = re.compile(r"(?:\.\.\s*)?\[\w+\]\s|https?://\S+$")
_HEADING = re.compile(r"#{1,6}\s[^\n]*|[^\n]+\n\s*([=~^\"'`#*+-])\1{2,}")
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
    reading: Reading
    """Of the passage."""
    features: tuple[float, ...]
    """By ``FEATURES``: log-odds that the passage is the right one; the reader's for the sentence; its margin for the
    answer if that stands in the sentence; shares of the question's idf weight that the sentence's own words carry, and
    its passage with heading and document name."""
    score: float
    example: bool = False
    """It stands in an example of a manual."""

    @property
    def own(self) -> float:
        return self.features[3]

    @property
    def context(self) -> float:
        return self.features[4]


def best_sentences(store: Store, question: str, hits: Sequence[Evidence], k: int) -> list[Quote]:
    """The ``k`` best sentences of the first ``READ`` hits, best first. Empty when nothing was found."""
    return sorted(sentences_of(store, question, hits), key=lambda quote: -quote.score)[:k]


def sentences_of(store: Store, question: str, hits: Sequence[Evidence]) -> list[Quote]:
    """Every sentence that may be an answer, scored."""
    passages = [hit for hit in hits if hit.span][:READ]
    weights = words.idf(store, words.stems(question))
    found = []
    for hit, reading in zip(passages, read(question, passages), strict=True):
        context = _share(weights, f"{hit.name} {hit.heading} {_without(question, hit.quote)}")
        shown, code = examples(hit.quote, hit.name), hit.kind == "code" and hit.name.endswith(MANUALS)
        for (start, end), sentence in reading.sentences:
            text = hit.quote[start:end]
            if not may_answer(text, question):
                continue
            answer = max(LEAST, reading.margin) if start <= reading.answer[0] < end else LEAST
            features = (relevance(hit, reading), max(LEAST, sentence), answer, _share(weights, text), context)
            example = code or any(first <= start < last for first, last in shown)
            score = sum(map(mul, WEIGHTS, features)) + _shape(text, hit, example)
            found.append(Quote(narrowed(store, hit, start, end), hit, reading, features, score, example))
    return found


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


def _shape(text: str, hit: Evidence, example: bool) -> float:
    """Prose before statements and the examples of a manual, short before long."""
    statement = example or (hit.kind in _CODE_KINDS and _STATEMENT.match(text) is not None)
    tested = _TEST.search(hit.name) is not None
    return -STATEMENT * statement - TEST * tested - LENGTH * (len(text) // LONG_CHARS).bit_length()


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
