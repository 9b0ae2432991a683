"""OBSPA (Wang et al., 2024, arXiv 2403.18955): any criterion over coupled groups, then the surgeon's update; without
data, random tokens calibrate, which is worse."""

from __future__ import annotations

from ..scores import surgeon
from ..strategy import Strategy

STRATEGY = Strategy("obspa", "arXiv 2403.18955", surgeon, random_text=True)
