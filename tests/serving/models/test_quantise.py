"""Weights that another library keeps: what runs on them, what they are called, and why they may be refused.

torchao is part of the development extra. bitsandbytes is large, so its tests run where it is installed.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from evidentia.errors import MissingExtra, ModelError, NotFoundError
from evidentia.serving import load_in_process
from evidentia.serving.base import Sampling
from evidentia.serving.drafting.union import Union
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.models import adapters, quantise
from evidentia.serving.models.local import LocalTransformers, load_local
from evidentia.serving.network.hooks import HookedNetwork
from evidentia.serving.network.lean import LeanNetwork
from evidentia.settings import Settings

SHAPE = {"hidden_size": 64, "head_dim": 32, "intermediate_size": 128}
"""What bitsandbytes needs on a CPU: rows in blocks of 64, and 32 of them."""
TOKENS = list(range(5, 45))
FLAT = Prices({1: 1.0, 64: 1.0})
"""On such a machine every guess is worth its place."""

needs_bitsandbytes = pytest.mark.skipif(
    importlib.util.find_spec("bitsandbytes") is None, reason="bitsandbytes is not installed"
)
KINDS = [
    pytest.param("torchao-int8", 0.02),
    pytest.param("bitsandbytes-int8", 0.02, marks=needs_bitsandbytes),
    pytest.param("bitsandbytes-nf4", 0.15, marks=needs_bitsandbytes),
]
"""With how far the scores may lie from those of the weights as they were."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, make_checkpoint: Callable[..., Path]) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("llama"), "llama", **SHAPE)


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Callable[[str], LocalTransformers]:
    known: dict[str, LocalTransformers] = {}

    def load(kind: str) -> LocalTransformers:
        if kind not in known:
            known[kind] = load_local(folder, "tiny", dtype="float32", device="cpu", kind=kind)
        return known[kind]

    return load


Loaded = Callable[[str], LocalTransformers]


@pytest.mark.parametrize(("kind", "apart"), KINDS)
def test_scores_are_those_of_transformers_and_near_the_unrounded_ones(loaded: Loaded, kind: str, apart: float) -> None:
    import torch

    model = loaded(kind)
    with torch.inference_mode():
        own = model.model(torch.tensor([TOKENS]), use_cache=False).logits[0].numpy()
    session = model.start()
    parts = np.concatenate([session.feed(TOKENS[:1]), session.feed(TOKENS[1:30]), session.feed(TOKENS[30:])])
    plain = loaded("plain").start().feed(TOKENS)
    assert isinstance(model.network, LeanNetwork)
    np.testing.assert_allclose(parts, own, atol=1e-4)
    assert 0 < np.sqrt(np.square(own - plain).mean() / np.square(plain).mean()) < apart


@pytest.mark.parametrize("kind", [pytest.param(*param.values[:1], marks=param.marks) for param in KINDS])
def test_a_reply_is_the_same_guessed_or_not(loaded: Loaded, kind: str) -> None:
    network = loaded(kind).network
    assert network is not None
    prompt = tuple([*TOKENS[:8]] * 3)
    replies = []
    for drafter in (None, Union(vocabulary=network.vocabulary)):
        engine = Engine(network, frozenset(), 128, prices=FLAT, drafter=drafter)
        reply = engine.submit(EngineRequest(prompt, Sampling(max_tokens=60)))
        replies.append([token for chunk in reply for token in chunk.tokens])
        engine.close()
    assert replies[0] == replies[1]
    assert len(replies[0]) == 60
    assert reply.usage.accepted > 0


def test_a_model_of_another_family_runs_through_the_hooks(tmp_path: Path, make_checkpoint: Callable[..., Path]) -> None:
    folder = make_checkpoint(tmp_path, "gpt_neox", num_key_value_heads=2)
    model = load_local(folder, "neox", dtype="float32", device="cpu", kind="torchao-int8")
    assert isinstance(model.network, HookedNetwork)
    plain = load_local(folder, "neox", dtype="float32", device="cpu", kind="plain").start().feed(TOKENS)
    np.testing.assert_allclose(model.start().feed(TOKENS), plain, atol=0.05 * np.abs(plain).max())


def test_every_kind_has_a_fingerprint_of_its_own_that_lasts(folder: Path, loaded: Loaded) -> None:
    kinds = ["plain", "int8", "torchao-int8"]
    assert len({loaded(kind).fingerprint for kind in kinds}) == len(kinds)
    again = load_local(folder, "tiny", dtype="float32", device="cpu", kind="torchao-int8")
    again.start().feed(TOKENS)
    assert again.fingerprint == loaded("torchao-int8").fingerprint


