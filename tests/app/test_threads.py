"""Blocking work on threads: results, failures, refusal of too much, and an end when nobody listens any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from starlette.exceptions import HTTPException

from evidentia.app.threads import Workers


def test_a_call_gives_its_result_or_its_error() -> None:
    async def scene() -> None:
        workers = Workers(1)
        assert await workers.run(lambda: 6 * 7) == 42
        with pytest.raises(KeyError):
            await workers.run(lambda: {}["x"])
        workers.close()

    asyncio.run(scene())


def test_a_stream_gives_every_item_in_order_then_its_error() -> None:
    def three() -> Iterator[int]:
        yield from (1, 2, 3)
        raise ValueError("then this")

    async def scene() -> None:
        workers = Workers(1)
        stream = workers.stream(three)
        assert [await anext(stream) for _ in range(3)] == [1, 2, 3]
        with pytest.raises(ValueError, match="then this"):
            await anext(stream)
        workers.close()

    asyncio.run(scene())


def test_a_stream_runs_on_one_thread() -> None:
    def where() -> Iterator[int]:
        for _ in range(5):
            yield threading.get_ident()

    async def scene() -> None:
        workers = Workers(3)
        assert len({ident async for ident in workers.stream(where)}) == 1
        workers.close()

    asyncio.run(scene())


def test_a_stream_that_nobody_reads_any_more_is_closed() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
                threading.Event().wait(0.005)
        finally:
            closed.set()

    async def scene() -> None:
        workers = Workers(1)
        stream = workers.stream(endless)
        assert await anext(stream) == 1
        await stream.aclose()  # type: ignore[attr-defined]
        assert await workers.run(lambda: closed.wait(5))
        workers.close()

    asyncio.run(scene())


def test_more_than_may_wait_is_refused_and_room_comes_back() -> None:
    async def scene() -> None:
        workers, go = Workers(threads=1, waiting=1), threading.Event()
        running = [asyncio.ensure_future(workers.run(lambda: go.wait(5))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(HTTPException) as refused:
            await workers.run(lambda: 1)
        assert refused.value.status_code == 503
        go.set()
        assert await asyncio.gather(*running) == [True, True]
        assert await workers.run(lambda: 1) == 1
        workers.close()

    asyncio.run(scene())
