"""What training writes: the adapter in PEFT's format, and the state that a stopped run goes on from. No pickle.

Every file is written under another name first, so that a run stopped at any moment leaves whole files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from evidentia.training.llama import PARTS, AdaptedLlama

STATE = "training"
"""Folder inside that of the adapter."""


def save_adapter(llama: AdaptedLlama, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {peft_name(name): weight.detach().half().cpu() for name, weight in llama.adapters.items()}
    _write(folder / "adapter_model.safetensors", tensors)
    some = next(iter(llama.adapters.values()))
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": llama.name,
        "r": min(some.shape),
        "lora_alpha": round(llama.scale * min(some.shape)),
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": sorted(name.split(".")[-1] for name in PARTS),
        "layers_to_transform": list(range(llama.first, len(llama.layers))),
        "inference_mode": True,
    }
    _write_text(folder / "adapter_config.json", json.dumps(config, indent=1))


def peft_name(name: str) -> str:
    place, side = name.rsplit("/", 1)
    return f"base_model.model.{place.replace('/', '.')}.lora_{side}.weight"


def save_state(llama: AdaptedLlama, optimiser: Any, facts: dict[str, Any], folder: Path) -> None:
    """fp32 weights, moments of the optimiser, and ``facts``."""
    tensors: dict[str, Tensor] = {}
    for name, weight in llama.adapters.items():
        tensors[name] = weight.detach()
        for moment, value in optimiser.state[weight].items():
            tensors[f"{moment}:{name}"] = torch.as_tensor(value)
    (folder / STATE).mkdir(exist_ok=True)
    _write(folder / STATE / "state.safetensors", {name: tensor.cpu() for name, tensor in tensors.items()}, facts)


def load_state(llama: AdaptedLlama, optimiser: Any | None, folder: Path) -> dict[str, Any]:
    """Puts a saved state back; returns its facts. Without ``optimiser`` only the weights, which may then be those
    of a finished adapter."""
    from safetensors import safe_open

    path = folder / STATE / "state.safetensors"
    if optimiser is None and not path.is_file():
        load_adapter(llama, folder)
        return {}
    tensors = load_file(path)
    with torch.no_grad():
        for name, weight in llama.adapters.items():
            weight.copy_(tensors[name])
            if optimiser is not None:
                optimiser.state[weight] = {
                    moment: tensors[f"{moment}:{name}"].to(weight.device if moment != "step" else "cpu")
                    for moment in ("step", "exp_avg", "exp_avg_sq")
                }
    with safe_open(path, "pt") as opened:
        facts: dict[str, Any] = json.loads(opened.metadata()["facts"])
    return facts


def load_adapter(llama: AdaptedLlama, folder: Path) -> None:
    """Begins with a finished adapter of PEFT's, such as one that ``model compress`` carried over."""
    tensors = load_file(folder / "adapter_model.safetensors")
    with torch.no_grad():
        for name, weight in llama.adapters.items():
            weight.copy_(tensors[peft_name(name)])


def _write(path: Path, tensors: dict[str, Tensor], facts: dict[str, Any] | None = None) -> None:
    part = path.with_suffix(".part")
    whole = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(whole, part, {"facts": json.dumps(facts or {}), "format": "pt"})
    part.replace(path)


def _write_text(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
