"""Best-first growth of a token tree from several sources of guesses, each weighed by how often it was right.

Every place in the tree asks every source what may come next. A guess has a kind (how long the match was, which rank);
kinds have weights, the weights of all sources that guess a token are added, and a soft maximum over the guessed tokens
and "none of them" makes chances of them. After every pass the weights follow what was written (one step of
multinomial logistic regression per token), so the tree is always grown from the sources that pay. Knows nothing of
where guesses come from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .drafter import NOTHING, PassOutcome, Texts, Tree

if TYPE_CHECKING:
    from ..constraints.constraint import Guide

LEAST = 0.0005
"""A guess below this chance is not worth a place in any tree."""
FASTEST, HALVED, SLOWEST = 0.1, 40.0, 0.01
"""How far a surprise moves a kind's weight: at first, after how often it is half as far, and always."""
LEANING = 0.2
"""How far a surprise moves what all of a source's guesses are worth in this one reply."""

Guesses = Iterable[tuple[int, int]]
"""Token and kind, the surest first; no token twice."""


class GuessSource(Protocol):
    """One request's side of a source of guesses. A cursor is its place behind some tokens; ``None`` is no place."""

    name: str

    def root(self) -> Any:
        """The place behind the last written token."""
        ...

    def after(self, cursor: Any, token: int) -> Any:
        """The place one token on."""
        ...

    def guesses(self, cursor: Any) -> Guesses: ...

    def learn(self, step: PassOutcome) -> None: ...


class KindWeights:
    """What the kinds of one source are worth: natural log odds against "none of the guesses"."""

    def __init__(self, prior: Sequence[float]) -> None:
        self.values = list(prior)
        self.seen = [0.0] * len(self.values)

    def move(self, kind: int, surprise: float) -> None:
        self.seen[kind] += 1
        pace = FASTEST * HALVED / (HALVED + self.seen[kind])
        self.values[kind] += max(SLOWEST, pace) * surprise


Candidate = tuple[int, float, str]
"""Token, chance, the source that weighs most."""


class Growing:
    """A ``Drafting`` over sources. ``guide`` may be set to a constraint's guide that stands behind the last written
    token whenever ``draft`` is called: tokens that it forces come first, with chance 1. Behind n guesses one
    below ``least(n)`` is not sought."""

    def __init__(self, sources: Sequence[GuessSource], weights: Sequence[KindWeights]) -> None:
        self.sources, self.weights = tuple(sources), tuple(weights)
        self.guide: Guide | None = None
        self.least: Callable[[int], float] = lambda guesses: LEAST
        self._leaning = [0.0] * len(self.sources)

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``. Every prefix of the tree is the best tree of its size."""
        tokens: list[int] = []
        parents: list[int] = []
        chances: list[float] = []
        names: list[str] = []
        cursors = self._roots()
        forced = self.guide.forced_tokens() if self.guide is not None else []
        for token in forced[:budget]:
            parents.append(len(tokens) - 1)
            tokens.append(token)
            chances.append(1.0)
            names.append("forced")
            cursors = self._after(cursors, token)
        heap: list[tuple[float, int, int, int, str, list[Any]]] = []
        count = 0
        parent, chance = len(tokens) - 1, 1.0
        while len(tokens) < budget:
            least = max(LEAST, self.least(len(tokens)))
            for token, part, name in self._candidates(cursors):
                if part * chance >= least:
                    count += 1
                    heappush(heap, (-part * chance, count, parent, token, name, cursors))
            if not heap or -heap[0][0] < least:
                break
            negative, _, parent, token, name, cursors = heappop(heap)
            parents.append(parent)
            parent, chance = len(tokens), -negative
            tokens.append(token)
            chances.append(chance)
            names.append(name)
            cursors = self._after(cursors, token)
        if not tokens:
            return NOTHING
        return Tree(
            np.array(tokens, np.int32), np.array(parents, np.int32), np.array(chances, np.float32), tuple(names)
        )

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``."""
        cursors = self._roots() if step.written else []
        for token in step.written:
            self._weigh(cursors, token)
            cursors = self._after(cursors, token)
        for source in self.sources:
            source.learn(step)

    def _roots(self) -> list[Any]:
        return [source.root() for source in self.sources]

    def _after(self, cursors: list[Any], token: int) -> list[Any]:
        return [source.after(cursor, token) for source, cursor in zip(self.sources, cursors, strict=True)]

    def _scores(self, cursors: list[Any]) -> dict[int, tuple[float, float, str]]:
        """Per guessed token: the sum of its weights, the largest of them and whose that is."""
        scores: dict[int, tuple[float, float, str]] = {}
        for source, weights, leaning, cursor in zip(self.sources, self.weights, self._leaning, cursors, strict=True):
            if cursor is None:
                continue
            values, name = weights.values, source.name
            for token, kind in source.guesses(cursor):
                value = values[kind] + leaning
                found = scores.get(token)
                if found is None:
                    scores[token] = (value, value, name)
                else:
                    total, most, whose = found
                    scores[token] = (total + value, value, name) if value > most else (total + value, most, whose)
        return scores

    def _candidates(self, cursors: list[Any]) -> list[Candidate]:
        odds = [(token, math.exp(min(total, 30.0)), name) for token, (total, _, name) in self._scores(cursors).items()]
        whole = 1.0 + sum(part for _, part, _ in odds)
        return [(token, part / whole, name) for token, part, name in odds]

    def _weigh(self, cursors: list[Any], truth: int) -> None:
        chances = {token: chance for token, chance, _ in self._candidates(cursors)}
        for number, (source, cursor) in enumerate(zip(self.sources, cursors, strict=True)):
            if cursor is not None:
                for token, kind in source.guesses(cursor):
                    surprise = (token == truth) - chances[token]
                    self.weights[number].move(kind, surprise)
                    self._leaning[number] += LEANING * surprise


class BestFirst:
    """A ``Drafter`` over sources; ``open_sources`` makes one request's sources from its prompt."""

    layers: Sequence[int] = ()

    def __init__(
        self, name: str, open_sources: Callable[[Sequence[int]], list[GuessSource]], weights: Sequence[KindWeights]
    ) -> None:
        self.name, self._open, self.weights = name, open_sources, tuple(weights)

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Growing:
        return Growing(self._open(prompt), self.weights)
