"""What budgets go by: prices that are heard with one layer cut are what the whole model then says worse."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from evidentia.serving.compress.divergence import distance
from evidentia.serving.compress.groups import groups
from evidentia.serving.compress.pipeline import compress, moments_of
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.stream import Stream
from evidentia.serving.compress.survey import APART, FEW, survey_layers

SMALL = Recipe(windows=24, length=32, multiple=8, ridge=1e-6)


def heard(model: Any, windows: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model(windows[:FEW], use_cache=False).logits[:, ::APART]
    return found


@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
def test_a_loss_is_what_the_model_says_worse_with_that_layer_cut(
    architecture: str, tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    dense = tiny(architecture)
    before = copy.deepcopy(dense)
    surveys = survey_layers(dense, windows, SMALL)
    assert torch.equal(heard(dense, windows), heard(before, windows)), "the model is left as it was"
    for number, survey in enumerate(surveys):
        cut = copy.deepcopy(dense)
        compress(cut, windows, SMALL, four_bits=False, widths=[96 if at == number else 128 for at in range(3)])
        expected = float(distance(heard(cut, windows), heard(dense, windows)))
        assert survey.losses[96] == pytest.approx(expected, rel=1e-3)
        assert survey.losses[128] == 0
        assert list(survey.losses) == list(range(128, 0, -8))
        assert list(survey.losses.values()) == sorted(survey.losses.values())


def test_moments_that_are_known_are_not_summed_again(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model, asked = tiny(), replace(SMALL, strategy="flap")
    held = {}
    stream = Stream(model, windows)
    for group in groups(model.config, "ffn"):
        stream.advance(stream.half(group.layer, "kv"))
        held[group.layer] = moments_of(stream, model.model.layers[group.layer], group, None)
        stream.advance(stream.half(group.layer, "ffn"))
    few = survey_layers(model, windows[:2], asked, known=lambda group: held[group.layer])
    assert [one.scores for one in few] == [one.scores for one in survey_layers(model, windows, asked)]
