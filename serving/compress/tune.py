"""Recovery on the grid of four bits: the scale and the middle of every group of 32 weights learn from the dense model,
and which of the sixteen values a weight has stays (as in the second part of EfficientQAT, arXiv 2407.11062). So nothing
is rounded afterwards, which would undo much of what was learnt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch.nn.utils import parametrize

from ..network.dtype import fastest_dtype
from ..network.grid import GROUP, FourBitGrid, grid_of
from .recover import Learnt, Progress, train

RATE = 4e-3
"""Peak learning rate, in scales."""
MATRICES = (
    *(f"self_attn.{name}_proj" for name in "qkvo"),
    *(f"mlp.{name}_proj" for name in ("gate", "up", "down")),
)


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


def tune(model: Any, dense: Any, windows: Any, minutes: float, *, kept: Path, progress: Progress) -> Learnt:
    """``model`` (transformers', in fp32) learns where it stands, as in ``recover.recover``. A matrix that lies on no
    grid stays as it is."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.requires_grad_(False)
    on_grid = []
    for name in MATRICES:
        for layer in model.model.layers:
            linear = layer.get_submodule(name)
            if grid := grid_of(linear.weight.detach().to(torch.bfloat16)):
                parametrize.register_parametrization(linear, "weight", OnGrid(grid))
                linear.parametrizations.weight.original.requires_grad_(True)
                on_grid.append(linear)
    taught = dense.requires_grad_(False).to(device, fastest_dtype(device.type))
    learnt = train(model.to(device), taught, windows, minutes, rate=RATE, kept=kept, progress=progress)
    for linear in on_grid:
        parametrize.remove_parametrizations(linear, "weight", leave_parametrized=True)
    model.requires_grad_(False).to("cpu")
    return learnt
