"""Who starts, who reads how much, and what has been read before."""

from __future__ import annotations

import pytest

from evidentia.serving.engine.prefix import BLOCK, MOST, Prefixes
from evidentia.serving.engine.scheduler import admitted, budgets, shares
from evidentia.serving.network.cache import Memory, Shape


@pytest.fixture
def shape() -> Shape:
    import torch

    return Shape(1, 1, 2, torch.float32, torch.device("cpu"))


def test_nobody_overtakes_a_request_that_does_not_fit_yet() -> None:
    assert admitted([10, 50, 10], free=40, running=0, most=8) == 1
    assert admitted([10, 20, 10], free=40, running=6, most=8) == 2
    assert admitted([], free=0, running=0, most=8) == 0


def test_who_writes_always_gets_its_token_and_prompts_share_the_rest() -> None:
    assert shares([1, 700, 1, 300], most=512) == [1, 512, 1, 0]
    assert shares([100, 700], most=512) == [100, 412]


def test_guesses_are_shared_among_those_who_write() -> None:
    assert budgets(1, nodes=16, widest=64) == 16
    assert budgets(8, nodes=16, widest=64) == 7
    assert budgets(0, nodes=16, widest=64) == 0
    assert budgets(100, nodes=16, widest=64) == 0


def test_a_prompt_finds_the_longest_beginning_that_was_read(shape: Shape) -> None:
    prefixes = Prefixes(1 << 20)
    tokens = list(range(3 * BLOCK))
    memory = Memory(shape)
    prefixes.put(tokens, memory)
    assert prefixes.find(tokens) == (memory, 3 * BLOCK)
    assert prefixes.find([*tokens[: BLOCK + 5], -1, *tokens]) == (memory, BLOCK + 5)
    assert prefixes.find(tokens[: BLOCK - 1]) == (None, 0)
    assert prefixes.find([9, *tokens]) == (None, 0)


def test_a_longer_text_takes_the_place_of_its_beginning(shape: Shape) -> None:
    prefixes = Prefixes(1 << 20)
    tokens = list(range(3 * BLOCK))
    prefixes.put(tokens[: BLOCK + 3], Memory(shape))
    longer = Memory(shape)
    prefixes.put(tokens, longer)
    assert prefixes.used == longer.size
    assert prefixes.find(tokens[: BLOCK + 3]) == (longer, BLOCK + 3)


def test_the_least_recently_used_goes_first(shape: Shape) -> None:
    one = Memory(shape)
    prefixes = Prefixes(2 * one.size)
    texts = [[number] * BLOCK for number in range(3)]
    prefixes.put(texts[0], one)
    prefixes.put(texts[1], Memory(shape))
    prefixes.find(texts[0])
    prefixes.put(texts[2], Memory(shape))
    assert [prefixes.find(text)[1] for text in texts] == [BLOCK, 0, BLOCK]
    prefixes.shrink(0)
    assert prefixes.used == 0
    assert prefixes.find(texts[0]) == (None, 0)


def test_small_memories_are_not_kept_without_end(shape: Shape) -> None:
    prefixes = Prefixes(1 << 30)
    for number in range(MOST + 3):
        prefixes.put([number] * BLOCK, Memory(shape))
    found = [prefixes.find([number] * BLOCK)[1] for number in range(MOST + 3)]
    assert found == [0] * 3 + [BLOCK] * MOST
