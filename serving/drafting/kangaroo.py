"""Kangaroo: the large model's own first layers, a trained layer of attention, and its own head guess ahead.

Liu et al., NeurIPS 2024, arXiv 2404.18911. Drafting stops behind the first token of which the guess is less sure than
``least``. The shallow layers run with keys and values of their own, so what they made of the prompt and of accepted
guesses is computed once more by the large model: the published code hands it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..network.lean import LeanNetwork
from .draft_model import DraftChain
from .small_model import Asking, Following, Grow
from .stack import Stack, attention, like, read

STEPS, LEAST = 6, 0.6


def early(target: LeanNetwork, weights: Path) -> Stack:
    """The drafting network. Raises like ``stack.read`` and ``stack.like``."""
    tensors, facts = read(weights, "kangaroo")
    tensors = like(target, tensors, weights)
    shallow = target.layers[: int(facts["exit"])]
    return Stack(target, [*shallow, attention(target, tensors, "")], tensors["norm.weight"])


def kangaroo(
    *,
    target: LeanNetwork,
    weights: Path,
    steps: int = STEPS,
    least: float = LEAST,
    growing: Grow | None = None,
) -> Asking:
    """``growing`` takes the place of the chain of at most ``steps``."""
    network = early(target, weights)

    def follow(prompt: Sequence[int]) -> Following:
        return Following(network, prompt)

    return Asking("kangaroo", follow, growing or DraftChain(steps, least))
