"""Which floating-point numbers a machine computes in fastest. Knows nothing of models."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from .linear import linear

ROWS, WIDTH, OUT, TURNS = 64, 576, 1536, 5
"""The product that is tried: a pass over a short prompt through one matrix of a small model."""
CLEARLY = 1.2
"""How much faster bf16 must be: a busy machine must not change its mind, since replies differ in their last bits."""


def fastest_dtype(device: str) -> Any:
    """bf16 where the hardware multiplies in it, else fp32. On a CPU that is measured, in some milliseconds: a processor
    may have the instructions while the libraries are told not to use them."""
    import torch

    if device == "cpu":
        return torch.bfloat16 if _seconds("float32") > CLEARLY * _seconds("bfloat16") else torch.float32
    if device.startswith("cuda") and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32


@cache
def _seconds(dtype: str) -> float:
    """The least time of the product."""
    import torch

    number = getattr(torch, dtype)
    x, weight = torch.ones(ROWS, WIDTH, dtype=number), torch.ones(OUT, WIDTH, dtype=number)
    product = linear(weight, None, "packed")
    best = float("inf")
    for _ in range(TURNS):
        since = time.perf_counter()
        product(x)
        best = min(best, time.perf_counter() - since)
    return best
