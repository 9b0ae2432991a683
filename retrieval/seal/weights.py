"""What a written key weighs: how much likelier it is for this question than in the corpus at large (SEAL, Bevilacqua et
al., 2022).

With s = log p(key | question) and u = log((occurrences + 5) / (N + 5)) of N corpus tokens,

    w = max(0, (s + log(1 - e^u)) - (u + log(1 - e^s))) ** ALPHA

is the log-odds ratio of the two; a single token has no exponent. Documents are then scored as by the question's own
n-grams (``ngram/scoring.py``): first by the sum of the keys in them, then with coverage and novelty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import expm1, log

from ..ngram.scoring import Key
from ..ngram.segments import Segments
from .decode import Written

ALPHA = 2.0
SMOOTHING = 5
OWN = 2.0
"""What the question's own n-grams weigh beside the written keys."""
MOST_KEYS = 600


def log_odds(score: float, count: int, total: int) -> float:
    """The weight of a key. ``score`` is log p(key | question), ``count`` its occurrences among ``total`` tokens; 0
    where the corpus alone makes the key as likely."""
    corpus = log((count + SMOOTHING) / (total + SMOOTHING))
    return max(0.0, (score + _log_not(corpus)) - (corpus + _log_not(score)))


def _log_not(score: float) -> float:
    """log(1 - e ** score)."""
    return log(-expm1(min(score, -1e-9)))


def weigh(segments: Segments, written: Iterable[Written], total: int) -> list[Key]:
    """Weighs the keys and gives the ``MOST_KEYS`` heaviest, heaviest first; a key that was written twice counts as the
    likelier."""
    best: dict[tuple[int, ...], tuple[float, Written]] = {}
    for one in written:
        weight = log_odds(one.score, one.count, total) ** (1 if len(one.tokens) == 1 else ALPHA)
        if weight > best.get(one.tokens, (0.0, one))[0]:
            best[one.tokens] = weight, one
    heaviest = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].tokens))[:MOST_KEYS]
    return [Key(one.tokens, 0, one.count, weight, one.intervals(segments)) for weight, one in heaviest]


def together(written: Sequence[Key], own: Sequence[Key]) -> list[Key]:
    """Puts both lists together, each key once, with the greater of its weights, heaviest first."""
    found = {key.tokens: key for key in written}
    for key in own:
        weight = OWN * key.weight
        if key.tokens not in found or found[key.tokens].weight < weight:
            found[key.tokens] = replace(key, weight=weight)
    return sorted(found.values(), key=lambda key: (-key.weight, key.tokens))
