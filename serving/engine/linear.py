"""How a weight matrix is multiplied: by the kernel that is fastest for the width of the step on this machine.

On a CPU, bf16 and fp32 weights are packed once for oneDNN, which makes a step of up to 32 tokens cost about as much as
one of a single token; with ``int8`` the weights are rounded to eight bits with a scale per row, multiplied as they are
for up to ``NARROW`` tokens and, taken back to the model's dtype, packed for wider steps: one set of numbers, two
kernels.
Activations are never rounded: two channels of the packaged model would break it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

NARROW = 3
"""Tokens up to which the int8 kernel is faster than packed bf16 (``benchmarks/engine.py``)."""

Linear = Callable[[Any], Any]
"""``[rows, in]`` to ``[rows, out]``."""


def linear(weight: Any, bias: Any | None, kind: str) -> Linear:
    """``kind``: ``"plain"`` leaves the weight to torch, ``"packed"`` and ``"int8"`` are as above (CPU only)."""
    if kind == "int8":
        return _int8(weight, bias)
    return _packed(weight, bias) if kind == "packed" and can_pack(weight.dtype) else _plain(weight, bias)


def rounded(weight: Any) -> tuple[Any, Any]:
    """``weight`` ``[out, in]`` as int8 and the scale of each row, in the weight's dtype."""
    import torch

    scale = (weight.float().abs().amax(1) / 127).clamp(min=1e-12).to(weight.dtype)
    whole = (weight.float() / scale.float()[:, None]).round().clamp(-127, 127).to(torch.int8)
    return whole, scale


@cache
def can_pack(dtype: Any) -> bool:
    """Whether torch's operators for packed weights are there and give what they must: they are not public."""
    import torch

    weight, x = torch.eye(16, dtype=dtype), torch.ones(2, 16, dtype=dtype)
    try:
        same = torch.equal(_packed(weight, None)(x), x)
    except (RuntimeError, AttributeError, TypeError):
        same = False
    if not same:
        logging.getLogger(__name__).warning("weights of %s are not packed: this build of torch cannot", dtype)
    return same


def _plain(weight: Any, bias: Any | None) -> Linear:
    import torch

    multiply = torch.nn.functional.linear
    return lambda x: multiply(x, weight, bias)


def _packed(weight: Any, bias: Any | None) -> Linear:
    import torch

    packed = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous())
    multiply = torch.ops.mkldnn._linear_pointwise.default
    return lambda x: multiply(x, packed, bias, "none", [], "")


def _int8(weight: Any, bias: Any | None) -> Linear:
    import torch

    whole, scale = rounded(weight)
    wide = linear((whole.float() * scale.float()[:, None]).to(weight.dtype), bias, "packed")
    multiply = torch._weight_int8pack_mm

    def narrow(x: Any) -> Any:
        out = multiply(x, whole, scale)
        return out if bias is None else out + bias

    return lambda x: narrow(x) if len(x) <= NARROW else wide(x)
