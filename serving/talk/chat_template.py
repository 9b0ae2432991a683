"""A conversation as chat templates take it: turns with roles, texts, calls and what they gave.

Knows nothing of tokens, and of formats only what their templates want of a turn.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..base import CallFormat, FunctionCall, Message
from .call_formats import fitting


def template_turns(
    messages: Sequence[Message], format: CallFormat, harmless: Callable[[str], str]
) -> list[dict[str, Any]]:
    """``harmless`` breaks what must not be read as a control token. Ids stand only where the template wants them:
    another may show them to a model that knows none."""
    return [_turn(part, format, harmless) for message in messages for part in _parts(message, format)]


def _parts(message: Message, format: CallFormat) -> list[Message]:
    """A turn, or one for each of its calls where the template takes no more in one."""
    if not format.single or len(message.calls) < 2:
        return [message]
    return [
        replace(message, content="" if at else message.content, calls=(call,)) for at, call in enumerate(message.calls)
    ]


def _turn(message: Message, format: CallFormat, harmless: Callable[[str], str]) -> dict[str, Any]:
    turn: dict[str, Any] = {"role": message.role, "content": harmless(message.content)}
    if message.name:
        turn["name"] = harmless(message.name)
    if message.calls:
        turn["tool_calls"] = [_call(call, format, harmless) for call in message.calls]
    if format.ids and message.role == "tool":
        turn["tool_call_id"] = fitting(format, message.answers)
    return turn


def _call(call: FunctionCall, format: CallFormat, harmless: Callable[[str], str]) -> dict[str, Any]:
    function = {"name": harmless(call.name), "arguments": json.loads(harmless(call.arguments))}
    return {"type": "function", "function": function, **({"id": fitting(format, call.id)} if format.ids else {})}
