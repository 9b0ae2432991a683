"""Rounding onto the grid that the engine multiplies as four bits (``network/grid.py``): sixteen values, evenly apart,
in every group of 32 weights of a row.

In GPTQ's order (Frantar et al., arXiv 2210.17323): column after column, and what one is off by is made good by those
that are still to come, by the second moments of the input.
"""

from __future__ import annotations

from typing import Any

from ..network.grid import GROUP, STEPS
from .moments import add_damping

DAMP = 0.01
SHRUNK = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
"""Ranges that are tried for a group, as shares of the whole one."""


def on_grid(weight: Any, second: Any, *, damp: float = DAMP) -> Any:
    """``weight`` ``[out, width]`` as bf16 on the grid; ``second`` ``[width, width]`` of its input. The width must be a
    multiple of ``GROUP``."""
    import torch

    left = weight.detach().double().T.contiguous()  # a column of the weight is a row here, side by side in memory
    upper = torch.linalg.cholesky(torch.linalg.inv(add_damping(second, damp)), upper=True)
    importance = 1 / upper.diagonal().square()
    found = torch.empty_like(left)
    for start in range(0, len(left), GROUP):
        group = slice(start, start + GROUP)
        low, step = _range(left[group].T, importance[group])
        wrong, within = torch.empty_like(left[group]), upper[group, group]
        for at in range(GROUP):
            value = left[start + at]
            found[start + at] = low + step * ((value - low) / step).round_().clamp_(0, STEPS)
            wrong[at] = (value - found[start + at]) / within[at, at]
            left[start + at + 1 : start + GROUP] -= within[at, at + 1 :, None] * wrong[at]
        left[start + GROUP :] -= upper[group, start + GROUP :].T @ wrong
    return found.T.to(torch.bfloat16).contiguous()


def nearest(weight: Any) -> Any:
    """Rounds each weight to the nearest value, without moments."""
    import torch

    return on_grid(weight, torch.eye(weight.shape[1], dtype=torch.float64))


def _range(weight: Any, importance: Any) -> tuple[Any, Any]:
    """The least value and the step of each row ``[out]`` of one group, as bf16 can say them, with the smallest squared
    error of those that are tried."""
    import torch

    low, high = weight.aminmax(dim=1)
    middle, half = (low + high) / 2, (high - low) / 2
    best: Any = torch.full_like(low, torch.inf)
    found = low.clone(), torch.ones_like(low)
    for share in SHRUNK:
        step = (2 * half * share / STEPS).clamp(min=1e-30)
        step = step.to(torch.bfloat16).double()
        start = middle - step * STEPS / 2
        start = (start + 8 * step).to(torch.bfloat16).double() - 8 * step
        whole = ((weight - start[:, None]) / step[:, None]).round().clamp(0, STEPS)
        error = ((start[:, None] + step[:, None] * whole - weight).square() * importance).sum(1)
        better = error < best
        best = torch.where(better, error, best)
        found = torch.where(better, start, found[0]), torch.where(better, step, found[1])
    return found
