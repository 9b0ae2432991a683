"""CFSP (Wang et al., 2024, arXiv 2409.13199): layers that turn their input more keep more of the channels that are
most active.

In the released score the weights cancel: each of its three terms is normalised over the very dimension that it is then
averaged over, so that what remains is the norm of the activation (``scores.activation``).
"""

from __future__ import annotations

from ..budgets import sigmoid
from ..scores import activation
from ..strategy import Strategy

STRATEGY = Strategy("cfsp", "arXiv 2409.13199", activation, sigmoid, solve="none")
