"""The likeliest tokens are found by blocks as by sorting all of them."""

from __future__ import annotations

import pytest
import torch

from evidentia.serving.drafting.drafter import BEST
from evidentia.serving.engine.running import BLOCK, PassLogits


@pytest.mark.parametrize("vocabulary", [3, BEST * BLOCK - 1, BEST * BLOCK, BEST * BLOCK + 1, 20 * BLOCK + 7])
def test_the_likeliest_are_those_of_the_whole_row(vocabulary: int) -> None:
    made = torch.Generator().manual_seed(vocabulary)
    logits = torch.stack([torch.randperm(vocabulary, generator=made).float() for _ in range(5)])
    expected = logits.topk(min(BEST, vocabulary), -1).indices
    assert PassLogits(logits).best.tolist() == expected.tolist()


def test_many_likely_tokens_of_one_block_are_all_found() -> None:
    logits = torch.full((1, 20 * BLOCK), -torch.inf)
    logits[0, 5 * BLOCK : 5 * BLOCK + BEST] = torch.arange(BEST).float()
    assert PassLogits(logits).best[0].tolist() == list(range(5 * BLOCK + BEST - 1, 5 * BLOCK - 1, -1))
