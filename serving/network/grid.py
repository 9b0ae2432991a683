"""Weights on a grid of sixteen values in every group of 32, as those of a GGUF file of kind Q4_1 still are when they
were widened to bf16, and those that ``compress/rounding.py`` rounds: they can be multiplied as four bits each, which
reads a quarter of the memory.

Nothing is rounded here: weights that are on no such grid are left alone. Knows nothing of models.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

GROUP, STEPS, ALIGNED = 32, 15, 64
"""Weights that share a scale; steps from a group's least to its largest; the kernel's rows come in multiples of it."""
SLACK = 2.0**-6
"""Largest distance from the grid, as a share of the group's largest weight: bf16 rounds to a quarter of it."""
HALF = 0.5
"""Share of groups that may use fewer of the sixteen values before a matrix counts as on no grid."""
ROWS = 256
"""Looked at together: what stays in the cache takes a third of the time."""


@dataclass(frozen=True, slots=True)
class FourBitGrid:
    """``weight = (whole - 8) * scale + middle``. ``whole`` and ``wide`` are lent until the next grid is looked for."""

    whole: Any
    """``[out, in]``, int32 from 0 to 15."""
    scales: Any
    """Scale and middle, ``[in / 32, out, 2]`` in bf16."""
    wide: Any
    """The weights, ``[out, in]`` in bf16."""


def grid_of(weight: Any) -> FourBitGrid | None:
    """The grid of ``weight`` ``[out, in]`` in bf16, if there is one."""
    import torch

    rows, width = weight.shape
    if weight.dtype is not torch.bfloat16 or width % GROUP or rows % ALIGNED:
        return None
    if rows > ROWS and grid_of(weight[:ROWS]) is None:
        return None  # most weights are on no grid
    grid = FourBitGrid(
        _room(torch.int32, rows, width),
        torch.empty(width // GROUP, rows, 2, dtype=torch.bfloat16),
        _room(torch.bfloat16, rows, width),
    )
    room = _room(torch.float32, ROWS, width // GROUP, GROUP)
    fits = (_fit(weight, grid, slice(start, min(rows, start + ROWS)), room) for start in range(0, rows, ROWS))
    return grid if all(fits) else None


_rooms: dict[Any, Any] = {}
"""The largest room of each dtype that was needed so far: what comes and goes between packed weights tears holes into
the heap, 600 MB of them in the packaged model."""


def _room(dtype: Any, *shape: int) -> Any:
    import torch

    if dtype not in _rooms or _rooms[dtype].numel() < prod(shape):
        _rooms[dtype] = torch.empty(prod(shape), dtype=dtype)
    return _rooms[dtype][: prod(shape)].view(shape)


def _fit(weight: Any, grid: FourBitGrid, rows: slice, room: Any) -> bool:
    import torch

    shape = rows.stop - rows.start, -1, GROUP
    held, room = weight[rows].view(shape), room[: shape[0]]
    low, high = held.aminmax(dim=-1, keepdim=True)
    low, high = low.float(), high.float()
    scales = _scales(low, high, STEPS)
    scale, middle = scales.float().chunk(2, -1)
    whole = torch.sub(held, low, out=room).mul_(STEPS / (high - low).clamp_(min=1e-30)).round_()
    grid.whole[rows].view(shape).copy_(whole)
    wide = grid.wide[rows].view(shape).copy_(whole.mul_(scale).add_(middle - 8 * scale))
    slack = SLACK * torch.maximum(low.abs(), high.abs())
    apart = (wide.float().sub_(held).abs_().amax(-1, keepdim=True) > slack)[..., 0]
    if apart.any() and apart.float().mean() < HALF:
        places = apart.nonzero(as_tuple=True)
        found = _narrower(held[places].float(), slack[places])
        if found is not None:
            grid.whole[rows].view(shape)[places], scales[places], wide[places] = found
            apart[:] = False
    grid.scales[:, rows] = scales.transpose(0, 1)
    return not bool(apart.any())


def _narrower(held: Any, slack: Any) -> tuple[Any, Any, Any] | None:
    """Whole numbers, scales and weights of groups ``[groups, 32]`` whose outermost values of the sixteen no weight
    has, which is seldom; ``None`` if one of them is on no grid."""
    import torch

    low, high = held.aminmax(dim=-1, keepdim=True)
    left = torch.ones(len(held), dtype=torch.bool)
    found = held.to(torch.int32), torch.empty(len(held), 2, dtype=torch.bfloat16), held.to(torch.bfloat16)
    for steps in range(STEPS - 1, 0, -1):
        scales = _scales(low, high, steps)
        scale, middle = scales.float().chunk(2, -1)
        whole = ((held - low) * (steps / (high - low).clamp(min=1e-30))).round()
        wide = (whole * scale + (middle - 8 * scale)).to(torch.bfloat16)
        fits = left & ((wide.float() - held).abs().amax(-1, keepdim=True) <= slack)[:, 0]
        for kept, one in zip(found, (whole.to(torch.int32), scales, wide), strict=True):
            kept[fits] = one[fits]
        left &= ~fits
    return None if left.any() else found


def _scales(low: Any, high: Any, steps: int) -> Any:
    """Scale and middle, in bf16, of groups from ``low`` to ``high`` ``[..., 1]`` in so many steps."""
    import torch

    step = ((high - low) / steps).clamp_(min=1e-30)
    return torch.cat([step, low + 8 * step], -1).to(torch.bfloat16)
