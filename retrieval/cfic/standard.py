"""Scores of different scales made comparable."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, pstdev


def standardise(values: Sequence[float]) -> list[float]:
    """Brings the values to zero mean and unit deviation; zeros where all are equal."""
    mean, deviation = fmean(values), pstdev(values)
    return [(value - mean) / deviation if deviation else 0.0 for value in values]
