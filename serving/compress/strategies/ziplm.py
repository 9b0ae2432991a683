"""ZipLM (Kurtic et al., 2023, arXiv 2302.04089): structured optimal brain surgeon, a few channels at a time, the rest
moving to make good; widths by a knapsack over measured times where they may differ (``knapsack.py``)."""

from __future__ import annotations

from ..scores import surgeon
from ..strategy import Strategy

STRATEGY = Strategy("ziplm", "arXiv 2302.04089", surgeon, greedy=True)
