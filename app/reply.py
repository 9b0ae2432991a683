"""JSON replies and server-sent events, from plain values and frozen dataclasses."""

from __future__ import annotations

from typing import Any

from fastapi.sse import format_sse_event
from pydantic_core import to_json
from starlette.responses import JSONResponse


class Reply(JSONResponse):
    """Numbers that JSON lacks become ``null``; values of a graph engine that JSON lacks become text."""

    def render(self, content: Any) -> bytes:
        return to_json(content, inf_nan_mode="null", fallback=str)


def event(name: str | None, content: Any) -> bytes:
    """One server-sent event with a JSON body; ``None`` gives it no name."""
    return format_sse_event(event=name, data_str=to_json(content, inf_nan_mode="null", fallback=str).decode())
