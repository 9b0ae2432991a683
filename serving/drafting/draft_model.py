"""A small language model as drafter: it writes a few tokens, the large one reads them all in one pass.

Speculative sampling (Leviathan et al., 2023, arXiv 2211.17192; Chen et al., 2023, arXiv 2302.01318). Any network with
the vocabulary of the large one will do; it keeps keys and values of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..network.network import CausalNetwork
from .small_model import Ahead, Asking, Draws, Following, Growth


@dataclass(frozen=True, slots=True)
class DraftChain:
    """One token behind the other, at most ``steps``. The first one of which the small model was less sure than
    ``least`` (its likeliest token's chance) is the last one."""

    steps: int = 6
    least: float = 0.0

    def __call__(self, growth: Growth, ahead: Ahead, draws: Draws, budget: int) -> None:
        count = min(self.steps, budget)
        for place in range(-1, count - 1):
            law = growth.laws[place + 1]
            token = draws.best(law, 1)[0]
            growth.add(place, token)
            if law.max() < self.least or place == count - 2:
                return
            growth.laws[place + 2] = draws.laws(ahead.grow([token], [place]))[0]


def draft_model(*, network: CausalNetwork, steps: int = 6, least: float = 0.0) -> Asking:
    """``network`` guesses a chain, see ``DraftChain``."""

    def follow(prompt: Sequence[int]) -> Following:
        return Following(network, prompt)

    return Asking("draft-model", follow, DraftChain(steps, least))
