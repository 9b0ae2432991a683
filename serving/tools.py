"""Calls of functions: how a model is shown what it may call, and how it is held to a call.

Models whose chat template shows tools write calls in a format of ``calling.py``, and are held to that; the others are
told in the system message and can only be *held* to a call. Knows nothing of HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ..errors import InputError
from .base import Call, LocalModel, Message, Tool
from .calling import PLAIN, Format
from .constraints.schema import embedded
from .text import Served

_ANY, _NO_OBJECT = r"/(.|\n)*/", r"/(\s*[^\s{](.|\n)*)?/"
_TOLD = 'Call one of these functions. Answer with JSON alone: {"name": …, "arguments": {…}}.'


def prompt(model: LocalModel, messages: Sequence[Message], tools: Sequence[Tool], *, held: bool = False) -> list[int]:
    """The chat prompt that offers ``tools``; ``held`` when the reply will be held to a call.

    Raises ``InputError`` when the model's template shows no tools and the reply is not held.
    """
    if model.tools:
        return [*model.chat_tokens(messages, tools), *(_opening(model, model.tools) if held else ())]
    if tools and not held:
        raise InputError(
            "the model's chat template shows no tools, so that it cannot choose to call one",
            where=model.name,
            fix="demand a call with tool_choice, or use a model that calls tools",
        )
    return model.chat_tokens(_told(_flat(messages), tools))


def schema(tools: Sequence[Tool], key: str = PLAIN.key) -> dict[str, Any]:
    """What one call of one of ``tools`` looks like as a JSON object whose arguments stand under ``key``."""
    calls = [
        _call_schema(tool, key, f"#/properties/{key}" if len(tools) == 1 else f"#/anyOf/{at}/properties/{key}")
        for at, tool in enumerate(tools)
    ]
    return calls[0] if len(calls) == 1 else {"anyOf": calls}


def grammar(model: Served, tools: Sequence[Tool], *, held: bool) -> str:
    """A Lark grammar of one call, where the prompt ends with what it begins with, or of free text in which every call
    follows its schema. Text has no control tokens, so that one ends it; a spelled mark must be found in it."""
    format = model.tools or PLAIN
    call = f"call: {_call_rule(model, tools, format)}"
    if held:
        return f"start: call\n{call}\n"
    open, first, between, close = (
        _lark(model, text) for text in (format.open, format.first, format.between, format.close)
    )
    lazy = "[lazy]" if model.control(format.open) is None else ""
    return f"""start: {"calls | before calls | TEXT" if format.bare else "(before calls)* TEXT"}
TEXT: {_NO_OBJECT if format.bare else _ANY}
before{lazy}: TEXT {open}
calls: {first} call {f"({between} call)*" if between else ""} {close}
{call}
"""


def _call_rule(model: Served, tools: Sequence[Tool], format: Format) -> str:
    if not format.separator:
        return f"%json {embedded(model.vocabulary, schema(tools, format.key))}"
    separator = _lark(model, format.separator)
    return " | ".join(
        f"{json.dumps(tool.name)} {separator} %json {embedded(model.vocabulary, dict(_named_only(tool.parameters)))}"
        for tool in tools
    )


def _lark(model: LocalModel, text: str) -> str:
    """``text`` in a grammar, its mark as the control token that it may be."""
    mark = text.strip()
    token = model.control(mark)
    spelled = text if token is None else text.removesuffix(mark)
    return " ".join(filter(None, (json.dumps(spelled) if spelled else "", "" if token is None else f"<[{token}]>")))


def _opening(model: LocalModel, format: Format) -> list[int]:
    """What a call begins with, behind a prompt."""
    if format.bare:
        return []
    token = model.control(format.open)
    return model.encode(format.open + format.first) if token is None else [token, *model.encode(format.first)]


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


def _call_schema(tool: Tool, key: str, place: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"name": {"const": tool.name}, key: _moved(_named_only(tool.parameters), place)},
        "required": ["name", key],
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
