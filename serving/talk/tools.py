"""Calls of functions: how a model is shown what it may call, and how it is held to a call.

Models whose chat template shows tools write calls in a format of ``call_formats.py``, and are held to it; the others
are told in the system message and held to a call, or to the choice between words and a call. Knows nothing of HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ...errors import InputError
from ..base import PLAIN_TEMPLATE, CallFormat, FunctionCall, FunctionTool, LocalModel, Message, TemplateOptions
from ..constraints.constraint import Constraint
from ..constraints.given_schema import unsupported_error
from ..constraints.json_guide import Json
from ..constraints.json_place import EVERYWHERE, Arrays
from ..constraints.schema import embed_schema
from ..constraints.text import lark_with_schemas
from .call_formats import PLAIN
from .text import ServedModel

_ANY, _NO_OBJECT = r"/(.|\n)*/", r"/(\s*[^\s{](.|\n)*)?/"
_HELD = 'Call one of these functions. Answer with JSON alone: {"name": …, "arguments": {…}}.'
_OFFERED = 'Answer in words, or call one of these functions with JSON alone: {"name": …, "arguments": {…}}.'


def prompt(
    model: LocalModel,
    messages: Sequence[Message],
    tools: Sequence[FunctionTool],
    *,
    held: bool = False,
    template: TemplateOptions = PLAIN_TEMPLATE,
) -> list[int]:
    """The chat prompt that offers ``tools``; ``held`` when the reply will be held to a call."""
    if model.tools:
        return [*model.chat_tokens(messages, tools, template), *(_opening(model, model.tools) if held else ())]
    return model.chat_tokens(_describe_tools(_flat(messages), tools, held=held), template=template)


def schema(tools: Sequence[FunctionTool], key: str = PLAIN.key) -> dict[str, Any]:
    """What one call of one of ``tools`` looks like as a JSON object whose arguments stand under ``key``."""
    calls = [
        _call_schema(tool, key, f"#/properties/{key}" if len(tools) == 1 else f"#/anyOf/{at}/properties/{key}")
        for at, tool in enumerate(tools)
    ]
    return calls[0] if len(calls) == 1 else {"anyOf": calls}


def constraint(model: ServedModel, tools: Sequence[FunctionTool], *, held: bool) -> Constraint:
    """One call, where the prompt ends with what it begins with, or free text in which every call follows its schema.

    Text has no control tokens, so that one ends it; a spelled mark must be found in it. Where a call is one JSON object
    text does not begin with a brace, so that a reply that does is a call. Raises ``InputError``.
    """
    format = model.tools or PLAIN
    rule, arrays = _call_rule(model, tools, format)
    if held:
        return Json(lark_with_schemas(model.vocabulary, f"start: call\ncall: {rule}\n"), arrays)
    if arrays:
        raise unsupported_error("uniqueItems", "tools", why="items are compared only where a call is demanded")
    return lark_with_schemas(model.vocabulary, _among_text(model, format, rule))


def constraint_beside(model: ServedModel, tools: Sequence[FunctionTool], schema: Mapping[str, Any]) -> Constraint:
    """Calls that follow their schemas, or JSON of ``schema``, and no other text. Raises ``InputError``."""
    format = model.tools or PLAIN
    rule, arrays = _call_rule(model, tools, format)
    written, differing = embed_schema(model.vocabulary, dict(schema))
    open, first, between, close = (
        _lark(model, text) for text in (format.open, format.first, format.between, format.close)
    )
    several = f"({between} call)*" if between else ""
    calls = f"call {several}" if format.bare else f"({open} {first} call {several} {close})+"
    source = f"start: {calls} | json\ncall: {rule}\njson: %json {written}\n"
    if format == PLAIN:
        return Json(lark_with_schemas(model.vocabulary, source), _together(arrays, differing))
    if arrays or differing:
        raise unsupported_error("uniqueItems", "tools", why="items are compared only where a call is demanded")
    return lark_with_schemas(model.vocabulary, source)


def _among_text(model: LocalModel, format: CallFormat, rule: str) -> str:
    open, first, between, close = (
        _lark(model, text) for text in (format.open, format.first, format.between, format.close)
    )
    several = f"({between} call)*" if between else ""
    bare = "" if format.separator else "call | "
    if not format.open:
        return f"start: {bare}TEXT\nTEXT: {_NO_OBJECT}\ncall: {rule}\n"
    start = f"call {several} | before calls | TEXT" if format.bare else f"{bare}(before calls)* TEXT"
    lazy = "[lazy]" if model.control(format.open) is None else ""
    return f"""start: {start}
