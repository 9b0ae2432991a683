"""What a request adds to the model's scores before a choice: biases, penalties for what was said, no early end.

The rules of OpenAI (presence, frequency, bias) and of CTRL (repetition; Keskar et al., 2019, arXiv 1909.05858), in
vLLM's order. They depend on the written text alone, so a reply is the same guessed or not. Works on numpy rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .base import Sampling

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Penalties:
    """The biases and penalties of one reply."""

    def __init__(self, sampling: Sampling, prompt: Sequence[int], ends: Collection[int]) -> None:
        self._sampling, self._ends = sampling, list(ends)
        self._counts: Counter[int] = Counter()
        self._seen = set(prompt) if sampling.repetition_penalty != 1 else set[int]()
        self._written = 0
        self._penalised = (
            sampling.repetition_penalty != 1 or sampling.presence_penalty != 0 or sampling.frequency_penalty != 0
        )

    @property
    def active(self) -> bool:
        """Whether scores may change before the next token."""
        return bool(self._penalised or self._sampling.bias) or self._written < self._sampling.min_tokens

    def wrote(self, token: int) -> None:
        self._written += 1
        if self._penalised:
            self._counts[token] += 1
            self._seen.add(token)

    def apply(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The scores ``[vocabulary]`` from which the next token is chosen."""
        if not self.active:
            return scores
        found, sampling = scores.copy(), self._sampling
        if sampling.repetition_penalty != 1:
            seen = np.fromiter(self._seen, np.int64, len(self._seen))
            said = found[seen]
            found[seen] = np.where(said > 0, said / sampling.repetition_penalty, said * sampling.repetition_penalty)
        if self._counts and (sampling.presence_penalty or sampling.frequency_penalty):
            tokens = np.fromiter(self._counts, np.int64, len(self._counts))
            times = np.fromiter(self._counts.values(), np.float32, len(self._counts))
            found[tokens] -= sampling.frequency_penalty * times + sampling.presence_penalty
        for token, bias in sampling.bias:
            found[token] += bias
        if self._written < sampling.min_tokens:
            found[self._ends] = -np.inf
        return found
