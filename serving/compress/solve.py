"""What the survivors must do so that the layer gives what it gave: nothing, a bias, least squares, or both.

``none`` and ``bias`` are those of FLAP (arXiv 2312.11983); least squares are the update of ZipLM and of structured OBS
(arXiv 2302.04089) and MoDeGPT's Nyström matrix (arXiv 2408.09632), which are the same. All in fp64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .moments import Moments, add_damping

Solve = Callable[[Any, Moments, Any, float], tuple[Any, Any | None]]
"""``(weight [out, width], moments, kept columns, ridge)`` to the weight ``[out, kept]`` and what the bias grows by."""


def none(weight: Any, moments: Moments, kept: Any, ridge: float) -> tuple[Any, None]:
    """The columns as they were."""
    return weight.double()[:, kept], None


def bias(weight: Any, moments: Moments, kept: Any, ridge: float) -> tuple[Any, Any]:
    """What the others gave on average goes into a bias."""
    import torch

    lost = torch.ones(weight.shape[1], dtype=torch.bool)
    lost[kept] = False
    return weight.double()[:, kept], weight.double()[:, lost] @ moments.mean[lost]


def squares(weight: Any, moments: Moments, kept: Any, ridge: float) -> tuple[Any, None]:
    """Least squares; ``ridge`` (a share of the mean diagonal) pulls towards the columns as they were."""
    return _fit(weight.double()[:, kept], moments.second[kept][:, kept], moments.cross[kept], ridge), None


def affine(weight: Any, moments: Moments, kept: Any, ridge: float) -> tuple[Any, Any]:
    """Least squares with a bias."""
    mean, target = moments.mean[kept], moments.target
    second = moments.second[kept][:, kept] - mean[:, None] * mean
    fitted = _fit(weight.double()[:, kept], second, moments.cross[kept] - mean[:, None] * target, ridge)
    return fitted, target - fitted @ mean


def _fit(start: Any, second: Any, cross: Any, ridge: float) -> Any:
    import torch

    wrong = cross - second @ start.T
    return start + torch.cholesky_solve(wrong, torch.linalg.cholesky(add_damping(second, ridge))).T
