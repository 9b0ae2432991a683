"""What the engine tells a drafter, kept: how training sees a model write."""

from __future__ import annotations

from collections.abc import Sequence

from evidentia.serving.drafting.drafter import NOTHING, PassOutcome, Texts, Tree


class Recorder:
    """A drafter that guesses nothing and keeps every step, with the outputs of ``layers``."""

    name = "recorder"

    def __init__(self, layers: Sequence[int] = ()) -> None:
        self.layers = layers
        self.started: dict[tuple[int, ...], Recording] = {}
        """By prompt; whoever has read one takes it out."""

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Recording:
        return self.started.setdefault(tuple(prompt), Recording())


class Recording:
    """Of one request."""

    def __init__(self) -> None:
        self.steps: list[PassOutcome] = []

    def draft(self, budget: int) -> Tree:
        return NOTHING

    def learn(self, step: PassOutcome) -> None:
        self.steps.append(step)
