"""The contract of a language model, in two steps.

``LanguageModel`` writes: messages in, text out, streamed. Every model can do that, near or far.
``LocalModel`` also shows its next-token scores with the KV cache kept, so that callers can constrain, score and draft.
Knows nothing of documents, retrieval or prompts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .talk.call_formats import Format


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may ask to be called."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """The JSON schema of its arguments."""


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: str
    """One JSON object."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    """``system``, ``user``, ``assistant``, or ``tool`` for what a call gave."""
    content: str
    calls: tuple[Call, ...] = ()
    """What an assistant asked to be called."""
    answers: str = ""
    """The id of the call that gave the content of a ``tool``."""
    name: str = ""
    """Who of several speaks; many chat templates do not show it."""


@dataclass(frozen=True, slots=True)
class Template:
    """How a chat template is to be filled in."""

    more: Mapping[str, Any] = field(default_factory=dict)
    """Variables of the template's own, such as ``enable_thinking``."""
    continued: bool = False
    """The reply goes on with the last message."""
    opened: bool = True
    """The reply's own beginning stands at the end."""


PLAIN_TEMPLATE = Template()


@dataclass(frozen=True, slots=True)
class Sampling:
    max_tokens: int = 256
    temperature: float = 0.0
    """0 is greedy."""
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int | None = None
    choice: int = 0
    """Which of several replies with one seed this is; each draws noise of its own."""
    top_k: int = 0
    """Only the likeliest tokens; 0 for all."""
    min_p: float = 0.0
    """Only tokens with at least this share of the likeliest one's probability."""
    typical_p: float = 1.0
    """Only tokens whose surprise is nearest to the expected one, until they have this mass (arXiv 2202.00666)."""
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    bias: tuple[tuple[int, float], ...] = ()
    """Tokens and what is added to their scores."""
    min_tokens: int = 0
    stop_tokens: tuple[int, ...] = ()
    """Tokens that end the reply, beside the model's own."""
    ignore_ends: bool = False
    """Goes on to ``max_tokens`` whatever the model says."""
    predicted: tuple[str, ...] = ()
    """Texts that the reply may repeat in part: a hint at speed, which a model may leave unused; the reply is the
    same."""

    def check(self) -> None:
        """Raises ``InputError`` for a setting outside its range."""
        if self.max_tokens < 1:
            raise InputError("max_tokens must be at least 1")
        if self.temperature < 0:
            raise InputError("temperature must be 0 or more")
        if not 0 <= self.top_p <= 1:
            raise InputError("top_p must be from 0 to 1")
        if self.min_tokens > self.max_tokens:
            raise InputError("min_tokens must not be above max_tokens", where="min_tokens")
        if "" in self.stop:
            raise InputError("a stop string must not be empty")


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

    @property
    def size(self) -> int:
        """Bytes that its keys and values take."""
        ...

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> NDArray[np.float32]:
        """Appends ``tokens``; returns logits of shape ``[len(tokens), vocabulary]``: row i scores what follows token i.

        With ``rows`` only the last that many rows are computed and returned: a long prompt needs none of them, and
        over a vocabulary of 49,152 each row takes 200 KB. Raises ``InputError`` when the context is full, and when the
        sequence ends in branches.
        """
        ...

    def branch(
        self, tokens: Sequence[int], parents: Sequence[int], rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        """Appends a tree in one pass. ``parents[i]`` is the index in the sequence (this call's own tokens included) of
        the token that token i follows, -1 for none; a token sees its ancestors only, wherever they stand.

        Returns logits ``[len(tokens), vocabulary]``, or ``[len(rows), vocabulary]`` of the tokens that ``rows`` names
        by their place in ``tokens``. The tokens stay, so that the tree can grow, until ``crop``; before that nothing
        can be fed. Raises ``InputError`` for a path longer than the context or a parent that does not come before its
        child, ``ModelError`` for a model that cannot see past a window or cannot step back.
        """
        ...

    def crop(self, length: int) -> None:
        """Forgets everything after the first ``length`` tokens."""
        ...

    def save(self, path: Path) -> None:
        """Writes the sequence and its cache into one file for ``LocalModel.resume``. Raises ``StorageError``, and
        ``InputError`` when the sequence ends in branches."""
        ...


class LocalModel(LanguageModel, Protocol):
    context: int
    """Largest number of tokens in one sequence."""
    ends: frozenset[int]
    """The tokens that end a reply."""

    @property
    def tools(self) -> Format | None:
        """How its chat template has calls written; ``None`` when it shows no tools, or in an unknown way."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names the weights: sessions of different fingerprints never mix."""
        ...

    def encode(self, text: str) -> list[int]: ...

    def decode(self, tokens: Sequence[int]) -> str: ...

    def control(self, text: str) -> int | None:
        """The control token that is written as ``text``: ``encode`` spells it out, ``decode`` leaves it away."""
        ...

    def chat_tokens(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), template: Template = PLAIN_TEMPLATE
    ) -> list[int]:
        """The model's own chat template, ending where its reply begins. ``tools`` and calls are for models whose
        template has a place for them."""
        ...

    def start(self) -> Session: ...

    def join(self, sessions: Sequence[Session]) -> Session:
        """A new session that holds them all side by side, each a branch of its own that starts at -1: one pass then
        goes on from every one of them. They themselves stay as they are. Raises like ``Session.branch``."""
        ...

    def resume(self, path: Path) -> Session:
        """The session that ``Session.save`` wrote. Raises ``StorageError`` for a damaged or missing file,
        ``ModelError`` for one of other weights."""
        ...
