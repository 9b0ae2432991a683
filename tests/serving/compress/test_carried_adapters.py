"""Adapters go where their model's rows and columns go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from evidentia.serving.compress import adapters
from evidentia.serving.compress.groups import Group
from evidentia.serving.compress.moments import Moments

FFN = Group(1, "ffn", 8, 1, (("mlp.gate_proj", 1), ("mlp.up_proj", 1)), "mlp.down_proj")
PLACE = "base_model.model.model.layers.1.mlp."
UNITS = torch.tensor([6, 0, 3])


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = torch.Generator().manual_seed(0)
    for name, base in (("quote", "tiny"), ("other", "another model")):
        (tmp_path / "lora" / name).mkdir(parents=True)
        tensors = {
            f"{PLACE}{module}.lora_{side}.weight": torch.randn(shape, generator=made)
            for module, shapes in {"gate_proj": ((2, 4), (8, 2)), "down_proj": ((2, 8), (4, 2))}.items()
            for side, shape in zip("AB", shapes, strict=True)
        }
        save_file(tensors, tmp_path / "lora" / name / "adapter_model.safetensors")
        told = {"base_model_name_or_path": base, "r": 2, "lora_alpha": 4}
        (tmp_path / "lora" / name / "adapter_config.json").write_text(json.dumps(told))
    monkeypatch.setattr(adapters, "SHIPPED", tmp_path / "lora")
    return tmp_path


def moments(mixed: bool) -> Moments:
    found = Moments(8, 4)
    x = torch.randn(4000, 8, generator=torch.Generator().manual_seed(1)).double()
    if mixed:
        x = x @ torch.randn(8, 8, generator=torch.Generator().manual_seed(2)).double()
    else:
        x = torch.linalg.qr(x).Q
    found.add(x, x[:, :4])
    return found


def test_rows_of_b_are_sliced_and_columns_of_a_are_fitted(shipped: Path) -> None:
    carried = adapters.Carried("somewhere/tiny", shipped)
    assert carried.names == ["quote"]
    before = load_file(shipped / "lora" / "quote" / "adapter_model.safetensors")
    carried(FFN, UNITS, moments(mixed=False))
    carried.save(shipped / "out", "tiny-small")
    after = load_file(shipped / "out" / "quote" / "adapter_model.safetensors")
    gate, down = f"{PLACE}gate_proj.lora_", f"{PLACE}down_proj.lora_"
    assert torch.equal(after[f"{gate}B.weight"], before[f"{gate}B.weight"][UNITS])
    assert torch.equal(after[f"{gate}A.weight"], before[f"{gate}A.weight"])
    assert torch.equal(after[f"{down}B.weight"], before[f"{down}B.weight"])
    sliced = before[f"{down}A.weight"][:, UNITS]
    torch.testing.assert_close(after[f"{down}A.weight"], sliced, rtol=1e-2, atol=1e-2)
    assert json.loads((shipped / "out" / "quote" / "adapter_config.json").read_text()) == {
        "base_model_name_or_path": "tiny-small",
        "r": 2,
        "lora_alpha": 4,
    }


def test_the_fit_is_nearer_than_the_slice(shipped: Path) -> None:
    carried, found = adapters.Carried("tiny", shipped), moments(mixed=True)
    old = carried.tensors["quote"][f"{PLACE}down_proj.lora_A.weight"].double()
    carried(FFN, UNITS, found)
    new = carried.tensors["quote"][f"{PLACE}down_proj.lora_A.weight"].double()

    def error(kept: torch.Tensor) -> float:
        change = old.clone()
        change[:, UNITS] -= kept
        return float((change @ found.second * change).sum())

    assert error(new) < 0.9 * error(old[:, UNITS])


def test_a_layer_that_was_not_finished_is_carried_anew(shipped: Path) -> None:
    kept = shipped / "run"
    kept.mkdir()
    adapters.Carried("tiny", kept)(FFN, UNITS, moments(mixed=False))
    place = f"{PLACE}gate_proj.lora_B.weight"
    assert adapters.Carried("tiny", kept).tensors["quote"][place].shape[0] == 8
    (kept / "layer-0001.safetensors").write_bytes(b"")
    assert adapters.Carried("tiny", kept).tensors["quote"][place].shape[0] == 3


def test_they_are_filled_up_as_the_model_is(shipped: Path) -> None:
    carried = adapters.Carried("tiny", shipped)
    carried(FFN, UNITS, moments(mixed=False))
    carried.pad([5, 3])
    held = carried.tensors["quote"]
    assert held[f"{PLACE}gate_proj.lora_B.weight"].shape == (5, 2)
    assert held[f"{PLACE}gate_proj.lora_A.weight"].shape == (2, 4)
    assert held[f"{PLACE}down_proj.lora_A.weight"].shape == (2, 5)
    assert not held[f"{PLACE}down_proj.lora_A.weight"][:, 3:].any()