TEXT: {_NO_OBJECT if bare else _ANY}
before{lazy}: TEXT {open}
calls: {first} call {several} {close}
call: {rule}
"""


def _call_rule(model: ServedModel, tools: Sequence[FunctionTool], format: CallFormat) -> tuple[str, Arrays]:
    """A call, and of its arguments the arrays whose items must differ."""
    if not format.separator:
        written, arrays = embed_schema(model.vocabulary, schema(tools, format.key))
        return f"%json {written}", arrays
    separator = _lark(model, format.separator)
    rules = []
    arrays = frozenset()
    for tool in tools:
        written, differing = embed_schema(model.vocabulary, _arguments(tool))
        rules.append(f"{json.dumps(tool.name)} {separator} %json {written}")
        arrays = _together(arrays, differing)
    return " | ".join(rules), arrays


def _together(some: Arrays, others: Arrays) -> Arrays:
    return EVERYWHERE if EVERYWHERE in (some, others) else some | others


def _lark(model: LocalModel, text: str) -> str:
    """``text`` in a grammar, its mark as the control token that it may be."""
    mark = text.strip()
    token = model.control(mark)
    spelled = text if token is None else text.removesuffix(mark)
    return " ".join(filter(None, (json.dumps(spelled) if spelled else "", "" if token is None else f"<[{token}]>")))


def _opening(model: LocalModel, format: CallFormat) -> list[int]:
    """What a call begins with, behind a prompt."""
    if format.bare:
        return []
    token = model.control(format.open)
    return model.encode(format.open + format.first) if token is None else [token, *model.encode(format.first)]


def _describe_tools(messages: Sequence[Message], tools: Sequence[FunctionTool], *, held: bool) -> list[Message]:
    """The tools in the system message, behind what stands there."""
    if not tools:
        return list(messages)
    told = "\n".join([_HELD if held else _OFFERED, *(json.dumps(asdict(tool), ensure_ascii=False) for tool in tools)])
    if messages and messages[0].role == "system":
        return [replace(messages[0], content=f"{messages[0].content}\n\n{told}"), *messages[1:]]
    return [Message("system", told), *messages]


def _flat(messages: Sequence[Message]) -> list[Message]:
    """Calls as the text that they were written as."""
    return [
        replace(turn, content="\n".join(filter(None, (turn.content, *map(_call_text, turn.calls)))), calls=())
        for turn in messages
    ]


def _call_text(call: FunctionCall) -> str:
    return f'{{"name": {json.dumps(call.name)}, "arguments": {call.arguments}}}'


def _call_schema(tool: FunctionTool, key: str, place: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"name": {"const": tool.name}, key: _move_references(_arguments(tool), place)},
        "required": ["name", key],
        "additionalProperties": False,
    }


def _arguments(tool: FunctionTool) -> dict[str, Any]:
    """The schema of a call's arguments: an object, which many tools do not say, of what the tool names. Arguments that
    it does not name would be of no use to it, and small models make them up. Raises ``InputError``."""
    given = dict(tool.parameters)
    types = given.get("type", "object")
    if "object" not in (types if isinstance(types, list) else [types]):
        raise InputError(
            "the arguments of a tool are an object",
            where=f"{tool.name}, arguments/type",
            fix='begin them with {"type": "object", "properties": {…}}',
        )
    plain = given.keys() <= {"type", "properties", "required", "title", "description", "$defs", "$schema"}
    closed = {"additionalProperties": False} if plain and "properties" in given else {}
    if "$ref" in given:  # beside one, older drafts read no type
        given = {**given, "allOf": [*given.get("allOf", ()), {"$ref": given["$ref"]}]}
        del given["$ref"]
    return {**given, "type": "object", **closed}


def _move_references(part: Any, place: str) -> Any:
    """A schema that stands at ``place`` of another one: what it refers to within itself has moved there too."""
    if isinstance(part, Mapping):
        return {
            key: _reference(value, place) if key == "$ref" else _move_references(value, place)
            for key, value in part.items()
        }
    return [_move_references(item, place) for item in part] if isinstance(part, list) else part


def _reference(value: Any, place: str) -> Any:
    if isinstance(value, str) and value.startswith("#"):
        return place + value[1:]
    return _move_references(value, place)
