"""Which guesses hold: the one place where a drafted tree meets the model's scores.

Two rules, both exact. Guesses that were looked up or ranked are verified by *sampling and matching*: the model's own
choice is made first, and a guess holds if it is that choice; no exact rule accepts more of a fixed set of guesses.
Guesses that were *drawn* (``Tree.laws``) are verified by recursive rejection (Jeon et al., 2024, arXiv 2402.14160),
of which speculative sampling of a chain (Leviathan et al., 2023, arXiv 2211.17192) is the case of one child.
Works on numpy rows; knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..drafting.drafter import Tree
from ..sampling import Sampler

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scores = Callable[[int], "NDArray[np.float32]"]
"""Row i of a pass to its scores ``[vocabulary]``; row 0 is the root, row i + 1 token i of the tree."""


@dataclass(frozen=True, slots=True)
class AcceptedPath:
    path: tuple[int, ...]
    """Rows of the pass that stay, the root first."""
    written: tuple[int, ...]
    """The accepted guesses, and the token that the model chose behind them."""


def children(tree: Tree) -> list[list[int]]:
    """Gives for the root and each token of ``tree`` its children (places in ``tree``), in order."""
    below: list[list[int]] = [[] for _ in range(len(tree) + 1)]
    for place, parent in enumerate(tree.parents.tolist()):
        below[parent + 1].append(place)
    return below


def walk(tree: Tree, choose: Callable[[int, int], int], wrote: Callable[[int], bool]) -> AcceptedPath:
    """Sampling and matching. ``choose(row, depth)`` is the model's own choice behind row ``row``, ``depth`` guesses
    deep; ``wrote(token)`` is told of every written token in order and says whether the reply ends with it."""
    below, row, path = children(tree), 0, [0]
    written: list[int] = []
    while True:
        token = choose(row, len(written))
        written.append(token)
        place = next((place for place in below[row] if tree.tokens[place] == token), None)
        if wrote(token) or place is None:
            return AcceptedPath(tuple(path), tuple(written))
        row = place + 1
        path.append(row)


def reject(tree: Tree, scores: Scores, sampler: Sampler, position: int, wrote: Callable[[int], bool]) -> AcceptedPath:
    """Recursive rejection. ``position`` is that of the first new token; ``wrote`` as in ``walk``."""
    assert tree.laws is not None
    below, row, path = children(tree), 0, [0]
    written: list[int] = []
    while True:
        draws = sampler.draws(position + len(written))
        place, rest = _accept(below[row], tree, sampler.law(scores(row)), tree.laws[row], draws)
        token = _draw(rest, draws) if place is None else int(tree.tokens[place])
        written.append(token)
        if wrote(token) or place is None:
            return AcceptedPath(tuple(path), tuple(written))
        row = place + 1
        path.append(row)


def _draw(law: NDArray[np.float64], draws: np.random.Generator) -> int:
    mass = law.cumsum()
    return min(int(np.searchsorted(mass, draws.random() * mass[-1], side="right")), int(law.nonzero()[0][-1]))


def _accept(
    places: Sequence[int],
    tree: Tree,
    rest: NDArray[np.float64],
    drawn_from: NDArray[np.float32],
    draws: np.random.Generator,
) -> tuple[int | None, NDArray[np.float64]]:
    """The child that is accepted, else what is left of the model's distribution."""
    law = drawn_from.astype(np.float64)
    for place in places:
        token = tree.tokens[place]
        share = law[token] / max(law.sum(), 1e-300)
        if draws.random() * share < rest[token]:
            return place, rest
        left = np.maximum(rest - law / law.sum(), 0)
        if left.sum() > 0:  # all of it can round away; then the model's own distribution is the honest answer
            rest = left / left.sum()
        law[token] = 0
        if law.sum() <= 0:
            break
    return None, rest
