"""A JSON Schema as it was given: its text, its draft, and whether its words and their values are known ones.

Nothing is ignored: a word that is in none of the tables of ``supported`` is refused, since a slip such as ``minlength``
would otherwise leave the reply free.
"""

from __future__ import annotations

import json
import math
from difflib import get_close_matches
from typing import Any

from ...errors import InputError
from .references import Node
from .supported import ANNOTATIONS, CONTENT, DRAFTS, KINDS, NEWEST, OLDER, TYPES, Kind


def read(schema: str | Node) -> Node:
    """The schema as Python values. Raises ``InputError`` for text that is no JSON or names a key twice."""
    try:
        text = schema if isinstance(schema, str) else json.dumps(schema)
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the schema is not valid JSON ({error})", fix="check it with a JSON parser") from error
    if not isinstance(found, dict | bool):
        raise InputError("a schema is an object, true or false", where="#", fix='start with {"type": "object", …}')
    return found


def draft_of(root: Node) -> int:
    """6, 7, 2019 or 2020. Raises ``InputError`` for a dialect that is not one of these."""
    name = root.get("$schema") if isinstance(root, dict) else None
    if name is None:
        return NEWEST
    draft = DRAFTS.get(name.removesuffix("#")) if isinstance(name, str) else None
    if draft is None:
        known = "https://json-schema.org/draft/2020-12/schema"
        raise InputError(f"the dialect {name} is not known", where="#/$schema", fix=f"use {known}")
    return draft


def check(node: Any, where: str, draft: int) -> None:
    """Raises ``InputError`` for what is no schema, for unknown keywords and for values that they cannot have."""
    if isinstance(node, bool):
        return
    if not isinstance(node, dict):
        raise _invalid("a schema is an object, true or false", where)
    if "$schema" in node and draft_of(node) != draft:
        raise _invalid("a schema inside has another dialect than the whole", where)
    for key, value in node.items():
        if key in ANNOTATIONS or (key in CONTENT and draft >= 2019):
            continue
        kind = (KINDS | OLDER if draft <= 2019 else KINDS).get(key)
        if kind is None:
            raise unsupported(key, where, get_close_matches(key, KINDS, 1))
        if not _fits(kind, value) and not (key == "items" and draft <= 2019 and _fits("schemas", value)):
            raise _invalid(f"the value of {key} is not one that it can have", f"{where}/{key}")


def unsupported(key: str, where: str, close: list[str] | None = None, why: str = "") -> InputError:
    """``key`` at the schema ``where`` cannot be enforced."""
    fix = f"did you mean {close[0]}?" if close else "leave it out and check the reply afterwards"
    return InputError(f"{key} cannot be enforced{why and f': {why}'}", where=f"{where}/{key}", fix=fix)


def inexact(why: str, where: str) -> InputError:
    """A value at ``where`` that no reply could be held to."""
    return InputError(
        f"the schema cannot be enforced: {why}", where=where, fix="change it, or check the reply afterwards"
    )


def _fits(kind: Kind, value: Any) -> bool:
    match kind:
        case "bool":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "number":
            return _number(value)
        case "count":
            return _number(value) and value >= 0 and float(value).is_integer()
        case "list" | "schemas":
            return isinstance(value, list) and bool(value)
        case "names":
            return isinstance(value, list) and all(isinstance(name, str) for name in value)
        case "types":
            names = [value] if isinstance(value, str) else value
            return isinstance(names, list) and bool(names) and all(name in TYPES for name in names)
        case "map" | "mapping":
            return isinstance(value, dict)
        case "schema":
            return isinstance(value, dict | bool)
    return True


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key occurs twice: {', '.join(key for key, _ in pairs)[:100]}")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _invalid(what: str, where: str) -> InputError:
    return InputError(f"the schema is invalid: {what}", where=where, fix="see https://json-schema.org/specification")
