"""``C(q)``: what a pass over q tokens costs on this machine, measured on the network itself in a fraction of a second.

Knows nothing of what is done with it (``drafting/budget.py``).
"""

from __future__ import annotations

import time

from ..drafting.budget import Costs
from .memory import Memory
from .network import Network, Part

WIDTHS = (1, 2, 4, 8, 16, 32, 64)
BEFORE = 256
"""Tokens that stand before the measured ones."""


def measured(network: Network, repeats: int = 3) -> dict[int, float]:
    """Seconds of a pass by its width: the fastest of ``repeats``, so that what else runs counts least."""
    memory = Memory(network.shape, BEFORE + WIDTHS[-1])
    network.forward([Part(memory, [index % network.vocabulary for index in range(BEFORE)])], [])
    seconds = dict.fromkeys(WIDTHS, float("inf"))
    for _ in range(repeats):
        for width in WIDTHS:
            start = time.perf_counter()
            network.forward([Part(memory, [5] * width)])
            seconds[width] = min(seconds[width], time.perf_counter() - start)
            memory.length = BEFORE
    return seconds


def costs(network: Network) -> Costs:
    return Costs(measured(network))
