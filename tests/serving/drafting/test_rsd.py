"""Each way to draw a tree leaves the model's own distribution as it is, and takes no more than its budget."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from evidentia.serving.base import Sampling
from evidentia.serving.drafting.draft_model import DraftChain
from evidentia.serving.drafting.drafter import PassOutcome, Tree
from evidentia.serving.drafting.rsd import Beam, Constant, Independent
from evidentia.serving.drafting.small_model import Draws, Grow, Guessing, rank
from evidentia.serving.engine.verify import reject
from evidentia.serving.sampling import Sampler

from .test_drafters import assert_sound

SIZE, RUNS = 4, 1500


@cache
def scores(seed: int, written: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng([seed, *written]).normal(scale=1.2, size=SIZE).astype(np.float32)


class Table:
    """A small model that is a table."""

    def __init__(self) -> None:
        self.paths: list[tuple[int, ...]] = []

    def root(self) -> torch.Tensor:
        self.paths = []
        return torch.from_numpy(scores(8, ()))

    def grow(self, tokens: Sequence[int], parents: Sequence[int]) -> torch.Tensor:
        new = [
            (*(self.paths[parent] if parent >= 0 else ()), token) for token, parent in zip(tokens, parents, strict=True)
        ]
        self.paths += new
        return torch.from_numpy(np.stack([scores(8, path) for path in new]))

    def learn(self, step: PassOutcome) -> None:
        raise AssertionError("nothing is written here")


WAYS: dict[str, Grow] = {
    "chain": DraftChain(3),
    "unsure chain": DraftChain(3, 0.6),
    "rsd-c": Constant((2, 2)),
    "wide rsd-c": Constant((4, 3)),
    "rsd-s": Beam(3, 3),
    "narrow rsd-s": Beam(2, 4),
    "independent": Independent(4, 3),
}
each = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def drafted(way: Grow, seed: int, budget: int = 64, temperature: float = 1.0) -> Tree:
    guessing = Guessing("table", Table(), way)
    if temperature:
        guessing.sample(Sampling(temperature=temperature, seed=seed))
    return guessing.draft(budget)


def path(tree: Tree, row: int) -> tuple[int, ...]:
    found: list[int] = []
    while row > 0:
        found.append(int(tree.tokens[row - 1]))
        row = int(tree.parents[row - 1]) + 1
    return tuple(found[::-1])


@pytest.mark.slow
@each
@pytest.mark.parametrize("budget", [64, 7])
def test_the_first_two_tokens_are_written_by_the_models_own_distribution(way: Grow, budget: int) -> None:
    seen = np.zeros((SIZE, SIZE))
    for seed in range(RUNS):
        tree, chooser = drafted(way, seed, budget), Sampler(Sampling(temperature=1.0, seed=seed))
        written = reject(
            tree, lambda row, tree=tree: scores(7, path(tree, row)), chooser, 0, lambda token: False
        ).written
        if len(written) == 1:
            written = (*written, Sampler(Sampling(temperature=1.0, seed=seed + 10**6)).choose(scores(7, written), 1))
        seen[written[0], written[1]] += 1
    chooser = Sampler(Sampling(temperature=1.0, seed=0))
    first = chooser.law(scores(7, ()))
    expected = np.stack([first[one] * chooser.law(scores(7, (one,))) for one in range(SIZE)])
    assert chisquare(seen.ravel(), expected.ravel() * RUNS).pvalue > 0.001


@each
@given(seed=st.integers(0, 10**6), budget=st.integers(1, 40), temperature=st.sampled_from([0.0, 0.7, 1.5]))
def test_trees_are_sound_and_fit_the_budget(way: Grow, seed: int, budget: int, temperature: float) -> None:
    tree = drafted(way, seed, budget, temperature)
    assert_sound(tree, budget, SIZE)
    assert len(tree) > 0


@each
def test_the_same_seed_draws_the_same_tree(way: Grow) -> None:
    one, same = drafted(way, 5), drafted(way, 5)
    assert one.tokens.tolist() == same.tokens.tolist()
    assert len({tuple(drafted(way, seed).tokens.tolist()) for seed in range(20)}) > 2


def test_shapes_are_as_asked_for() -> None:
    levels = {"rsd-c": [2, 4], "rsd-s": [3, 3, 3], "chain": [1, 1, 1]}
    for name, counts in levels.items():
        for temperature in (0.0, 1.0):
            tree = drafted(WAYS[name], 1, 64, temperature)
            depths = [len(path(tree, row + 1)) for row in range(len(tree))]
            assert [depths.count(depth) for depth in range(1, max(depths) + 1)] == counts


def test_what_is_ranked_is_the_best_of_beam_search() -> None:
    tree = drafted(Beam(3, 2), 0, 64, 0.0)
    law = np.exp(scores(8, ()).astype(float))
    law /= law.sum()
    assert tree.tokens[:3].tolist() == np.argsort(-law)[:3].tolist()
    assert np.all(np.diff(tree.chances[3:]) <= 0)


def test_whole_paths_are_drawn_without_replacement() -> None:
    """Of a beam as wide as there are paths every path comes, and first ones come as often as the model says."""
    counts = np.zeros(SIZE)
    for seed in range(RUNS):
        tree = drafted(Beam(2, 1), seed)
        counts[tree.tokens[0]] += 1
    law = np.exp(scores(8, ()).astype(float))
    law /= law.sum()
    assert chisquare(counts, law * RUNS).pvalue > 0.001


def test_impossible_tokens_are_never_drawn() -> None:
    law = np.array([0.0, 0.5, 0.5, 0.0], np.float32)
    draws = Draws(Sampling(temperature=1.0, seed=1))
    assert all(set(draws.best(law, 3)) == {1, 2} for _ in range(50))
    assert rank(np.array([1.0, -np.inf, 3.0]), 3) == [2, 0]
