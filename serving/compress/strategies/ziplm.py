"""ZipLM (Kurtic et al., 2023, arXiv 2302.04089): structured optimal brain surgeon, a few channels at a time, the rest
moving to make good. Where widths may differ, what each layer's error costs the whole model is measured with that layer
alone cut, in place of the paper's search for the weights of layers."""

from __future__ import annotations

from ..budgets import cheapest
from ..scores import surgeon
from ..strategy import Strategy

STRATEGY = Strategy("ziplm", "arXiv 2302.04089", surgeon, cheapest, greedy=True)
