"""Which words of JSON Schema are understood, and what their values must be: tables, read by the other modules.

What is in none of them is an annotation, unless it looks like a slip. Drafts 4, 6, 7, 2019-09 and 2020-12 are told
apart where they differ.
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
    "draft-04": 4,
    "draft-05": 4,
    "draft-06": 6,
    "draft-07": 7,
    "draft/2019-09": 2019,
    "draft/2020-12": 2020,
}
"""By what stands between ``json-schema.org/`` and ``/schema`` in the name of a dialect."""
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
    "contentEncoding": "text",
    "contentMediaType": "text",
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
"""Keywords up to draft 2019-09, which newer schemas still use in their old meaning."""

UNENFORCED = frozenset(["$recursiveRef"])
"""Keywords that constrain, and that are refused."""

ANNOTATIONS = frozenset(
    ["$schema", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"]
) | {"$vocabulary", "$recursiveAnchor", "contentSchema"}
"""Words of the standard that have no effect. Any other word that is no keyword has none either."""

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

LARGEST = 2**53
"""Whole numbers up to here are exact in the engine, which computes in double precision."""
DEEPEST = 64
"""Schemas inside one another."""
LONGEST = 1_000_000
"""Characters of a schema."""
MOST_NESTED = 10_000
"""Lists and objects of an enumeration, each a rule of its own: the engine's time grows with their square."""
MOST = 100_000
"""Schemas that are looked at, each time they are referred to."""

ITEM, ANY = "\0item", "\0any"
"""In place of the name of a property; names with control characters are refused."""


def kind_of(key: str) -> Kind | None:
    """What the value of a keyword is; ``None`` for a word that is none."""
    return KINDS.get(key) or OLDER.get(key)
