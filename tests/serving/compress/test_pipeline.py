"""The skeleton as a whole: what is kept is kept, and what is cut is made good for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from evidentia.errors import InputError
from evidentia.serving.compress.cut import mask, slice_off
from evidentia.serving.compress.groups import Group, groups
from evidentia.serving.compress.moments import Moments
from evidentia.serving.compress.pipeline import compress, cut_at_once, moments_of, restore, tensors
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.strategies import STRATEGIES
from evidentia.serving.compress.stream import Stream
from evidentia.serving.compress.survey import survey_layers

FAMILY = ("llama", "qwen3", "qwen2", "mistral")
SMALL = Recipe(windows=24, length=32, multiple=8, ridge=1e-6)


def scores(model: Any, windows: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model(windows, use_cache=False).logits
    return found


def recipe(**changes: Any) -> Recipe:
    from dataclasses import replace

    return replace(SMALL, **changes)


@pytest.mark.parametrize("architecture", FAMILY)
def test_half_after_half_is_the_model(architecture: str, tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model = tiny(architecture)
    stream = Stream(model, windows)
    for layer in range(3):
        stream.advance(stream.half(layer, "kv"))
        stream.advance(stream.half(layer, "ffn"))
    with torch.no_grad():
        found = model.lm_head(model.model.norm(stream.hidden))
    torch.testing.assert_close(found, scores(model, windows), rtol=0, atol=1e-9)


@pytest.mark.parametrize("architecture", FAMILY)
def test_a_model_that_keeps_everything_is_the_same_to_the_bit(
    architecture: str, tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    model = tiny(architecture)
    before = scores(model, windows)
    assert compress(model, windows, recipe(keep=1.0), four_bits=False) == []
    assert torch.equal(scores(model, windows), before)


@pytest.mark.parametrize("architecture", FAMILY)
@pytest.mark.parametrize("kind", ["ffn", "kv"])
def test_a_slice_and_a_mask_give_the_same_scores(
    architecture: str, kind: Any, tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    model = tiny(architecture)
    masked = copy.deepcopy(model)
    for group in groups(model.config, kind):
        units = torch.arange(group.units)[1::2].flip(0)
        held = model.model.layers[group.layer].get_submodule(group.consumer).weight.detach()
        weight = held.view(len(held), group.units, -1)[:, units].flatten(1)
        slice_off(model.model.layers[group.layer], group, units, weight)
        mask(masked.model.layers[group.layer], group, units, weight)
    torch.testing.assert_close(scores(model, windows), scores(masked, windows), rtol=0, atol=1e-9)


@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
def test_whoever_makes_good_is_nearer(architecture: str, tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    dense, errors = tiny(architecture), {}
    before = scores(dense, windows)
    for solve in ("none", "bias", "squares", "affine"):
        model = copy.deepcopy(dense)
        compress(model, windows, recipe(keep=0.5, solve=solve, toward="own"), four_bits=False)
        errors[solve] = float((scores(model, windows) - before).square().mean())
    assert errors["bias"] < errors["none"]
    assert errors["squares"] < errors["none"]
    assert errors["affine"] < errors["bias"]


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_strategy_leaves_the_width_that_was_asked_for(
    name: str, tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    model = tiny()
    cuts = compress(model, windows, recipe(strategy=name, keep=0.75), four_bits=False)
    assert [cut.units for cut in cuts] == [96] * 3
    assert model.config.intermediate_size == 96
    assert torch.isfinite(scores(model, windows)).all()


def test_groups_of_heads_go_with_their_queries(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model = tiny("qwen3")
    compress(model, windows, recipe(keep=1.0, heads=0.5), four_bits=False)
    assert (model.config.num_attention_heads, model.config.num_key_value_heads) == (2, 1)
    assert torch.isfinite(scores(model, windows)).all()


def test_widths_may_differ_by_layer_where_no_checkpoint_is_wanted(
    tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    model = tiny()
    surveys = survey_layers(model, windows, recipe(strategy="flap"))
    assert [len(survey.scores) for survey in surveys] == [128] * 3
    assert all(0 < survey.turned < 1 for survey in surveys)
    compress(model, windows, recipe(), four_bits=False, widths=[64, 128, 96])
    assert [layer.mlp.down_proj.in_features for layer in model.model.layers] == [64, 128, 96]


def test_a_stopped_run_goes_on_as_if_it_had_not_been_stopped(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    whole, stopped = tiny(), tiny()
    held: dict[int, dict[str, torch.Tensor]] = {}

    class Kept:
        asked = 0

        def layer(self, number: int) -> dict[str, torch.Tensor] | None:
            return held.get(number)

        def keep(self, number: int, tensors: dict[str, torch.Tensor]) -> None:
            if number == 2 and not self.asked:
                self.asked = 1
                raise KeyboardInterrupt
            held[number] = {name: tensor.clone() for name, tensor in tensors.items()}

    compress(whole, windows, SMALL, four_bits=False)
    kept = Kept()
    with pytest.raises(KeyboardInterrupt):
        compress(stopped, windows, SMALL, four_bits=False, kept=kept)
    again = tiny()
    cuts = compress(again, windows, SMALL, four_bits=False, kept=kept)
    assert [cut.layer for cut in cuts] == [2]
    torch.testing.assert_close(scores(again, windows), scores(whole, windows))


def test_what_is_kept_of_a_layer_is_put_back(tiny: Callable[..., Any]) -> None:
    model, other = tiny(), tiny()
    group = groups(model.config, "ffn")[0]
    layer = model.model.layers[0]
    slice_off(layer, group, torch.arange(8), layer.mlp.down_proj.weight.detach()[:, :8])
    restore(other.model.layers[0], group, tensors(layer, [group]))
    assert other.model.layers[0].mlp.gate_proj.out_features == 8


@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
@pytest.mark.parametrize("kind", ["ffn", "kv"])
def test_what_is_saved_gives_the_same_scores_and_the_same_reply(
    architecture: str, kind: str, tiny: Callable[..., Any], windows: torch.Tensor, tmp_path: Path
) -> None:
    from transformers import AutoModelForCausalLM

    from evidentia.serving.compress import export

    model = tiny(architecture, torch.float32)
    compress(model, windows, recipe(keep=0.5) if kind == "ffn" else recipe(keep=1.0, heads=0.5), four_bits=False)
    expected, asked = scores(model, windows), {"max_new_tokens": 6, "do_sample": False, "pad_token_id": 0}
    reply = model.generate(windows[:1, :8], **asked)
    (tmp_path / "source").mkdir()
    (tmp_path / "out").mkdir()
    export.write(model, tmp_path / "source", folder=tmp_path / "out", facts={}, dtype=torch.float32)
    loaded = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    assert torch.equal(scores(loaded, windows), expected)
    assert torch.equal(loaded.generate(windows[:1, :8], **asked), reply)


def test_cutting_at_once_is_cutting_in_turn_for_the_first_layer(
    tiny: Callable[..., Any], windows: torch.Tensor
) -> None:
    in_turn, at_once, dense = tiny(), tiny(), tiny()
    asked = recipe(keep=0.5)
    compress(in_turn, windows, asked, four_bits=False)

    def known(group: Group) -> Moments:
        stream = Stream(dense, windows)
        for layer in range(group.layer):
            stream.advance(stream.half(layer, "kv"))
            stream.advance(stream.half(layer, "ffn"))
        stream.advance(stream.half(group.layer, "kv"))
        return moments_of(stream, dense.model.layers[group.layer], group, None)

    cuts = cut_at_once(at_once, known, asked, four_bits=False)
    assert [cut.units for cut in cuts] == [64] * 3
    first, other = (model.model.layers[0].mlp.down_proj.weight for model in (in_turn, at_once))
    torch.testing.assert_close(first, other)
    assert torch.isfinite(scores(at_once, windows)).all()


def test_channels_that_no_text_reaches_are_named(tiny: Callable[..., Any], windows: torch.Tensor) -> None:
    model = tiny()
    with torch.no_grad():
        model.model.layers[1].mlp.up_proj.weight[5:90] = 0
    with pytest.raises(InputError, match=r"layer 1, mlp\.down_proj"):
        compress(model, windows, recipe(ridge=0.0), four_bits=False)
    compress(tiny(), windows, recipe(ridge=1e-3), four_bits=False)
