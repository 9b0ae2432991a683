"""Whatever is guessed, tokens are written by the model's own distribution: chi-square over a toy vocabulary per rule."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from evidentia.serving.base import Sampling
from evidentia.serving.drafting.drafter import NOTHING, Tree
from evidentia.serving.engine.verify import AcceptedPath, reject, walk
from evidentia.serving.sampling import Sampler

SIZE, RUNS = 5, 6000
Law = np.ndarray


def target(written: tuple[int, ...]) -> Law:
    """The model's scores behind ``written``: any rule will do."""
    return np.random.default_rng([7, *written]).normal(size=SIZE).astype(np.float32)


def guess(written: tuple[int, ...]) -> Law:
    law = np.random.default_rng([8, *written]).dirichlet(np.ones(SIZE))
    return law.astype(np.float32)


def tree_of(tokens: list[int], parents: list[int], laws: np.ndarray | None = None) -> Tree:
    count = len(tokens)
    return Tree(
        np.array(tokens, np.int32),
        np.array(parents, np.int32),
        np.full(count, 0.5, np.float32),
        ("test",) * count,
        laws,
    )


def path(tree: Tree, row: int) -> tuple[int, ...]:
    found: list[int] = []
    while row > 0:
        found.append(int(tree.tokens[row - 1]))
        row = int(tree.parents[row - 1]) + 1
    return tuple(found[::-1])


def drawn(widths: list[int], random: np.random.Generator) -> Tree:
    """Children drawn without replacement, level by level (RSD-C); widths of one make a chain."""
    tokens: list[int] = []
    parents: list[int] = []
    laws = [np.zeros(SIZE, np.float32)]
    level: list[tuple[int, tuple[int, ...]]] = [(-1, ())]
    for width in widths:
        below = []
        for parent, written in level:
            laws[parent + 1] = guess(written)
            law = guess(written).astype(float)
            order = random.choice(SIZE, width, replace=False, p=law / law.sum())
            for token in order.tolist():
                tokens.append(token)
                parents.append(parent)
                laws.append(np.zeros(SIZE, np.float32))
                below.append((len(tokens) - 1, (*written, token)))
        level = below
    return tree_of(tokens, parents, np.stack(laws))


def verified(tree: Tree, chooser: Sampler) -> AcceptedPath:
    if tree.laws is not None:
        return reject(tree, lambda row: target(path(tree, row)), chooser, 0, lambda token: False)
    return walk(tree, lambda row, depth: chooser.choose(target(path(tree, row)), depth), lambda token: False)


def first_two(found: AcceptedPath, sampling: Sampling, seed: int) -> tuple[int, int]:
    """The first two tokens of a reply: a step may write only one, the next is then the model's own."""
    written = found.written
    if len(written) == 1:
        chooser = Sampler(Sampling(temperature=sampling.temperature, seed=seed + 10**6))
        written = (*written, chooser.choose(target(written), 1))
    return written[0], written[1]


def expected(sampling: Sampling) -> np.ndarray:
    chooser = Sampler(sampling)
    first = chooser.law(target(()))
    return np.stack([first[one] * chooser.law(target((one,))) for one in range(SIZE)]).ravel()


@pytest.mark.parametrize("rule", ["matching", "chain", "tree", "wide tree"])
def test_each_rule_writes_by_the_models_own_distribution(rule: str) -> None:
    widths = {"matching": [], "chain": [1, 1], "tree": [2, 2], "wide tree": [4, 3]}[rule]
    random, counts = np.random.default_rng(3), Counter[tuple[int, int]]()
    for seed in range(RUNS):
        sampling = Sampling(temperature=1.0, seed=seed)
        chooser = Sampler(sampling)
        tree = tree_of([1, 2, 0, 3], [-1, -1, 0, 1]) if rule == "matching" else drawn(widths, random)
        counts[first_two(verified(tree, chooser), sampling, seed)] += 1
    law = expected(Sampling(temperature=1.0, seed=0))
    seen = np.array([counts[one, two] for one in range(SIZE) for two in range(SIZE)])
    assert chisquare(seen, law * RUNS).pvalue > 0.001


def test_guesses_that_were_drawn_from_the_model_itself_all_hold() -> None:
    sampling = Sampling(temperature=1.0, seed=5)
    law = Sampler(sampling).law(target(())).astype(np.float32)
    for token in range(SIZE):
        tree = tree_of([token], [-1], np.stack([law, np.zeros(SIZE, np.float32)]))
        found = reject(tree, lambda row: target(()), Sampler(sampling), 0, lambda token: False)
        assert found.path == (0, 1)


@given(st.lists(st.integers(0, SIZE - 1), min_size=1, max_size=6), st.integers(0, 2**40), st.booleans())
def test_matching_writes_the_same_tokens_whatever_was_guessed(tokens: list[int], seed: int, greedy: bool) -> None:
    chooser = Sampler(Sampling(temperature=0.0 if greedy else 1.0, seed=seed))
    alone: list[int] = []
    for at in range(len(tokens) + 1):
        alone.append(chooser.choose(target(tuple(alone)), at))
    tree = tree_of(tokens, list(range(-1, len(tokens) - 1)))
    found = walk(tree, lambda row, depth: chooser.choose(target(path(tree, row)), depth), lambda token: False)
    assert list(found.written) == alone[: len(found.written)]
    assert len(found.path) == len(found.written)


def test_nothing_is_written_behind_the_token_that_ends_the_reply() -> None:
    tree = tree_of([1, 2, 3], [-1, 0, 1])
    found = walk(tree, lambda row, depth: depth + 1, lambda token: token == 2)
    assert (found.path, found.written) == ((0, 1), (1, 2))
    assert walk(NOTHING, lambda row, depth: 4, lambda token: False) == AcceptedPath((0,), (4,))


def test_the_noise_depends_on_seed_and_position_alone() -> None:
    one, same, other = (Sampler(Sampling(temperature=1.0, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.noise(9, 50), same.noise(9, 50))
    assert not np.array_equal(one.noise(9, 50), one.noise(10, 50))
    assert not np.array_equal(one.noise(9, 50), other.noise(9, 50))


def test_only_the_nucleus_is_drawn_from_and_never_what_is_forbidden() -> None:
    scores = np.log(np.array([0.5, 0.3, 0.15, 0.05], np.float32))
    law = Sampler(Sampling(temperature=1.0, top_p=0.7, seed=0)).law(scores)
    np.testing.assert_allclose(law, [0.625, 0.375, 0, 0], atol=1e-6)
    scores[0] = -np.inf
    assert {Sampler(Sampling(temperature=5.0, seed=seed)).choose(scores, 3) for seed in range(200)} == {1, 2, 3}
