"""Between text and the engine's tokens: a prompt that fits, and a reply as whole characters up to a stop string.

Knows nothing of HTTP, and of the model only how it writes text as tokens.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Protocol, TypeGuard, runtime_checkable

from ...errors import PromptTooLong
from ..base import GREEDY, FunctionTool, LanguageModel, LocalModel, Message, Sampling
from ..constraints.constraint import Constraint
from ..constraints.grammar import Vocabulary
from ..engine.request import EngineRequest, Finish, Logprobs, TokenEngine, TokenReply, TokenUsage

_HALF = "\N{REPLACEMENT CHARACTER}"
_ROWS = 128
"""Tokens of a prompt whose scores are held at once."""
_ANCHOR = "a"
"""Tokens are decoded behind it, because some tokenizers write a first token without its space."""


class ServedModel(LocalModel, Protocol):
    """A local model and the engine that runs it."""

    @property
    def engine(self) -> TokenEngine: ...

    @property
    def vocabulary(self) -> Vocabulary:
        """What constraints are compiled for."""
        ...


@runtime_checkable
class WithEngine(Protocol):
    """A model whose requests an engine in this process answers."""

    @property
    def engine(self) -> TokenEngine: ...


def is_served(model: LanguageModel) -> TypeGuard[ServedModel]:
    """Whether an engine in this process runs ``model``. Raises ``ModelError`` for a local model that none can run."""
    return isinstance(model, WithEngine)


@dataclass(frozen=True, slots=True)
class WrittenToken:
    """One written token: its text (half a character shows as U+FFFD), its natural log probability, the likeliest."""

    text: str
    logprob: float
    best: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class PromptToken:
    """One token of a prompt, as likely as the model found it there."""

    token: int
    shown: WrittenToken
    """Its log probability is not a number where it follows nothing."""
    rank: int = 0
    """1 for the likeliest; 0 for a token that follows nothing."""
    best: tuple[int, ...] = ()
    """The likeliest tokens, in the order of ``shown.best``."""


@dataclass(frozen=True, slots=True)
class TextPiece:
    text: str
    tokens: tuple[WrittenToken, ...] = ()
    """The tokens whose text begins in this or an earlier piece, each once; only when log probabilities were asked
    for."""


def room(model: LocalModel, prompt: Sequence[int], wanted: int | None = None) -> int:
    """How many tokens may follow ``prompt``, at most ``wanted``. Raises ``PromptTooLong`` when it fills the context."""
    left = model.context - len(prompt)
    if left < 1:
        raise PromptTooLong(
            f"the prompt has {len(prompt):,} tokens, the model reads {model.context:,}",
            where=model.name,
            fix="the prompt is too long: ask with less text or use a model with a larger context",
        )
    return left if wanted is None else min(left, wanted)


def ask(
    model: ServedModel,
    prompt: Sequence[int],
    sampling: Sampling = GREEDY,
    *,
    constraint: Constraint | None = None,
    logprobs: int | None = None,
    marks: Sequence[str] = (),
) -> TextReply:
    """Submits ``prompt``; the reply ends at ``sampling.max_tokens`` or where the context is full. ``marks`` are shown
    where the model writes them as control tokens, which have no text otherwise. Raises ``InputError`` at once for
    senseless settings or a prompt that does not fit."""
    sampling.check()
    fitting = replace(sampling, max_tokens=room(model, prompt, sampling.max_tokens))
    beside = tuple(tuple(model.encode(text)) for text in sampling.predicted)
    asked = EngineRequest(tuple(prompt), fitting, constraint, logprobs=logprobs, beside=beside)
    shown = {token: mark for mark in marks if (token := model.control(mark)) is not None}
    return TextReply(model.engine.submit(asked), model, sampling, shown)


def chat(
    model: ServedModel, messages: Sequence[Message], sampling: Sampling = GREEDY, *, tools: Sequence[FunctionTool] = ()
) -> TextReply:
    return ask(model, model.chat_tokens(messages, tools) if tools else model.chat_tokens(messages), sampling)


def score_prompt(model: LocalModel, prompt: Sequence[int], count: int) -> list[PromptToken]:
    """The tokens of a prompt with their log probabilities, ``count`` of the likeliest beside each."""
    session = model.start()
    found = [PromptToken(prompt[0], WrittenToken(_plain_text(model, prompt[0]), math.nan, ()))]
    for start in range(0, len(prompt) - 1, _ROWS):
        read = prompt[start : min(start + _ROWS, len(prompt) - 1)]
        for scores, token in zip(session.feed(read), prompt[start + 1 :], strict=False):
            likely = Logprobs.of(scores, token, count)
            best = tuple((_plain_text(model, one), logprob) for one, logprob in likely.best)
            shown = WrittenToken(_plain_text(model, token), likely.chosen, best)
            rank = 1 + int((scores > scores[token]).sum())
            found.append(PromptToken(token, shown, rank, tuple(one for one, _ in likely.best)))
    return found


def _plain_text(model: LocalModel, token: int) -> str:
    tokens = model.encode(_ANCHOR)
    return model.decode([*tokens, token])[len(model.decode(tokens)) :]


class TextReply:
    """A reply as it is written. Closing it, from any thread, stops the model; so does reading it to the end."""

    def __init__(self, reply: TokenReply, model: LocalModel, sampling: Sampling, shown: Mapping[int, str]) -> None:
        """``shown`` is the text of some control tokens."""
        self._reply, self._model, self._stop, self._shown = reply, model, sampling.stop, shown
        self._stopped, self._seen = False, 0
        self._taken: deque[tuple[int, Logprobs]] = deque()
        self._waiting: deque[tuple[int, WrittenToken]] = deque()
        self._anchor: tuple[list[int], str] | None = None

    @property
    def usage(self) -> TokenUsage:
        return self._reply.usage

    @property
    def finish(self) -> Finish | None:
        """``stop`` also when a stop string ended it."""
        return "stop" if self._stopped else self._reply.finish

    def close(self) -> None:
        self._reply.close()

    def __iter__(self) -> Generator[TextPiece]:
        with closing(self._reply):
            sent = 0
            for text in until_stop(self._count_pieces(), self._stop):
                sent += len(text)
                yield TextPiece(text, tuple(self._tokens_begun(sent)))
            self._stopped = sent < self._seen

    def _count_pieces(self) -> Iterator[str]:
        """The pieces, and beside them which token begins where."""
        for text in pieces(self._tokens(), self._decode):
            while self._taken:
                self._waiting.append((self._seen, self._written_token(*self._taken.popleft())))
            self._seen += len(text)
            yield text

    def _tokens(self) -> Iterator[int]:
        for chunk in self._reply:
            for token, likely in zip(chunk.tokens, chunk.likely or (None,) * len(chunk.tokens), strict=True):
                if likely is not None:
                    self._taken.append((token, likely))
                yield token

    def _decode(self, tokens: Sequence[int]) -> str:
        if self._shown.keys().isdisjoint(tokens):
            return self._model.decode(tokens)
        parts: list[str] = []
        plain: list[int] = []
        for token in tokens:
            if token in self._shown:
                parts += self._model.decode(plain), self._shown[token]
                plain = []
            else:
                plain.append(token)
        return "".join(parts) + self._model.decode(plain)

    def _tokens_begun(self, sent: int) -> Iterator[WrittenToken]:
        while self._waiting and self._waiting[0][0] < sent:
            yield self._waiting.popleft()[1]

    def _written_token(self, token: int, likely: Logprobs) -> WrittenToken:
        best = tuple((self._text(other), logprob) for other, logprob in likely.best)
        return WrittenToken(self._text(token), likely.chosen, best)

    def _text(self, token: int) -> str:
        if self._anchor is None:
            tokens = self._model.encode(_ANCHOR)
            self._anchor = tokens, self._model.decode(tokens)
        tokens, text = self._anchor
        return self._model.decode([*tokens, token])[len(text) :]


def pieces(tokens: Iterable[int], decode: Callable[[Sequence[int]], str]) -> Iterator[str]:
    """Whole characters as soon as they are complete; an incomplete one at the very end is dropped.

    Each piece is decoded behind the tokens of the one before, because some tokenizers write a first token differently.
    """
    context: list[int] = []
    fresh: list[int] = []
    for token in tokens:
        fresh.append(token)
        piece = decode(context + fresh)[len(decode(context)) :]
        if piece and not piece.endswith(_HALF):
            yield piece
            context, fresh = fresh, []
    rest = decode(context + fresh)[len(decode(context)) :].rstrip(_HALF)
    if rest:
        yield rest


def until_stop(pieces: Iterable[str], stop: Sequence[str]) -> Iterator[str]:
    """The text before the first stop string; what could be the start of one is held back until that is decided."""
    held = ""
    for piece in pieces:
        held += piece
        if (cut := min((at for text in stop if (at := held.find(text)) >= 0), default=-1)) >= 0:
            if cut:
                yield held[:cut]
            return
        ready = len(held) - undecided_length(held, stop)
        if ready:
            yield held[:ready]
            held = held[ready:]
    if held:
        yield held


def undecided_length(text: str, stop: Sequence[str]) -> int:
    """Length of the longest end of ``text`` that some stop string begins with."""
    sizes = (size for word in stop for size in range(1, min(len(word), len(text) + 1)) if text.endswith(word[:size]))
    return max(sizes, default=0)
