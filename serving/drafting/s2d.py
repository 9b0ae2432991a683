"""S2D: one draft network with several exits, so that one training serves several large models.

Sorted Speculative Decoding (Kavehzadeh et al., 2024, arXiv 2407.01955). A token runs to the first exit that is sure
enough of what follows. What it left out is made good when a later token goes deeper: the outputs of an exit wait in
front of the next stretch of layers, and go through it together with that token, so that every exit says what it would
say alone. A large model close to the small one takes early exits (``deepest``), another one deeper ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..network.cache import CacheShape, KVCache
from ..network.lean import LeanLayer, LeanNetwork
from ..network.network import SequenceInput
from .draft_model import DraftChain
from .drafter import PassOutcome
from .small_model import PART, Asking
from .stack import Stack, layer, like, read


@dataclass(frozen=True, slots=True)
class Sorted:
    """The draft network: exit i stands behind layer ``exits[i]`` and has a last norm of its own."""

    target: LeanNetwork
    layers: tuple[LeanLayer, ...]
    exits: tuple[int, ...]
    norms: tuple[Any, ...]

    @property
    def shape(self) -> CacheShape:
        return replace(self.target.shape, layers=self.exits[-1])

    def alone(self, number: int) -> Stack:
        """The nested network that ends at exit ``number``."""
        return Stack(self.target, self.layers[: self.exits[number]], self.norms[number])


def sorted_network(target: LeanNetwork, weights: Path) -> Sorted:
    """Raises like ``stack.read`` and ``stack.like``."""
    tensors, facts = read(weights, "s2d")
    tensors, exits = like(target, tensors, weights), tuple(map(int, facts["exits"].split()))
    layers = tuple(layer(target, tensors, f"layers.{number}.") for number in range(exits[-1]))
    return Sorted(target, layers, exits, tuple(tensors[f"norms.{at}.norm.weight"] for at in range(len(exits))))


class Nested:
    """An ``Ahead`` for chains. ``taken`` counts the exits."""

    def __init__(self, network: Sorted, prompt: Sequence[int], sure: float, taken: Counter[int]) -> None:
        self.network, self.tokens, self.sure, self.taken = network, [int(token) for token in prompt], sure, taken
        self._memory = KVCache(network.shape)
        self._filled = [0] * len(network.exits)
        """How many columns each stretch of layers has filled."""
        self._waiting: list[Any] = [network.target.embedding[:0]] * len(network.exits)
        """``[n, width]`` in front of each stretch: the next columns, as far as they came."""

    def root(self) -> Any:
        """See ``Ahead``."""
        self._crop(min(self._read, len(self.tokens) - 1))
        for first in range(self._read, len(self.tokens), PART):
            said = self._scores(self.tokens[first : first + PART])
        return said[0]

    def grow(self, tokens: Sequence[int], parents: Sequence[int]) -> Any:
        """See ``Ahead``; each guess follows the one before."""
        return self._scores(tokens)

    def learn(self, step: PassOutcome) -> None:
        """See ``Ahead``. Guesses that did not come true are forgotten, with all behind them."""
        self._crop(min(self._read, len(self.tokens)))
        self.tokens.extend(step.written)

    @property
    def _read(self) -> int:
        return self._filled[0]

    def _crop(self, length: int) -> None:
        for at, waiting in enumerate(self._waiting):
            self._waiting[at] = waiting[: max(0, length - self._filled[at])]
            self._filled[at] = min(self._filled[at], length)

    def _scores(self, tokens: Sequence[int]) -> Any:
        """Logits ``[1, vocabulary]`` behind the last of ``tokens``, from the first exit that is sure."""
        import torch

        network, last = self.network, len(self.network.exits) - 1
        with torch.inference_mode():
            x = network.target.embed([SequenceInput(self._memory, tokens)])
            for at, stretch in enumerate(pairwise((0, *network.exits))):
                x = self._through(at, stretch, torch.cat([self._waiting[at], x]))
                logits = network.target.scores(x[-1:], network.norms[at])
                if at == last or float(logits.float().softmax(-1).max()) >= self.sure:
                    self.taken[network.exits[at]] += 1
                    break
            if at < last:
                self._waiting[at + 1] = torch.cat([self._waiting[at + 1], x])
            return logits

    def _through(self, at: int, stretch: tuple[int, int], x: Any) -> Any:
        """``x`` through one stretch of layers, behind what that has filled."""
        network, memory = self.network, self._memory
        memory.length = max(self._filled)
        memory.reserve(self._filled[at] + len(x))
        memory.length = self._filled[at]
        places = network.target.places([SequenceInput(memory, range(len(x)))])
        for number in range(*stretch):
            x = network.target.through(network.layers[number], number, x, places)
        self._filled[at] += len(x)
        self._waiting[at] = x[:0]
        return x


def s2d(
    *,
    target: LeanNetwork,
    weights: Path,
    sure: float = 0.6,
    deepest: int | None = None,
    steps: int = 6,
    least: float = 0.0,
) -> Asking:
    """``sure``: chance of the likeliest token from which an exit is taken. ``deepest``: the last exit that this large
    model uses (a number of layers; ``None``: all)."""
    network = sorted_network(target, weights)
    if deepest is not None:
        count = sum(one <= deepest for one in network.exits)
        network = Sorted(target, network.layers, network.exits[:count], network.norms[:count])
    taken: Counter[int] = Counter()

    def follow(prompt: Sequence[int]) -> Nested:
        return Nested(network, prompt, sure, taken)

    return Asking("s2d", follow, DraftChain(steps, least))
