"""How many units each layer keeps, so that ``keep`` of all stay: policies over plain numbers, without tensors.

Widths are multiples of ``multiple``, and their sum is that of equal widths.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, pstdev


@dataclass(frozen=True, slots=True)
class Survey:
    """What the dense model's pass over the calibration text says of one group."""

    scores: Sequence[float]
    """The scores of its units."""
    turned: float = 0.0
    """Mean angle between what goes into the layer and what comes out, as a share of half a turn."""
    influence: float = 0.0
    """Mean of one minus the cosine of that angle."""
    losses: Mapping[int, float] = field(default_factory=dict)
    """What the model says worse, in nats, by how many units are kept."""


Budget = Callable[[Sequence[Survey], float, int], list[int]]
"""``(surveys, keep, multiple)`` to units kept in each."""


def uniform(surveys: Sequence[Survey], keep: float, multiple: int) -> list[int]:
    """The same everywhere: what every checkpoint format can say."""
    return [equal(len(survey.scores), keep, multiple) for survey in surveys]


def equal(units: int, keep: float, multiple: int) -> int:
    """``keep`` of ``units``, to the nearest multiple, at least one."""
    return min(units, max(multiple, round(keep * units / multiple) * multiple))


def standardise(surveys: Sequence[Survey], keep: float, multiple: int) -> list[int]:
    """Scores less their layer's mean over its deviation, one threshold for all (FLAP, arXiv 2312.11983)."""
    pooled: list[tuple[float, int]] = []
    for number, survey in enumerate(surveys):
        mean, spread = fmean(survey.scores), pstdev(survey.scores) or 1.0
        pooled += [((score - mean) / spread, number) for score in survey.scores]
    pooled.sort(key=lambda pair: (-pair[0], pair[1]))
    best = [number for _, number in pooled[: round(keep * len(pooled))]]
    return level_widths([best.count(number) for number in range(len(surveys))], surveys, keep, multiple)


STEEPNESS = 128 * 1024 / 1e4
"""CFSP's released code adds the angles of its 131,072 tokens up and divides by a constant ten thousand."""


def sigmoid(surveys: Sequence[Survey], keep: float, multiple: int) -> list[int]:
    """Shares along the sigmoid of how far each layer turns its input (CFSP, arXiv 2409.13199)."""
    mean = fmean(survey.turned for survey in surveys)
    shares = [1 / (1 + math.exp(-STEEPNESS * (survey.turned - mean))) for survey in surveys]
    kept = [keep * share / fmean(shares) for share in shares]
    while max(kept) >= 1 and keep < 1:
        kept = [keep + (one - keep) * (1 / 1.05) * (1 - keep) / (max(kept) - keep) for one in kept]
    return level_widths(
        [one * len(survey.scores) for one, survey in zip(kept, surveys, strict=True)], surveys, keep, multiple
    )


TEMPERATURE, MOST = 0.15, 0.8


def softmax(surveys: Sequence[Survey], keep: float, multiple: int) -> list[int]:
    """What is cut along the softmax of how little each layer changes its input, at most four fifths of a layer
    (MoDeGPT, arXiv 2408.09632)."""
    weights = [math.exp(-survey.influence / TEMPERATURE) for survey in surveys]
    total, cut = len(surveys) * (1 - keep), [0.0] * len(surveys)
    free = set(range(len(surveys)))
    while free:
        left = total - sum(one for number, one in enumerate(cut) if number not in free)
        whole = sum(weights[number] for number in free)
        for number in free:
            cut[number] = left * weights[number] / whole
        over = {number for number in free if cut[number] > MOST}
        if not over:
            break
        for number in over:
            cut[number] = MOST
        free -= over
    kept = [(1 - one) * len(survey.scores) for one, survey in zip(cut, surveys, strict=True)]
    return level_widths(kept, surveys, keep, multiple)


def cheapest(surveys: Sequence[Survey], keep: float, multiple: int) -> list[int]:
    """What is cut is what costs least, a multiple at a time: ZipLM's knapsack (arXiv 2302.04089) where every channel
    takes as long, over losses that grow faster the more is cut."""
    widths, wanted = [len(survey.scores) for survey in surveys], sum(uniform(surveys, keep, multiple))
    while sum(widths) > wanted:
        costs = {
            at: survey.losses[width - multiple] - survey.losses[width]
            for at, (survey, width) in enumerate(zip(surveys, widths, strict=True))
            if width > multiple
        }
        widths[min(costs, key=costs.__getitem__)] -= multiple
    return widths


def level_widths(wanted: Sequence[float], surveys: Sequence[Survey], keep: float, multiple: int) -> list[int]:
    """``wanted`` as multiples within each layer's bounds, whose sum is that of ``uniform``: the one that is furthest
    from what it wanted moves."""
    units = [len(survey.scores) for survey in surveys]
    widths = [
        min(most, max(multiple, round(one / multiple) * multiple)) for one, most in zip(wanted, units, strict=True)
    ]
    missing = sum(uniform(surveys, keep, multiple)) - sum(widths)
    while abs(missing) >= multiple:
        step = multiple if missing > 0 else -multiple
        able = [at for at, width in enumerate(widths) if multiple <= width + step <= units[at]]
        if not able:
            break
        chosen = max(able, key=lambda at: ((wanted[at] - widths[at]) * step, -at))
        widths[chosen] += step
        missing -= step
    return widths
