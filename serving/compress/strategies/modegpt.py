"""MoDeGPT's feed-forward part (Lin et al., 2024, arXiv 2408.09632): the channels of highest ridge leverage, and
Nyström's ``down``, which is the least-squares one. Its attention parts fit no standard checkpoint."""

from __future__ import annotations

from ..budgets import softmax
from ..scores import leverage
from ..strategy import Strategy

STRATEGY = Strategy("modegpt", "arXiv 2408.09632", leverage, softmax)
