"""The contract of a language model, in two steps.

``LanguageModel`` writes: messages in, text out, streamed. Every model can do that, near or far.
``LocalModel`` also shows its next-token scores with the KV cache kept, so that callers can constrain, score and draft.
Knows nothing of documents, retrieval or prompts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    """``system``, ``user`` or ``assistant``."""
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    max_tokens: int = 256
    temperature: float = 0.0
    """0 is greedy."""
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int | None = None


GREEDY = Sampling()


class LanguageModel(Protocol):
    name: str
    plans: bool
    """True when the model is strong enough to be asked to plan and call tools; small local models are not."""

    def stream(self, messages: Sequence[Message], sampling: Sampling = GREEDY) -> Iterator[str]:
        """Yields pieces of text whose concatenation is the reply. Closing the iterator stops the model."""
        ...


class Session(Protocol):
    """One sequence with its KV cache."""

    @property
    def tokens(self) -> Sequence[int]: ...

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> NDArray[np.float32]:
        """Appends ``tokens``; returns logits of shape ``[len(tokens), vocabulary]``: row i scores what follows token i.

        With ``rows`` only the last that many rows are computed and returned: a long prompt needs none of them, and
        over a vocabulary of 49,152 each row takes 200 KB. Raises ``InputError`` when the context is full.
        """
        ...

    def crop(self, length: int) -> None:
        """Forgets everything after the first ``length`` tokens."""
        ...


class LocalModel(LanguageModel, Protocol):
    context: int
    """Largest number of tokens in one sequence."""

    def encode(self, text: str) -> list[int]: ...

    def decode(self, tokens: Sequence[int]) -> str: ...

    def chat_tokens(self, messages: Sequence[Message]) -> list[int]:
        """The model's own chat template, ending where its reply begins."""
        ...

    def start(self) -> Session: ...
