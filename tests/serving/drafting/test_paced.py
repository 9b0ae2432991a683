"""What drafting itself costs is found out while it drafts, and counts against it."""

from __future__ import annotations

import time

import numpy as np

from evidentia.serving.drafting.budget import Costs, Pace
from evidentia.serving.drafting.drafter import PassOutcome, Tree
from evidentia.serving.drafting.lookup import chain
from evidentia.serving.drafting.paced import Paced


class Slow:
    """Guesses one token that is right half of the time, and takes ``seconds`` for it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def draft(self, budget: int) -> Tree:
        time.sleep(self.seconds)
        return chain([7], "slow", 0.5)

    def learn(self, step: PassOutcome) -> None:
        pass


def _step(written: tuple[int, ...]) -> PassOutcome:
    ids = np.arange(len(written), dtype=np.int32)
    return PassOutcome(ids, ids - 1, np.empty((len(written), 0), np.int32), ids, written)


def _guesses(seconds: float, unit: float, passes: int = 60) -> int:
    paced = Paced(Slow(seconds), Pace(Costs({1: unit, 2: 1.1 * unit, 4: 1.2 * unit})))
    total = 0
    for number in range(passes):
        count = len(paced.draft(4))
        total += count
        paced.learn(_step((7, 8) if count and number % 2 else (8,)))
    return total


def test_a_drafter_that_takes_as_long_as_a_pass_stops_guessing() -> None:
    assert _guesses(0.002, unit=0.002) < 40


def test_the_same_drafter_beside_a_slow_model_goes_on() -> None:
    assert _guesses(0.0002, unit=1.0) == 60
