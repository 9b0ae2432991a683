"""The n-gram index as what a reply may say: every token sequence that stands in some passage.

Gives ``serving.constraints.verbatim`` the few calls that it asks of texts, in the model's own ids; titles and questions
of the index are no text and are never crossed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..ngram.segments import Intervals, Segments
from .tokens import MARKS

State = tuple[int, Intervals]
"""How many tokens, and where they stand."""


@dataclass(frozen=True, slots=True)
class Passages:
    segments: Segments
    size: int
    """Of the model's vocabulary."""

    def start(self) -> State:
        return 0, self.segments.root()

    def following(self, state: State) -> Collection[int]:
        tokens, _ = self.segments.continuations(state[1])
        known = tokens[(tokens >= MARKS) & (tokens < self.size + MARKS)] - MARKS
        found: list[int] = known.tolist()
        return found

    def after(self, state: State, token: int) -> State:
        return state[0] + 1, self.segments.extend(state[1], token + MARKS)

    def may_end(self, state: State) -> bool:
        return state[0] > 0
