"""A JSON Schema as it was given: its text, its draft, and whether its words have values that they can have.

A word outside the standard is an annotation, as the specification says (core, 6.5), unless it looks like a slip:
``minlength`` would leave the reply free.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from ...errors import InputError
from .references import Node
from .slips import keyword_meant
from .supported import ANNOTATIONS, DRAFTS, LONGEST, NEWEST, TYPES, UNENFORCED, Kind, kind_of

_STANDARD = re.compile(r"https?://json-schema\.org/(?P<draft>.*?)/?(?:hyper-)?schema/?#?")
_FORMER: dict[str, Kind] = {"items": "schemas", "exclusiveMinimum": "bool", "exclusiveMaximum": "bool"}
"""The values of older drafts; they cannot be mistaken."""


def read(schema: str | Node) -> Node:
    """The schema as Python values. Raises ``InputError`` for text that is no JSON or names a key twice."""
    try:
        text = schema if isinstance(schema, str) else json.dumps(schema)
        if len(text) > LONGEST:
            said = f"the schema has {len(text):,} characters, it may have {LONGEST:,}"
            raise InputError(said, fix="make it smaller")
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the schema is not valid JSON ({error})", fix="check it with a JSON parser") from error
    if not isinstance(found, dict | bool):
        raise InputError("a schema is an object, true or false", where="#", fix='start with {"type": "object", …}')
    return found


def draft_of(root: Node) -> int:
    """4, 6, 7, 2019 or 2020. A dialect of somebody's own, or none, is read as the newest: what only older drafts say is
    still understood. Raises ``InputError`` for a dialect that is older."""
    name = root.get("$schema") if isinstance(root, dict) else None
    standard = _STANDARD.fullmatch(name) if isinstance(name, str) else None
    if standard is None or not standard["draft"]:
        return NEWEST
    if standard["draft"] not in DRAFTS:
        known = "https://json-schema.org/draft/2020-12/schema"
        raise InputError(f"the dialect {name} is not known", where="#/$schema", fix=f"use {known}")
    return DRAFTS[standard["draft"]]


def check(node: Any, where: str) -> None:
    """Raises ``InputError`` for what is no schema, for slips of keywords and for values that keywords cannot have."""
    if isinstance(node, bool):
        return
    if not isinstance(node, dict):
        raise _invalid("a schema is an object, true or false", where)
    for key, value in node.items():
        if key in UNENFORCED:
            raise unsupported_error(key, where)
        kind = kind_of(key)
        if kind is None:
            if key not in ANNOTATIONS and (close := _suggestions(key, value)):
                raise unsupported_error(key, where, close)
        elif not _fits(kind, value) and not _fits(_FORMER.get(key, kind), value):
            raise _invalid(f"the value of {key} is not one that it can have", f"{where}/{key}")


def _suggestions(word: str, value: Any) -> list[str]:
    """The keyword that ``word`` is a slip of, where ``value`` is one that the keyword could have."""
    keyword = keyword_meant(word)
    kind = kind_of(keyword) if keyword else None
    return [keyword] if keyword and kind and _fits(kind, value) else []


def unsupported_error(key: str, where: str, close: list[str] | None = None, why: str = "") -> InputError:
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
