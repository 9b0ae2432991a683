from __future__ import annotations

from pathlib import Path

import pytest

from evidentia.errors import ModelError, StorageError
from evidentia.serving.drafting.side_texts import Shelf
from evidentia.serving.drafting.union import Union

from .conftest import VOCABULARY, Toy, write

PROMPT = [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 9, 1, 2]
PASSAGE = list(range(30, 50))


def test_every_prefix_of_a_tree_is_the_tree_of_a_smaller_budget(toy: Toy) -> None:
    first, second = Union(vocabulary=VOCABULARY), Union(vocabulary=VOCABULARY)
    large, small = (
        write(toy, drafter.start(PROMPT), PROMPT, 1, budget).trees[0] for drafter, budget in ((first, 40), (second, 7))
    )
    assert large.tokens.tolist()[:7] == small.tokens.tolist()
    assert large.parents.tolist()[:7] == small.parents.tolist()
    assert large.chances.tolist() == sorted(large.chances.tolist(), reverse=True)


def test_copies_and_recycled_guesses_stand_in_one_tree(toy: Toy) -> None:
    trees = write(toy, Union(vocabulary=VOCABULARY).start(PROMPT), PROMPT, 40, 24).trees
    assert {source for tree in trees for source in tree.sources} == {"suffix", "recycling"}


def test_a_second_request_takes_fewer_passes_than_the_first(toy: Toy) -> None:
    drafter, prompt = Union(vocabulary=VOCABULARY), [3, 1, 4, 1, 5]
    first, second = (write(toy, drafter.start(prompt), prompt, 60, 16).passes for _ in range(2))
    assert second < first


def test_texts_that_the_model_has_not_read_are_copied_from() -> None:
    drafter = Union(vocabulary=VOCABULARY)
    assert len(drafter.start([1, *PASSAGE[:6]]).draft(8)) == 0
    tree = drafter.start([1, *PASSAGE[:6]], [PASSAGE]).draft(8)
    assert tree.tokens.tolist() == PASSAGE[6:14]
    assert set(tree.sources) == {"texts"}


def test_one_automaton_serves_all_requests_with_the_same_texts() -> None:
    shelf = Shelf()
    assert shelf.automaton([PASSAGE]) is shelf.automaton([list(PASSAGE)])
    assert shelf.automaton([PASSAGE]) is not shelf.automaton([PASSAGE, [1, 2]])


def test_a_copy_does_not_run_on_into_the_next_text() -> None:
    drafting = Union(vocabulary=VOCABULARY).start([9, *PASSAGE[:6]], [PASSAGE[:8], [1, 2, 3]])
    assert drafting.draft(8).tokens.tolist() == PASSAGE[6:8]


def test_what_was_learnt_survives_on_disk(toy: Toy, tmp_path: Path) -> None:
    kept, fresh = Union(vocabulary=VOCABULARY), Union(vocabulary=VOCABULARY)
    write(toy, kept.start(PROMPT), PROMPT, 40, 16)
    kept.save(tmp_path / "drafts", "weights")
    fresh.load(tmp_path / "drafts", "weights")
    ours, theirs = (write(toy, drafter.start(PROMPT), PROMPT, 40, 16) for drafter in (kept, fresh))
    assert [tree.tokens.tolist() for tree in ours.trees] == [tree.tokens.tolist() for tree in theirs.trees]


def test_what_another_model_taught_is_refused(tmp_path: Path) -> None:
    Union(vocabulary=VOCABULARY).save(tmp_path / "drafts", "weights")
    with pytest.raises(ModelError):
        Union(vocabulary=VOCABULARY).load(tmp_path / "drafts", "other weights")
    with pytest.raises(ModelError):
        Union(vocabulary=VOCABULARY + 1).load(tmp_path / "drafts", "weights")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_bytes(b"not tensors")
    with pytest.raises(StorageError):
        Union(vocabulary=VOCABULARY).load(tmp_path / "drafts", "weights")
