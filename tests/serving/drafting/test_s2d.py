"""Every exit says what it would say alone, however tokens before it left the network."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.drafting.drafter import PassOutcome
from evidentia.serving.drafting.s2d import Nested, Sorted, s2d, sorted_network
from evidentia.serving.network.network import SequenceInput

from .networks import model, network, s2d_file

PROMPT = (3, 1, 4, 1, 5)


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Sorted:
    return sorted_network(network(), s2d_file(tmp_path_factory.mktemp("s2d") / "w.safetensors", model(seed=4)))


def alone(nested: Sorted, number: int, tokens: tuple[int, ...]) -> torch.Tensor:
    stack = nested.alone(number)
    return stack.forward([SequenceInput(stack.memory(), tokens)], [len(tokens) - 1]).logits[0]


@settings(max_examples=40, deadline=None)
@given(
    sure=st.lists(st.sampled_from([0.0, 0.2, 2.0]), min_size=3, max_size=3),
    guesses=st.lists(st.integers(0, 30), max_size=4),
    written=st.lists(st.integers(0, 30), min_size=1, max_size=5),
)
def test_the_exit_that_is_taken_says_what_it_says_alone(
    nested: Sorted, sure: list[float], guesses: list[int], written: list[int]
) -> None:
    taken: Counter[int] = Counter()
    ahead = Nested(nested, PROMPT, sure[0], taken)
    texts, said = [PROMPT], [ahead.root()]
    for at, token in enumerate(guesses):
        ahead.sure = sure[1]
        texts.append((*PROMPT, *guesses[: at + 1]))
        said.append(ahead.grow([token], [at - 1])[0])
    ahead.learn(PassOutcome(np.zeros(1), np.zeros(1), np.zeros((1, 0)), np.zeros(1), tuple(written)))
    ahead.sure = sure[2]
    texts.append((*PROMPT, *written))
    said.append(ahead.root())
    assert sum(taken.values()) == len(said)
    for text, logits in zip(texts, said, strict=True):
        apart = [float((logits - alone(nested, number, text)).abs().max()) for number in range(3)]
        assert min(apart) < 1e-4


def test_a_sure_token_leaves_early_and_an_unsure_one_goes_to_the_end(nested: Sorted) -> None:
    for sure, number in ((0.0, 0), (2.0, 2)):
        taken: Counter[int] = Counter()
        logits = Nested(nested, PROMPT, sure, taken).root()
        torch.testing.assert_close(logits, alone(nested, number, PROMPT))
        assert taken == {nested.exits[number]: 1}


def test_a_target_close_to_the_drafter_uses_early_exits_only(tmp_path: Path) -> None:
    file = s2d_file(tmp_path / "w.safetensors", model(seed=4))
    drafter = s2d(target=network(), weights=file, sure=2.0, deepest=2)
    ahead = drafter.start(PROMPT).ahead
    assert isinstance(ahead, Nested)
    torch.testing.assert_close(ahead.root(), alone(sorted_network(network(), file), 1, PROMPT))
