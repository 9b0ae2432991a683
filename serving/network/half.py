"""Weights of a model of fp32 kept in sixteen bits: a pass over a few requests' tokens reads half as much.

FBGEMM's kernel widens each weight as it reads it and leaves the input as it is, so wherever fp16 holds the weights, as
it mostly does those that bf16 holds, the product is that of fp32. A row comes out the same whatever other rows are in
the pass, and no kernel is made for a new number of rows.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

LARGEST = 14
"""Exponent to which the largest weight is brought where fp16 does not hold the weights as they are: below its own
largest, 2 to the 16th, so that the smallest weights keep their bits."""


def in_sixteen_bits(weight: Any) -> Callable[[Any], Any] | None:
    """The product with ``weight`` ``[out, in]`` in fp32, or ``None`` where fp16 does not hold it to the last bit."""
    import torch

    exponent = 0
    if not torch.equal(weight.half().float(), weight):
        exponent = LARGEST - math.frexp(float(weight.abs().amax()))[1]
        weight = weight * 2.0**exponent
        if not torch.equal(weight.half().float(), weight):
            return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such tensors may go from torch one day: ``can_keep_sixteen`` then says no
        packed = torch.ops.quantized.linear_prepack_fp16(weight.contiguous(), None)
    multiply = torch.ops.quantized.linear_dynamic_fp16.default
    if not exponent:
        return lambda x: multiply(x, packed)
    back = 2.0**-exponent
    return lambda x: multiply(x, packed).mul_(back)


@cache
def can_keep_sixteen() -> bool:
    """Whether torch's operators for this are there and give what they must: they are of x86, and not public."""
    import torch

    weight = torch.arange(-128, 128).float().view(16, 16)
    x = torch.arange(32).float().view(2, 16) / 64
    try:
        product = in_sixteen_bits(weight)
        return product is not None and torch.equal(product(x), x @ weight.t())
    except (RuntimeError, AttributeError, TypeError):
        return False
