"""Adaptive drafting from tri-grams (ADED): counts of a corpus, raised as the reply repeats them.

Liu et al., AAAI 2025 (arXiv 2407.12021). A table maps two tokens to the twelve likeliest third ones. It is seeded from
texts and moves with what is written. Two constructors make a tree of it: the paper's search (``tree_search``: 150
rollouts of an upper-confidence rule) and an expansion of the likeliest path first (``best_first``), which gives the
best tree of the same chances without chance. Knows nothing of models or text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heapify, heappop, heappush
from math import log, sqrt

import numpy as np

from .drafter import NOTHING, PassOutcome, Reading, Texts, Tree
from .tree_growth import LEAST

WIDEST, LARGEST = 12, 500_000
"""Third tokens of a pair; pairs of the table, of which the oldest go first."""
RISE, HIGHEST, RECENT = 0.04, 3.0, 16
"""What a tri-gram among the last ``RECENT`` tokens gains per pass, and the value at which it stops."""
ROLLOUTS, LONGEST, KEPT = 150, 4, 24
C1, C2 = 32.0, 8.0

Pair = tuple[int, int]
Place = tuple[int, int, float]
"""Token, parent, chance."""


class Trigrams:
    """Values of third tokens by pair, at first their shares in the texts."""

    def __init__(self, texts: Iterable[Sequence[int]] = ()) -> None:
        self.values: dict[Pair, dict[int, float]] = {}
        self.seed(texts)

    def seed(self, texts: Iterable[Sequence[int]]) -> None:
        """Replaces the rows of the pairs that occur in ``texts``."""
        counts: dict[Pair, Counter[int]] = {}
        for text in texts:
            for first, second, third in zip(text, text[1:], text[2:], strict=False):
                counts.setdefault((first, second), Counter())[third] += 1
        for pair, row in counts.items():
            whole = row.total()
            self.values[pair] = {token: count / whole for token, count in row.most_common(WIDEST)}
        self._forget()

    def adapt(self, recent: Sequence[int]) -> None:
        for first, second, third in zip(recent, recent[1:], recent[2:], strict=False):
            row = self.values.setdefault((first, second), {})
            row[third] = min(HIGHEST, row.get(third, 0.0) + RISE)
            if len(row) > WIDEST:
                del row[min((token for token in row if token != third), key=row.__getitem__)]
        self._forget()

    def chances(self, pair: Pair) -> list[tuple[int, float]]:
        """Third tokens and their chances, the likeliest first."""
        row = self.values.get(pair, {})
        whole = max(1.0, sum(row.values()))
        return [(token, value / whole) for token, value in sorted(row.items(), key=lambda item: -item[1])]

    def _forget(self) -> None:
        while len(self.values) > LARGEST:
            del self.values[next(iter(self.values))]


def expand(table: Trigrams, pair: Pair, budget: int) -> list[Place]:
    """The ``budget`` likeliest places, likeliest first."""
    heap = [(-chance, -1, pair[1], token) for token, chance in table.chances(pair)]
    heapify(heap)
    places: list[Place] = []
    while heap and len(places) < budget:
        negative, parent, before, token = heappop(heap)
        if -negative < LEAST:
            break
        number = len(places)
        places.append((token, parent, -negative))
        for following, chance in table.chances((before, token)):
            heappush(heap, (negative * chance, number, token, following))
    return places


@dataclass(slots=True)
class _Node:
    chance: float
    visits: int = 0
    score: float = 0.0
    children: dict[int, _Node] = field(default_factory=dict)


def search(table: Trigrams, pair: Pair, budget: int) -> list[Place]:
    """The paper's search. A pair always gives the same rollouts, so a draft can be repeated."""
    root = _Node(1.0)
    noise = np.random.default_rng(pair).random(ROLLOUTS * LONGEST).tolist()
    for _ in range(ROLLOUTS):
        _rollout(table, pair, root, noise)
    return _most_visited(table, pair, root, budget)


