"""What holds for every drafter: sound trees, a reply that is the model's own, nothing seen that was not told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.errors import NotFoundError
from evidentia.serving.drafting import DRAFTERS, open_drafter
from evidentia.serving.drafting.drafter import BEST, Drafter, PassOutcome, Texts, Tree

from .conftest import VOCABULARY, Toy, prompt_step, write

TEXTS = [[1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 9, 10, 11, 3, 4, 9]]
OPEN: dict[str, Callable[[], Drafter]] = {
    "aded": lambda: open_drafter("aded", texts=lambda: TEXTS),
    "aded-mcts": lambda: open_drafter("aded-mcts", texts=lambda: TEXTS),
    "lookup": lambda: open_drafter("lookup"),
    "recycling": lambda: open_drafter("recycling", vocabulary=VOCABULARY),
    "recycling-static": lambda: open_drafter("recycling-static", vocabulary=VOCABULARY),
    "suffix": lambda: open_drafter("suffix"),
    "union": lambda: open_drafter("union", vocabulary=VOCABULARY),
}
every = pytest.mark.parametrize("make", OPEN.values(), ids=OPEN)
PROMPT = [1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 9, 1, 2]


def assert_sound(tree: Tree, budget: int, vocabulary: int = VOCABULARY) -> None:
    count = len(tree)
    assert count <= budget
    assert len(tree.parents) == len(tree.chances) == len(tree.sources) == count
    assert (tree.tokens.dtype, tree.parents.dtype, tree.chances.dtype) == (np.int32, np.int32, np.float32)
    assert all(-1 <= parent < place for place, parent in enumerate(tree.parents.tolist()))
    assert len(set(zip(tree.parents.tolist(), tree.tokens.tolist(), strict=True))) == count
    assert all(0 <= token < vocabulary for token in tree.tokens.tolist())
    above = [1.0 if parent < 0 else float(tree.chances[parent]) for parent in tree.parents.tolist()]
    assert all(0 < chance <= upper for chance, upper in zip(tree.chances.tolist(), above, strict=True))


tokens = st.integers(0, 9)


@st.composite
def passes(draw: st.DrawFn) -> list[tuple[list[int], int]]:
    """For each pass: what is written, whatever was drafted, and the next budget."""
    return draw(st.lists(st.tuples(st.lists(tokens, min_size=1, max_size=4), st.integers(0, 70)), max_size=6))


@every
@settings(max_examples=60, deadline=None)
@given(
    prompt=st.lists(tokens, min_size=1, max_size=40),
    beside=st.sampled_from([(), TEXTS]),
    told=passes(),
    seed=st.integers(0, 99),
)
def test_trees_are_sound_whatever_is_written(
    make: Callable[[], Drafter], prompt: list[int], beside: Texts, told: list[tuple[list[int], int]], seed: int
) -> None:
    noise = np.random.default_rng(seed)
    drafter = make()
    drafting = drafter.start(prompt, beside)
    root = prompt[-1]
    for written, budget in [([], 16), *told]:
        read = [root, *written[:-1]] if written else prompt[:-1]
        if read:
            best = np.array([noise.permutation(VOCABULARY)[:BEST] for _ in read], np.int32)
            parents = np.arange(-1, len(read) - 1, dtype=np.int32)
            drafting.learn(PassOutcome(np.array(read, np.int32), parents, best, np.arange(len(read)), tuple(written)))
        root = written[-1] if written else root
        assert_sound(drafting.draft(budget), budget)


@every
def test_the_reply_is_the_models_own(make: Callable[[], Drafter], toy: Toy) -> None:
    assert write(toy, make().start(PROMPT), PROMPT, 60, 16).tokens == toy.greedy(PROMPT, 60)


@every
def test_a_reply_that_repeats_itself_takes_fewer_passes_than_tokens(make: Callable[[], Drafter], toy: Toy) -> None:
    assert write(toy, make().start(PROMPT), PROMPT, 120, 16).passes < 110


@every
def test_the_same_request_to_a_fresh_drafter_gives_the_same_trees(make: Callable[[], Drafter], toy: Toy) -> None:
    first, second = (write(toy, make().start(PROMPT), PROMPT, 40, 16).trees for _ in range(2))
    assert [tree.tokens.tolist() for tree in first] == [tree.tokens.tolist() for tree in second]


@every
def test_drafting_twice_changes_nothing_but_what_aded_adds_per_pass(make: Callable[[], Drafter], toy: Toy) -> None:
    drafting = make().start(PROMPT)
    drafting.learn(prompt_step(toy, PROMPT))
    assert drafting.draft(8).tokens.tolist() == drafting.draft(8).tokens.tolist()


@every
def test_no_budget_gives_no_guesses(make: Callable[[], Drafter]) -> None:
    assert len(make().start(PROMPT).draft(0)) == 0


@every
def test_requests_run_side_by_side(make: Callable[[], Drafter], toy: Toy) -> None:
    drafter = make()
    others = drafter.start([8, 8, 1, 2])
    drafting = drafter.start(PROMPT)
    others.learn(prompt_step(toy, [8, 8, 1, 2]))
    assert write(toy, drafting, PROMPT, 30, 8).tokens == toy.greedy(PROMPT, 30)
    assert_sound(others.draft(8), 8)


def test_a_prompt_of_one_token_is_enough() -> None:
    for make in OPEN.values():
        assert_sound(make().start([5]).draft(8), 8)


def test_every_registered_drafter_opens_and_carries_its_name() -> None:
    opened = {drafter.name for drafter in (make() for make in OPEN.values())} | {open_drafter("forced").name}
    assert opened <= set(DRAFTERS)
    assert all(callable(DRAFTERS.load(name)) for name in DRAFTERS)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="union"):
        open_drafter("zzz")
