"""What a rounded model still learns on the grid of four bits: the scale and the middle of every group of 32 weights,
and the norms; which of the sixteen values a weight has stays (the second part of EfficientQAT, arXiv 2407.11062, which
moves the scales alone).

It makes good for the rounding, which recovery could not know of.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch.nn.utils import parametrize

from ..network.grid import GROUP, FourBitGrid, grid_of
from .quantise import linears
from .recover import Learnt, Progress, train


class OnGrid(torch.nn.Module):
    """The weights ``[out, in]`` of a grid, by a change ``[2, out, in / 32]`` of its scales and middles, in scales."""

    whole: torch.Tensor
    scale: torch.Tensor
    middle: torch.Tensor

    def __init__(self, grid: FourBitGrid) -> None:
        super().__init__()
        rows, width = grid.whole.shape
        scale, middle = grid.scales.transpose(0, 1).float().unbind(-1)
        self.register_buffer("whole", (grid.whole.view(rows, width // GROUP, GROUP) - 8).to(torch.int8))
        self.register_buffer("scale", scale.contiguous())
        self.register_buffer("middle", middle.contiguous())

    def forward(self, change: torch.Tensor) -> torch.Tensor:
        weight: torch.Tensor = _Spread.apply(change, self.whole, self.scale, self.middle)  # type: ignore[no-untyped-call]
        return weight

    def right_inverse(self, weight: torch.Tensor) -> torch.Tensor:
        """No change."""
        return weight.new_zeros(2, len(weight), weight.shape[1] // GROUP)


class _Spread(torch.autograd.Function):
    """Scales and middles are rounded to bf16, as they are stored; the gradient passes straight through. Only the small
    whole numbers are kept for it."""

    @staticmethod
    def forward(ctx: Any, change: Any, whole: Any, scale: Any, middle: Any) -> Any:
        ctx.save_for_backward(whole, scale)
        step, centre = (one.to(torch.bfloat16).float() for one in (scale * (1 + change[0]), middle + scale * change[1]))
        return torch.addcmul(centre[..., None], whole.float(), step[..., None]).flatten(1)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        whole, scale = ctx.saved_tensors
        grad = grad.view(whole.shape)
        return torch.stack([(grad * whole).sum(-1), grad.sum(-1)]) * scale, None, None, None


def tune(model: Any, dense: Any, windows: Any, seconds: float, kept: Path, progress: Progress) -> Learnt:
    """``model`` (transformers', on the CPU and in fp32) learns where it stands from ``dense``, on the device of that,
    as in ``recover.train``. A matrix that lies on no grid stays as it is."""
    model.requires_grad_(False)
    on_grid = []
    for linear in linears(model).values():
        if grid := grid_of(linear.weight.detach().to(torch.bfloat16)):
            parametrize.register_parametrization(linear, "weight", OnGrid(grid))
            linear.parametrizations.weight.original.requires_grad_(True)
            on_grid.append(linear)
    for name, parameter in model.named_parameters():
        if "norm" in name:
            parameter.requires_grad_(True)
    learnt = train(model.to(dense.device), dense, windows, seconds=seconds, kept=kept, progress=progress)
    for linear in on_grid:
        parametrize.remove_parametrizations(linear, "weight", leave_parametrized=True)
    model.requires_grad_(False).to("cpu")
    return learnt
