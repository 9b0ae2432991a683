"""Copying from texts beside the prompt: parent documents of the evidence, chunks that were found and left out.

A request names them (``Sampling.predicted``); the automaton of a set of texts is kept for the next requests that name
the same. Knows nothing of where texts come from.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from .drafter import PassOutcome, Texts
from .suffix import Automaton, Place

KEPT, LONGEST, CONTEXT = 16, 40_000, 64
"""Sets of texts whose automata are kept; tokens of a set, the rest is left out (0.2 s, 30 MB); tokens of the prompt
that are matched."""
APART = -1


class Shelf:
    """Automata of sets of texts, the least recently used go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, ...], Automaton] = OrderedDict()

    def automaton(self, texts: Texts) -> Automaton:
        tokens = tuple([int(token) for text in texts for token in (*text, APART)][:LONGEST])
        if tokens not in self._kept:
            self._kept[tokens] = Automaton(tokens)
        self._kept.move_to_end(tokens)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[tokens]


class Beside:
    """A ``Source`` over texts that the model has not read."""

    name = "texts"

    def __init__(self, texts: Automaton, prompt: Sequence[int]) -> None:
        self.texts, self.place = texts, (0, 0)
        self._follow(prompt[-CONTEXT:])

    def root(self) -> Place:
        return self.place

    def after(self, cursor: Place, token: int) -> Place:
        return self.texts.after(cursor, token)

    def guesses(self, cursor: Place) -> list[tuple[int, int]]:
        return self.texts.guesses(cursor)

    def learn(self, step: PassOutcome) -> None:
        self._follow(step.written)

    def _follow(self, tokens: Sequence[int]) -> None:
        for token in tokens:
            self.place = self.texts.after(self.place, int(token))
