"""Who starts, who reads how much, and what has been read before."""

from __future__ import annotations

import pytest

from evidentia.serving.engine.prefix import BLOCK, MOST, PrefixCache
from evidentia.serving.engine.scheduler import count_admissible, guess_budget, prompt_shares
from evidentia.serving.network.cache import CacheShape, KVCache


@pytest.fixture
def shape() -> CacheShape:
    import torch

    return CacheShape(1, 1, 2, torch.float32, torch.device("cpu"))


def test_nobody_overtakes_a_request_that_does_not_fit_yet() -> None:
    assert count_admissible([10, 50, 10], free=40, running=0, most=8) == 1
    assert count_admissible([10, 20, 10], free=40, running=6, most=8) == 2
    assert count_admissible([], free=0, running=0, most=8) == 0


def test_who_writes_always_gets_its_token_and_prompts_share_the_rest() -> None:
    assert prompt_shares([1, 700, 1, 300], most=512) == [1, 512, 1, 0]
    assert prompt_shares([100, 700], most=512) == [100, 412]


def test_guesses_are_shared_among_those_who_write() -> None:
    assert guess_budget(1, nodes=16, widest=64) == 16
    assert guess_budget(8, nodes=16, widest=64) == 7
    assert guess_budget(0, nodes=16, widest=64) == 0
    assert guess_budget(100, nodes=16, widest=64) == 0


def test_a_prompt_finds_the_longest_beginning_that_was_read(shape: CacheShape) -> None:
    prefixes = PrefixCache(1 << 20)
    tokens = list(range(3 * BLOCK))
    memory = KVCache(shape)
    prefixes.put(tokens, memory)
    assert prefixes.find(tokens) == (memory, 3 * BLOCK)
    assert prefixes.find([*tokens[: BLOCK + 5], -1, *tokens]) == (memory, BLOCK + 5)
    assert prefixes.find(tokens[: BLOCK - 1]) == (None, 0)
    assert prefixes.find([9, *tokens]) == (None, 0)


def test_a_longer_text_takes_the_place_of_its_beginning(shape: CacheShape) -> None:
    prefixes = PrefixCache(1 << 20)
    tokens = list(range(3 * BLOCK))
    prefixes.put(tokens[: BLOCK + 3], KVCache(shape))
    longer = KVCache(shape)
    prefixes.put(tokens, longer)
    assert prefixes.used == longer.size
    assert prefixes.find(tokens[: BLOCK + 3]) == (longer, BLOCK + 3)


def test_the_least_recently_used_goes_first(shape: CacheShape) -> None:
    one = KVCache(shape)
    prefixes = PrefixCache(2 * one.size)
    texts = [[number] * BLOCK for number in range(3)]
    prefixes.put(texts[0], one)
    prefixes.put(texts[1], KVCache(shape))
    prefixes.find(texts[0])
    prefixes.put(texts[2], KVCache(shape))
    assert [prefixes.find(text)[1] for text in texts] == [BLOCK, 0, BLOCK]
    prefixes.shrink(0)
    assert prefixes.used == 0
    assert prefixes.find(texts[0]) == (None, 0)


def test_small_memories_are_not_kept_without_end(shape: CacheShape) -> None:
    prefixes = PrefixCache(1 << 30)
    for number in range(MOST + 3):
        prefixes.put([number] * BLOCK, KVCache(shape))
    found = [prefixes.find([number] * BLOCK)[1] for number in range(MOST + 3)]
    assert found == [0] * 3 + [BLOCK] * MOST
