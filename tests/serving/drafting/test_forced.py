from __future__ import annotations

from evidentia.serving.drafting import open_drafter
from evidentia.serving.drafting.forced import Guided, with_guide


class Fixed:
    """A guide that forces some tokens."""

    finished = False

    def __init__(self, tokens: list[int]) -> None:
        self.tokens = tokens

    def forced_tokens(self) -> list[int]:
        return list(self.tokens)


def test_forced_tokens_are_a_chain_that_cannot_fail() -> None:
    drafting = with_guide(open_drafter("forced").start([1]), Fixed([4, 5, 6]))
    tree = drafting.draft(2)
    assert tree.tokens.tolist() == [4, 5]
    assert tree.chances.tolist() == [1.0, 1.0]
    assert set(tree.sources) == {"forced"}


def test_without_a_guide_nothing_is_forced() -> None:
    assert len(open_drafter("forced").start([1]).draft(8)) == 0


def test_a_grown_tree_goes_on_behind_what_is_forced() -> None:
    prompt = [*range(10, 30), 1, *range(10, 20)]
    drafting = with_guide(open_drafter("suffix").start(prompt), Fixed([20, 21]))
    tree = drafting.draft(6)
    assert tree.tokens.tolist() == [20, 21, 22, 23, 24, 25]
    assert tree.parents.tolist() == [-1, 0, 1, 2, 3, 4]
    assert tree.sources == ("forced", "forced", "suffix", "suffix", "suffix", "suffix")


def test_any_other_drafting_is_asked_where_nothing_is_forced() -> None:
    guide = Fixed([7])
    drafting = with_guide(open_drafter("lookup").start([1, 2, 3, 1]), guide)
    assert isinstance(drafting, Guided)
    assert drafting.draft(8).tokens.tolist() == [7]
    guide.tokens = []
    assert drafting.draft(8).tokens.tolist() == [2, 3, 1]
