from __future__ import annotations

import numpy as np
import pytest

from evidentia.serving.drafting.drafter import BEST, PassOutcome
from evidentia.serving.drafting.tree_growth import Growing, KindWeights


class Fixed:
    """A source that always guesses the same."""

    def __init__(self, name: str, guesses: list[tuple[int, int]]) -> None:
        self.name, self._guesses = name, guesses

    def root(self) -> int:
        return 0

    def after(self, cursor: int, token: int) -> int | None:
        return cursor + 1 if cursor < 2 else None

    def guesses(self, cursor: int) -> list[tuple[int, int]]:
        return self._guesses

    def learn(self, step: PassOutcome) -> None: ...


def told(token: int) -> PassOutcome:
    return PassOutcome(np.array([0], np.int32), np.array([-1]), np.zeros((1, BEST), np.int32), np.array([0]), (token,))


def test_a_guess_of_two_sources_is_one_place_and_likelier_than_of_one() -> None:
    sources = [Fixed("a", [(1, 0), (2, 1)]), Fixed("b", [(1, 0)])]
    tree = Growing(sources, [KindWeights([0.0, 0.0]), KindWeights([0.5])]).draft(2)
    assert tree.tokens.tolist()[0] == 1
    assert tree.sources[0] == "b"
    alone = Growing(sources[:1], [KindWeights([0.0, 0.0])]).draft(1)
    assert tree.chances[0] > alone.chances[0]


def test_the_chances_of_siblings_leave_room_for_none_of_them() -> None:
    tree = Growing([Fixed("a", [(token, 0) for token in range(5)])], [KindWeights([3.0])]).draft(5)
    assert tree.chances[tree.parents == -1].sum() < 1


def test_weights_follow_how_often_a_kind_is_right() -> None:
    weights = KindWeights([0.0, 0.0])
    drafting = Growing([Fixed("a", [(1, 0), (2, 1)])], [weights])
    noise = np.random.default_rng(0)
    for draw in noise.random(3000):
        drafting.learn(told(1 if draw < 0.6 else 2 if draw < 0.7 else 3))
    chances = {token: chance for token, chance, _ in drafting._candidates([0])}
    assert chances == {1: pytest.approx(0.6, abs=0.05), 2: pytest.approx(0.1, abs=0.04)}


def test_a_source_without_a_place_is_not_asked() -> None:
    tree = Growing([Fixed("a", [(1, 0)])], [KindWeights([3.0])]).draft(10)
    assert len(tree) == 3


def test_guesses_that_cannot_pay_behind_those_before_are_not_sought() -> None:
    drafting = Growing([Fixed("a", [(1, 0), (2, 1)])], [KindWeights([3.0, 0.0])])
    free = drafting.draft(8)
    drafting.least = lambda guesses: 0.5 if guesses < 2 else 0.9
    tree = drafting.draft(8)
    assert tree.tokens.tolist() == free.tokens.tolist()[:2]
