"""Which units stay: the best by their scores, or what is left when the least needed goes, again and again."""

from __future__ import annotations

from typing import Any

from .groups import indices
from .scores import losses

STEP = 32
"""Channels that go before their neighbours' losses are computed anew: one by one costs 32 times as much."""


def best(scores: Any, keep: int) -> Any:
    """The ``keep`` units of the highest scores, in their order; the earlier of two that are equal."""
    import torch

    return torch.argsort(scores, descending=True, stable=True)[:keep].sort().values


def greedy(weight: Any, second: Any, columns: int, keep: int, *, step: int = STEP) -> tuple[Any, list[float]]:
    """The ``keep`` units that structured OBS leaves (ZipLM, arXiv 2302.04089), and the squared error per token behind
    each round of up to ``step`` removals. The weights that remain are those of least squares; ``second`` must be
    invertible."""
    import torch

    weight, inverse = weight.double().clone(), torch.linalg.inv(second)
    left = torch.arange(weight.shape[1] // columns)
    errors, error = [], 0.0
    while len(left) > keep:
        count = min(step, len(left) - keep)
        going = torch.argsort(losses(weight, inverse, columns), stable=True)[:count].sort().values
        gone = indices(going, columns)
        within, rows = inverse[gone][:, gone], weight[:, gone]
        error += float((rows.T * torch.linalg.solve(within, rows.T)).sum())
        errors.append(error)
        stay = torch.ones(len(left), dtype=torch.bool)
        stay[going] = False
        columns_left = indices(stay.nonzero()[:, 0], columns)
        across = torch.linalg.solve(within, inverse[gone][:, columns_left])
        weight = weight[:, columns_left] - rows @ across
        inverse = inverse[columns_left][:, columns_left] - inverse[columns_left][:, gone] @ across
        left = left[stay]
    return left, errors
