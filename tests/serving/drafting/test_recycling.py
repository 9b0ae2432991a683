from __future__ import annotations

import numpy as np
import pytest

from evidentia.errors import ModelError
from evidentia.serving.drafting.drafter import BEST, PassOutcome
from evidentia.serving.drafting.recycling import Hashed, Recycled, RecycledRows, Single, recycling
from evidentia.serving.drafting.static_tree import CHILDREN, PLACES, StaticTree


def row(first: int) -> list[int]:
    return list(range(first, first + BEST))


def step(
    read: list[int], firsts: list[int], parents: list[int], path: list[int], written: tuple[int, ...]
) -> PassOutcome:
    best = np.array([row(first) for first in firsts], np.int32)
    return PassOutcome(np.array(read, np.int32), np.array(parents, np.int32), best, np.array(path), written)


def test_a_token_keeps_its_newest_rows_first() -> None:
    table = Single(8)
    for first in (10, 20, 30, 40):
        table.put(np.array([5]), np.array([row(first)], np.int32), 1)
    assert [kept[0] for kept, _ in table.get(5)] == [40, 30, 20]


def test_rows_of_one_pass_are_kept_in_their_order() -> None:
    table = Single(8)
    table.put(np.array([5, 3, 5, 5, 5, 3]), np.array([row(first) for first in (1, 2, 3, 4, 5, 6)], np.int32), 1)
    assert [kept[0] for kept, _ in table.get(5)] == [5, 4, 3]
    assert [kept[0] for kept, _ in table.get(3)] == [6, 2]


def test_a_token_never_read_has_no_rows() -> None:
    assert Single(8).get(3) == []
    assert Hashed().get(0) == []


def test_a_key_in_a_slot_taken_by_another_is_not_found() -> None:
    table = Hashed()
    table.put(np.array([7]), np.array([row(1)], np.int32), 1)
    table.keys[table.keys == 7] = 9
    assert table.get(7) == []


def test_rejected_guesses_teach_under_the_tokens_that_they_stood_behind() -> None:
    memory = RecycledRows(64)
    source = Recycled(memory, [1, 2, 3])
    source.learn(step([3, 10, 11, 12], [20, 30, 40, 50], [-1, 0, 0, 2], [0, 1], (10, 30)))
    after_rejected = source.after(source.after(0 * 64 + 3, 11), 12)
    assert [token for token, _ in source.guesses(after_rejected)] == row(50)


def test_what_stays_wins_over_a_rejected_guess_of_the_same_token() -> None:
    memory = RecycledRows(64)
    Recycled(memory, [1, 2]).learn(step([2, 7, 7], [20, 30, 40], [-1, 0, 1], [0, 1], (7, 30)))
    rows = memory.tables[0].get(7)
    assert [kept[0] for kept, _ in rows] == [30, 40]


def test_the_longest_key_comes_first_and_no_token_twice() -> None:
    memory = RecycledRows(64)
    source = Recycled(memory, [9, 9])
    source.learn(step([1, 2, 5, 4, 5], [30, 30, 30, 30, 34], [-1, 0, 1, 2, 3], [0, 1, 2, 3, 4], ()))
    behind_1_2_5 = source.after(source.after(source.after(0, 1), 2), 5)
    tokens = [token for token, _ in source.guesses(behind_1_2_5)]
    assert tokens == [*row(30), *row(38)[:4]]


def test_behind_a_token_that_was_never_read_the_usual_ones_are_guessed() -> None:
    drafting = recycling(vocabulary=64).start([1, 2])
    drafting.learn(step([1, 2, 1, 2], [50, 40, 50, 40], [-1, 0, 1, 2], [0, 1, 2, 3], ()))
    drafting.learn(step([2], [40], [-1], [0], (60,)))
    assert set(drafting.draft(2).tokens.tolist()) == {40, 50}


def test_nothing_is_guessed_before_anything_was_read() -> None:
    assert len(recycling(vocabulary=64).start([1, 2]).draft(8)) == 0


def test_tables_survive_a_round_trip_and_those_of_another_vocabulary_are_refused() -> None:
    memory, other = RecycledRows(64), RecycledRows(64)
    Recycled(memory, [1, 2]).learn(step([2, 7], [20, 30], [-1, 0], [0, 1], (7, 30)))
    other.restore(memory.arrays())
    assert other.tables[0].get(7) == memory.tables[0].get(7)
    assert other.request == 1
    with pytest.raises(ModelError, match="another model"):
        RecycledRows(65).restore(memory.arrays())


def test_the_published_tree_has_eighty_places_on_six_levels() -> None:
    levels = [sum(len(path) == depth for path, _ in PLACES) for depth in range(1, 7)]
    assert levels == [8, 21, 25, 15, 8, 3]
    assert all(path[:-1] in CHILDREN for path, _ in PLACES)


def test_the_published_tree_is_filled_from_one_row_per_token() -> None:
    drafter = StaticTree(vocabulary=64)
    drafting = drafter.start([3, 4])
    drafting.learn(step([3, 4], [10, 20], [-1, 0], [0, 1], ()))
    tree = drafting.draft(80)
    assert tree.tokens.tolist() == row(20)
    assert tree.parents.tolist() == [-1] * BEST


def test_the_published_code_learns_nothing_from_the_prompt() -> None:
    drafting = StaticTree(vocabulary=64, prompts=False).start([3, 4])
    drafting.learn(step([3, 4], [10, 20], [-1, 0], [0, 1], ()))
    assert len(drafting.draft(80)) == 0
