"""What the strategies are made of: one choice for each step of the skeleton.

Knows no strategy; those are in ``strategies/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from . import solve
from .budgets import Budget, uniform
from .scores import Score
from .solve import Solve

SOLVES: dict[str, Solve] = {
    "none": solve.none,
    "bias": solve.bias,
    "squares": solve.squares,
    "affine": solve.affine,
}


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way to take units away."""

    name: str
    paper: str
    score: Score
    budget: Budget = uniform
    """Where widths may differ from layer to layer; a checkpoint of one width keeps the same share everywhere."""
    greedy: bool = False
    """Whether scores are computed anew after every few removals."""
    solve: Literal["none", "bias", "squares", "affine"] = "squares"
    random_text: bool = False
    """Whether the calibration text is random tokens."""
