"""JSON replies and server-sent events, from plain values and frozen dataclasses."""

from __future__ import annotations

from typing import Any

from fastapi.sse import format_sse_event
from pydantic_core import to_json
from starlette.responses import JSONResponse

_LINES = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""Ends of lines to many clients, though not to JSON or to server-sent events."""


class JsonReply(JSONResponse):
    """Numbers that JSON lacks become ``null``; values of a graph engine that JSON lacks become text."""

    def render(self, content: Any) -> bytes:
        return to_json(content, inf_nan_mode="null", fallback=str)


def event(name: str | None, content: Any) -> bytes:
    """One server-sent event with a JSON body; ``None`` gives it no name."""
    body = to_json(content, inf_nan_mode="null", fallback=str).decode()
    return format_sse_event(event=name, data_str=body.translate(_LINES))
