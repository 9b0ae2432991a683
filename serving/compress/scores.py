"""How much a unit is worth: one number each, the larger the better. A unit's columns are added up.

Every score is a function of the weights of a group and of the moments of the consumer's input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .moments import Moments, add_damping


@dataclass(frozen=True, slots=True)
class GroupWeights:
    """The weights of one group: the consumer's ``[out, units * columns]`` and the producers', each ``[units * rows,
    in]``."""

    consumer: Any
    producers: Sequence[Any]
    columns: int


Score = Callable[[GroupWeights, Moments, float], Any]
"""``(weights, moments, ridge)`` to ``[units]`` in fp64."""


def magnitude(weights: GroupWeights, moments: Moments, ridge: float) -> Any:
    """Squared weights of all that is cut with the unit; the warning row of every table."""
    units = weights.consumer.shape[1] // weights.columns
    rows = sum(part.double().square().view(units, -1).sum(1) for part in weights.producers)
    return rows + _add_up(weights.consumer.double().square().sum(0), weights.columns)


def activation(weights: GroupWeights, moments: Moments, ridge: float) -> Any:
    """The norm of what comes in: what CFSP's released formula comes to (arXiv 2409.13199)."""
    return _add_up(moments.second.diagonal(), weights.columns).sqrt()


def wanda(weights: GroupWeights, moments: Moments, ridge: float) -> Any:
    """Weight times activation, squared (Wanda, arXiv 2306.11695)."""
    return _add_up(_norms(weights) * moments.second.diagonal(), weights.columns)


def fluctuation(weights: GroupWeights, moments: Moments, ridge: float) -> Any:
    """Weight times how much the input varies: what a bias cannot make good (FLAP's WIFV, arXiv 2312.11983)."""
    return _add_up(_norms(weights) * moments.variance, weights.columns)


def leverage(weights: GroupWeights, moments: Moments, ridge: float) -> Any:
    """Ridge leverage of the input's columns (MoDeGPT, arXiv 2408.09632): ``[C (C + λI)⁻¹]_jj``."""
    import torch

    second, size = moments.second, float(moments.second.diagonal().mean()) * ridge
    inverse = torch.linalg.inv(add_damping(second, ridge))
    return _add_up(1 - size * inverse.diagonal(), weights.columns)


def surgeon(weights: GroupWeights, moments: Moments, ridge: float) -> Any:
    """The error of taking the unit away when all others make good for it (structured OBS; ZipLM, arXiv 2302.04089)."""
    import torch

    inverse = torch.linalg.inv(add_damping(moments.second, ridge))
    return losses(weights.consumer.double(), inverse, weights.columns)


def losses(weight: Any, inverse: Any, columns: int) -> Any:
    """``tr(W_S ([H⁻¹]_SS)⁻¹ W_Sᵀ)`` of every unit S of ``columns`` columns in a row."""
    import torch

    if columns == 1:
        return weight.square().sum(0) / inverse.diagonal()
    units = weight.shape[1] // columns
    within = torch.stack([inverse[at : at + columns, at : at + columns] for at in range(0, len(inverse), columns)])
    parts = weight.view(len(weight), units, columns).permute(1, 2, 0)
    return (parts * torch.linalg.solve(within, parts)).sum((1, 2))


def _norms(weights: GroupWeights) -> Any:
    return weights.consumer.double().square().sum(0)


def _add_up(values: Any, columns: int) -> Any:
    return values.view(-1, columns).sum(1)
