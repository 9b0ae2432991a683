"""A reply of server-sent events, which ends in the event ``error`` where the work fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from starlette.responses import StreamingResponse

from ..errors import EvidentiaError
from . import failures
from .reply import event

T = TypeVar("T")


def event_reply(first: T, rest: AsyncIterator[T], encode: Callable[[T], bytes]) -> StreamingResponse:
    return StreamingResponse(_events(first, rest, encode), media_type="text/event-stream")


def event_schema(*names: str) -> dict[str, object]:
    """How the description of the API tells one event."""
    return {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "enum": [*names]},
            "data": {"type": "string", "description": "One JSON object on one line"},
        },
    }


async def _events(first: T, rest: AsyncIterator[T], encode: Callable[[T], bytes]) -> AsyncIterator[bytes]:
    try:
        yield encode(first)
        async for found in rest:
            yield encode(found)
    except EvidentiaError as error:
        yield event("error", failures.of_error(error))
    except Exception as error:  # noqa: BLE001 - the reply has begun, so no exception handler could answer any more
        yield event("error", failures.of_unexpected(error))
