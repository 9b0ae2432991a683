"""The desk of the endpoints: the model and the embedder that are served, threads to wait on, and what is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ...corpus.cancellation import Wanted
from ...errors import ModelError, NotFoundError
from ...serving.base import Sampling
from ...serving.constraints.constraint import Constraint
from ...serving.talk.text import ServedModel, TextPiece, TextReply, ask, is_served
from ..threads import Workers
from .metrics import Metrics

if TYPE_CHECKING:
    from ...library import Library
    from ...retrieval.base import Embedder
    from ...settings import Settings

THREADS = 64
"""Requests that are answered at once, each with a thread that mostly waits for the engine; as many more may queue."""


@dataclass(frozen=True, slots=True)
class Models:
    """Names and how to get what they name, at the first request or before."""

    name: str
    model: Callable[[], Any]
    """Gives the model that has an engine."""
    embedder_name: str
    embedder: Callable[[], Embedder]
    seconds: int = 600
    """From a request's arrival to the end of its reply."""
    library: Library | None = None
    """What answers under the name ``evidentia``."""


def of_library(library: Library) -> Models | None:
    """The library's own model and embedder; ``None`` when its model is elsewhere or not on this machine."""
    from ...serving.models import hub

    settings = library.settings
    if settings.endpoint or find_spec("torch") is None or hub.find(settings.model, settings.cache) is None:
        return None
    return Models(
        name=settings.model,
        model=library.model,
        embedder_name=settings.embedder,
        embedder=library.embedder,
        seconds=settings.reply_seconds,
        library=library,
    )


def of_settings(settings: Settings) -> Models:
    """The model and the embedder that ``settings`` name; the model is loaded now. Raises ``ModelError``."""
    from ...retrieval import embedders
    from ...serving import load_in_process
    from ...serving.models import hub

    model = load_in_process(settings.model, settings, hub.learnt_file(settings.model, settings.cache))
    embedder = cache(partial(embedders.load, settings.embedder, settings))
    return Models(settings.model, lambda: model, settings.embedder, embedder, settings.reply_seconds)


@dataclass(frozen=True, slots=True)
class ModelDesk:
    models: Models
    workers: Workers = field(default_factory=lambda: Workers(THREADS, THREADS))
    metrics: Metrics = field(default_factory=Metrics)

    def model(self, name: str) -> ServedModel:
        """Raises ``NotFoundError`` for another name, ``ModelError`` for a model that this server does not run."""
        _refuse_other(name, self.models.name)
        model = self.models.model()
        if not is_served(model):
            raise ModelError("this model does not run in this server", where=name, fix="unset EVIDENTIA_ENDPOINT")
        return model

    def embedder(self, name: str) -> Embedder:
        _refuse_other(name, self.models.embedder_name)
        return self.models.embedder()


class RunningReplies:
    """The replies of one request. ``close``, from any thread, stops them and those that are still to come. They are
    read for as long as they are ``wanted``."""

    def __init__(self, metrics: Metrics, route: str, wanted: Wanted) -> None:
        self.wanted = wanted
        self._metrics, self._route = metrics, route
        self._lock = threading.Lock()
        self._replies: list[TextReply] = []
        self.closed = False

    def ask(
        self,
        model: ServedModel,
        prompt: Sequence[int],
        sampling: Sampling,
        *,
        constraint: Constraint | None = None,
        logprobs: int | None = None,
        marks: Sequence[str] = (),
    ) -> TextReply:
        reply = ask(model, prompt, sampling, constraint=constraint, logprobs=logprobs, marks=marks)
        with self._lock:
            self._replies.append(reply)
            if self.closed:
                reply.close()
        return reply

    def read(self, reply: TextReply) -> Generator[TextPiece]:
        """The pieces of ``reply``, counted. Raises ``ModelError`` when the engine ended it before its time, ``Stopped``
        when nobody waits for it any more."""
        with self._counting(reply) as first:
            for piece in reply:
                first()
                yield piece
        if reply.finish == "cancelled":
            if self.closed:
                raise self.wanted.error()
            raise ModelError("the reply was cut off", fix="ask again: the engine has stopped or been restarted")

    def close(self) -> None:
        with self._lock:
            self.closed = True
            replies = list(self._replies)
        for reply in replies:
            reply.close()

    @contextmanager
    def _counting(self, reply: TextReply) -> Iterator[Callable[[], None]]:
        started, wait = perf_counter(), self._metrics.waiting()
        failed = True
        try:
            yield wait.over
            failed = False
        except GeneratorExit:
            failed = False
            raise
        finally:
            wait.over()
            reply.close()
            outcome = "error" if failed else reply.finish or "cancelled"
            self._metrics.count(self._route, outcome, reply.usage, perf_counter() - started)


def _refuse_other(name: str, served: str) -> None:
    if name != served:
        raise NotFoundError("this server has no such model", where=name, suggestions=(served,))
