"""The form that a body asks for, under each of its names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...errors import InputError
from ...serving.constraints.any_order import gives_order
from ...serving.talk.forms import OBJECT, Form, Kind
from .schema import ChatFormat, ResponseFormat, Structured


def of_format(asked: ChatFormat | ResponseFormat | None) -> Form | None:
    """The form that ``response_format`` or ``text.format`` asks for."""
    if asked is None or asked.type == "text":
        return None
    if asked.type == "json_object":
        return OBJECT
    named = asked.json_schema if isinstance(asked, ChatFormat) else asked
    if named is None:
        raise InputError("a format of type json_schema needs the schema", where="response_format.json_schema")
    return "json", named.schema_


def of_structured(asked: Structured | None) -> Form | None:
    """The form that vLLM's ``structured_outputs`` asks for."""
    if asked is None:
        return None
    all_kinds: dict[Kind, Any] = {
        "json": asked.json_,
        "regex": asked.regex,
        "choice": asked.choice,
        "grammar": asked.grammar,
        "quote": asked.quote,
        "sentence": asked.sentence,
        "table": asked.table and asked.table.model_dump(),
    }
    given = [(kind, value) for kind, value in all_kinds.items() if value is not None]
    if len(given) != 1:
        raise InputError("exactly one form must be given", where="structured_outputs", fix="give one")
    kind, value = given[0]
    if kind != "json":
        return kind, value
    schema = _read_schema(value) if isinstance(value, str) else value
    free = not gives_order(schema) if asked.any_order == "auto" else asked.any_order
    return "json in any order" if free else kind, schema


def _read_schema(text: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError("the schema is not JSON", where="structured_outputs.json", fix="send an object") from error
    return found
