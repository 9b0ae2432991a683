"""Which words of JSON Schema are understood, and what their values must be: tables, read by the other modules.

What is in none of them is refused. Drafts 6, 7, 2019-09 and 2020-12 are told apart where they differ.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "any", "bool", "text", "number", "count", "list", "names", "types", "schema", "schemas", "map", "mapping"
]

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


def but(*types: str) -> list[str]:
    """Every other type; ``number`` stands for ``integer`` too."""
    return [one for one in TYPES if one not in types and one != "integer"]


DRAFTS = {
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
}
NEWEST = 2020

KINDS: dict[str, Kind] = {
    "type": "types",
    "enum": "list",
    "const": "any",
    "minimum": "number",
    "maximum": "number",
    "exclusiveMinimum": "number",
    "exclusiveMaximum": "number",
    "multipleOf": "number",
    "minLength": "count",
    "maxLength": "count",
    "pattern": "text",
    "format": "text",
    "items": "schema",
    "prefixItems": "schemas",
    "minItems": "count",
    "maxItems": "count",
    "uniqueItems": "bool",
    "contains": "schema",
    "minContains": "count",
    "maxContains": "count",
    "unevaluatedItems": "schema",
    "properties": "map",
    "patternProperties": "map",
    "additionalProperties": "schema",
    "propertyNames": "schema",
    "unevaluatedProperties": "schema",
    "required": "names",
    "minProperties": "count",
    "maxProperties": "count",
    "dependentRequired": "mapping",
    "dependentSchemas": "map",
    "allOf": "schemas",
    "anyOf": "schemas",
    "oneOf": "schemas",
    "not": "schema",
    "if": "schema",
    "then": "schema",
    "else": "schema",
    "$ref": "text",
    "$dynamicRef": "text",
    "$dynamicAnchor": "text",
    "$anchor": "text",
    "$id": "text",
    "$defs": "map",
    "definitions": "map",
}
"""Every keyword that constrains or names something, and the kind of its value."""

OLDER: dict[str, Kind] = {"additionalItems": "schema", "dependencies": "mapping"}
"""Keywords up to draft 2019-09 only."""

ANNOTATIONS = frozenset(
    ["$schema", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"]
)
"""Allowed anywhere, and of no effect."""

CONTENT = frozenset(["contentEncoding", "contentMediaType", "contentSchema"])
"""Annotations since draft 2019-09; before, a validator may check them."""

NAMING = frozenset(["$id", "$anchor", "$dynamicAnchor", "$defs", "definitions"])
"""They only say what a reference means."""

COPIED = frozenset(["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "required"]) | {
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "maxProperties",
}
"""The engine enforces them as they are."""

# Formats are always enforced, as generation profits from it. ``None``: by the engine's own expression. The others are
# written here since the engine's let days and seconds through that do not exist, or are not there.
_DAYS = (
    r"(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
_OFFSET = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_TIME = (
    rf"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?{_OFFSET}"
    r"|23:59:60(?:\.[0-9]+)?(?:[Zz]|[+-]00:00))"
)
_LABEL = (
    r"(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,2}[0-9A-Za-z])?"
    r"|[0-9A-Za-z][0-9A-Za-z-](?:[0-9A-Za-z][0-9A-Za-z-]|-[0-9A-Za-z])[0-9A-Za-z-]{0,58}[0-9A-Za-z])"
)
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"

FORMATS: dict[str, str | None] = {
    "date": _DAYS,
    "time": _TIME,
    "date-time": rf"{_DAYS}[Tt]{_TIME}",
    "hostname": rf"{_LABEL}(?:\.{_LABEL})*",
    "json-pointer": _POINTER,
    "relative-json-pointer": rf"(?:0|[1-9][0-9]*)(?:#|{_POINTER})",
    "duration": None,
    "email": None,
    "ipv4": None,
    "ipv6": None,
    "uri": None,
    "uuid": None,
}
LONGEST_HOSTNAME = 253

LARGEST = 2**53
"""Whole numbers up to here are exact in the engine, which computes in double precision."""
DEEPEST = 64
"""Schemas inside one another."""
MOST = 20_000
"""Schemas that are looked at, each time they are referred to."""
