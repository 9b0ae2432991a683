"""From next-token scores to streamed text: choose a token, decode it, stop in the right place, keep the last session.

Works on the ``Session`` contract alone, in numpy: it must not know what computes the scores.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from ..errors import InputError, ModelError
from .base import LocalModel, Message, Sampling, Session
from .engine.adjust import Adjustments
from .engine.sampling import Chooser

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HALF = "\N{REPLACEMENT CHARACTER}"


class Writer:
    """Streams replies of one model and keeps its last session.

    A prompt that begins like the one before is read from where the two part: asking again about the same evidence
    costs one step instead of a whole prompt. Safe to call from several threads; each reply has a session of its own.
    """

    def __init__(self, model: LocalModel, ends: Collection[int]) -> None:
        """``ends``: the tokens that end a reply."""
        self._model, self._ends = model, frozenset(ends)
        self._kept: Session | None = None
        self._lock = threading.Lock()

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Generator[str, None, None]:
        """Raises ``InputError`` at once for senseless settings or a prompt that does not fit the context."""
        check(sampling)
        prompt = self._model.chat_tokens(messages)
        room = self._model.context - len(prompt)
        if room < 1:
            raise InputError(
                f"the prompt has {len(prompt):,} tokens, the model reads {self._model.context:,}",
                where=self._model.name,
                fix="ask with less evidence or use a model with a larger context",
            )
        return self._write(prompt, min(room, sampling.max_tokens), sampling)

    def _write(self, prompt: Sequence[int], room: int, sampling: Sampling) -> Generator[str, None, None]:
        # The last prompt token goes through the loop, so that a repeated prompt runs the same arithmetic each time.
        with (
            self._session(prompt[:-1]) as session,
            closing(self._tokens(session, prompt[-1], room, sampling)) as tokens,
        ):
            yield from until_stop(pieces(tokens, self._model.decode), sampling.stop)

    def _tokens(self, session: Session, last: int, room: int, sampling: Sampling) -> Generator[int, None, None]:
        choose = chooser(sampling, [*session.tokens, last], self._ends)
        ends = (frozenset() if sampling.ignore_ends else self._ends) | frozenset(sampling.stop_tokens)
        for _ in range(room):
            last = choose(session.feed([last], rows=1)[0])
            if last in ends:
                return
            yield last

    @contextmanager
    def _session(self, prefix: Sequence[int]) -> Iterator[Session]:
        """A session that holds exactly ``prefix``; it is kept unless an error left it in an unknown state."""
        with self._lock:
            session, self._kept = self._kept, None
        session = _rewound(session, prefix) or self._model.start()
        session.feed(prefix[len(session.tokens) :], rows=0)
        try:
            yield session
        except GeneratorExit:
            self._keep(session)
            raise
        self._keep(session)

    def _keep(self, session: Session) -> None:
        with self._lock:
            self._kept = session


def check(sampling: Sampling) -> None:
    """Raises ``InputError`` for a setting outside its range."""
    if sampling.max_tokens < 1:
        raise InputError("max_tokens must be at least 1")
    if sampling.temperature < 0:
        raise InputError("temperature must be 0 or more")
    if not 0 <= sampling.top_p <= 1:
        raise InputError("top_p must be from 0 to 1")
    if sampling.min_tokens > sampling.max_tokens:
        raise InputError("min_tokens must not be above max_tokens", where="min_tokens")
    if "" in sampling.stop:
        raise InputError("a stop string must not be empty")


def chooser(
    sampling: Sampling, prompt: Sequence[int] = (), ends: Collection[int] = ()
) -> Callable[[NDArray[np.float32]], int]:
    """Scores ``[vocabulary]`` to the next token of a reply to ``prompt``, as the engine chooses it."""
    made, adjust, at = Chooser(sampling), Adjustments(sampling, prompt, ends), count(len(prompt))

    def choose(scores: NDArray[np.float32]) -> int:
        adjusted = adjust.applied(scores)
        token = made.choose(adjusted if np.isfinite(adjusted).any() else scores, next(at))
        adjust.wrote(token)
        return token

    return choose


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
        ready = len(held) - undecided(held, stop)
        if ready:
            yield held[:ready]
            held = held[ready:]
    if held:
        yield held


def undecided(text: str, stop: Sequence[str]) -> int:
    """Length of the longest end of ``text`` that some stop string begins with."""
    return max((size for word in stop for size in range(1, len(word)) if text.endswith(word[:size])), default=0)


def _rewound(session: Session | None, prefix: Sequence[int]) -> Session | None:
    """The session cut back to what it shares with ``prefix``; ``None`` where its model cannot step back."""
    if session is None:
        return None
    shared = 0
    for ours, theirs in zip(session.tokens, prefix, strict=False):
        if ours != theirs:
            break
        shared += 1
    try:
        session.crop(shared)
    except ModelError:
        return None
    return session
