"""The contract of a language model, in two steps.

``LanguageModel`` writes: messages in, text out, streamed. Every model can do that, near or far.
``LocalModel`` also shows its next-token scores with the KV cache kept, so that callers can constrain, score and draft.
What only some models can do besides (adapters, learning, OpenAI's schema) is a small protocol each, asked of a model by
``isinstance``: no caller names a class.
Knows nothing of documents, retrieval or prompts.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard, TypeVar, runtime_checkable

from ..errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class CallFormat:
    """One way to write calls: ``open``, ``first``, one call or several with ``between`` them, ``close``."""

    name: str
    signs: tuple[str, ...] = ()
    """Texts that all stand in the chat template of a model that writes so."""
    open: str = ""
    """The mark that a call or a list of calls begins with; a control token of most tokenizers."""
    first: str = ""
    """What follows that mark."""
    between: str = ""
    """Between two calls behind one mark; empty where every call has a mark of its own."""
    close: str = ""
    key: str = "arguments"
    """What a call names its arguments, where it is one JSON object."""
    separator: str = ""
    """Between a bare name and its arguments, where a call is no JSON object."""
    numbered: str = ""
    """Between a bare name and an id of the model's own, which may stand before ``separator``."""
    bare: bool = False
    """The chat template has a reply begin with a call without a mark."""
    single: bool = False
    """The chat template takes one call in a turn."""
    ids: int = 0
    """The number of letters and digits that the template wants ids to have; 0 where it takes any."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What may be a control token."""
        return tuple(filter(None, (self.open, self.separator, self.numbered, self.close)))


@dataclass(frozen=True, slots=True)
class FunctionTool:
    """A function that a model may ask to be called."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """The JSON schema of its arguments."""


@dataclass(frozen=True, slots=True)
class FunctionCall:
    name: str
    arguments: str
    """One JSON object."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    """``system``, ``user``, ``assistant``, or ``tool`` for what a call gave."""
    content: str
    calls: tuple[FunctionCall, ...] = ()
    """What an assistant asked to be called."""
    answers: str = ""
    """The id of the call that gave the content of a ``tool``."""
    name: str = ""
    """Who of several speaks; many chat templates do not show it."""


@dataclass(frozen=True, slots=True)
class TemplateOptions:
    """How a chat template is to be filled in."""

    more: Mapping[str, Any] = field(default_factory=dict)
    """Variables of the template's own, such as ``enable_thinking``."""
    continued: bool = False
    """The reply goes on with the last message."""
    opened: bool = True
    """The reply's own beginning stands at the end."""

    def __post_init__(self) -> None:
        """Raises ``InputError`` for a name that says how the template is run, not what stands in it."""
        if taken := sorted(self.more.keys() & _NO_VARIABLES):
            raise InputError(
                f"{taken[0]} is no variable of a chat template",
                where="chat_template_kwargs",
                fix=f"leave out {taken[0]}",
            )


_NO_VARIABLES = frozenset(
    {
        "add_generation_prompt",
        "chat_template",
        "continue_final_message",
        "conversation",
        "max_length",
        "messages",
        "padding",
        "return_assistant_tokens_mask",
        "return_dict",
        "return_tensors",
        "tokenize",
        "tokenizer_kwargs",
        "tools",
        "truncation",
    }
)
"""Names that transformers' ``apply_chat_template`` keeps for itself."""
PLAIN_TEMPLATE = TemplateOptions()


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
    def tools(self) -> CallFormat | None:
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
        self,
        messages: Sequence[Message],
        tools: Sequence[FunctionTool] = (),
        template: TemplateOptions = PLAIN_TEMPLATE,
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


@runtime_checkable
class Scoring(Protocol):
    """A model that shows its next-token scores."""

    def start(self) -> Session: ...


@runtime_checkable
class Joining(Scoring, Protocol):
    """A model of which one pass can go on from several sessions (``LocalModel.join``)."""

    def join(self, sessions: Sequence[Session]) -> Session: ...


@runtime_checkable
class Adaptable(Protocol):
    """A model that has adapters, which were trained for single tasks."""

    adapter: str
    """The task of the one that is in it; empty without one."""

    def adapters(self) -> Sequence[str]:
        """The tasks that it has adapters for."""
        ...

    def with_adapter(self, task: str) -> LocalModel:
        """Another model; this one stays as it is. Raises ``NotFoundError`` for a task that is not among ``adapters``,
        ``ModelError`` for an adapter that cannot be used."""
        ...


@runtime_checkable
class Learning(Protocol):
    """A model that becomes faster by what it has read and written."""

    def remember(self, path: Path) -> None:
        """What an earlier process left in the file is taken up, and what is learnt is written there in the end. To be
        called before the first request."""
        ...

    def forget(self) -> None:
        """Drops what was learnt, in memory and in the file."""
        ...


@runtime_checkable
class Completing(Protocol):
    """A model that takes requests and gives replies as OpenAI's schema has them, calls of tools included."""

    def complete(
        self, messages: Sequence[Mapping[str, Any]], sampling: Sampling = GREEDY, **extra: Any
    ) -> dict[str, Any]:
        """The message object of the reply; ``extra`` are further fields of the request."""
        ...


@runtime_checkable
class Tokenizing(Protocol):
    """A model that can tell how it cuts texts into tokens."""

    def tokenizer_rules(self) -> str:
        """Equal for tokenizers that are; empty where it cannot be told."""
        ...


@runtime_checkable
class Finishing(Protocol):
    """A reply that tells why it ended, once it has."""

    @property
    def finish(self) -> str | None:
        """``length``: it was given no room to go on."""
        ...


class StreamedReply(Iterator[str]):
    """The text of a reply as it comes, out of a generator that returns why it ended."""

    def __init__(self, pieces: Generator[str, None, str | None]) -> None:
        self._pieces = pieces
        self.finish: str | None = None
        """``stop`` or ``length``, once it has ended."""

    def __next__(self) -> str:
        try:
            return next(self._pieces)
        except StopIteration as end:
            self.finish = end.value or self.finish
            raise

    def close(self) -> None:
        """Ends the reply where it is."""
        self._pieces.close()


Model = TypeVar("Model", bound=LanguageModel)


def adapt(model: Model, task: str) -> Model | LocalModel:
    """``model`` with its adapter for ``task``, where it has one; else as it is."""
    asked: LanguageModel = model
    return asked.with_adapter(task) if isinstance(asked, Adaptable) and task in asked.adapters() else model


def is_adapted(model: LanguageModel, task: str) -> TypeGuard[LocalModel]:
    """Whether the adapter for ``task`` is in ``model``."""
    return isinstance(model, Adaptable) and model.adapter == task


def shows_scores(model: LanguageModel) -> TypeGuard[LocalModel]:
    return isinstance(model, Scoring)


def joins_sessions(model: LanguageModel) -> TypeGuard[LocalModel]:
    return isinstance(model, Joining)
