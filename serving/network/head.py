"""How the scores of all tokens are multiplied: in eight bits, where that is faster on this machine.

The head of a small model is a fifth to a quarter of a pass over one token, and its weights are on no grid of four bits.
They are rounded to eight bits with a scale per row. The input is not: it is cut into two halves of seven bits, each
multiplied in whole numbers, and their sum holds fourteen bits, more than bf16. Seven and not eight, since a processor
without instructions for such products adds two of them up in sixteen bits. A row of scores is then the same whatever
other rows are in the pass.
"""

from __future__ import annotations

import time
import warnings
from functools import cache
from typing import Any

from .linear import Linear, can_pack_four, product, round_to_int8

LARGE = 1 << 22
"""Weights from which it is worth the question."""
HALF = 63
"""Largest whole number of a half."""
WIDTHS, TURNS = (1, 16), 8
"""Rows that are tried: a plain pass and one with guesses; and how often."""
CLEARLY = 1.2
"""How much faster eight bits must be: a busy machine must not change its mind, since replies differ in their last
bits."""


def head_product(head: Any, kind: str) -> Linear:
    """What ``head`` gives, torch's ``Linear``, multiplied as ``kind`` (``linear.py``) says; for ``"int4"`` in eight
    bits, if that is clearly faster, measured here."""
    usual = product([head], kind)
    weight = getattr(head, "weight", None)
    if kind != "int4" or weight is None or weight.numel() < LARGE or not (can_pack_four() and can_pack_eight()):
        return usual
    rounded = eight_bits(weight.detach(), None if head.bias is None else head.bias.detach())
    return rounded if _is_faster(rounded, usual, weight) else usual


def eight_bits(weight: Any, bias: Any | None) -> Linear:
    """The product with ``weight`` ``[out, in]`` rounded to eight bits, in the weight's dtype."""
    import torch

    whole, scale = round_to_int8(weight)
    zeros = torch.zeros(len(whole), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such tensors may go from torch one day: ``can_pack_eight`` then says no
        packed = torch.ops.quantized.linear_prepack(
            torch._make_per_channel_quantized_tensor(whole, scale.float(), zeros, 0), None
        )
    multiply = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32.default

    def scores(x: Any) -> Any:
        wide = x.float()
        unit = (wide.abs().amax(1, keepdim=True) / HALF).clamp_(min=1e-30)
        wide = wide / unit
        high = wide.round()
        low = ((wide - high) * (2 * HALF)).round_()
        both = multiply(torch.cat([high, low]), 1.0, HALF + 1, packed)
        found = torch.add(both[: len(x)], both[len(x) :], alpha=1 / (2 * HALF)).mul_(unit).to(x.dtype)
        return found if bias is None else found + bias

    return scores


@cache
def can_pack_eight() -> bool:
    """Whether torch's operators for products in whole numbers are there and give what they must: they are of x86."""
    import torch

    weight = torch.eye(32)[:, :16].contiguous() * 127
    x = torch.arange(-16, 16).float().view(2, 16)
    try:
        return bool(torch.allclose(eight_bits(weight, None)(x), x @ weight.t(), rtol=1e-2))
    except (RuntimeError, AttributeError, TypeError):
        return False


def _is_faster(rounded: Linear, usual: Linear, weight: Any) -> bool:
    """Measures both at every one of ``WIDTHS``, by the least of this thread's time in turns: other jobs may run."""
    import torch

    with torch.inference_mode():
        for width in WIDTHS:
            x = torch.ones(width, weight.shape[1], dtype=weight.dtype)
            best = {rounded: float("inf"), usual: float("inf")}
            for _ in range(TURNS):
                for way in best:
                    since = time.thread_time()
                    way(x)
                    best[way] = min(best[way], time.thread_time() - since)
            if best[usual] < CLEARLY * best[rounded]:
                return False
    return True
