"""Calls of functions: how a model is shown what it may call, how it is held to a call, and how its text becomes calls.

Models whose chat template shows tools write ``<tool_call>{"name": …, "arguments": {…}}</tool_call>`` (Hermes, Qwen,
SmolLM3); the others are told in the system message and can only be *held* to a call. Knows nothing of HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ..errors import InputError
from .base import Call, LocalModel, Message, Tool
from .writing import undecided

OPEN, CLOSE = "<tool_call>", "</tool_call>"
_TOLD = 'Call one of these functions. Answer with JSON alone: {"name": …, "arguments": {…}}.'


def prompt(model: LocalModel, messages: Sequence[Message], tools: Sequence[Tool], *, held: bool = False) -> list[int]:
    """The chat prompt that offers ``tools``; ``held`` when the reply will be held to a call by ``schema``.

    Raises ``InputError`` when the model's template shows no tools and the reply is not held.
    """
    if model.tools:
        return [*model.chat_tokens(messages, tools), *(model.encode(f"{OPEN}\n") if held else ())]
    if tools and not held:
        raise InputError(
            "the model's chat template shows no tools, so that it cannot choose to call one",
            where=model.name,
            fix="demand a call with tool_choice, or use a model that calls tools",
        )
    return model.chat_tokens(_told(_flat(messages), tools))


def schema(tools: Sequence[Tool]) -> dict[str, Any]:
    """What one call of one of ``tools`` looks like."""
    calls = [
        _call_schema(tool, "#/properties/arguments" if len(tools) == 1 else f"#/anyOf/{at}/properties/arguments")
        for at, tool in enumerate(tools)
    ]
    return calls[0] if len(calls) == 1 else {"anyOf": calls}


def grammar(call: str) -> str:
    """A Lark grammar of free text in which every call is the JSON that ``call`` stands for behind ``%json``."""
    return f"""start: text_and_call* TEXT
TEXT: /(.|\\n)*/
before[lazy]: TEXT "{OPEN}"
text_and_call: before "\\n" %json {call} "\\n{CLOSE}"
"""


def parsed(text: str) -> Call | None:
    """The call that ``text`` is, ``None`` where it is none (a reply that was cut short)."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return None
    arguments = found.get("arguments", {})
    return Call(found["name"], json.dumps(arguments, ensure_ascii=False)) if isinstance(arguments, dict) else None


def calls_in(pieces: Iterable[str]) -> Iterator[str | Call]:
    """A streamed reply as text and whole calls; a call that is not JSON stays visible as the text that it is."""
    held, inside = "", False
    for piece in pieces:
        held += piece
        while (at := held.find(CLOSE if inside else OPEN)) >= 0:
            yield from _closed(held[:at]) if inside else _spoken(held[:at])
            held, inside = held[at + len(CLOSE if inside else OPEN) :], not inside
        if not inside:
            ready = len(held) - undecided(held, (OPEN,))
            yield from _spoken(held[:ready])
            held = held[ready:]
    yield from _closed(held, "") if inside else _spoken(held)


def _spoken(text: str) -> Iterator[str]:
    if text:
        yield text


def _closed(text: str, close: str = CLOSE) -> Iterator[str | Call]:
    yield parsed(text) or f"{OPEN}{text}{close}"


def _told(messages: Sequence[Message], tools: Sequence[Tool]) -> list[Message]:
    """The tools in the system message, behind what stands there."""
    if not tools:
        return list(messages)
    told = "\n".join([_TOLD, *(json.dumps(asdict(tool), ensure_ascii=False) for tool in tools)])
    if messages and messages[0].role == "system":
        return [replace(messages[0], content=f"{messages[0].content}\n\n{told}"), *messages[1:]]
    return [Message("system", told), *messages]


def _flat(messages: Sequence[Message]) -> list[Message]:
    """Calls as the text that they were written as."""
    return [
        replace(turn, content="\n".join(filter(None, (turn.content, *map(_written, turn.calls)))), calls=())
        for turn in messages
    ]


def _written(call: Call) -> str:
    return f'{{"name": {json.dumps(call.name)}, "arguments": {call.arguments}}}'


def _call_schema(tool: Tool, place: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"name": {"const": tool.name}, "arguments": _moved(_named_only(tool.parameters), place)},
        "required": ["name", "arguments"],
        "additionalProperties": False,
    }


def _named_only(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """Arguments that a tool does not name would be of no use to it, and small models make them up."""
    plain = parameters.keys() <= {"type", "properties", "required", "title", "description", "$defs", "$schema"}
    return {**parameters, "additionalProperties": False} if plain and "properties" in parameters else parameters


def _moved(part: Any, place: str) -> Any:
    """A schema that stands at ``place`` of another one: what it refers to within itself has moved there too."""
    if isinstance(part, Mapping):
        return {key: _reference(value, place) if key == "$ref" else _moved(value, place) for key, value in part.items()}
    return [_moved(item, place) for item in part] if isinstance(part, list) else part


def _reference(value: Any, place: str) -> Any:
    if isinstance(value, str) and value.startswith("#"):
        return place + value[1:]
    return _moved(value, place)