@pytest.fixture
def quantised_folder(loaded: Loaded, tmp_path: Path) -> Path:
    loaded("torchao-int8").model.save_pretrained(tmp_path)
    loaded("torchao-int8").tokenizer.save_pretrained(tmp_path)
    return tmp_path


def test_a_checkpoint_that_is_quantised_already_is_the_same_model(loaded: Loaded, quantised_folder: Path) -> None:
    model = load_local(quantised_folder, "tiny", dtype="float32", device="cpu")
    assert isinstance(model.network, LeanNetwork)
    assert model.fingerprint == loaded("torchao-int8").fingerprint
    assert (model.start().feed(TOKENS) == loaded("torchao-int8").start().feed(TOKENS)).all()


def test_a_quantised_checkpoint_is_not_quantised_again(quantised_folder: Path) -> None:
    with pytest.raises(ModelError, match="quantised already, by torchao"):
        load_local(quantised_folder, "tiny", device="cpu", kind="int8")


def test_a_missing_library_is_named_with_its_extra(
    folder: Path, quantised_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for load in (
        lambda: load_local(folder, "tiny", device="cpu", kind="bitsandbytes-nf4"),
        lambda: load_local(quantised_folder, "tiny", device="cpu"),
    ):
        with pytest.raises(MissingExtra, match=r'is not installed. Run: pip install "evidentia\[quantised\]"'):
            load()


def test_a_checkpoint_of_an_unknown_library_says_what_transformers_says(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["quantization_config"] = {"quant_method": "gptq", "bits": 4}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=r"cannot be loaded .*Choose other weights"):
        load_local(tmp_path, "tiny", device="cpu")


@pytest.mark.parametrize("kind", ["torchao-int4", "torchao-float8"])
def test_kernels_of_a_gpu_are_refused_on_a_cpu(folder: Path, kind: str) -> None:
    with pytest.raises(ModelError, match=f"{kind} needs an NVIDIA GPU"):
        load_local(folder, "tiny", device="cpu", kind=kind)


def test_kernels_of_a_cpu_are_refused_on_a_gpu(folder: Path) -> None:
    with pytest.raises(ModelError, match="int4 weights on a CPU only: cuda"):
        load_local(folder, "tiny", device="cuda", kind="int4")


def test_a_shape_that_the_library_cannot_multiply_is_one_sentence(
    loaded: Loaded, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = loaded("torchao-int8").model

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("no kernel for it\nat all")

    monkeypatch.setattr(model, "forward", fails)
    with pytest.raises(ModelError, match=r"cannot be multiplied on cpu \(no kernel for it\)"):
        quantise.try_out(model, folder)


def test_an_unknown_name_lists_those_there_are(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"plain, packed, int8, int4, torchao-int8, .*bitsandbytes-nf4"):
        load_local(folder, "tiny", device="cpu", kind="gguf")


@pytest.mark.parametrize("kind", [name for name in quantise.WEIGHTS if name not in quantise.OWN])
def test_every_name_makes_settings_of_its_library(kind: str) -> None:
    import torch

    rounding = quantise.WEIGHTS.load(kind)
    assert kind.startswith(rounding.library)
    if importlib.util.find_spec(rounding.library) is None:
        pytest.skip("its library is not installed")
    settings = rounding.settings(torch.bfloat16)
    assert settings.quant_method == rounding.library
    assert settings.to_dict()


def test_the_setting_reaches_the_model(folder: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENTIA_WEIGHTS", "int8")
    assert load_in_process(str(folder), Settings.from_env()).kind == "int8"
    monkeypatch.setenv("EVIDENTIA_WEIGHTS", "eight")
    with pytest.raises(NotFoundError, match="eight"):
        load_in_process(str(folder), Settings.from_env())


def test_no_adapter_is_merged_into_quantised_weights(loaded: Loaded, tmp_path: Path) -> None:
    config = {"peft_type": "LORA", "base_model_name_or_path": "tiny", "r": 4, "lora_alpha": 8}
    (tmp_path / adapters.CONFIG).write_text(json.dumps(config))
    with pytest.raises(ModelError, match="cannot be merged into quantised weights"):
        adapters.with_adapter(loaded("torchao-int8"), str(tmp_path))


def test_no_shipped_adapter_is_offered_for_quantised_weights(
    loaded: Loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / adapters.CONFIG).write_text(json.dumps({"base_model_name_or_path": "tiny"}))
    monkeypatch.setattr(adapters, "SHIPPED", tmp_path)
    assert adapters.available(loaded("plain")) == ["own"]
    assert adapters.available(loaded("torchao-int8")) == []
