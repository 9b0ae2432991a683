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
    stay = torch.ones(weight.shape[1] // columns, dtype=torch.bool)
    errors, error, left = [], 0.0, len(stay)
    while left > keep:
        worth = losses(weight, inverse, columns).masked_fill_(~stay, torch.inf)
        going = torch.argsort(worth, stable=True)[: min(step, left - keep)].sort().values
        gone = indices(going, columns)
        within, rows = inverse[gone][:, gone], weight[:, gone]
        error += float((rows.T * torch.linalg.solve(within, rows.T)).sum())
        errors.append(error)
        across = torch.linalg.solve(within, inverse[gone])
        weight.addmm_(rows, across, alpha=-1)
        inverse.addmm_(inverse[:, gone], across, alpha=-1)
        weight[:, gone], inverse[gone], inverse[:, gone] = 0.0, 0.0, 0.0
        inverse[gone, gone] = 1.0  # what is gone stays where it is: copying what is left took most of the time
        stay[going], left = False, left - len(going)
    return stay.nonzero()[:, 0], errors
