"""``C(q)``: what a pass over q tokens costs on this machine, measured on the network itself in a fraction of a second.

Knows nothing of what is done with it (``drafting/budget.py``).
"""

from __future__ import annotations

import time

from ..drafting.budget import Costs
from .network import Network, Part

WIDTHS = (1, 2, 4, 8, 16, 32, 64)
BEFORE = 256
"""Tokens that stand before the measured ones."""


def measured(network: Network, repeats: int = 3) -> dict[int, float]:
    """Seconds of a pass by its width: the fastest of ``repeats``, so that what else runs counts least."""
    before = network.memory(BEFORE)
    network.forward([Part(before, [index % network.vocabulary for index in range(BEFORE)])], [])
    seconds = dict.fromkeys(WIDTHS, float("inf"))
    for _ in range(repeats):
        for width in WIDTHS:
            memory = before.copy(BEFORE, BEFORE + width)
            start = time.perf_counter()
            network.forward([Part(memory, [5] * width)])
            seconds[width] = min(seconds[width], time.perf_counter() - start)
    # A pass costs no more than a wider one; where it seems to, something else ran at the time.
    return {width: min(seconds[other] for other in WIDTHS if other >= width) for width in WIDTHS}


def costs(network: Network) -> Costs:
    return Costs(measured(network))
