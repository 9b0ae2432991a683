"""How a weight matrix is multiplied: by the kernel that is fastest for the width of the step on this machine.

On a CPU, bf16 and fp32 weights are packed once for oneDNN, which makes a step of up to 32 tokens cost about as much as
one of a single token. Narrow steps read fewer bytes where weights are kept in fewer bits; wider ones then multiply the
same numbers, taken back to the model's dtype and packed. With ``int8`` weights are rounded to eight bits with a scale
per row. With ``int4`` no weight is rounded: weights on a grid of four bits, as the packaged model's are (``grid.py``),
are multiplied as four bits, all others are packed. In a model of fp32 whose weights are those of bf16, narrow steps
then take their input in bf16, as every step of a model of bf16 does; off the grid that pays for a single token.
Activations are never rounded to whole numbers: two channels of the packaged model would break it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from .grid import ALIGNED, GROUP, FourBitGrid, grid_of

NARROW = {"int8": 3, "int4": 8, "bf16": 1}
"""Tokens up to which the kernel is faster than packed weights (``benchmarks/kernels.py``)."""
WIDER, CLEARLY = 16, 1.15
"""Tokens up to which four bits are multiplied as such where that is so much faster when it is measured: a busy machine
must not change its mind, since replies differ in their last bits."""
PROBE, COPIES, TURNS = (1536, 576), 8, 5
"""Rows and columns of the matrices that are measured, how many of them, so that none is still in a cache, and how
often."""

Linear = Callable[[Any], Any]
"""``[rows, in]`` to ``[rows, out]``."""


def product(modules: Sequence[Any], kind: str) -> Linear:
    """What torch's ``Linear`` modules give, side by side: one product of all their weights. Where another library
    keeps the weights (``serving/models/quantise.py``), only its own modules can multiply them, one after the other."""
    import torch

    if not all(type(one) is torch.nn.Linear and type(one.weight) is torch.nn.Parameter for one in modules):
        return modules[0] if len(modules) == 1 else lambda x: torch.cat([one(x) for one in modules], -1)
    weights = [one.weight.detach() for one in modules]
    biases = [one.bias.detach() for one in modules if one.bias is not None]
    weight = weights[0] if len(weights) == 1 else torch.cat(weights)
    return linear(weight, torch.cat(biases) if biases else None, kind)


def linear(weight: Any, bias: Any | None, kind: str) -> Linear:
    """``kind``: ``"plain"`` leaves the weight to torch, ``"packed"``, ``"int8"`` and ``"int4"`` are as above (CPU
    only)."""
    import torch

    if kind == "int8":
        return _int8(weight, bias)
    if kind == "plain" or not can_pack(weight.dtype):
        return _plain(weight, bias)
    if kind == "packed" or not can_pack_four():
        return _pack(weight, bias)
    half = weight.to(torch.bfloat16)
    if weight.dtype is torch.float32 and not torch.equal(half.float(), weight):
        return _plain(weight, bias)  # packed fp32 rounds twice as much
    grid = grid_of(half)
    if grid is not None:
        return _int4(grid, bias, weight.dtype)
    return _pack(weight, bias) if weight.dtype is torch.bfloat16 else _bf16(half, bias)


def round_to_int8(weight: Any) -> tuple[Any, Any]:
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
    return _gives(lambda: _pack(weight, None)(x), x, f"weights of {dtype} are not packed")


@cache
def can_pack_four() -> bool:
    """Whether torch's operators for weights of four bits are there and give what they must."""
    import torch

    whole = torch.arange(ALIGNED * GROUP, dtype=torch.int32).view(ALIGNED, GROUP) % 16
    wide, scales = (whole - 7).to(torch.bfloat16), torch.ones(1, ALIGNED, 2, dtype=torch.bfloat16)
    x = torch.ones(1, GROUP, dtype=torch.bfloat16)
    return _gives(
        lambda: _four_bits(FourBitGrid(whole, scales, wide))(x), x @ wide.t(), "weights are not kept as four bits"
    )


