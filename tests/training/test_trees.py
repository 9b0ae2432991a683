"""Prompts with a common start, computed as one tree."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evidentia.training.trees import Pair, batch, grown, of_like_length

TOKENS = st.lists(st.integers(0, 5), min_size=1, max_size=6)
PAIRS = st.lists(st.builds(lambda head, tail, target: Pair([7, *head, *tail], target, [1.0] * len(target)),
                           st.just([1, 2, 3]), TOKENS, TOKENS), min_size=1, max_size=4)  # fmt: skip


def test_the_common_start_is_there_once() -> None:
    tree = grown([Pair([1, 2, 3], [4, 5], [1.0, 0.5]), Pair([1, 2, 6], [7], [2.0])])
    assert tree.tokens == [1, 2, 3, 4, 6]  # nothing is predicted from 5 and 7
    assert tree.positions == [0, 1, 2, 3, 2]
    assert tree.branch == [0, 0, 1, 1, 2]
    assert (tree.rows, tree.targets, tree.weights) == ([2, 3, 4], [4, 5, 7], [1.0, 0.5, 2.0])


def test_targets_behind_the_same_prompt_start_from_its_last_token() -> None:
    tree = grown([Pair([1, 2], [3, 4], [1.0, 1.0]), Pair([1, 2], [5], [1.0])])
    assert tree.tokens == [1, 2, 3]
    assert (tree.rows, tree.targets) == ([1, 2, 1], [3, 4, 5])


@given(PAIRS)
def test_a_token_sees_exactly_the_sequence_that_it_would_have_alone(pairs: list[Pair]) -> None:
    tree = grown(pairs)
    made = batch([tree, grown(pairs[:1])])
    sequences = [
        [*pair.prompt, *pair.target[:at]] for pair in pairs for at in range(len(pair.target))
    ]  # what each target is predicted from
    for row, before in zip(tree.rows, sequences, strict=True):
        seen = made.visible[0, row].numpy()
        order = np.argsort(made.positions[0, seen].numpy())
        assert made.ids[0, seen].numpy()[order].tolist() == before
        assert sorted(made.positions[0, seen].tolist()) == list(range(len(before)))


@given(st.lists(PAIRS, min_size=1, max_size=8), st.integers(10, 60))
def test_batches_hold_every_tree_once_and_keep_to_their_size(groups: list[list[Pair]], tokens: int) -> None:
    trees = [grown(pairs) for pairs in groups]
    batches = of_like_length(trees, tokens)
    assert sorted(map(id, trees)) == sorted(id(tree) for one in batches for tree in one)
    assert all(len(one) == 1 or max(map(len, one)) * len(one) <= tokens for one in batches)
