"""When to say "not found here": from how much of the question the best evidence carries, in words and in meaning.

A logistic model over three figures, fitted by ``benchmarks/not_found.py`` on questions whose documents were in the
library or had been left out; that script prints its risk and coverage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..retrieval.quoting import Quote

BIAS, CONTEXT, OWN, COSINE = -10.1, 5.2, 1.4, 13.8
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    found: bool
    confidence: float
    """Estimated probability that the library answers the question."""


def judge(quotes: list[Quote]) -> Verdict:
    if not quotes:
        return Verdict(False, 0.0)
    best = quotes[0]
    logit = BIAS + CONTEXT * best.context + OWN * best.own + COSINE * best.cosine
    confidence = 1 / (1 + math.exp(-logit))
    return Verdict(confidence >= THRESHOLD, confidence)
