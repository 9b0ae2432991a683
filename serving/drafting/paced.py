"""A drafting that guesses only as much as pays on this machine, whatever guesses. Knows nothing of models."""

from __future__ import annotations

from time import perf_counter

from .budget import Pace
from .drafter import NOTHING, Drafting, PassOutcome, Tree, first
from .tree_growth import Growing


class Paced:
    """A ``Drafting`` under a ``Pace``, which learns how long drafting itself takes. Drawn trees are not cut: which of
    them stays must not depend on the draw."""

    def __init__(self, drafting: Drafting, pace: Pace) -> None:
        self.drafting, self.pace = drafting, pace
        self._drafted, self._guesses, self._spent = False, 0, 0.0

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        self._drafted, self._guesses = self.pace.drafts(), 0
        if not self._drafted:
            return NOTHING
        start = perf_counter()
        if isinstance(self.drafting, Growing):
            self.drafting.least = self.pace.least
        guesses = self.drafting.draft(budget)
        if guesses.laws is None:
            guesses = first(guesses, self.pace.width(guesses.chances.tolist()))
        self._guesses, self._spent = len(guesses), perf_counter() - start
        return guesses

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``."""
        if not step.written:
            self.drafting.learn(step)
            return
        self.pace.learn(len(step.written), self._guesses, self._drafted)
        start = perf_counter()
        self.drafting.learn(step)
        if self._drafted:
            self.pace.record_drafting(self._spent + perf_counter() - start)
