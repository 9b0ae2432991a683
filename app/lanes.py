"""The lanes in which requests wait and work, each with its time limit. What is quick never waits behind what is slow; a
client that goes away, or whose time is over, ends the work.

Memory is bounded by numbers: so many requests at work and waiting in each lane, each with a body of bounded size
(``guard.py``); the next one gets 503.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..corpus.cancellation import Wanted
from ..retrieval.compose import is_read_by_model
from ..settings import Settings
from .threads import Say, Workers, too_many_error

T = TypeVar("T")
_GONE = 499
"""Nobody reads it: the client has gone."""


@dataclass(frozen=True, slots=True)
class Lane:
    workers: Workers
    seconds: int
    """From a request's arrival to its reply."""

    async def run(self, request: Request, call: Callable[[], T]) -> T:
        """Raises ``Stopped`` after ``seconds``; the work then ends at its next step. See ``attend``."""
        wanted = Wanted(self.seconds)
        return await attend(request, self.workers.run(call, wanted), wanted)

    async def stream(self, request: Request, start: Callable[[], Iterator[T]]) -> tuple[T, AsyncIterator[T]]:
        """The first item, and those after it. Raises ``Stopped`` as ``run`` does; so does the iterator."""
        wanted = Wanted(self.seconds)
        found = self.workers.stream(start, wanted)
        return await attend(request, anext(found), wanted), found

    async def tell(self, request: Request, call: Callable[[Say[T]], None]) -> tuple[T, AsyncIterator[T]]:
        """The first thing that ``call`` says, and the others. Raises ``Stopped`` as ``stream`` does."""
        wanted = Wanted(self.seconds)
        found = self.workers.tell(call, wanted)
        return await attend(request, anext(found), wanted), found


@dataclass(frozen=True, slots=True)
class Lanes:
    quick: Lane
    """Look-ups: status, documents, the verbs of the code graph."""
    searching: Lane
    slow: Lane
    """What a language model reads or writes for."""
    adding: Lane
    """One at a time, since one writes at a time."""

    def of(self, retriever: str | None, *, write: bool = False) -> Lane:
        return self.slow if write or is_read_by_model(retriever) else self.searching

    def close(self) -> None:
        for lane in (self.quick, self.searching, self.slow, self.adding):
            lane.workers.close()


def lanes(settings: Settings) -> Lanes:
    return Lanes(
        Lane(Workers(2, 64, name="quick"), settings.request_seconds),
        Lane(Workers(4, 16, name="searching"), settings.request_seconds),
        Lane(Workers(4, 8, name="slow"), settings.slow_request_seconds),
        Lane(Workers(1, 3, name="adding"), settings.add_seconds),
    )


async def attend(request: Request, work: Awaitable[T], wanted: Wanted) -> T:
    """The result of ``work``. When the client leaves before, or its time is over, so is ``wanted``, and the work ends.

    Raises ``Stopped`` for a time that is over, and HTTP 503 where half of it has gone by in waiting for a turn: what is
    begun has the other half.
    """
    job, gone = asyncio.ensure_future(work), asyncio.ensure_future(_wait_until_gone(request))
    try:
        await asyncio.wait({job, gone}, timeout=wanted.seconds / 2, return_when=asyncio.FIRST_COMPLETED)
        if wanted.begun:
            await asyncio.wait({job, gone}, timeout=wanted.seconds_left, return_when=asyncio.FIRST_COMPLETED)
        if job.done():
            return await job
        if gone.done():
            raise HTTPException(_GONE, "the client has gone")
        raise wanted.error() if wanted.begun else too_many_error()
    finally:
        if not job.done():
            wanted.stop()
            job.cancel()
        gone.cancel()


async def _wait_until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