def _gives(product: Callable[[], Any], expected: Any, otherwise: str) -> bool:
    import torch

    try:
        same = torch.equal(product(), expected)
    except (RuntimeError, AttributeError, TypeError):
        same = False
    if not same:
        logging.getLogger(__name__).warning("%s: this build of torch cannot", otherwise)
    return same


def _plain(weight: Any, bias: Any | None) -> Linear:
    import torch

    multiply = torch.nn.functional.linear
    return lambda x: multiply(x, weight, bias)


def _pack(weight: Any, bias: Any | None) -> Linear:
    import torch

    packed = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous())
    multiply = torch.ops.mkldnn._linear_pointwise.default
    no_more: tuple[Any, ...] = ("none", [], "")  # what is done with the product
    return lambda x: multiply(x, packed, bias, *no_more)


def _int4(grid: FourBitGrid, bias: Any | None, dtype: Any) -> Linear:
    narrow, wide = _both_widths(grid, bias, dtype)
    return _by_width(narrow, wide, bias, narrow_rows(dtype))


def _both_widths(grid: FourBitGrid, bias: Any | None, dtype: Any) -> tuple[Linear, Linear]:
    return _in_bf16(_four_bits(grid), dtype), _pack(grid.wide.to(dtype), bias)


@cache
def narrow_rows(dtype: Any) -> int:
    """Rows up to which four bits are multiplied as such in a model of ``dtype``; measured, in some milliseconds, by the
    least of this thread's time in turns."""
    import torch

    rows, width = PROBE
    with torch.inference_mode():
        whole = torch.zeros(rows, width, dtype=torch.int32)
        scales = torch.ones(width // GROUP, rows, 2, dtype=torch.bfloat16)
        grid = FourBitGrid(whole, scales, torch.ones(rows, width, dtype=torch.bfloat16))
        ways = list(zip(*(_both_widths(grid, None, dtype) for _ in range(COPIES)), strict=True))
        x, best = torch.ones(WIDER, width, dtype=dtype), [float("inf")] * 2
        for _ in range(TURNS):
            for at, products in enumerate(ways):
                since = time.thread_time()
                for multiply in products:
                    multiply(x)
                best[at] = min(best[at], time.thread_time() - since)
    return WIDER if best[1] > CLEARLY * best[0] else NARROW["int4"]


def _bf16(weight: Any, bias: Any | None) -> Linear:
    """The product of a model of fp32 whose weights bf16 holds."""
    import torch

    return _by_width(_in_bf16(_plain(weight, None), torch.float32), _pack(weight.float(), bias), bias, NARROW["bf16"])


def _in_bf16(product: Linear, dtype: Any) -> Linear:
    """``product``, which takes and gives bf16, for a model of ``dtype``."""
    import torch

    return product if dtype is torch.bfloat16 else lambda x: product(x.bfloat16()).to(dtype)


def _four_bits(grid: FourBitGrid) -> Linear:
    import torch

    packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu(grid.whole, 1)
    multiply = torch.ops.aten._weight_int4pack_mm_for_cpu.default
    return lambda x: multiply(x, packed, GROUP, grid.scales)


def _int8(weight: Any, bias: Any | None) -> Linear:
    import torch

    whole, scale = round_to_int8(weight)
    wide = linear((whole.float() * scale.float()[:, None]).to(weight.dtype), bias, "packed")
    multiply = torch._weight_int8pack_mm
    return _by_width(lambda x: multiply(x, whole, scale), wide, bias, NARROW["int8"])


def _by_width(narrow: Linear, wide: Linear, bias: Any | None, most: int) -> Linear:
    """``narrow``, which adds no bias, for up to ``most`` rows, else ``wide``."""

    def multiply(x: Any) -> Any:
        if x.shape[0] > most:
            return wide(x)
        return narrow(x) if bias is None else narrow(x) + bias

    return multiply
