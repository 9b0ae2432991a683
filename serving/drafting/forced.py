"""Tokens that a constraint leaves no choice about: guesses that cannot fail.

``with_guide`` hands a drafting the guide of its reply: those that grow trees put the forced tokens in front and go on
behind them, any other draws up its own tree only where nothing is forced. Knows nothing of grammars.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .drafter import Drafting, PassOutcome, Texts, Tree
from .lookup import chain
from .tree_growth import Growing

if TYPE_CHECKING:
    from ..constraints.constraint import Guide


class Forced:
    """The drafter that guesses forced tokens and nothing else."""

    name = "forced"
    layers: Sequence[int] = ()

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Growing:
        return Growing((), ())


class Guided:
    """A ``Drafting`` behind which a guide stands."""

    def __init__(self, drafting: Drafting, guide: Guide) -> None:
        self.drafting, self.guide = drafting, guide

    def draft(self, budget: int) -> Tree:
        """See ``Drafting``."""
        forced = self.guide.forced_tokens()[:budget]
        return chain(forced, "forced", 1.0) if forced else self.drafting.draft(budget)

    def learn(self, step: PassOutcome) -> None:
        """See ``Drafting``."""
        self.drafting.learn(step)


def with_guide(drafting: Drafting, guide: Guide) -> Drafting:
    """``drafting`` with its reply's guide, which must stand behind the last written token whenever it drafts."""
    if isinstance(drafting, Growing):
        drafting.guide = guide
        return drafting
    return Guided(drafting, guide)
