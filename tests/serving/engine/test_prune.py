"""Drafts without what the constraint forbids: the same tokens as walking every path by itself."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.text import regex
from evidentia.serving.constraints.verbatim import quote
from evidentia.serving.drafting.drafter import NOTHING, Tree
from evidentia.serving.engine.prune import prune


def random_tree(chance: random.Random, size: int, tokens: range, laws: int = 0) -> Tree:
    taken: set[tuple[int, int]] = set()
    nodes: list[tuple[int, int]] = []
    for _ in range(size):
        node = (chance.randrange(-1, len(nodes)), chance.choice(tokens))
        if node not in taken:
            taken.add(node)
            nodes.append(node)
    drawn = np.random.default_rng(size).dirichlet(np.ones(laws), len(nodes) + 1).astype(np.float32) if laws else None
    return Tree(
        np.array([token for _, token in nodes], np.int32),
        np.array([parent for parent, _ in nodes], np.int32),
        np.linspace(1, 0.5, len(nodes), dtype=np.float32),
        tuple(f"from {at}" for at in range(len(nodes))),
        drawn,
    )


def paths(tree: Tree) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for token, parent in zip(tree.tokens.tolist(), tree.parents.tolist(), strict=True):
        found.append((*(found[parent] if parent >= 0 else ()), token))
    return found


@given(seed=st.integers(0, 10**9), size=st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_exactly_the_paths_stay_that_the_constraint_allows(words: Vocabulary, seed: int, size: int) -> None:
    chance = random.Random(seed)
    runs = [[chance.randrange(1, 6) for _ in range(8)] for _ in range(3)]
    constraint = quote(words, [[token for token in run if token != 1] or [2] for run in runs])
    tree = random_tree(chance, size, range(1, 7))
    guide = constraint.start()
    kept = prune(tree, guide)

    def legal(path: tuple[int, ...]) -> bool:
        fresh = constraint.start()
        return all(fresh.allows(token) and fresh.advance(token) is None for token in path)

    places = [at for at, path in enumerate(paths(tree)) if legal(path)]
    assert paths(kept) == [paths(tree)[at] for at in places]
    assert kept.sources == tuple(tree.sources[at] for at in places)
    assert kept.chances.tolist() == tree.chances[places].tolist()
    assert (guide.mask() == constraint.start().mask()).all()


def test_a_guide_in_the_middle_of_a_reply_stays_where_it_was(words: Vocabulary) -> None:
    guide = quote(words, [[2, 3, 4, 5]]).start()
    guide.advance(2)
    chain = Tree(np.array([3, 4, 9], np.int32), np.array([-1, 0, 1], np.int32), np.ones(3, np.float32), ("a",) * 3)
    assert prune(chain, guide).tokens.tolist() == [3, 4]
    assert guide.allows(3)


def test_laws_of_drawn_children_become_those_of_the_draw_among_what_is_allowed(words: Vocabulary) -> None:
    constraint = regex(words, "[ab][cd]")
    allowed = np.flatnonzero(constraint.start().mask()).tolist()
    tokens = [allowed[0], 200, allowed[1]]
    laws = np.random.default_rng(0).dirichlet(np.ones(words.size), 4).astype(np.float32)
    tree = Tree(np.array(tokens, np.int32), np.full(3, -1, np.int32), np.ones(3, np.float32), ("drawn",) * 3, laws)
    kept = prune(tree, constraint.start())
    assert kept.tokens.tolist() == allowed
    assert kept.laws is not None
    assert kept.laws.shape == (3, words.size)
    assert np.flatnonzero(kept.laws[0]).tolist() == allowed
    np.testing.assert_allclose(kept.laws[0][allowed], laws[0][allowed] / laws[0][allowed].sum(), rtol=1e-6)
    assert (tree.laws == laws).all()


def test_what_is_left_of_a_draw_without_replacement_is_a_draw_from_the_restricted_law() -> None:
    law, inside, rng = np.array([0.4, 0.3, 0.2, 0.1]), [1, 2, 3], np.random.default_rng(1)
    firsts = [
        next((token for token in rng.choice(4, 2, replace=False, p=law) if token in inside), -1) for _ in range(20_000)
    ]
    shares = np.bincount([token for token in firsts if token >= 0], minlength=4)[1:] / len(firsts)
    np.testing.assert_allclose(shares, law[1:] / law[1:].sum(), atol=0.015)


def test_no_draft_stays_no_draft(words: Vocabulary) -> None:
    assert len(prune(NOTHING, regex(words, "a").start())) == 0
