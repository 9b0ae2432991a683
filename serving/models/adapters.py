"""Trained adapters for the local model: low-rank changes of some of its weights (LoRA), merged when one is opened.

A merged model shares every tensor that its adapter leaves alone, so that the plain and the adapted model stand side by
side for the memory of the changed matrices, and neither pays when it runs. Folders are in PEFT's format; the shipped
ones lie in ``lora``. Knows nothing of what an adapter is for.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ...errors import DigestMismatch, ModelError, NotFoundError
from ..network import torch_thread
from .checkpoint import MANIFEST, sha256
from .convert import first_line

if TYPE_CHECKING:
    from .local import LocalTransformers

SHIPPED = Path(__file__).with_name("lora")
OWN = "adapters"
"""Folder of a model's own adapters, inside its checkpoint: those that ``compress`` carried over."""
CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"

_UNKNOWN = ("use_dora", "use_rslora", "modules_to_save", "rank_pattern", "alpha_pattern", "trainable_token_indices")
"""Settings of PEFT's that change what is computed, none of which is read here."""

_opened: WeakKeyDictionary[LocalTransformers, dict[Path, LocalTransformers]] = WeakKeyDictionary()
_opening = threading.Lock()


def available(model: LocalTransformers) -> list[str]:
    """Names of the adapters that are for ``model``, sorted: shipped ones, and those in its checkpoint; none for a model
    whose weights are quantised."""
    if _is_quantised(model):
        return []
    return sorted(name for name, folder in _adapter_folders(model).items() if _same_base(_config(folder), model))


def with_adapter(model: LocalTransformers, name: str) -> LocalTransformers:
    """``model`` with its adapter called ``name``, or the one in the folder ``name``, merged into its weights.

    Made once per model and adapter. Raises ``NotFoundError`` for an unknown name, ``ModelError`` for an adapter of
    another model or form, ``DigestMismatch`` for a file that is not the one its manifest names.
    """
    folder = _folder(name, model).resolve()
    with _opening:
        known = _opened.setdefault(model, {})
        if folder not in known:
            known[folder] = _merge(model, folder)
        return known[folder]


def _adapter_folders(model: LocalTransformers) -> dict[str, Path]:
    """Folders of the shipped adapters and of those in the model's checkpoint, which come first, by name."""
    places = [SHIPPED, model.folder / OWN] if model.folder else [SHIPPED]
    return {path.parent.name: path.parent for place in places for path in place.glob(f"*/{CONFIG}")}


def _folder(name: str, model: LocalTransformers) -> Path:
    known = _adapter_folders(model)
    if name in known:
        return known[name]
    if (Path(name).expanduser() / CONFIG).is_file():
        return Path(name).expanduser()
    there = ", ".join(sorted(known)) or "none"
    raise NotFoundError("there is no such adapter", where=name, fix=f"name its folder, or one that is known: {there}")


def _merge(model: LocalTransformers, folder: Path) -> LocalTransformers:
    config = _config(folder)
    _verify(folder)
    if not _same_base(config, model):
        raise ModelError(
            f"the adapter was trained for {config.get('base_model_name_or_path')}, not for {model.name}",
            where=str(folder),
            fix="use the model that it was trained for",
        )
    if _is_quantised(model):
        raise ModelError(
            "an adapter cannot be merged into quantised weights",
            where=str(folder),
            fix="load the model without EVIDENTIA_WEIGHTS, or one that is not quantised",
        )
    if config.get("peft_type") != "LORA" or any(config.get(setting) for setting in _UNKNOWN):
        raise ModelError("the adapter is not a plain LoRA", where=str(folder), fix="train a plain one")
    network = _sharing(model.model)
    torch_thread.run(_add, network, _tensors(folder), config["lora_alpha"] / config["r"], folder)
    return model.with_network(network, folder.name)


def _is_quantised(model: LocalTransformers) -> bool:
    return bool(getattr(model.model, "is_quantized", False))


def _sharing(network: Any) -> Any:
    """A copy of the modules alone: parameters and buffers are the very same."""
    tensors = [*network.parameters(), *network.buffers()]
    return copy.deepcopy(network, {id(tensor): tensor for tensor in tensors})


def _add(network: Any, tensors: Mapping[str, Any], scale: float, folder: Path) -> None:
    """``weight + scale * B @ A`` for every pair in ``tensors``; all of them must fit."""
    import torch

    for place in sorted({name.rpartition(".lora_")[0] for name in tensors}):
        linear = _linear(network, place.removeprefix("base_model.model."))
        down, up = (tensors.get(f"{place}.lora_{side}.weight") for side in "AB")
        if linear is None or down is None or up is None or not _fits(linear, down, up):
            raise ModelError("the adapter does not fit the model", where=f"{folder}, {place}", fix="use its own model")
        with torch.no_grad():
            change = (up.float() @ down.float() * scale).to(linear.weight.device)
            merged = (linear.weight.float() + change).to(linear.weight.dtype)
        linear.weight = torch.nn.Parameter(merged, requires_grad=False)


def _fits(linear: Any, down: Any, up: Any) -> bool:
    return tuple(linear.weight.shape) == (up.shape[0], down.shape[-1]) and up.shape[-1] == down.shape[0]


def _linear(network: Any, place: str) -> Any | None:
    import torch

    try:
        module = network.get_submodule(place)
    except AttributeError:
        return None
    return module if isinstance(module, torch.nn.Linear) else None


def _tensors(folder: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"the adapter cannot be read ({first_line(error)})", where=str(folder), fix="install it again"
        ) from error


def _config(folder: Path) -> dict[str, Any]:
    try:
        read = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the adapter's settings cannot be read ({first_line(error)})", where=str(folder), fix="install it again"
        ) from error
    return read if isinstance(read, dict) else {}


def _same_base(config: Mapping[str, Any], model: LocalTransformers) -> bool:
    """Compares the names alone, wherever the model lies; the shapes are compared when it is opened."""
    return Path(str(config.get("base_model_name_or_path"))).name == Path(model.name).name


def _verify(folder: Path) -> None:
    """A folder with a manifest holds exactly the files that it names; one without is somebody's own."""
    try:
        named = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError("the adapter's manifest cannot be read", where=str(folder), fix="install it again") from error
    for name, expected in named.items():
        path = folder / name
        if not path.is_file() or sha256(path) != expected["sha256"]:
            raise DigestMismatch("an adapter file was changed", where=str(path), fix="install it again")
