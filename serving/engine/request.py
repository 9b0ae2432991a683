"""What the engine is asked and what it gives back, in tokens.

Knows nothing of text, models or tensors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from ..base import GREEDY, Sampling
from ..constraints.constraint import Constraint
from ..sampling import log_softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

Finish = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """One request. ``sampling.stop`` is left to whoever sees text (``talk/text.py``)."""

    prompt: tuple[int, ...]
    sampling: Sampling = GREEDY
    constraint: Constraint | None = None
    drafts: bool = True
    """False turns guessing off; the reply is the same."""
    beside: tuple[tuple[int, ...], ...] = ()
    """Texts that the reply may quote: guesses are copied from them too."""
    logprobs: int | None = None
    """How many of the likeliest tokens are reported beside each written one; ``None`` reports nothing."""
    ignore_ends: bool = False
    """Goes on to ``max_tokens`` whatever the model says; for measurements."""


@dataclass(frozen=True, slots=True)
class Logprobs:
    """Natural logs of probabilities, before temperature, ``top_p`` and constraint."""

    chosen: float
    best: tuple[tuple[int, float], ...]
    """The likeliest tokens, best first."""

    @classmethod
    def of(cls, scores: NDArray[np.float32], token: int, count: int) -> Logprobs:
        """``token`` was written behind ``scores`` ``[vocabulary]``; ``count`` of the likeliest stand beside it."""
        logs = log_softmax(scores.astype(np.float64))
        # Sorting a whole vocabulary takes ten times as long.
        likely = np.flatnonzero(logs >= np.partition(logs, -count)[-count]) if count else np.empty(0, np.int64)
        best = likely[np.argsort(-logs[likely], kind="stable")][:count].tolist()
        return cls(float(logs[token]), tuple((one, float(logs[one])) for one in best))


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one pass added to a reply: mostly one token, more where guesses held. Never an end token."""

    tokens: tuple[int, ...]
    likely: tuple[Logprobs, ...] = ()
    """One per token when ``EngineRequest.logprobs`` is set."""


@dataclass(slots=True)
class TokenUsage:
    prompt: int = 0
    cached: int = 0
    """Prompt tokens that had been read before, for this or another request."""
    written: int = 0
    passes: int = 0
    """Passes of the model that wrote something; ``written / passes`` is the mean of accepted tokens."""
    drafted: int = 0
    accepted: int = 0
    """Guessed tokens that were verified, and those among them that were right."""
    by_source: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Drafted and accepted, by the drafter that guessed them."""


class TokenReply(Protocol):
    """A reply as it comes. Closing it stops the model and frees what the request held; reading it to the end does too.

    Iterating raises ``InputError`` or ``ModelError`` when the request fails while it runs."""

    usage: TokenUsage
    finish: Finish | None
    """``None`` until the reply has ended."""

    def __iter__(self) -> Iterator[Chunk]: ...

    def close(self) -> None: ...


class TokenEngine(Protocol):
    """What answers requests side by side. Safe to call from several threads."""

    def submit(self, request: EngineRequest) -> TokenReply:
        """Raises ``InputError`` at once for senseless settings, or a prompt that does not fit context or memory."""
        ...

    def close(self) -> None:
        """Ends every reply and the engine's thread."""
        ...
