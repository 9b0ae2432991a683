"""A drafting that guesses only as much as pays on this machine, whatever guesses. Knows nothing of models."""

from __future__ import annotations

from .base import NOTHING, Drafting, Step, Tree, first
from .budget import Pace
from .growing import Growing


class Paced:
    """A ``Drafting`` under a ``Pace``. Drawn trees are not cut: which of them stays must not depend on the draw."""

    def __init__(self, drafting: Drafting, pace: Pace) -> None:
        self.drafting, self.pace = drafting, pace
        self._drafted, self._guesses = False, 0

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        self._drafted, self._guesses = self.pace.drafts(), 0
        if not self._drafted:
            return NOTHING
        if isinstance(self.drafting, Growing):
            self.drafting.least = self.pace.least
        guesses = self.drafting.draft(budget)
        if guesses.laws is None:
            guesses = first(guesses, self.pace.width(guesses.chances.tolist()))
        self._guesses = len(guesses)
        return guesses

    def learn(self, step: Step) -> None:
        """See ``Drafting``."""
        if step.written:
            self.pace.learn(len(step.written), self._guesses, self._drafted)
        self.drafting.learn(step)
