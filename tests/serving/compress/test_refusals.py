"""Whatever cannot be compressed is refused in one clear sentence, before anything is written, and the source stays as it
was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from evidentia.errors import EvidentiaError, InputError, ModelError, NotFoundError, StorageError
from evidentia.serving.compress import make, traced
from evidentia.serving.compress.latency import LatencyTable
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.models import hub

TEXT = "\n".join(f"Line {number}: the quick brown fox jumps over {number * 7} lazy dogs." for number in range(200))
SMALL = Recipe(keep=0.5, multiple=32, windows=16, length=64)
WEIGHTS = "model.safetensors"

Refused = Callable[..., EvidentiaError]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def source(tiny_checkpoint: Callable[..., Path]) -> Path:
    return tiny_checkpoint("llama", tie_word_embeddings=True)


@pytest.fixture
def refused(source: Path, cache: Path) -> Refused:
    """Compresses ``source``, and gives the error after seeing that nothing was written."""

    def ask(text: str = TEXT, name: str = "narrow", folder: Path = source, **asked: Any) -> EvidentiaError:
        before = {path.name: path.read_bytes() for path in folder.glob("*")}
        with pytest.raises(EvidentiaError) as error:
            make.make(name, str(folder), [text], replace(SMALL, **asked), cache)
        assert {path.name: path.read_bytes() for path in folder.glob("*")} == before
        assert hub.listing(cache) == hub.listing(cache / "empty")
        told = str(error.value)
        assert "\n" not in told
        assert told.endswith(".")
        return error.value

    return ask


def change_settings(folder: Path, **settings: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))


def change_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    weights = load_file(folder / WEIGHTS)
    change(weights)
    save_file(weights, folder / WEIGHTS, {"format": "pt"})


def test_another_architecture(refused: Refused, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traced, "PACKAGE", "no_such_package")
    change_settings(source, model_type="gpt2")
    told = str(refused())
    assert "torch-pruning" in told
    assert "llama" in told


def test_a_checkpoint_that_a_library_has_quantised(refused: Refused, source: Path) -> None:
    change_settings(source, quantization_config={"quant_method": "torchao"})
    assert "quantised already, by torchao" in str(refused())


def test_a_folder_that_is_no_checkpoint(refused: Refused, source: Path) -> None:
    (source / "config.json").write_text("{")
    assert "settings cannot be read" in str(refused())


def test_a_model_that_is_not_here(cache: Path) -> None:
    with pytest.raises(ModelError, match="evidentia model get no-such-model"):
        make.make("narrow", "no-such-model", [TEXT], SMALL, cache)


def test_weights_that_are_no_numbers(refused: Refused, source: Path) -> None:
    def spoil(weights: dict[str, torch.Tensor]) -> None:
        weights["model.layers.1.mlp.up_proj.weight"][3, 4] = torch.nan

    change_weights(source, spoil)
    assert "layers.1.mlp.up_proj" in str(refused())


def test_weights_that_are_missing(refused: Refused, source: Path) -> None:
    change_weights(source, lambda weights: weights.pop("model.layers.0.mlp.up_proj.weight"))
    told = str(refused())
    assert "lacks 1 of its weights" in told
    assert "layers.0.mlp.up_proj" in told


def test_weights_that_are_cut_off(refused: Refused, source: Path) -> None:
    whole = (source / WEIGHTS).read_bytes()
    (source / WEIGHTS).write_bytes(whole[: len(whole) // 2])
    assert "cannot be loaded" in str(refused())


def test_heads_that_do_not_divide(refused: Refused, source: Path, tiny_checkpoint: Callable[..., Path]) -> None:
    sizes = {"hidden_size": 160, "num_attention_heads": 10, "num_key_value_heads": 5, "head_dim": 16}
    folder = tiny_checkpoint("llama", **sizes)
    told = str(refused(folder=folder, heads=0.6))
    assert "cannot have 6 heads" in told
    assert "4/5" in told
    change_settings(folder, num_key_value_heads=4)
    assert "10 heads cannot share 4 groups" in str(refused(folder=folder))


def test_too_little_text(refused: Refused) -> None:
    assert "256 are needed" in str(refused("too short"))
    assert "too few to fit" in str(refused(windows=4, length=50))


def test_windows_that_are_longer_than_the_model_reads(refused: Refused) -> None:
    assert "reads 128 tokens at once" in str(refused(length=256))


def test_widths_that_cannot_be_had(refused: Refused) -> None:
    assert "Keep at most 0.5" in str(refused(keep=0.9))
    assert "cannot be cut in steps of 48" in str(refused(multiple=48))


def test_names_that_are_none_or_taken(refused: Refused) -> None:
    for name in ("../narrow", "a/b", ".hidden"):
        assert "no name for a model" in str(refused(name=name))
    assert "here already" in str(refused(name="SmolLM2-135M-Instruct"))


def test_a_strategy_that_nobody_knows(source: Path, cache: Path) -> None:
    with pytest.raises(NotFoundError, match="ziplm"):
        make.make("narrow", str(source), [TEXT], replace(SMALL, strategy="nothing"), cache)


def test_a_disk_without_room_for_the_copy(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=10_000))
    error = refused()
    assert isinstance(error, StorageError)
    assert "EVIDENTIA_CACHE" in str(error)


def test_a_machine_without_memory(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sysconf", lambda name: {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 50_000}[name])
    told = str(refused())
    assert "the machine has 0.2" in told
    assert "fewer windows" in told


def test_a_target_that_cannot_be_met(source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = LatencyTable(2, 0.0, {32: 0.1, 64: 0.15})
    monkeypatch.setattr(make, "latency_table", lambda *_: table)
    assert make.keeps_for(str(source), [1.2], SMALL, cache) == [0.5]
    with pytest.raises(InputError, match=r"3 times faster.*32 channels: 1\.50 times.*at most 1\.5"):
        make.keeps_for(str(source), [1.2, 3.0], SMALL, cache)


def test_embeddings_that_are_tied_stay_tied(source: Path, cache: Path) -> None:
    """They are no reason to refuse: nothing touches them, and they are written once."""
    from transformers import AutoModelForCausalLM

    folder = make.make("narrow", str(source), [TEXT], SMALL, cache)
    names = load_file(folder / WEIGHTS).keys() & {"lm_head.weight", "model.embed_tokens.weight"}
    assert names == {"model.embed_tokens.weight"}
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.lm_head.weight is model.model.embed_tokens.weight
    before = load_file(source / WEIGHTS)["model.embed_tokens.weight"]
    assert torch.equal(model.lm_head.weight, before.to(model.dtype))