def _rollout(table: Trigrams, pair: Pair, root: _Node, noise: list[float]) -> None:
    node, path, gained, depth = root, [root], 1.0, 0
    while node.children and depth < LONGEST:
        token, node = max(node.children.items(), key=lambda item: _upper_bound(node, item[1]))
        path.append(node)
        gained += node.chance
        pair, depth = (pair[1], token), depth + 1
    if not node.children and depth < LONGEST:
        node.children = {token: _Node(chance) for token, chance in table.chances(pair)}
    for _ in range(depth, LONGEST):
        row = table.chances(pair)
        if not row:
            break
        token, chance = _draw(row, noise.pop())
        gained += chance
        pair = pair[1], token
    for node in path:
        node.visits += 1
        node.score += gained


def _upper_bound(above: _Node, node: _Node) -> float:
    if not node.visits:
        return float("inf")
    explore = (C1 + log((above.visits + C2 + 1) / C2)) * node.chance * sqrt(above.visits) / (1 + node.visits)
    return node.score / node.visits + explore


def _draw(row: list[tuple[int, float]], noise: float) -> tuple[int, float]:
    left = noise * sum(chance for _, chance in row)
    for token, chance in row:
        left -= chance
        if left <= 0:
            return token, chance
    return row[-1]


def _most_visited(table: Trigrams, pair: Pair, root: _Node, budget: int) -> list[Place]:
    """The most visited prefixes, each with the likeliest token behind it where there is room."""
    heap = [(-child.visits, -1, pair[1], token, child) for token, child in root.children.items() if child.visits]
    heap.sort(key=lambda item: item[:4])
    places: list[Place] = []
    prefixes: list[tuple[int, Pair]] = []
    grown: set[tuple[int, int]] = set()
    while heap and len(places) < min(budget, KEPT):
        negative, parent, before, token, node = heappop(heap)
        number = len(places)
        places.append((token, parent, -negative / ROLLOUTS))
        prefixes.append((number, (before, token)))
        grown.add((parent, token))
        for following, child in node.children.items():
            if child.visits:
                heappush(heap, (-child.visits, number, token, following, child))
    for number, behind in prefixes:
        row = table.chances(behind)
        if row and len(places) < budget and (number, row[0][0]) not in grown:
            places.append((row[0][0], number, places[number][2] * row[0][1]))
    return places


class Aded:
    """The drafter; its table is kept between requests. ``texts``: tokens of what the library holds, read when the first
    request starts."""

    layers: Sequence[int] = ()

    def __init__(self, name: str, build: Callable[[Trigrams, Pair, int], list[Place]], texts: Reading = tuple) -> None:
        self.name, self.build, self._texts = name, build, texts

    @cached_property
    def table(self) -> Trigrams:
        return Trigrams(self._texts())

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Adapting:
        """See ``Drafter``."""
        return Adapting(self, prompt)


class Adapting:
    def __init__(self, drafter: Aded, prompt: Sequence[int]) -> None:
        self.drafter = drafter
        self.recent = [int(token) for token in prompt[-RECENT:]]

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        if len(self.recent) < 2:
            return NOTHING
        drafter = self.drafter
        drafter.table.adapt(self.recent)
        places = drafter.build(drafter.table, (self.recent[-2], self.recent[-1]), budget)
        if not places:
            return NOTHING
        tokens, parents, chances = zip(*places, strict=True)
        names = (drafter.name,) * len(tokens)
        return Tree(np.array(tokens, np.int32), np.array(parents, np.int32), np.array(chances, np.float32), names)

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``."""
        self.recent = [*self.recent, *step.written][-RECENT:]


def best_first(texts: Reading = tuple) -> Aded:
    return Aded("aded", expand, texts)


def tree_search(texts: Reading = tuple) -> Aded:
    return Aded("aded-mcts", search, texts)
