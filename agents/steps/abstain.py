"""The decision to say "not found here", from what the search and the reader make of the best evidence.

A logistic model, fitted by ``benchmarks/not_found.py`` on questions whose documents were in the library or had been
left out; that script prints its risk and coverage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ...questions.question import Question
from ...retrieval.quoting import FEATURES, UNREAD, Quote
from ...retrieval.reader.retriever import LEAST

NAMES = ("passage", "own", "answered")
BIAS, WEIGHTS = 0.07, (0.81, 1.43, 0.30)
UNREAD_SHARE = 0.13
"""Of a passage in a language that the reader does not know: the share of the question's weight that it must carry."""
LEAST_CONFIDENCE = {"sure": 0.005, "likely": 0.3, "unsure": 0.45, "no": 1.0}
"""By how well the best statement fits the question."""
LEAST_FIT, LEAST_FIT_READ = -4.0, -7.5
"""A statement with several faults is no answer, though each of them alone may be forgiven; more of them where the
confidence is at least ``READ_CONFIDENCE``: search and reader agree, in other words than the question's."""
READ_CONFIDENCE = 0.6


DOUBT, PASSAGE_KNOWN, WORDS_HELD, EXPLAINS = 0.13, -0.47, -1.49, 0.21
"""Log-odds that a statement which likely fits by its words and form is wrong all the same: a constant, the weights of
the passage's log-odds and of the share of the question's weight that the statement holds, and what is added for a
question of how to do something. Fitted on the questions of ``benchmarks/everyday`` that may be looked at, each asked
with and without the passages that answer it; of those that surely fit it told the wrong ones no better than chance."""
MOST_DOUBT = -1.0
_EXPLAINED = frozenset({"steps", "code", "passage"})
_DOUBTFUL = "the passage matches the question too weakly"


@dataclass(frozen=True, slots=True)
class Judgement:
    found: bool
    confidence: float
    """Estimated probability that the library answers the question."""


def features(quote: Quote) -> tuple[float, ...]:
    """The values that ``NAMES`` names: log-odds that the passage is the right one, the share of the question's weight
    that the sentence carries, and the log-odds that the passage answers."""
    return quote.features[0], quote.own, max(LEAST, quote.reading.answered)


def judge(quotes: list[Quote]) -> Judgement:
    """A statement that does not fit the question is no answer, however near it is; one that surely does, is."""
    if not quotes or quotes[0].fit.level == "no":
        return Judgement(False, 0.0)
    best, fitting = quotes[0], quotes[0].fit
    if best.cell and fitting.level in ("sure", "likely"):
        return Judgement(True, best.context)
    if best.reading is UNREAD and best.evidence.kind != "table":
        return Judgement(best.context >= UNREAD_SHARE or fitting.level in ("sure", "likely"), best.context)
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(best), strict=True))
    confidence = 1 / (1 + math.exp(-logit))
    least = LEAST_FIT_READ if confidence >= READ_CONFIDENCE else LEAST_FIT
    return Judgement(fitting.score > least and confidence >= LEAST_CONFIDENCE[fitting.level], confidence)


def doubt(asked: Question, quote: Quote) -> Quote:
    """``quote``, unsure where statements of its kind that likely fit are wrong too often."""
    by_form = any(quote.features[FEATURES.index(name)] for name in ("cell", "keyed", "termed"))
    if quote.fit.level != "likely" or quote.reading is UNREAD or by_form:
        return quote
    doubt = DOUBT + PASSAGE_KNOWN * quote.features[0] + WORDS_HELD * quote.own + EXPLAINS * (asked.kind in _EXPLAINED)
    if doubt <= MOST_DOUBT:
        return quote
    return replace(quote, fit=replace(quote.fit, level="unsure", reasons=(*quote.fit.reasons, _DOUBTFUL)))
