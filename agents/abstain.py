"""When to say "not found here": from what the search and the reader make of the best evidence, and its words.

A logistic model, fitted by ``benchmarks/not_found.py`` on questions whose documents were in the library or had been
left out; that script prints its risk and coverage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..retrieval.quoting import Quote
from ..retrieval.reader.retriever import LEAST

NAMES = ("passage", "own", "answered")
BIAS, WEIGHTS = 0.07, (0.81, 1.43, 0.30)
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    found: bool
    confidence: float
    """Estimated probability that the library answers the question."""


def features(quote: Quote) -> tuple[float, ...]:
    """By ``NAMES``: log-odds that the passage is the right one, the share of the question's weight that the sentence
    carries, and the log-odds that the passage answers."""
    return quote.features[0], quote.own, max(LEAST, quote.reading.answered)


def judge(quotes: list[Quote]) -> Verdict:
    if not quotes:
        return Verdict(False, 0.0)
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(quotes[0]), strict=True))
    confidence = 1 / (1 + math.exp(-logit))
    return Verdict(confidence >= THRESHOLD, confidence)
