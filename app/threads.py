"""Blocking calls on a few threads of their own, so that slow answers neither stop the server nor pile up without end.

Knows nothing of libraries or HTTP routes; it runs calls and pumps iterators.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import TypeVar

from starlette.exceptions import HTTPException

from ..corpus.cancellation import Wanted, check, working_for

T = TypeVar("T")
Say = Callable[[T], bool]
"""Hands an item over; whether anybody still listens."""
_END = object()


class Workers:
    """``threads`` calls run at once and ``waiting`` more may queue; the next one is refused with HTTP 503.

    The threads live as long as the server, because the store keeps one connection for each thread that it meets.
    """

    def __init__(self, threads: int = 4, waiting: int = 16, name: str = "ask") -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"evidentia-{name}")
        self._limit, self._running = threads + waiting, 0

    async def run(self, call: Callable[[], T], wanted: Wanted | None = None) -> T:
        """``wanted`` tells the call when nobody waits for it any more; one that waits for its turn is then dropped."""
        return await self._submit(_attend(call, wanted))

    def stream(self, start: Callable[[], Iterator[T]], wanted: Wanted | None = None) -> AsyncIterator[T]:
        """The items of ``start()``, all of them made on one thread; see ``tell``. The iterator is closed after the item
        at work when nobody listens any more."""

        def pump(say: Say[T]) -> None:
            with closing(_closable(start())) as iterator:
                for item in iterator:
                    if not say(item):
                        return

        return self.tell(pump, wanted)

    async def tell(self, call: Callable[[Say[T]], None], wanted: Wanted | None = None) -> AsyncIterator[T]:
        """What ``call`` says, on one thread, as it says it. When the consumer goes away (a client that disconnected),
        ``wanted`` is over."""
        loop, gone = asyncio.get_running_loop(), threading.Event()
        items: asyncio.Queue[object] = asyncio.Queue()

        def say(item: T) -> bool:
            if not gone.is_set():
                loop.call_soon_threadsafe(items.put_nowait, item)
            return not gone.is_set()

        job = self._submit(_attend(partial(call, say), wanted))
        job.add_done_callback(lambda _: items.put_nowait(_END))
        try:
            while (item := await items.get()) is not _END:
                yield item  # type: ignore[misc]
            await job
        finally:
            gone.set()
            if wanted is not None:
                wanted.stop()
            job.cancel()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _submit(self, call: Callable[[], T]) -> asyncio.Future[T]:
        if self._running >= self._limit:
            raise too_many_error()
        self._running += 1
        job = self._pool.submit(call)
        loop = asyncio.get_running_loop()
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._finish))
        return asyncio.wrap_future(job)

    def _finish(self) -> None:
        self._running -= 1


def too_many_error() -> HTTPException:
    return HTTPException(503, "too many questions at once; try again in a moment", {"Retry-After": "2"})


def _attend(call: Callable[[], T], wanted: Wanted | None) -> Callable[[], T]:
    return call if wanted is None else partial(_working, call, wanted)


def _working(call: Callable[[], T], wanted: Wanted) -> T:
    with working_for(wanted):
        check()
        return call()


def _closable(iterator: Iterator[T]) -> Generator[T]:
    """Closing it closes ``iterator`` too when that is a generator, and does nothing more otherwise."""
    yield from iterator
