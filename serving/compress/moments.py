"""Second moments of what goes into a linear map: all that scoring, least squares and rounding need to know of a text.

Sums are kept in fp64, one batch's products are made in fp32 (in fp64 for a model in it). Knows nothing of models.
"""

from __future__ import annotations

from typing import Any


class Moments:
    """Second moments of inputs ``h`` ``[width]``, and of the outputs ``t`` ``[out]`` that are wanted for them."""

    def __init__(self, width: int, out: int) -> None:
        import torch

        self.count = 0
        self.total = torch.zeros(width, dtype=torch.float64)
        self.square = torch.zeros(width, width, dtype=torch.float64)
        self.wanted = torch.zeros(out, dtype=torch.float64)
        self.product = torch.zeros(width, out, dtype=torch.float64)
        self.wanted_square = 0.0

    def add(self, inputs: Any, wanted: Any) -> None:
        """``inputs`` ``[tokens, width]``, ``wanted`` ``[tokens, out]``."""
        inputs, wanted = widen(inputs), widen(wanted)
        self.count += len(inputs)
        self.total += inputs.sum(0).double()
        self.square += (inputs.T @ inputs).double()
        self.wanted += wanted.sum(0).double()
        self.wanted_square += float(wanted.double().square().sum())
        self.product += (inputs.T @ wanted).double()

    @classmethod
    def of_inputs(cls, count: int, total: Any, square: Any, weight: Any) -> Moments:
        """Those of inputs that sum up to ``total`` and ``square``; wanted is what ``weight`` gives for them."""
        found = cls(len(total), len(weight))
        wide = weight.detach().double()
        found.count, found.total, found.square = count, total.double(), square.double()
        found.wanted, found.product = wide @ found.total, found.square @ wide.T
        return found

    @property
    def mean(self) -> Any:
        """``[width]``."""
        return self.total / self.count

    @property
    def second(self) -> Any:
        """``E[h hᵀ]``, ``[width, width]``."""
        return self.square / self.count

    @property
    def variance(self) -> Any:
        """``[width]``."""
        return (self.second.diagonal() - self.mean.square()).clamp_(min=0)

    @property
    def cross(self) -> Any:
        """``E[h tᵀ]``, ``[width, out]``."""
        return self.product / self.count

    @property
    def power(self) -> float:
        """``E[t · t]``."""
        return self.wanted_square / self.count

    @property
    def target(self) -> Any:
        """``E[t]``, ``[out]``."""
        return self.wanted / self.count


def widen(values: Any) -> Any:
    """``values`` in fp32 at least."""
    return values if values.element_size() == 8 else values.float()


def add_damping(second: Any, share: float) -> Any:
    """``second`` with ``share`` of its mean diagonal added to the diagonal, so that it can be inverted."""
    import torch

    return second + torch.eye(len(second), dtype=second.dtype) * (share * second.diagonal().mean())
