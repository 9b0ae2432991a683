"""Prompt lookup: what followed the first earlier occurrence of the last three tokens, else of two, else of one.

The rule of transformers' ``PromptLookupCandidateGenerator`` (Saxena 2023), kept as the rival that other drafters have
to beat; theirs searches the whole text anew for every draft. Knows nothing of text or models.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from .drafter import NOTHING, PassOutcome, Texts, Tree


def chain(tokens: Sequence[int], name: str, chance: float) -> Tree:
    """A tree with one path, every token as likely behind the one before."""
    count = len(tokens)
    if not count:
        return NOTHING
    chances = np.float32(chance) ** np.arange(1, count + 1, dtype=np.float32)
    return Tree(np.array(tokens, np.int32), np.arange(-1, count - 1, dtype=np.int32), chances, (name,) * count)


class Lookup:
    """The drafter. ``ends``: tokens at which a guess stops, as the original does."""

    name = "lookup"
    layers: Sequence[int] = ()

    def __init__(self, *, longest: int = 3, count: int = 10, ends: Collection[int] = ()) -> None:
        self.longest, self.count, self.ends = longest, count, frozenset(ends)

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Looking:
        return Looking(self, prompt)


class Looking:
    def __init__(self, rule: Lookup, prompt: Sequence[int]) -> None:
        self.rule, self.tokens = rule, []
        self._first: dict[tuple[int, ...], int] = {}
        self._extend(prompt)

    tokens: list[int]

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        for size in range(min(self.rule.longest, len(self.tokens) - 1), 0, -1):
            start = self._first[tuple(self.tokens[-size:])]
            if start < len(self.tokens):
                tokens = self.tokens[start : start + self.rule.count]
                stop = next((place for place, token in enumerate(tokens) if token in self.rule.ends), len(tokens))
                return chain(tokens[:stop][:budget], "lookup", 0.5)
        return NOTHING

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``."""
        self._extend(step.written)

    def _extend(self, tokens: Sequence[int]) -> None:
        for token in tokens:
            self.tokens.append(int(token))
            place = len(self.tokens)
            for size in range(1, min(self.rule.longest, place) + 1):
                self._first.setdefault(tuple(self.tokens[-size:]), place)
