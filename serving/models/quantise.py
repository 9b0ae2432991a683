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

from ...errors import MissingExtra, ModelError
from ...registry import Registry
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
    """Packs in torch's own layout, since torchao's default one needs another library; groups of 128 would not divide
    the rows of small models."""
    from torchao.quantization import Int4WeightOnlyConfig
    from transformers import TorchAoConfig

    layout = {"int4_packing_format": "tile_packed_to_4d", "set_inductor_config": False}
    return TorchAoConfig(Int4WeightOnlyConfig(group_size=32, **layout))


def _torchao_float8(dtype: Any) -> Any:
    """Rounds activations too: weights alone would be coarser than in eight bits of integers, and no faster."""
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


TORCHAO_INT8 = Rounding("torchao", _torchao_int8)
TORCHAO_INT4 = Rounding("torchao", _torchao_int4, capability=(8, 0))
TORCHAO_FLOAT8 = Rounding("torchao", _torchao_float8, capability=(8, 9))
BITSANDBYTES_INT8 = Rounding("bitsandbytes", _bitsandbytes_int8)
BITSANDBYTES_NF4 = Rounding("bitsandbytes", _bitsandbytes_nf4)
ENGINE = None
"""For weights that the engine itself multiplies."""

WEIGHTS = Registry(
    "kind of weights",
    __package__,
    {
        **dict.fromkeys(OWN, "quantise:ENGINE"),
        "torchao-int8": "quantise:TORCHAO_INT8",
        "torchao-int4": "quantise:TORCHAO_INT4",
        "torchao-float8": "quantise:TORCHAO_FLOAT8",
        "bitsandbytes-int8": "quantise:BITSANDBYTES_INT8",
        "bitsandbytes-nf4": "quantise:BITSANDBYTES_NF4",
    },
)


def load_options(kind: str | None, folder: Path, device: str, dtype: Any) -> dict[str, Any]:
    """The options of ``from_pretrained`` for weights that torchao or bitsandbytes keeps; none for those that are loaded
    as they are.

    Raises ``NotFoundError`` for an unknown ``kind``, ``MissingExtra`` without its library, ``ModelError`` where the
    device or the checkpoint does not go with it.
    """
    rounding: Rounding | None = WEIGHTS.load(kind or "plain")
    here: dict[str, Any] = {"device_map": {"": device}}
    if held := quantiser(folder):
        if kind not in (None, "plain"):
            raise ModelError(
                f"the checkpoint's weights are quantised already, by {held}", where=str(folder), fix=OTHERS
            )
        _require(held)
        return here
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
    """Raises ``MissingExtra`` for a library of the extra; what else is missing, transformers says itself."""
    if library in ("torchao", "bitsandbytes") and importlib.util.find_spec(library) is None:
        raise MissingExtra(library, EXTRA)


def _has(device: str, dtype: Any, capability: tuple[int, int]) -> bool:
    import torch

    gpu = device.startswith("cuda") and torch.version.cuda is not None
    return gpu and dtype is torch.bfloat16 and torch.cuda.get_device_capability(device) >= capability
