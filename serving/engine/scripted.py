"""An engine without threads, weights or guesses, for tests and dry runs: its replies are made while they are read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from ...errors import InputError, ModelError
from ..base import LocalModel
from ..sampling import sampler
from .request import Chunk, EngineRequest, Finish, Logprobs, TokenUsage


class ScriptedEngine:
    """The engine of a small model: each reply is made while it is read, ``width`` tokens in a chunk, as if all but
    one of them had been guessed. ``asked`` and ``open`` keep what was asked and how many replies are unfinished."""

    width = 2

    def __init__(self, model: LocalModel, replies: Iterable[str | Sequence[int]] | None = None) -> None:
        """``replies`` are texts or tokens."""
        self._model, self._replies = model, None if replies is None else iter(replies)
        self._lock = threading.Lock()
        self.asked: list[EngineRequest] = []
        self.open = 0

    def submit(self, request: EngineRequest) -> ScriptedReply:
        request.sampling.check()
        if len(request.prompt) + 1 > self._model.context:
            raise InputError(f"the prompt has {len(request.prompt):,} tokens", fix="shorten it")
        with self._lock:
            cached = max((_common_length(request.prompt, other.prompt) for other in self.asked), default=0)
            script = None if self._replies is None else next(self._replies, None)
            if self._replies is not None and script is None:
                raise ModelError("the script has no more replies", where=self._model.name)
            self.asked.append(request)
            self.open += 1
        usage = TokenUsage(prompt=len(request.prompt), cached=cached)
        return ScriptedReply(
            request,
            self._model.ends,
            tokens=self._tokens(request, script),
            usage=usage,
            width=self.width,
            ended=self._count_end,
        )

    def close(self) -> None:
        """Nothing runs between reads."""

    def _count_end(self) -> None:
        with self._lock:
            self.open -= 1

    def _tokens(
        self, request: EngineRequest, script: str | Sequence[int] | None
    ) -> Iterator[tuple[int, Logprobs | None]]:
        """Every token of the reply, its end among them when the model comes to one."""
        session, choose = self._model.start(), sampler(request.sampling, request.prompt, self._model.ends)
        guide = request.constraint.start(request.sampling.max_tokens) if request.constraint else None
        said = self._model.encode(script) if isinstance(script, str) else script
        forced = iter(()) if said is None else iter((*said, min(self._model.ends)))
        last = request.prompt
        while True:
            scores = session.feed(last, rows=1)[0]
            token = next(forced, None)
            if token is None:
                token = choose(scores if guide is None else np.where(guide.mask(), scores, np.float32(-np.inf)))
            if guide is not None and token not in self._model.ends:
                guide.advance(token)
            yield token, None if request.logprobs is None else Logprobs.of(scores, token, request.logprobs)
            last = (token,)


class ScriptedReply:
    def __init__(
        self,
        request: EngineRequest,
        ends: Collection[int],
        tokens: Iterator[tuple[int, Logprobs | None]],
        usage: TokenUsage,
        width: int,
        ended: Callable[[], None],
    ) -> None:
        self.usage, self.finish = usage, None
        self._ends, self._tokens, self._width, self._on_end = ends, tokens, width, ended
        self._left = request.sampling.max_tokens

    finish: Finish | None

    def __iter__(self) -> Iterator[Chunk]:
        while self.finish is None:
            taken = list(islice(self._tokens, min(self._width, self._left)))
            written = taken[: next((at for at, (token, _) in enumerate(taken) if token in self._ends), len(taken))]
            self._left -= len(written)
            if written:
                self._count(len(written))
                yield Chunk(tuple(token for token, _ in written), tuple(likely for _, likely in written if likely))
            if len(written) < len(taken):
                self._end("stop")
            elif not self._left:
                self._end("length")

    def close(self) -> None:
        self._end("cancelled")

    def _count(self, written: int) -> None:
        self.usage.written += written
        self.usage.passes += 1
        self.usage.drafted += self._width - 1
        self.usage.accepted += written - 1

    def _end(self, finish: Finish) -> None:
        if self.finish is None:
            self.finish = finish
            self._on_end()


def _common_length(ours: Sequence[int], theirs: Sequence[int]) -> int:
    """Length of their common beginning, less one where that is all of ours: something must be read."""
    shared = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    return min(len(ours) - 1, len(theirs)) if shared is None else shared
