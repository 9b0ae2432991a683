"""The way from scores to tokens, so that the same request always gives the same reply, drafted or not.

The noise of a choice is keyed by the request's seed and the position alone, never by how many tokens a pass covers
(Gumbel's trick: the likeliest token after noise is a sample). Works on numpy rows; knows nothing of models.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .base import Sampling
from .penalties import Penalties

if TYPE_CHECKING:
    from numpy.typing import NDArray

Float = TypeVar("Float", bound="np.floating[Any]")


_COLDEST = 1e-5
"""A temperature below is none: scores over it would not be finite."""


class Sampler:
    """The choices of one request."""

    def __init__(self, sampling: Sampling) -> None:
        self.greedy = sampling.temperature < _COLDEST
        self.sampling = sampling
        drawn = int.from_bytes(os.urandom(8), "little") if sampling.seed is None else sampling.seed
        self._keys = [np.array([drawn % 2**64, 2 * sampling.choice + second], np.uint64) for second in (0, 1)]
        """Keys of the noise of choosing and of the draws of rejection at the same position; apart for every seed and
        choice."""

    @property
    def key(self) -> list[int]:
        """Numbers that no other seed or choice has."""
        return [int(part) for part in self._keys[0]]

    def choose(self, scores: NDArray[np.float32], position: int) -> int:
        """The token that stands at ``position`` behind ``scores`` ``[vocabulary]`` (minus infinity where forbidden)."""
        if self.greedy:
            return int(scores.argmax())
        tokens, logs = self._candidates(scores)
        return int(tokens[(logs + self.noise(position, len(scores))[tokens]).argmax()])

    def law(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """The distribution ``[vocabulary]`` that ``choose`` draws from."""
        law = np.zeros(len(scores))
        if self.greedy:
            law[scores.argmax()] = 1.0
            return law
        tokens, logs = self._candidates(scores)
        weights = np.exp(logs - logs.max())
        law[tokens] = weights / weights.sum()
        return law

    def noise(self, position: int, count: int) -> NDArray[np.float64]:
        """Standard Gumbel noise ``[count]``."""
        return self._generator(position, 0).gumbel(size=count)

    def draws(self, position: int) -> np.random.Generator:
        """Draws for accepting and rejecting at ``position``, apart from ``noise``."""
        return self._generator(position, 1)

    def _generator(self, position: int, second: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(key=self._keys[second], counter=[0, 0, 0, position]))

    def _candidates(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The tokens that may be drawn and their scores over the temperature."""
        sampling = self.sampling
        scaled = scores.astype(np.float64) / sampling.temperature
        allowed = np.flatnonzero(np.isfinite(scaled))
        if sampling.top_p == 1 and not sampling.top_k and not sampling.min_p and sampling.typical_p == 1:
            return allowed, scaled[allowed]
        order = allowed[np.argsort(-scaled[allowed], kind="stable")]
        if sampling.top_k:
            order = order[: sampling.top_k]
        if sampling.top_p < 1:
            order = order[: _reaching(np.exp(scaled[order] - scaled[order[0]]), sampling.top_p)]
        if sampling.min_p:
            order = order[scaled[order] >= scaled[order[0]] + np.log(sampling.min_p)]
        if sampling.typical_p < 1:
            order = _typical(order, scaled[order], sampling.typical_p)
        return order, scaled[order]


def _reaching(weights: NDArray[np.float64], share: float) -> int:
    """How many of ``weights`` it takes to reach a share of their sum; one at least."""
    mass = weights.cumsum()
    return int(np.searchsorted(mass, share * mass[-1])) + 1


def _typical(tokens: NDArray[np.int64], logs: NDArray[np.float64], share: float) -> NDArray[np.int64]:
    logs = logs - logs.max()
    logs -= np.log(np.exp(logs).sum())
    weights = np.exp(logs)
    nearest = np.argsort(np.abs(logs - (weights * logs).sum()), kind="stable")
    return tokens[nearest[: _reaching(weights[nearest], share)]]


def log_softmax(scores: NDArray[Float]) -> NDArray[Float]:
    """Natural logs of the probabilities along the last axis, in the dtype of ``scores``."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: NDArray[Float] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def sampler(
    sampling: Sampling, prompt: Sequence[int] = (), ends: Collection[int] = ()
) -> Callable[[NDArray[np.float32]], int]:
    """Scores ``[vocabulary]`` to the next token of a reply to ``prompt``, as the engine chooses it."""
    made, adjust, at = Sampler(sampling), Penalties(sampling, prompt, ends), count(len(prompt))

    def choose(scores: NDArray[np.float32]) -> int:
        adjusted = adjust.apply(scores)
        token = made.choose(adjusted if np.isfinite(adjusted).any() else scores, next(at))
        adjust.wrote(token)
        return token

    return choose
