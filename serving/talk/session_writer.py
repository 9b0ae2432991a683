"""Streamed replies of a model without an engine, which keeps the session of its last reply.

Works on the ``Session`` contract alone: it must not know what computes the scores.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager

from ...errors import ModelError
from ..base import LocalModel, Message, Sampling, Session
from ..sampling import sampler
from .text import pieces, room, until_stop


class SessionWriter:
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
        sampling.check()
        prompt = self._model.chat_tokens(messages)
        return self._write(prompt, room(self._model, prompt, sampling.max_tokens), sampling)

    def _write(self, prompt: Sequence[int], room: int, sampling: Sampling) -> Generator[str, None, None]:
        # The last prompt token goes through the loop, so that a repeated prompt runs the same arithmetic each time.
        with (
            self._session(prompt[:-1]) as session,
            closing(self._tokens(session, prompt[-1], room, sampling)) as tokens,
        ):
            yield from until_stop(pieces(tokens, self._model.decode), sampling.stop)

    def _tokens(self, session: Session, last: int, room: int, sampling: Sampling) -> Generator[int, None, None]:
        choose = sampler(sampling, [*session.tokens, last], self._ends)
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
