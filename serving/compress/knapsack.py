"""The widths of least error that a target time allows: one of several for each layer (ZipLM, arXiv 2302.04089).

Times are counted in ``TICKS`` of the allowed one, each rounded up, so that the answer never takes longer than asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

TICKS = 4096


def lightest(errors: Sequence[Mapping[int, float]], seconds: Sequence[Mapping[int, float]], most: float) -> list[int]:
    """One width for each layer: the sum of ``errors[layer][width]`` is the least whose ``seconds`` sum to at most
    ``most``. Raises ``ValueError`` with the least time that can be had when none do."""
    least = sum(min(times.values()) for times in seconds)
    if least > most or most <= 0:
        raise ValueError(f"{least:.6g}")
    tick = most / TICKS
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for losses, times in zip(errors, seconds, strict=True):
        grown: dict[int, tuple[float, tuple[int, ...]]] = {}
        for spent, (error, widths) in best.items():
            for width, loss in losses.items():
                then = spent + math.ceil(times[width] / tick - 1e-9)
                if then <= TICKS and (then not in grown or error + loss < grown[then][0]):
                    grown[then] = error + loss, (*widths, width)
        best = _useful(grown)
    if not best:
        raise ValueError(f"{least:.6g}")
    return list(min(best.values())[1])


def _useful(states: Mapping[int, tuple[float, tuple[int, ...]]]) -> dict[int, tuple[float, tuple[int, ...]]]:
    """Without those that take longer than another and are no better."""
    kept: dict[int, tuple[float, tuple[int, ...]]] = {}
    least = math.inf
    for spent in sorted(states):
        if states[spent][0] < least:
            kept[spent], least = states[spent], states[spent][0]
    return kept
