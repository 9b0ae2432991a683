"""What a drafter gives and what it is told: a tree of guessed tokens, and what the model then said of them.

A drafter never decides what is written: the verifier does (``engine/verify.py``), so a bad draft costs time, not truth.
Knows nothing of models, text or caches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from ..base import Sampling

if TYPE_CHECKING:
    from numpy.typing import NDArray

Texts = Sequence[Sequence[int]]
"""Token lists."""
Reading = Callable[[], Iterable[Sequence[int]]]
"""Reads texts as token lists, when it is called."""

BEST = 8
"""How many of the likeliest next tokens a drafter is told for every token that the model reads."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Guessed tokens behind the last written one (the root), flat: a parent comes before its children, and no two
    children of one parent carry the same token."""

    tokens: NDArray[np.int32]
    """``[n]``."""
    parents: NDArray[np.int32]
    """``[n]``: index into ``tokens``, -1 for the root."""
    chances: NDArray[np.float32]
    """``[n]``: estimated probability that this token will be written, never above its parent's."""
    sources: tuple[str, ...]
    """``[n]``: the drafter that guessed each token, so that what each one brings is counted."""
    laws: NDArray[np.float32] | None = None
    """Only of children that were *drawn*: ``[n + 1, vocabulary]``, the distribution from which the children of the
    root (row 0) and of token i (row i + 1) were drawn in order without replacement. ``None`` for guesses that were
    looked up or ranked: those are verified by sampling and matching."""

    def __len__(self) -> int:
        return len(self.tokens)


NOTHING = Tree(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32), ())


def first(tree: Tree, count: int) -> Tree:
    """The first ``count`` tokens of a tree that was not drawn."""
    if count >= len(tree):
        return tree
    return Tree(tree.tokens[:count], tree.parents[:count], tree.chances[:count], tree.sources[:count])


@dataclass(frozen=True, slots=True)
class PassOutcome:
    """What one pass of the model said. In a pass over the prompt (a part of it at a time) ``read`` is that part, every
    token follows the one before, and ``written`` is empty."""

    read: NDArray[np.int32]
    """``[q]``: the root and the guessed tokens of the tree in their order; or a part of the prompt."""
    parents: NDArray[np.int32]
    """``[q]``: index into ``read`` of the token that each one follows, -1 for the first."""
    best: NDArray[np.int32]
    """``[q, BEST]``: the likeliest next tokens behind each, best first."""
    path: NDArray[np.int32]
    """Indices into ``read`` of those that stay: the root and the accepted guesses, in order."""
    written: tuple[int, ...] = ()
    """The new tokens of the reply: the accepted guesses and the one that the model chose behind them."""
    hidden: Any = None
    """Torch tensor ``[layers asked for, q, width]`` (see ``Drafter.layers``), else ``None``."""


class Drafting(Protocol):
    """One request's side of a drafter."""

    def draft(self, budget: int) -> Tree:
        """At most ``budget`` guessed tokens behind the last written one; an empty tree when there is no good guess."""
        ...

    def learn(self, step: PassOutcome) -> None:
        """Called after every pass, those over the prompt included."""
        ...


@runtime_checkable
class SamplingDrafting(Drafting, Protocol):
    """A ``Drafting`` that can also draw its guesses at random (``Tree.laws``), which pays where replies are sampled."""

    def sample(self, sampling: Sampling) -> None:
        """Called once, before the first draft, for a request that is sampled."""
        ...


class Drafter(Protocol):
    """One way to guess, with what it keeps between requests. Called from the engine's thread alone."""

    name: str
    layers: Sequence[int]
    """Numbers of the layers whose outputs ``PassOutcome.hidden`` must hold (0 is the embedding); mostly none."""

    def start(self, prompt: Sequence[int], beside: Texts = ()) -> Drafting:
        """``prompt`` is the whole prompt, whether or not the model still has to read it. The last token of it is the
        first root. ``beside`` are texts that the reply may quote; most drafters make nothing of them."""
        ...


@runtime_checkable
class LearningDrafter(Drafter, Protocol):
    """A drafter that learns from one request for the next; what it has learnt can be kept in a file."""

    @property
    def has_learnt(self) -> bool: ...

    def plant(self, fingerprint: str, own: Path | None = None) -> None:
        """Begins with what was made for the model of these weights, if anything was, else with the file ``own`` of its
        checkpoint."""
        ...

    def save(self, path: Path, fingerprint: str) -> None:
        """Raises ``StorageError``."""
        ...

    def load(self, path: Path, fingerprint: str) -> None:
        """Takes over what ``save`` wrote for the model of this fingerprint. Raises ``StorageError`` for a damaged or
        missing file, ``ModelError`` for one of another model."""
        ...
