"""Trees drawn without replacement: Recursive Speculative Decoding (Jeon et al., 2024, arXiv 2402.14160).

``Constant`` (RSD-C) draws a fixed number of children everywhere; ``Beam`` (RSD-S) draws whole paths without
replacement by stochastic beam search (Kool et al., 2019, arXiv 1903.06059), which gives up unlikely ones early;
``Independent`` draws paths one by one and merges those that agree, the rival. A draw that repeats an earlier one at the
same place is dropped there, and what is left are draws without replacement, so all three are verified by one rule.
Where nothing is drawn (greedy replies) children are ranked instead: top k, beam search, and a chain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..network.network import CausalNetwork
from .small_model import Ahead, Asking, Draws, Following, Grow, Growth, rank

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Constant:
    """RSD-C. ``widths[i]``: children of each token of level i (the root is level 0). Levels that do not fit into the
    budget are left out; the first is narrowed instead."""

    widths: tuple[int, ...] = (2, 2, 2, 1)

    def __call__(self, growth: Growth, ahead: Ahead, draws: Draws, budget: int) -> None:
        level, left = [-1], budget
        for number, width in enumerate(self.widths):
            if number:
                if len(level) * width > left:
                    return
                _read(growth, ahead, draws, level)
            width = min(width, left)
            level = [growth.add(at, token) for at in level for token in draws.best(growth.laws[at + 1], width)]
            left -= len(level)


@dataclass(frozen=True, slots=True)
class Beam:
    """RSD-S. ``width`` tokens on each of ``depth`` levels; fewer levels, then a narrower one, where the budget is
    smaller."""

    width: int = 4
    depth: int = 4

    def __call__(self, growth: Growth, ahead: Ahead, draws: Draws, budget: int) -> None:
        width = min(self.width, budget)
        level, scores, logs = [-1], [0.0], [0.0]
        for number in range(min(self.depth, budget // width)):
            if number:
                _read(growth, ahead, draws, level)
            found = []
            for at, score, log in zip(level, scores, logs, strict=True):
                law = growth.laws[at + 1]
                below = draws.scores(law) + log
                best = rank(below, width)
                after = _below(below[best], below.max(), score) if draws.drawn else below[best]
                found += [
                    (float(one), at, token, log + float(np.log(law[token])))
                    for one, token in zip(after, best, strict=True)
                ]
            found.sort(key=lambda one: -one[0])
            level = [growth.add(at, token) for _, at, token, _ in found[:width]]
            scores, logs = [one[0] for one in found[:width]], [one[3] for one in found[:width]]


@dataclass(frozen=True, slots=True)
class Independent:
    """``paths`` of ``depth`` tokens, each drawn by itself."""

    paths: int = 4
    depth: int = 4

    def __call__(self, growth: Growth, ahead: Ahead, draws: Draws, budget: int) -> None:
        level, left = {-1: self.paths}, budget
        for number in range(self.depth):
            if number:
                _read(growth, ahead, draws, list(level))
            below: dict[int, int] = {}
            for at, count in level.items():
                for token, times in _draw_tokens(growth.laws[at + 1], count, draws)[: left - len(below)]:
                    below[growth.add(at, token)] = times
            level, left = below, left - len(below)
            if not left or not level:
                return


def _read(growth: Growth, ahead: Ahead, draws: Draws, level: Sequence[int]) -> None:
    """Has the small model read the tokens of a level, which were added last."""
    logits = ahead.grow([growth.tokens[at] for at in level], [growth.parents[at] for at in level])
    growth.laws.update((at + 1, law) for at, law in zip(level, draws.laws(logits), strict=True))


def _below(scores: NDArray[np.float64], most: float, above: float) -> NDArray[np.float64]:
    """Perturbed log chances of children given that the largest of all of them, ``most``, becomes that of the parent,
    ``above`` (Kool et al., equation 24): -log(exp(-above) - exp(-most) + exp(-score))."""
    with np.errstate(divide="ignore"):
        v = above - scores + np.log1p(-np.exp(np.minimum(scores - most, 0.0)))
    moved: NDArray[np.float64] = above - np.maximum(v, 0) - np.log1p(np.exp(-np.abs(v)))
    return moved


def _draw_tokens(law: NDArray[np.float32], count: int, draws: Draws) -> list[tuple[int, int]]:
    """``count`` draws: each token with how often it came, in the order of the first time."""
    if not draws.drawn:
        return [(int(law.argmax()), count)]
    mass = law.cumsum(dtype=np.float64)
    found = np.searchsorted(mass, draws.random.random(count) * mass[-1], side="right")
    return list(Counter(np.minimum(found, law.nonzero()[0][-1]).tolist()).items())


def _over(name: str, network: CausalNetwork, growing: Grow) -> Asking:
    def follow(prompt: Sequence[int]) -> Following:
        return Following(network, prompt)

    return Asking(name, follow, growing)


def constant(*, network: CausalNetwork, widths: tuple[int, ...] = (2, 2, 2, 1)) -> Asking:
    """RSD-C over a small model."""
    return _over("rsd-c", network, Constant(widths))


def beam(*, network: CausalNetwork, width: int = 4, depth: int = 4) -> Asking:
    """RSD-S over a small model."""
    return _over("rsd-s", network, Beam(width, depth))


def independent(*, network: CausalNetwork, paths: int = 4, depth: int = 4) -> Asking:
    """Independent paths of a small model."""
    return _over("rsd-independent", network, Independent(paths, depth))
