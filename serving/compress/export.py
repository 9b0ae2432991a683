"""A cut model as a plain Hugging Face checkpoint, which ``AutoModelForCausalLM`` loads with nothing of ours installed.

One width for all layers and no new settings: there is no standard class for widths that differ. Weights are written in
the dtype of the source. Knows nothing of how they came about.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import InputError, ModelError
from ..models.checkpoint import CARD, MANIFEST, Checkpoint
from ..models.convert import first_line
from ..models.quantise import quantiser
from ..network.lean import FAMILY
from . import vocabulary
from .cut import put

BIASED = ("llama",)
"""Architectures whose settings can say that the feed-forward has biases."""
TEXTS = ("*.json", "*.jinja", "tokenizer.model", "merges.txt", "vocab.txt")
OURS = (MANIFEST, CARD, "config.json", "generation_config.json", "model.safetensors.index.json")


def settings_of(folder: Path) -> dict[str, Any]:
    """The settings of a checkpoint that can be cut. Raises ``InputError`` or ``ModelError`` for one that cannot."""
    config = read_settings(folder)
    if config.get("model_type") not in FAMILY:
        raise InputError(
            "models of this architecture cannot be compressed",
            where=str(config.get("model_type")),
            fix=f"use one of {', '.join(FAMILY)}",
        )
    return config


def read_settings(folder: Path) -> dict[str, Any]:
    """The settings of a checkpoint, of whatever architecture. Raises ``ModelError`` where they cannot be read and
    ``InputError`` where the weights are quantised."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the checkpoint's settings cannot be read ({first_line(error)})", where=str(folder), fix="get it anew"
        ) from error
    if held := quantiser(folder):
        raise InputError(
            f"the weights are quantised already, by {held}, and cannot be cut",
            where=str(folder),
            fix="compress the checkpoint that they were made from",
        )
    return dict(config)


def refuse_unsayable(config: Mapping[str, Any], solve: str, heads: float) -> None:
    """Raises ``InputError`` for what the checkpoint's class has no slot for."""
    kind, queries = str(config["model_type"]), int(config["num_attention_heads"])
    groups = int(config.get("num_key_value_heads") or queries)
    if solve in ("bias", "affine") and kind not in BIASED:
        raise InputError(
            f"a checkpoint of {kind} has no bias in its feed-forward, which {solve} needs",
            where=solve,
            fix="choose squares",
        )
    if queries % groups:
        raise InputError(
            f"{queries} heads cannot share {groups} groups of keys and values", fix="get the checkpoint anew"
        )
    width, each, left = int(config["hidden_size"]), queries // groups, max(1, round(heads * groups))
    if left < groups and kind == "llama" and width % (each * left):
        fits = [f"{one}/{groups}" for one in range(1, groups) if width % (each * one) == 0]
        raise InputError(
            f"a Llama of width {width} cannot have {each * left} heads",
            where=f"{heads:g} of {groups} groups",
            fix=f"keep {' or '.join(fits) or 'all'} of them",
        )


def write(
    model: Any, source: Path, folder: Path, facts: Mapping[str, Any], dtype: Any, tokens: list[int] | None = None
) -> None:
    """Fills the folder. ``facts`` become the ``source`` of the manifest; ``tokens`` are those that stay in the
    vocabulary, where not all do. Raises ``InputError`` where layers differ in width (``pad`` makes them equal)."""
    widths = {layer.mlp.down_proj.in_features for layer in model.model.layers}
    if len(widths) > 1:
        raise InputError(
            "no standard checkpoint has layers of different widths",
            where=", ".join(map(str, sorted(widths))),
            fix="choose one width for all, or fill them up with zeros",
        )
    _fill_biases(model)
    write_plain(model, source, folder=folder, facts=facts, dtype=dtype, tokens=tokens)


def write_plain(
    model: Any, source: Path, folder: Path, facts: Mapping[str, Any], dtype: Any, tokens: list[int] | None = None
) -> None:
    """``write`` for a model whose settings say what it is like, of whatever architecture."""
    model.config.dtype = dtype
    model.to(dtype).save_pretrained(folder)
    for pattern in TEXTS:
        for path in source.glob(pattern):
            if path.name not in OURS:
                shutil.copyfile(path, folder / path.name)
    if tokens is not None:
        vocabulary.write(source, folder, tokens)
    Checkpoint.seal(folder, facts)


def pad(model: Any) -> list[int]:
    """Fills all layers up to the width of the widest with channels of zeros, and returns what their widths were. Any
    program then loads the model and computes the same; our engine leaves the zeros out (``network/lean.py``)."""
    import torch

    widths = [layer.mlp.down_proj.in_features for layer in model.model.layers]
    for layer, width in zip(model.model.layers, widths, strict=True):
        more = max(widths) - width
        for name, room in (("gate_proj", (0, 0, 0, more)), ("up_proj", (0, 0, 0, more)), ("down_proj", (0, more))):
            module = layer.mlp.get_submodule(name)
            bias = module.bias
            if bias is not None and name != "down_proj":
                bias = torch.nn.functional.pad(bias.detach(), (0, more))
            put(module, torch.nn.functional.pad(module.weight.detach(), room), bias)
    model.config.intermediate_size = max(widths)
    return widths


def _fill_biases(model: Any) -> None:
    """A class has biases for all three matrices of a feed-forward, or for none: the others are zero."""
    import torch

    if all(layer.mlp.down_proj.bias is None for layer in model.model.layers):
        return
    for layer in model.model.layers:
        for module in (layer.mlp.gate_proj, layer.mlp.up_proj, layer.mlp.down_proj):
            if module.bias is None:
                module.bias = torch.nn.Parameter(module.weight.new_zeros(module.out_features), requires_grad=False)
    model.config.mlp_bias = True
