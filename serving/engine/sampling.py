"""From scores to tokens, so that the same request always gives the same reply, drafted or not.

The noise of a choice is keyed by the request's seed and the position alone, never by how many tokens a pass covers
(Gumbel's trick: the likeliest token after noise is a sample). Works on numpy rows; knows nothing of models.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from ..base import Sampling

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SECOND = 1 << 63
"""Sets the draws of rejection apart from the noise of choosing at the same position."""


class Chooser:
    """The choices of one request."""

    def __init__(self, sampling: Sampling) -> None:
        self.greedy = sampling.temperature == 0
        self.sampling = sampling
        self.seed = int.from_bytes(os.urandom(7), "little") if sampling.seed is None else abs(sampling.seed) % _SECOND

    def choose(self, scores: NDArray[np.float32], position: int) -> int:
        """The token that stands at ``position`` behind ``scores`` ``[vocabulary]`` (minus infinity where forbidden)."""
        if self.greedy:
            return int(scores.argmax())
        tokens, logs = self._nucleus(scores)
        return int(tokens[(logs + self.noise(position, len(scores))[tokens]).argmax()])

    def law(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """The distribution ``[vocabulary]`` that ``choose`` draws from."""
        law = np.zeros(len(scores))
        if self.greedy:
            law[scores.argmax()] = 1.0
            return law
        tokens, logs = self._nucleus(scores)
        weights = np.exp(logs - logs.max())
        law[tokens] = weights / weights.sum()
        return law

    def noise(self, position: int, count: int) -> NDArray[np.float64]:
        """Standard Gumbel noise ``[count]``."""
        return self._generator(position, self.seed).gumbel(size=count)

    def draws(self, position: int) -> np.random.Generator:
        """Draws for accepting and rejecting at ``position``, apart from ``noise``."""
        return self._generator(position, self.seed | _SECOND)

    def _generator(self, position: int, key: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, position]))

    def _nucleus(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The tokens that may be drawn and their scores over the temperature."""
        scaled = scores.astype(np.float64) / self.sampling.temperature
        allowed = np.flatnonzero(np.isfinite(scaled))
        if self.sampling.top_p == 1:
            return allowed, scaled[allowed]
        order = allowed[np.argsort(-scaled[allowed], kind="stable")]
        mass = np.exp(scaled[order] - scaled[order[0]]).cumsum()
        kept = order[: int(np.searchsorted(mass, self.sampling.top_p * mass[-1])) + 1]
        return kept, scaled[kept]


def log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    wide = scores.astype(np.float64)
    shifted = wide - wide.max()
    logs: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum())
    return logs
