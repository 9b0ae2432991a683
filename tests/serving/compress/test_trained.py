"""A small model that has learnt a language of its own, and what cutting it costs."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from evidentia.serving.compress.card import surprise
from evidentia.serving.compress.pipeline import compress
from evidentia.serving.compress.recipes import Recipe

WORDS, CHOICES = 96, 3
STEPS, BATCH, LENGTH = 150, 16, 32
RECIPE = Recipe(keep=0.6, multiple=8, strategy="flap", ridge=1e-6)


def spoken(windows: int, seed: int) -> torch.Tensor:
    """Text ``[windows, LENGTH]`` of a language in which each two words are followed by one of three."""
    follow = torch.randint(WORDS, (12, 12, CHOICES), generator=torch.Generator().manual_seed(0))
    made = torch.Generator().manual_seed(seed)
    found = torch.randint(WORDS, (windows, LENGTH), generator=made)
    for at in range(2, LENGTH):
        chosen = torch.randint(CHOICES, (windows,), generator=made)
        found[:, at] = follow[found[:, at - 2] % 12, found[:, at - 1] % 12, chosen]
    return found


@pytest.fixture(scope="module")
def trained() -> Callable[[], Any]:
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    config = AutoConfig.for_model(
        "qwen3", hidden_size=64, intermediate_size=128, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, vocab_size=WORDS, max_position_embeddings=64, tie_word_embeddings=True,
    )  # fmt: skip
    model = AutoModelForCausalLM.from_config(config)
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, STEPS)
    text = spoken(STEPS * BATCH, 1)
    for at in range(0, len(text), BATCH):
        part = text[at : at + BATCH]
        model(part, labels=part).loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
    model.eval().requires_grad_(False)
    return lambda: copy.deepcopy(model)


@pytest.mark.slow
def test_least_squares_cost_less_than_a_bias_or_nothing(trained: Callable[[], Any]) -> None:
    text, held = spoken(128, 2), spoken(64, 3)
    dense = surprise(trained(), held)
    assert dense < 0.6 * math.log(WORDS), "it has learnt something"
    costs = {}
    for solve in ("none", "bias", "squares"):
        model = trained()
        compress(model, text, replace(RECIPE, solve=solve), four_bits=False)
        costs[solve] = math.expm1(surprise(model, held) - dense)
    assert 0 < costs["squares"] < 0.6 * min(costs["bias"], costs["none"])
