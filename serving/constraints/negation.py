"""Values that a JSON Schema excludes, as a schema: ``not``, the other side of ``if``, the others of ``oneOf``.

A schema fails where one of its keywords fails, so what it excludes is one alternative per keyword. The result never
holds a value that the schema allows. It may hold less than all others: ``not: {type: integer}`` leaves out all numbers,
and what only a keyword excludes whose opposite the engine cannot say (``pattern``, ``items``, …) is left out. A schema
of which nothing can be said is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from . import patterns
from .given_schema import check, unsupported_error
from .references import Node
from .supported import LARGEST, but

if TYPE_CHECKING:
    from .rewriting import Rewriting

_OPPOSITES: dict[str, Callable[[Any], Node]] = {
    "minimum": lambda value: {"type": "number", "exclusiveMaximum": value},
    "maximum": lambda value: {"type": "number", "exclusiveMinimum": value},
    "exclusiveMinimum": lambda value: {"type": "number", "maximum": value},
    "exclusiveMaximum": lambda value: {"type": "number", "minimum": value},
    "minLength": lambda value: _at_most("string", "maxLength", value - 1),
    "maxLength": lambda value: {"type": "string", "minLength": int(value) + 1},
    "minItems": lambda value: _at_most("array", "maxItems", value - 1),
    "maxItems": lambda value: {"type": "array", "minItems": int(value) + 1},
    "minProperties": lambda value: _at_most("object", "maxProperties", value - 1),
    "maxProperties": lambda value: _more_names(value),
    "required": lambda names: _any([{"type": "object", "properties": {name: False}} for name in names]),
    "dependentRequired": lambda value: _any(
        [
            {"type": "object", "required": [name], "properties": {other: False}}
            for name in value
            for other in value[name]
        ]
    ),
    "type": lambda value: _other_types([value] if isinstance(value, str) else value),
    "const": lambda value: _other_values([value]),
    "enum": lambda values: _other_values(values),
}


def negate(rewriting: Rewriting, node: Node, where: str) -> Node:
    """Values that ``node`` excludes; ``rewriting.left_out`` counts the keywords whose opposite is not among them.

    Raises ``InputError`` where none can be said."""
    check(node, where)
    if isinstance(node, bool):
        return not node
    with rewriting.deeper(where):
        rewriting.schema(node, where)  # for what it refuses of the values: numbers that are not exact, and the like
        said: list[Node] = []
        unsaid: InputError | None = None
        for item in rewriting.effective(node).items():
            try:
                said.append(_opposite(rewriting, node, *item, where))
            except InputError as error:
                unsaid, rewriting.left_out = unsaid or error, rewriting.left_out + 1
        found = _any(said)
        if found is False and unsaid is not None:
            raise unsaid
        return found


def _opposite(rewriting: Rewriting, node: dict[str, Any], key: str, value: Any, where: str) -> Node:
    place = f"{where}/{key}"
    match key:
        case "then" | "else" | "minContains" | "maxContains":
            return False
        case "not":
            return rewriting.schema(value, place)
        case "allOf":
            return _any([negate(rewriting, one, f"{place}/{at}") for at, one in enumerate(value)])
        case "anyOf":
            return {"allOf": [negate(rewriting, one, f"{place}/{at}") for at, one in enumerate(value)]}
        case "$ref" | "$dynamicRef":
            return negate(rewriting, rewriting.target(node, key, where), place)
        case "if":
            return _if(rewriting, node, where)
        case "properties":
            wrong = {name: negate(rewriting, inner, f"{place}/{name}") for name, inner in value.items()}
            return _any([_with_property(name, inner) for name, inner in wrong.items() if inner is not False])
        case "prefixItems" | "items" if isinstance(value, list):
            found = [negate(rewriting, inner, f"{place}/{at}") for at, inner in enumerate(value)]
            return _any([_with_item(at, inner) for at, inner in enumerate(found) if inner is not False])
        case "items" if not node.get("prefixItems"):
            return _with_item(0, negate(rewriting, value, place))
        case "items" | "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" if value is True:
            return False
        case "additionalProperties":
            wrong_one = negate(rewriting, value, place)
            others = [name for name in rewriting.names if not _is_known(node, name)]
            return _any([_with_property(name, wrong_one) for name in others]) or _unsaid(key, where)
        case _ if key in _OPPOSITES and not (isinstance(value, int | float) and abs(value) > LARGEST):
            return _refusable(key, value, where)
    return _unsaid(key, where)


def _unsaid(key: str, where: str) -> Node:
    raise unsupported_error(key, where, why="its opposite cannot be said")


def _is_known(node: dict[str, Any], name: str) -> bool:
    """Whether ``additionalProperties`` of ``node`` may not speak of ``name``."""
    return name in node.get("properties", {}) or bool(node.get("patternProperties"))


def _refusable(key: str, value: Any, where: str) -> Node:
    try:
        return _OPPOSITES[key](value)
    except ValueError as error:
        raise unsupported_error(key, where, why=f"its opposite cannot be said: {error}") from error


def _if(rewriting: Rewriting, node: dict[str, Any], where: str) -> Node:
    cases = []
    for key, condition in (("then", rewriting.schema), ("else", lambda *place: negate(rewriting, *place))):
        wrong = negate(rewriting, node.get(key, True), f"{where}/{key}")
        if wrong is not False:
            cases.append({"allOf": [condition(node["if"], f"{where}/if"), wrong]})
    return _any(cases)


def _any(options: list[Any]) -> Node:
    left = [one for one in options if one is not False]
    if not left or True in left:
        return bool(left)
    return left[0] if len(left) == 1 else {"anyOf": left}


def _at_most(kind: str, key: str, most: float) -> Node:
    return {"type": kind, key: int(most)} if most >= 0 else False


def _more_names(most: float) -> Node:
    if most > 0:
        raise ValueError("a name could be written twice")
    return {"type": "object", "minProperties": 1}


def _with_property(name: str, inner: Node) -> Node:
    return {"type": "object", "required": [name], "properties": {name: inner}}


def _with_item(at: int, inner: Node) -> Node:
    return {"type": "array", "minItems": at + 1, "prefixItems": [*[True] * at, inner]}


def _other_types(types: list[str]) -> Node:
    left = but(*types, *(["number"] if "integer" in types else []))
    return {"type": left} if left else False


def _other_values(values: list[Any]) -> Node:
    """The values of every type that are none of ``values``."""
    if any(isinstance(value, list | dict) for value in values):
        raise ValueError("arrays and objects are not compared")
    texts = [value for value in values if isinstance(value, str)]
    truths = [value for value in values if isinstance(value, bool)]
    numbers = sorted({value for value in values if isinstance(value, int | float) and not isinstance(value, bool)})
    found: list[Node] = [{"type": ["array", "object"] if None in values else ["null", "array", "object"]}]
    found.append({"type": "string", "pattern": patterns.other_than(texts)} if texts else {"type": "string"})
    found += [{"enum": [value]} for value in (False, True) if value not in truths]
    edges = [None, *numbers, None]
    found += [_between(low, high) for low, high in pairwise(edges)]
    return _any(found)


def _between(low: float | None, high: float | None) -> Node:
    limits = {"exclusiveMinimum": low, "exclusiveMaximum": high}
    return {"type": "number", **{key: value for key, value in limits.items() if value is not None}}
