"""Weights in fewer bits through torchao and bitsandbytes: rounded while a model is loaded, or before.

Both are made for GPUs; a CPU has the kernels of ``network/linear.py``. transformers does the work. Here a name becomes
what it is told, or one sentence that says why it cannot be. Knows nothing of how a model runs.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError, MissingExtra, ModelError
from ..network import torch_thread
from .convert import first_line

EXTRA = "quantised"
OWN = ("plain", "packed", "int8", "int4")
"""How the engine multiplies weights that were loaded as they are (``network/linear.py``)."""
OTHERS = "choose other weights (EVIDENTIA_WEIGHTS) or another checkpoint"


@dataclass(frozen=True, slots=True)
class Rounding:
    library: str
    settings: Callable[[Any], Any]
    """transformers' settings, by the model's dtype."""
    capability: tuple[int, int] | None = None
    """The oldest NVIDIA GPU that has the kernels, which then take bf16 alone; ``None``: any device will do."""


def _torchao_int8(dtype: Any) -> Any:
    from torchao.quantization import Int8WeightOnlyConfig
    from transformers import TorchAoConfig

    return TorchAoConfig(Int8WeightOnlyConfig(set_inductor_config=False))


def _torchao_int4(dtype: Any) -> Any:
    """In torch's own layout, since torchao's default one needs another library; groups of 128 would not divide the rows
    of small models."""
    from torchao.quantization import Int4WeightOnlyConfig
    from transformers import TorchAoConfig

    layout = {"int4_packing_format": "tile_packed_to_4d", "set_inductor_config": False}
    return TorchAoConfig(Int4WeightOnlyConfig(group_size=32, **layout))


def _torchao_float8(dtype: Any) -> Any:
    """Of activations too: weights alone would be coarser than in eight bits of integers, and no faster."""
    from torchao.quantization import Float8DynamicActivationFloat8WeightConfig, PerRow
    from transformers import TorchAoConfig

    by_row = Float8DynamicActivationFloat8WeightConfig(granularity=PerRow(), set_inductor_config=False)
    return TorchAoConfig(by_row)


def _bitsandbytes_int8(dtype: Any) -> Any:
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(load_in_8bit=True)


def _bitsandbytes_nf4(dtype: Any) -> Any:
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype)


ROUNDINGS = {
    "torchao-int8": Rounding("torchao", _torchao_int8),
    "torchao-int4": Rounding("torchao", _torchao_int4, capability=(8, 0)),
    "torchao-float8": Rounding("torchao", _torchao_float8, capability=(8, 9)),
    "bitsandbytes-int8": Rounding("bitsandbytes", _bitsandbytes_int8),
    "bitsandbytes-nf4": Rounding("bitsandbytes", _bitsandbytes_nf4),
}


def told(kind: str | None, folder: Path, device: str, dtype: Any) -> dict[str, Any]:
    """What ``from_pretrained`` is told for weights that a library keeps; nothing for those loaded as they are.

    Raises ``InputError`` for an unknown ``kind``, ``MissingExtra`` without its library, ``ModelError`` where the device
    or the checkpoint does not go with it.
    """
    if kind is not None and kind not in (*OWN, *ROUNDINGS):
        raise InputError("no weights have this name", where=kind, fix=f"choose one of {', '.join((*OWN, *ROUNDINGS))}")
    here: dict[str, Any] = {"device_map": {"": device}}
    if held := quantiser(folder):
        if kind not in (None, "plain"):
            raise ModelError(
                f"the checkpoint's weights are quantised already, by {held}", where=str(folder), fix=OTHERS
            )
        _require(held)
        return here
    rounding = ROUNDINGS.get(kind or "plain")
    if rounding is None:
        if kind not in (None, "plain") and device != "cpu":
            raise ModelError(f"the engine keeps {kind} weights on a CPU only", where=device, fix=OTHERS)
        return {}
    _require(rounding.library)
    if rounding.capability and not _has(device, dtype, rounding.capability):
        oldest = ".".join(map(str, rounding.capability))
        raise ModelError(
            f"{kind} needs an NVIDIA GPU of compute capability {oldest} or more, and bfloat16",
            where=f"{device}, {str(dtype).removeprefix('torch.')}",
            fix=OTHERS,
        )
    return {**here, "quantization_config": rounding.settings(dtype)}


def try_out(model: Any, where: Path) -> None:
    """One pass over one token, on the device. Raises ``ModelError`` where the library has no kernel for it."""
    import torch

    def one() -> None:
        with torch.inference_mode():
            model(torch.tensor([[0]], device=model.device), use_cache=False)

    try:
        torch_thread.run(one)
    except Exception as error:  # each library raises its own
        raise ModelError(
            f"the quantised weights cannot be multiplied on {model.device} ({first_line(error)})",
            where=str(where),
            fix=OTHERS,
        ) from error


def quantiser(folder: Path) -> str:
    """What quantised the checkpoint's weights; empty if nothing did."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    found = config.get("quantization_config") if isinstance(config, dict) else None
    return str(found.get("quant_method", "bitsandbytes")) if isinstance(found, dict) else ""


def _require(library: str) -> None:
    """Of other libraries than those of the extra, transformers knows what is missing."""
    known = {rounding.library for rounding in ROUNDINGS.values()}
    if library in known and importlib.util.find_spec(library) is None:
        raise MissingExtra(library, EXTRA)


def _has(device: str, dtype: Any, capability: tuple[int, int]) -> bool:
    import torch

    gpu = device.startswith("cuda") and torch.version.cuda is not None
    return gpu and dtype is torch.bfloat16 and torch.cuda.get_device_capability(device) >= capability
