"""Alternatives of a ``oneOf`` that surely have no value in common, and so need not be kept apart.

Seen by types, by constants, and by a property that one object must have and that is different, or forbidden, in the
other. Looks a few schemas deep; what it cannot see is not disjoint.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from .given_schema import check, inexact
from .json_place import canonical_text
from .references import Node
from .supported import TYPES

if TYPE_CHECKING:
    from .rewriting import Rewriting

_DEEPEST = 3
"""Properties within properties."""
_MOST = 256
"""Alternatives that are compared one with another."""


def overlaps(rewriting: Rewriting, options: list[Node], where: str) -> list[list[int]]:
    """Gives for each of ``options`` the places of those with which it may have a value in common. Raises ``InputError``
    for a reference that leads nowhere, and for more alternatives than can be compared."""
    parts = [list(conjuncts(rewriting, one, where)) for one in options]
    found: list[list[int]] = [[] for _ in options]
    if _all_differ([_values(each) for each in parts]) or _told_by_property(rewriting, parts, where):
        return found
    if len(options) > _MOST:
        raise inexact(f"oneOf has {len(options):,} alternatives that are not told apart by a constant", where)
    for at, other in combinations(range(len(options)), 2):
        if not _disjoint(rewriting, parts[at], parts[other], where):
            found[at].append(other)
            found[other].append(at)
    return found


def _all_differ(values: list[set[str] | None]) -> bool:
    listed = [value for each in values if each is not None for value in each]
    return None not in values and len(listed) == len(set(listed))


def _told_by_property(rewriting: Rewriting, parts: list[list[dict[str, Any]]], where: str) -> bool:
    """Whether all are objects with a property that is a constant of its own in each."""
    if any(types(each) != {"object"} for each in parts):
        return False
    return any(
        _all_differ([_values(list(conjuncts(rewriting, {"allOf": _of(each, name)}, where))) for each in parts])
        for name in set.intersection(*map(required_names, parts))
        if all(_of(each, name) for each in parts)
    )


def disjoint(rewriting: Rewriting, one: Node, other: Node, where: str, depth: int = 0) -> bool:
    first, second = list(conjuncts(rewriting, one, where)), list(conjuncts(rewriting, other, where))
    return _disjoint(rewriting, first, second, where, depth)


def _disjoint(
    rewriting: Rewriting, first: list[dict[str, Any]], second: list[dict[str, Any]], where: str, depth: int = 0
) -> bool:
    shared = types(first) & types(second)
    if not shared:
        return True
    values, others = _values(first), _values(second)
    if values is not None and others is not None and not values & others:
        return True
    if shared != {"object"} or depth == _DEEPEST:
        return False
    needed, also_needed = required_names(first), required_names(second)
    return (
        any(not _may_have(second, name) for name in needed)
        or any(not _may_have(first, name) for name in also_needed)
        or any(
            disjoint(rewriting, ours, theirs, where, depth + 1)
            for name in needed & also_needed
            for ours in _of(first, name)
            for theirs in _of(second, name)
        )
    )


def conjuncts(rewriting: Rewriting, node: Node, where: str) -> Iterator[dict[str, Any]]:
    """``node`` and every schema that holds with it whatever the value: references and ``allOf``."""
    waiting, seen = [node], set[int]()
    while waiting:
        part = waiting.pop(0)
        check(part, where)
        if part is False:
            yield {"enum": []}
        if isinstance(part, bool) or id(part) in seen:
            continue
        seen.add(id(part))
        found = rewriting.effective(part)
        yield found
        waiting += found.get("allOf", ())
        waiting += [rewriting.target(part, key, where) for key in ("$ref", "$dynamicRef") if key in found]


def required_names(parts: list[dict[str, Any]]) -> set[str]:
    """Names that an object of all ``parts`` must have."""
    return {name for part in parts for name in part.get("required", ())}


def types(parts: list[dict[str, Any]]) -> set[str]:
    """Types that all ``parts`` allow; with ``number`` goes ``integer``."""
    left = set(TYPES)
    for part in parts:
        if "type" in part:
            named = {part["type"]} if isinstance(part["type"], str) else set(part["type"])
            left &= named | ({"integer"} if "number" in named else set())
    values = _values(parts)
    return left if values is None else left & {one for value in values for one in _types_of(json.loads(value))}


def finite(parts: list[dict[str, Any]]) -> int | None:
    """How many values all ``parts`` allow at most; ``None`` where they are too many to count."""
    values = _values(parts)
    if values is not None:
        return len(values)
    left = types(parts)
    return 2 * ("boolean" in left) + ("null" in left) if left <= {"boolean", "null"} else None


def _types_of(value: Any) -> set[str]:
    if value is None or isinstance(value, bool):
        return {"null" if value is None else "boolean"}
    if isinstance(value, int | float):
        return {"number", "integer"}
    return {"string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"}


def _values(parts: list[dict[str, Any]]) -> set[str] | None:
    """The values that all ``parts`` allow, where they name them; numbers that are equal look equal."""
    found: set[str] | None = None
    for part in parts:
        for key in ("const", "enum"):
            if key in part:
                named = {canonical_text(value) for value in ([part[key]] if key == "const" else part[key])}
                found = named if found is None else found & named
    return found


def _of(parts: list[dict[str, Any]], name: str) -> list[Node]:
    """What holds for the property ``name``."""
    return [part["properties"][name] for part in parts if name in part.get("properties", {})]


def _may_have(parts: list[dict[str, Any]], name: str) -> bool:
    return not any(
        part.get("properties", {}).get(name) is False
        or (
            part.get("additionalProperties") is False
            and name not in part.get("properties", {})
            and not part.get("patternProperties")
        )
        for part in parts
    )
