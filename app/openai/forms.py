"""What a reply may be asked to look like, and the constraint that holds it to that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ...errors import InputError
from ...serving import tools
from ...serving.base import Tool
from ...serving.constraints import text as texts
from ...serving.constraints.base import Constraint
from ...serving.constraints.schema import json_schema
from ...serving.text import Served
from .schema import ChatFormat, ResponseFormat, Structured

Kind = Literal["json", "regex", "choice", "grammar"]
Form = tuple[Kind, Any]
_OBJECT = {"type": "object"}


def constraint(model: Served, form: Form | None) -> Constraint | None:
    """Raises ``InputError`` for a form that cannot be kept."""
    if form is None:
        return None
    kind, value = form
    if kind == "json":
        return json_schema(model.vocabulary, value)
    if kind == "regex":
        return texts.regex(model.vocabulary, value)
    if kind == "choice":
        return texts.choice(model.vocabulary, value)
    return texts.lark(model.vocabulary, value)


def of_format(asked: ChatFormat | ResponseFormat | None) -> Form | None:
    """Of ``response_format`` or ``text.format``."""
    if asked is None or asked.type == "text":
        return None
    if asked.type == "json_object":
        return "json", _OBJECT
    named = asked.json_schema if isinstance(asked, ChatFormat) else asked
    if named is None:
        raise InputError("a format of type json_schema needs the schema", where="response_format.json_schema")
    return "json", named.schema_


def of_structured(asked: Structured | None) -> Form | None:
    """Of vLLM's ``structured_outputs``."""
    if asked is None:
        return None
    given: list[Form] = [
        (kind, value)
        for kind, value in (
            ("json", asked.json_),
            ("regex", asked.regex),
            ("choice", asked.choice),
            ("grammar", asked.grammar),
        )
        if value is not None
    ]
    if len(given) != 1:
        raise InputError("exactly one form must be given", where="structured_outputs", fix="give one")
    kind, value = given[0]
    return kind, _read(value) if kind == "json" and isinstance(value, str) else value


def of_tools(offered: Sequence[Tool], *, must: bool, strict: bool) -> Form | None:
    """One call where one ``must`` be made; otherwise text in which calls, where ``strict``, follow their schemas."""
    if must:
        return "json", tools.schema(offered)
    return ("grammar", tools.grammar(offered)) if strict and offered else None


def only(*forms: Form | None) -> Form | None:
    """The one form that was asked for. Raises ``InputError`` when they contradict each other."""
    given = [form for form in forms if form is not None]
    if len(given) > 1:
        raise InputError("a reply can have one form", fix="send one of: tools, response_format, structured_outputs")
    return given[0] if given else None


def _read(text: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(text)
    except ValueError as error:
        raise InputError("the schema is not JSON", where="structured_outputs.json", fix="send an object") from error
    return found
