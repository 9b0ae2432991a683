"""Which properties and items the other keywords of a schema speak of, for ``unevaluatedProperties`` and ``-Items``.

Told exactly where every keyword that speaks of them always holds (``allOf``, references). Alternatives that speak of
others each are told apart: a value is taken for one of them, with what that one evaluates. ``dependentSchemas`` that
speak of them are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from . import patterns
from .given_schema import unsupported_error
from .negation import negate
from .references import Node

if TYPE_CHECKING:
    from .rewriting import Rewriting

_ALWAYS = ("$ref", "$dynamicRef", "allOf")
_SOMETIMES = ("anyOf", "oneOf", "if", "then", "else", "dependentSchemas")
_ALTERNATIVES = ("anyOf", "oneOf", "if")
_SPEAKING = {
    "unevaluatedProperties": {"properties", "patternProperties", "additionalProperties", "unevaluatedProperties"},
    "unevaluatedItems": {"items", "prefixItems", "additionalItems", "unevaluatedItems", "contains"},
}


@dataclass(slots=True)
class EvaluatedNames:
    all: bool = False
    names: dict[str, None] = field(default_factory=dict)
    patterns: dict[str, None] = field(default_factory=dict)


def evaluated_properties(rewriting: Rewriting, node: dict[str, Any], where: str) -> EvaluatedNames:
    """Raises ``InputError`` where that depends on the value."""
    found = EvaluatedNames()
    for part in _parts(rewriting, node, where, "unevaluatedProperties"):
        found.names |= dict.fromkeys(part.get("properties", ()))
        found.patterns |= dict.fromkeys(patterns.translate(one, where) for one in part.get("patternProperties", ()))
        found.all |= "additionalProperties" in part or ("unevaluatedProperties" in part and part is not node)
    return found


def evaluated_items(rewriting: Rewriting, node: dict[str, Any], where: str) -> int | None:
    """How many items from the first on; ``None`` for all. Raises ``InputError`` where that depends on the value."""
    found = 0
    for part in _parts(rewriting, node, where, "unevaluatedItems"):
        if "contains" in part:
            raise unsupported_error("unevaluatedItems", where, why="contains stands beside it")
        items = part.get("items")
        first = items if isinstance(items, list) else part.get("prefixItems", [])
        whole = isinstance(items, dict | bool) or "additionalItems" in part
        if whole or ("unevaluatedItems" in part and part is not node):
            return None
        found = max(found, len(first))
    return found


def _parts(
    rewriting: Rewriting, node: Node, where: str, keyword: str, seen: set[int] | None = None
) -> Iterator[dict[str, Any]]:
    """``node`` and every schema that always holds with it. Raises ``InputError`` for one that holds at times only."""
    waiting, seen = [node], set() if seen is None else seen
    while waiting:
        part = waiting.pop(0)
        if not isinstance(part, dict) or id(part) in seen:  # what is no schema is refused where it is rewritten
            continue
        seen.add(id(part))
        yield part
        for one in _inner(rewriting, part, where, _SOMETIMES):
            if any(deep.keys() & _SPEAKING[keyword] for deep in _parts(rewriting, one, where, keyword, seen)):
                raise unsupported_error(keyword, where, why="what is evaluated depends on the value")
        waiting += _inner(rewriting, part, where, _ALWAYS)


def _inner(rewriting: Rewriting, node: dict[str, Any], where: str, keys: tuple[str, ...]) -> Iterator[Node]:
    for key in keys:
        value = rewriting.effective(node).get(key)
        if key.startswith("$") and value is not None:
            yield rewriting.target(node, key, where)
        elif isinstance(value, list):
            yield from value
        elif key == "dependentSchemas" and isinstance(value, dict):
            yield from value.values()
        elif value is not None:
            yield value


def told_apart(
    rewriting: Rewriting, node: dict[str, Any], where: str, rule: Callable[[Rewriting, dict[str, Any], str], list[Node]]
) -> list[Node]:
    """``rule``, which asks what ``node`` evaluates, for each alternative in turn where the answer depends on them."""
    try:
        return rule(rewriting, node, where)
    except InputError:
        key = next((one for one in _ALTERNATIVES if one in node), None)
        if key is None:
            raise
    rest = {one: value for one, value in node.items() if one not in (key, "then", "else")}
    found: list[Node] = []
    for conditions, holding in _cases(rewriting, node, key, where):
        case = rewriting.documents.beside(node, {**rest, "allOf": [*rest.get("allOf", ()), *holding]})
        held = [rewriting.schema(one, f"{where}/{key}") for one in holding]
        found.append({"allOf": [*conditions, *held, *told_apart(rewriting, case, where, rule)]})
    return [{"anyOf": found}]


def _cases(rewriting: Rewriting, node: dict[str, Any], key: str, where: str) -> list[tuple[list[Node], list[Node]]]:
    """Each alternative: what must hold without evaluating anything, and the schemas that hold and evaluate."""
    if key != "if":
        return [([], [one]) for one in node[key]]
    otherwise = negate(rewriting, node["if"], f"{where}/if")
    return [([], [node["if"], node.get("then", True)]), ([otherwise], [node.get("else", True)])]
