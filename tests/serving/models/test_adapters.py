"""An adapter in use is what PEFT would compute, shares what it does not change, and is refused where it does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia.errors import DigestMismatch, ModelError, NotFoundError
from evidentia.serving.base import adapt, is_adapted
from evidentia.serving.models import adapters
from evidentia.serving.models.checkpoint import MANIFEST, sha256
from evidentia.serving.models.local import LocalTransformers, load_local
from evidentia.serving.models.scripted import ScriptedModel

TARGETS = ("q_proj", "v_proj", "o_proj", "up_proj", "down_proj")
TOKENS = [5, 77, 130, 9, 9, 41]


@pytest.fixture
def tiny(tiny_checkpoint: Callable[..., Path]) -> LocalTransformers:
    return load_local(tiny_checkpoint("llama", tie_word_embeddings=True), "tiny-llama", dtype="float32", device="cpu")


@pytest.fixture
def adapter(tiny: LocalTransformers, tmp_path: Path) -> Path:
    """A random adapter of the tiny model's, written in PEFT's format."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(1)
    folder = tmp_path / "shaken"
    folder.mkdir()
    tensors = {}
    for name, linear in tiny.model.named_modules():
        if name.endswith(TARGETS):
            tensors[f"base_model.model.{name}.lora_A.weight"] = torch.randn(4, linear.in_features) / 8
            tensors[f"base_model.model.{name}.lora_B.weight"] = torch.randn(linear.out_features, 4) / 8
    save_file(tensors, folder / adapters.WEIGHTS)
    settings = {"peft_type": "LORA", "base_model_name_or_path": "somewhere/tiny-llama", "r": 4, "lora_alpha": 8}
    (folder / adapters.CONFIG).write_text(json.dumps({**settings, "target_modules": list(TARGETS)}))
    return folder


def _settings(folder: Path, **changed: object) -> None:
    path = folder / adapters.CONFIG
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning")  # of PEFT, in transformers
def test_merged_scores_are_those_of_peft(tiny: LocalTransformers, adapter: Path) -> None:
    peft = pytest.importorskip("peft")
    import torch

    plain = tiny.start().feed(TOKENS)
    merged = adapters.with_adapter(tiny, str(adapter)).start().feed(TOKENS)
    wrapped = peft.PeftModel.from_pretrained(adapters._sharing(tiny.model), adapter)
    with torch.inference_mode():
        expected = wrapped(torch.tensor([TOKENS])).logits[0]
    assert abs(merged - expected.numpy()).max() < 1e-4
    assert abs(merged - plain).max() > 0.01


def test_the_plain_model_stays_as_it_was(tiny: LocalTransformers, adapter: Path) -> None:
    before = tiny.start().feed(TOKENS)
    fingerprint = tiny.fingerprint
    adapted = adapters.with_adapter(tiny, str(adapter))
    assert (tiny.start().feed(TOKENS) == before).all()
    assert adapted.fingerprint != fingerprint
    assert (adapted.name, adapted.adapter) == ("tiny-llama+shaken", "shaken")


def test_what_the_adapter_leaves_alone_is_shared_and_not_copied(tiny: LocalTransformers, adapter: Path) -> None:
    ours, theirs = (
        {name: tensor.data_ptr() for name, tensor in model.model.state_dict().items()}
        for model in (tiny, adapters.with_adapter(tiny, str(adapter)))
    )
    changed = {name for name in ours if ours[name] != theirs[name]}
    assert {name.split(".")[-2] for name in changed} == set(TARGETS)
    assert ours["model.embed_tokens.weight"] == theirs["lm_head.weight"]


def test_an_adapter_is_opened_once(tiny: LocalTransformers, adapter: Path) -> None:
    assert adapters.with_adapter(tiny, str(adapter)) is adapters.with_adapter(tiny, f"{adapter}/../{adapter.name}")


def test_an_unknown_name_is_refused(tiny: LocalTransformers) -> None:
    with pytest.raises(NotFoundError, match="no such adapter"):
        adapters.with_adapter(tiny, "nowhere")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"base_model_name_or_path": "other-model"}, "trained for other-model"),
        ({"use_dora": True}, "not a plain LoRA"),
        ({"peft_type": "IA3"}, "not a plain LoRA"),
    ],
)
def test_an_adapter_of_another_model_or_form_is_refused(
    tiny: LocalTransformers, adapter: Path, changed: dict[str, object], why: str
) -> None:
    _settings(adapter, **changed)
    with pytest.raises(ModelError, match=why):
        adapters.with_adapter(tiny, str(adapter))


def test_an_adapter_of_another_shape_is_refused(
    adapter: Path, make_checkpoint: Callable[..., Path], tmp_path: Path
) -> None:
    wider = make_checkpoint(tmp_path / "wider", "llama", num_key_value_heads=2)
    model = load_local(wider, "tiny-llama", dtype="float32", device="cpu")
    with pytest.raises(ModelError, match="does not fit"):
        adapters.with_adapter(model, str(adapter))


def test_a_changed_file_is_refused(tiny: LocalTransformers, adapter: Path) -> None:
    digest = sha256(adapter / adapters.WEIGHTS)
    (adapter / MANIFEST).write_text(json.dumps({"files": {adapters.WEIGHTS: {"sha256": digest}}}))
    data = bytearray((adapter / adapters.WEIGHTS).read_bytes())
    data[-1] ^= 1
    (adapter / adapters.WEIGHTS).write_bytes(data)
    with pytest.raises(DigestMismatch):
        adapters.with_adapter(tiny, str(adapter))


def test_a_cut_file_is_refused(tiny: LocalTransformers, adapter: Path) -> None:
    (adapter / adapters.WEIGHTS).write_bytes((adapter / adapters.WEIGHTS).read_bytes()[:-8])
    with pytest.raises(ModelError, match="cannot be read"):
        adapters.with_adapter(tiny, str(adapter))


def test_shipped_adapters_are_offered_to_their_own_model_alone(
    tiny: LocalTransformers, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "SHIPPED", adapter.parent)
    assert adapters.available(tiny) == ["shaken"]
    plain = ScriptedModel([])
    assert adapt(plain, "shaken") is plain
    assert is_adapted(adapt(tiny, "shaken"), "shaken")
    _settings(adapter, base_model_name_or_path="other-model")
    assert adapters.available(tiny) == []
