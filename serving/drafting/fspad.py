"""EAGLE and FSPAD: a single trained layer writes on in the large model's features, the outputs of its last norm.

EAGLE (Li et al., 2024, arXiv 2401.15077): from the feature of a token and the embedding of the next one a layer guesses
the next feature, the large model's own head makes scores of it. FSPAD (arXiv 2408.15562) puts *feature
sampling* before it, since the drafter cannot tell from a feature which token was drawn from it, and trains by *partial
alignment*. The paper's equations were not at hand. Our reading: ``W_down(sigmoid(W_e e) * W_up f)`` with twice the
width inside takes the place of the feature f, e being the embedding of the token that was drawn; only half of the
output is held to the large model's feature, all of it makes scores (``training/fspad.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..network.cache import KVCache
from ..network.lean import LeanLayer, LeanNetwork
from ..network.linear import Linear, linear
from ..network.network import SequenceInput
from ..network.tree import Sight, sight
from .drafter import PassOutcome
from .rsd import Beam
from .small_model import PART, Asking, Grow
from .stack import layer, like, read


@dataclass(frozen=True, slots=True)
class Gate:
    """Feature sampling."""

    by_token: Linear
    up: Linear
    down: Linear

    def __call__(self, features: Any, embedded: Any) -> Any:
        return self.down(self.by_token(embedded).sigmoid() * self.up(features))


@dataclass(frozen=True, slots=True)
class Head:
    """The drafter's own weights."""

    target: LeanNetwork
    join: Linear
    layer: LeanLayer
    gate: Gate | None

    def feature(self, hidden: Any) -> Any:
        """``hidden`` ``[n, width]`` of the last layer behind the last norm."""
        import torch

        norm = self.target.norm
        wide = torch.nn.functional.rms_norm(hidden.float(), norm.shape, norm.float(), self.target.eps)
        return wide.to(hidden.dtype)

    def forward(self, part: SequenceInput, features: Any) -> Any:
        """The next features ``[q, width]``, from those behind which ``part``'s tokens stand."""
        import torch

        embedded = self.target.embed([part])
        sampled = features if self.gate is None else self.gate(features, embedded)
        joined = self.join(torch.cat([embedded, sampled], -1))
        out = self.target.through(self.layer, 0, joined, self.target.places([part]))
        part.memory.length += len(part.tokens)
        return out


def head(target: LeanNetwork, weights: Path) -> Head:
    """Raises like ``stack.read`` and ``stack.like``."""
    tensors, _ = read(weights, "features")
    tensors = like(target, tensors, weights)

    def product(name: str) -> Linear:
        return linear(tensors[f"{name}.weight"], None, target.kind)

    gate = Gate(product("by_token"), product("up"), product("down")) if "up.weight" in tensors else None
    return Head(target, product("join"), layer(target, tensors, "layer."), gate)


class Features:
    """An ``Ahead`` over features that the engine hands on. Where the beginning of a prompt was read before, for another
    request, its features are missing, and the head starts behind it."""

    def __init__(self, own: Head, prompt: Sequence[int]) -> None:
        self.head, self.tokens = own, [int(token) for token in prompt]
        self._memory, self._read = KVCache(replace(own.target.shape, layers=1)), 0
        self._known: list[Any] = []
        """Features that were told and not read."""
        self._told = 0
        self._guesses: Sight = []
        self._grown: Any = None
        """``[guesses + 1, width]``: the features behind the root and behind each guess."""

    def learn(self, step: PassOutcome) -> None:
        """See ``Ahead``."""
        features = self.head.feature(step.hidden[0][step.path.tolist()])
        self._known.append(features)
        self._told += len(features)
        self.tokens.extend(step.written)

    def root(self) -> Any | None:
        """See ``Ahead``; ``None`` until features of the token before the last are there."""
        import torch

        if not self._known and not self._read:
            return None
        with torch.inference_mode():
            if self._known:
                self._memory.length = self._read
                self._last = self._read_on(torch.cat(self._known))
                self._known.clear()
            self._memory.length, self._guesses, self._grown = self._read, [], self._last
            return self.head.target.head(self._last)[0]

    def grow(self, tokens: Sequence[int], parents: Sequence[int]) -> Any:
        """See ``Ahead``."""
        import torch

        with torch.inference_mode():
            behind = [self._read - 1 if parent < 0 else self._read + parent for parent in parents]
            seen = sight(self._guesses, self._memory.length, behind)
            self._guesses.extend(seen)
            part = SequenceInput(self._memory, tokens, seen.sum(1) - 1, seen)
            out = self.head.forward(part, self._grown[[parent + 1 for parent in parents]])
            self._grown = torch.cat([self._grown, out])
            return self.head.target.head(out)

    def _read_on(self, features: Any) -> Any:
        """The feature ``[1, width]`` behind the last token, from ``features`` of those before it that are new."""
        following = self.tokens[len(self.tokens) - len(features) :]
        for first in range(0, len(following), PART):
            part = SequenceInput(self._memory, following[first : first + PART])
            out = self.head.forward(part, features[first : first + PART])
        self._read += len(features)
        return out[-1:]


def _asking(name: str, target: LeanNetwork, weights: Path, growing: Grow | None) -> Asking:
    own = head(target, weights)

    def follow(prompt: Sequence[int]) -> Features:
        return Features(own, prompt)

    return Asking(name, follow, growing or Beam(), (target.shape.layers,))


def eagle(*, target: LeanNetwork, weights: Path, growing: Grow | None = None) -> Asking:
    """EAGLE over a beam of 4 and 4 levels."""
    return _asking("eagle", target, weights, growing)


def fspad(*, target: LeanNetwork, weights: Path, growing: Grow | None = None) -> Asking:
    """FSPAD over the same."""
    return _asking("fspad", target, weights, growing)
