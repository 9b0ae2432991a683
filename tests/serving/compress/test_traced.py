"""Models outside the Llama family lose channels of their feed-forwards by torch-pruning's traced groups."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch

from evidentia.errors import InputError
from evidentia.serving.compress import card, make, traced
from evidentia.serving.compress.cut import mask
from evidentia.serving.compress.groups import Group
from evidentia.serving.compress.pipeline import compress_groups, heard_moments
from evidentia.serving.compress.plan import forecast_traced
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.resume import KeptLayers
from evidentia.serving.models.local import load_local

TEXT = "\n".join(f"Line {number}: the quick brown fox jumps over {number * 7} lazy dogs." for number in range(200))
SMALL = Recipe(keep=0.5, multiple=32, windows=16, length=64)
SIZES: dict[str, dict[str, object]] = {
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 128},
    "opt": {"ffn_dim": 128, "word_embed_proj_dim": 32},
    "stablelm": {"intermediate_size": 128, "num_key_value_heads": 2},
}
needs_tracing = pytest.mark.skipif(find_spec(traced.PACKAGE) is None, reason="needs the extra traced")


@pytest.fixture
def checkpoint(tiny_checkpoint: Callable[..., Path]) -> Callable[[str], Path]:
    return lambda architecture: tiny_checkpoint(architecture, **SIZES[architecture])


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def model_of(folder: Path) -> Any:
    _, model = make.load(folder)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 2:
                parameter.mul_(6)  # so that layers are not all but the identity
    traced.use_linear(model)
    return model


@needs_tracing
@pytest.mark.parametrize("architecture", ["gpt2", "opt", "stablelm"])
def test_only_what_is_independent_is_found_and_the_settings_can_say_it(
    checkpoint: Callable[[str], Path], architecture: str
) -> None:
    model = model_of(checkpoint(architecture))
    found = traced.trace(model)
    assert [group.layer for group in found] == [0, 1]
    assert {group.units for group in found} == {128}
    assert len(found[0].producers) == (2 if architecture == "stablelm" else 1)
    assert not any("attn" in name for group in found for name, _ in [*group.producers, (group.consumer, 0)])
    narrower = traced.narrower_settings(model.config, found, 96)
    assert 96 in narrower.to_dict().values()
    assert 96 not in model.config.to_dict().values()


@needs_tracing
def test_a_cut_model_computes_what_a_masked_one_does(
    checkpoint: Callable[[str], Path], tmp_path: Path, windows: torch.Tensor
) -> None:
    folder = checkpoint("gpt2")
    whole, cut = model_of(folder), model_of(folder)
    found = traced.trace(whole)
    recipe = replace(SMALL, strategy="wanda", solve="none")
    compress_groups(cut, found, windows, recipe, kept=KeptLayers(tmp_path / "kept", {}))
    for group in found:
        consumer, moments = whole.get_submodule(group.consumer), heard_moments(whole, group, windows)
        worth = consumer.weight.detach().double().square().sum(0) * moments.second.diagonal()
        units = worth.topk(64).indices.sort().values
        mask(whole, group, units, consumer.weight.detach()[:, units])
    with torch.no_grad():
        assert torch.allclose(cut(windows).logits, whole(windows).logits, atol=1e-5)


@needs_tracing
def test_least_squares_cost_less_than_nothing_made_good(
    checkpoint: Callable[[str], Path], tmp_path: Path, windows: torch.Tensor
) -> None:
    folder = checkpoint("opt")
    with torch.no_grad():
        wanted = model_of(folder)(windows).logits
    apart = {}
    for way in ("none", "squares"):
        model = model_of(folder)
        recipe = replace(SMALL, strategy="wanda", solve=way)
        compress_groups(model, traced.trace(model), windows, recipe, kept=KeptLayers(tmp_path / way, {}))
        with torch.no_grad():
            apart[way] = float((model(windows).logits - wanted).square().mean())
    assert apart["squares"] < 0.9 * apart["none"]


@needs_tracing
def test_the_command_s_way_ends_in_a_plain_checkpoint(checkpoint: Callable[[str], Path], cache: Path) -> None:
    from transformers import AutoModelForCausalLM

    from evidentia.serving.base import Message, Sampling

    source = checkpoint("gpt2")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    folder = make.make("narrow", str(source), [TEXT], SMALL, cache)
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.config.n_inner == 64
    assert model.transformer.h[0].mlp.c_fc.weight.shape == (32, 64)
    dense, small = card.read(folder).rows
    assert dense.parameters - small.parameters == 2 * 64 * (2 * 32 + 1)
    served = load_local(folder, "narrow", dtype="float32", device="cpu")
    assert "".join(served.stream([Message("user", "hello")], Sampling(max_tokens=4))) is not None
    served.close()


@needs_tracing
def test_what_only_the_llama_family_can_lose_is_refused(checkpoint: Callable[[str], Path], cache: Path) -> None:
    folder = checkpoint("gpt2")
    found = traced.trace(model_of(folder))
    assert forecast_traced(folder, SMALL, cache, found).narrower == 64
    for asked in ({"recover": 1.0}, {"heads": 0.5}, {"by_layer": True}, {"rows": 300}):
        with pytest.raises(InputError, match="only loses channels"):
            forecast_traced(folder, replace(SMALL, **asked), cache, found)
    with pytest.raises(InputError, match="reads 128 tokens"):
        forecast_traced(folder, replace(SMALL, length=256), cache, found)
    with pytest.raises(InputError, match="cut nothing"):
        forecast_traced(folder, replace(SMALL, keep=0.99), cache, found)


def test_settings_that_cannot_say_it_are_refused() -> None:
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.for_model("bloom", hidden_size=32, n_layer=1, n_head=2, vocab_size=96)
    names = [name for name, _ in AutoModelForCausalLM.from_config(config).named_modules()]
    producer = next(name for name in names if name.endswith("dense_h_to_4h"))
    consumer = next(name for name in names if name.endswith("dense_4h_to_h"))
    group = Group(0, "ffn", units=128, columns=1, producers=((producer, 1),), consumer=consumer)
    with pytest.raises(InputError, match="bloom cannot say"):
        traced.narrower_settings(config, [group], 64)


def test_a_bias_that_the_class_does_not_have_is_refused() -> None:
    model = torch.nn.ModuleDict({"down": torch.nn.Linear(4, 4, bias=False)})
    group = Group(0, "ffn", units=4, columns=1, producers=(), consumer="down")
    traced.refuse_bias(model, [group], "squares")
    with pytest.raises(InputError, match="affine needs"):
        traced.refuse_bias(model, [group], "affine")


def test_without_torch_pruning_it_says_what_to_install(
    tiny_checkpoint: Callable[..., Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tiny_checkpoint("llama")
    path = source / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model_type": "gpt2"}))
    monkeypatch.setattr(traced, "PACKAGE", "no_such_package")
    with pytest.raises(InputError, match=r"torch-pruning, which is not installed.*evidentia\[traced\].*llama"):
        make.plan(str(source), SMALL, cache)
