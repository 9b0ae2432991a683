"""Token Recycling as published: the fixed tree "2.2.2" of 80 places, filled from one row per token.

Luo et al., ACL 2025. Kept to compare with the tree that is grown anew for every step. Knows nothing of models or text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .drafter import BEST, NOTHING, PassOutcome, Texts, Tree

_COUNTS = """
:8
0:8 1:4 2:3 3:2 4:1 5:1 6:1 7:1
00:8 01:3 02:2 03:1 04:1 05:1 06:1 07:1 10:2 11:1 20:1 30:1 40:1 50:1
000:5 001:2 002:1 003:1 004:1 010:1 020:1 100:1 200:1 300:1
0000:3 0001:1 0002:1 0010:1 0100:1 1000:1
00000:2 00010:1
"""
CHILDREN = {path: int(count) for path, count in (pair.split(":") for pair in _COUNTS.split())}
"""How many of the first ranks follow a path of ranks."""
SHARE = (0.45, 0.14, 0.07, 0.05, 0.03, 0.03, 0.02, 0.02)
"""How often the guess of each rank is right, roughly; orders the places when fewer than 80 are wanted."""


def _places() -> list[tuple[str, float]]:
    paths = [parent + str(rank) for parent, count in CHILDREN.items() for rank in range(count)]
    chances = {path: float(np.prod([SHARE[int(rank)] for rank in path])) for path in paths}
    return sorted(chances.items(), key=lambda place: (-place[1], len(place[0]), place[0]))


PLACES = _places()


class StaticTree:
    """The drafter. The matrix ``[vocabulary, 8]`` is kept between requests; -1 stands in rows that were never filled,
    from which nothing is drafted. ``prompts=False`` learns from replies only, like the published code."""

    name = "recycling-static"
    layers: Sequence[int] = ()

    def __init__(self, *, vocabulary: int, prompts: bool = True) -> None:
        self.matrix = np.full((vocabulary, BEST), -1, np.int32)
        self.prompts = prompts

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Filling:
        return Filling(self, int(prompt[-1]))


class Filling:
    def __init__(self, drafter: StaticTree, root: int) -> None:
        self.drafter, self.root = drafter, root

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        tokens: list[int] = []
        parents: list[int] = []
        chances: list[float] = []
        found = {"": (-1, self.drafter.matrix[self.root].tolist())}
        for path, chance in PLACES:
            if len(tokens) == budget:
                break
            place, row = found.get(path[:-1], (-1, None))
            if row is None or (token := row[int(path[-1])]) < 0:
                continue
            found[path] = len(tokens), self.drafter.matrix[token].tolist() if path in CHILDREN else None
            tokens.append(token)
            parents.append(place)
            chances.append(chance)
        if not tokens:
            return NOTHING
        names = (self.drafter.name,) * len(tokens)
        return Tree(np.array(tokens, np.int32), np.array(parents, np.int32), np.array(chances, np.float32), names)

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``. What stays is written last, so that it wins over a rejected guess of the same token."""
        if step.written:
            self.root = step.written[-1]
        elif not self.drafter.prompts:
            return
        for places in (slice(None), step.path):
            self.drafter.matrix[step.read[places]] = step.best[places]
