"""How far what one model says is from what another says: the Kullback-Leibler divergence of their distributions.

A few rows at a time, the gradient with it: the logarithms of all rows and all that the formula makes on its way would
take several times the memory of the scores themselves.
"""

from __future__ import annotations

from typing import Any

import torch

ROWS = 16
"""Rows that are looked at together."""


def distance(scores: Any, wanted: Any) -> Any:
    """The mean divergence of the distributions of ``scores`` from those of ``wanted``, both ``[..., vocabulary]``, in
    nats; ``scores`` alone have a gradient."""
    rows = scores.flatten(0, -2), wanted.flatten(0, -2)
    return _Distance.apply(*rows)  # type: ignore[no-untyped-call]


class _Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, scores: Any, wanted: Any) -> Any:
        ctx.slope = torch.empty_like(scores) if ctx.needs_input_grad[0] else None
        total = torch.zeros((), device=scores.device)
        for start in range(0, len(scores), ROWS):
            part = slice(start, start + ROWS)
            said, told = (torch.log_softmax(one[part].float(), -1) for one in (scores, wanted))
            shares = told.exp()
            total += (told.sub_(said) * shares).sum()
            if ctx.slope is not None:
                ctx.slope[part] = said.exp_().sub_(shares).div_(len(scores))
        return total / len(scores)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        slope, ctx.slope = ctx.slope, None
        return slope.mul_(grad), None
