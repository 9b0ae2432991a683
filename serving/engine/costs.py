"""``C(q)``: what a pass over q tokens costs on this machine, measured on the network itself in a fraction of a second.

Attention makes a wider pass dearer the more tokens stand before it, so two lengths are measured. Knows nothing of what
is done with it (``drafting/budget.py``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from ..drafting.budget import Costs
from ..network.cache import KVCache
from ..network.device import wait_for
from ..network.lean import ROWS
from ..network.network import CausalNetwork, SequenceInput

BEFORE, FAR = 256, 1536
"""Tokens that stand before the measured ones; the larger number only for ``ENDS``."""
ENDS = (1, 16)
STEP = 256
"""Lengths are rounded down to multiples of it."""


class Prices:
    """``C(q)`` by how many tokens stand before a pass."""

    def __init__(self, seconds: Mapping[int, float], token: float = 0.0, pair: float = 0.0) -> None:
        """``seconds`` of a pass by its width with ``BEFORE`` tokens before it; each further one adds ``token`` seconds
        to a pass and ``pair`` to each of its own tokens. Raises ``InputError`` for senseless seconds."""
        self.seconds, self.token, self.pair = dict(seconds), token, pair
        self._known = {BEFORE: Costs(seconds)}

    def at(self, length: int) -> Costs:
        place = length // STEP * STEP if self.token or self.pair else BEFORE
        if place not in self._known:
            more, (narrow, *_) = place - BEFORE, sorted(self.seconds)
            least = self.seconds[narrow] / 2  # an extrapolation must not make a short sequence free
            found = {w: max(least, each + more * (self.token + w * self.pair)) for w, each in self.seconds.items()}
            self._known[place] = Costs(found)
        return self._known[place]


def prices(network: CausalNetwork, context: int) -> Prices:
    """The prices of a network that reads at most ``context`` tokens."""
    seconds = measure(network, before=max(1, min(BEFORE, context - ROWS[-1])))
    if type(network.memory()) is not KVCache or context < FAR + ENDS[-1]:
        return Prices(seconds)  # what a long input keeps in sight does not grow
    far = measure(network, ENDS, FAR)
    slopes = [(far[width] - seconds[width]) / (FAR - BEFORE) for width in ENDS]
    pair = max(0.0, (slopes[1] - slopes[0]) / (ENDS[1] - ENDS[0]))
    return Prices(seconds, max(0.0, slopes[0] - pair), pair)


def measure(
    network: CausalNetwork, widths: Sequence[int] = ROWS, before: int = BEFORE, repeats: int = 2
) -> dict[int, float]:
    """Seconds of a pass by its width: the fastest of ``repeats``, so that what else runs counts least."""
    memory = network.memory(before + max(widths))
    if type(memory) is not KVCache:
        network.forward([SequenceInput(memory, [index % network.vocabulary for index in range(before)])], [])
    seconds = dict.fromkeys(widths, float("inf"))
    for _ in range(repeats):
        for width in widths:
            memory.length = before  # what a column holds does not change the time
            start = time.perf_counter()
            network.forward([SequenceInput(memory, [5 % network.vocabulary] * width)])
            wait_for(network.shape.device)
            seconds[width] = min(seconds[width], time.perf_counter() - start)
    # A pass costs no more than a wider one; where it seems to, something else ran at the time.
    return {width: min(seconds[other] for other in widths if other >= width) for width in widths}
