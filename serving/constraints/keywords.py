"""What each keyword becomes that the engine does not enforce as it is: a table of small functions.

A rule takes the rewriting, the schema and the place where it stands, and gives schemas that hold beside the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import objects, patterns
from .disjoint import conjuncts, finite, overlaps, required_names
from .formats import ASCII, BASE64, FORMATS, LONGEST_HOSTNAME
from .given_schema import inexact, unsupported_error
from .negation import negate
from .references import Node
from .supported import ITEM, MOST_NESTED, but
from .unevaluated import evaluated_items, told_apart
from .values import values

if TYPE_CHECKING:
    from .rewriting import Rewriting

Rule = Callable[["Rewriting", dict[str, Any], str], list[Node]]


def _const(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    values([node["const"]], f"{where}/const")
    return [{"const": node["const"]}]


def _enum(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    values(node["enum"], f"{where}/enum")
    if (nested := sum(isinstance(value, list | dict) for value in node["enum"])) > MOST_NESTED:
        raise inexact(f"{nested:,} lists and objects to choose from, of {MOST_NESTED:,} at most", f"{where}/enum")
    return [{"enum": node["enum"]}]


def _format(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    name = node["format"]
    if name not in FORMATS:
        return []
    own = FORMATS[name]
    if own is None:
        return [{"format": ASCII.get(name, name)}]
    found: list[Node] = [{"pattern": f"^(?:{own})$"}]
    return [*found, {"maxLength": LONGEST_HOSTNAME}] if name.endswith("hostname") else found


def _media_type(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    if rewriting.draft <= 7 and node["contentMediaType"] == "application/json":
        raise unsupported_error("contentMediaType", where, why="JSON inside a text is not checked")
    return []


def _items(rewriting: Rewriting, node: dict[str, Any], where: str) -> dict[str, Any]:
    """``items`` and what stands beside it; up to draft 2019-09 a list of them is what ``prefixItems`` became."""
    items = node.get("items", True)
    older = rewriting.draft <= 2019 or isinstance(items, list)
    if older:
        first, rest = (items, node.get("additionalItems", True)) if isinstance(items, list) else ([], items)
    else:
        first, rest = node.get("prefixItems", []), items
    found: dict[str, Any] = {}
    with rewriting.under(ITEM):
        if first:
            name = "items" if older else "prefixItems"
            found["prefixItems"] = [rewriting.schema(item, f"{where}/{name}/{at}") for at, item in enumerate(first)]
        if rest is not True:
            found["items"] = rewriting.schema(rest, f"{where}/items")
    return found


def _unique(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    """The guide sees to it that items differ; the grammar cannot."""
    if not node["uniqueItems"] or node.get("maxItems", 2) <= 1:
        return []
    items = node.get("items", True)
    count = None if isinstance(items, list) else finite(list(conjuncts(rewriting, items, f"{where}/items")))
    if count is not None and "prefixItems" not in node and node.get("minItems", 0) > count:
        raise unsupported_error("minItems", where, why=f"there are {count} different items")
    rewriting.differ()
    return []


def _contains(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    newer = rewriting.draft >= 2019
    least, most = (node.get("minContains", 1), node.get("maxContains")) if newer else (1, None)
    if most is not None:
        raise unsupported_error("maxContains", where, why="items are not counted")
    if least == 0:
        rewriting.schema(node["contains"], f"{where}/contains")
        return []
    longest = node.get("maxItems", 0)
    if least > 1 or not 0 < longest <= 8:
        raise unsupported_error("contains", where, why="it can be with maxItems of at most 8")
    with rewriting.under(ITEM):
        item = rewriting.schema(node["contains"], f"{where}/contains")
    placed = [{"type": "array", "prefixItems": [*[True] * at, item], "minItems": at + 1} for at in range(int(longest))]
    return [{"anyOf": [*placed, {"type": but("array")}]}]


def _evaluated_first(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    known = evaluated_items(rewriting, node, where)
    if known is None:
        return []
    with rewriting.under(ITEM):
        rest = rewriting.schema(node["unevaluatedItems"], f"{where}/unevaluatedItems")
    return [{"prefixItems": [True] * known, "items": rest} if known else {"items": rest}]


def _alternatives(rewriting: Rewriting, options: list[Node], where: str) -> list[Node]:
    """Any of ``options``; constants are one enumeration, which costs the engine far less than as many alternatives."""
    found = [rewriting.schema(inner, f"{where}/{at}") for at, inner in enumerate(options)]
    values: list[Any] = []
    others: list[Node] = []
    for one in found:
        match one:
            case {"const": value, **rest} if not rest:
                values.append(value)
            case {"enum": listed, **rest} if not rest:
                values += listed
            case _:
                others.append(one)
    if not values:
        return [{"anyOf": found}]
    return [{"anyOf": [*others, {"enum": values}]} if others else {"enum": values}]


def _one(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    options = node["oneOf"]
    places = [f"{where}/oneOf/{at}" for at in range(len(options))]
    shared = overlaps(rewriting, options, where)
    if not any(shared):
        return _alternatives(rewriting, options, f"{where}/oneOf")
    if not rewriting.split:
        return [{"oneOf": [rewriting.schema(one, place) for one, place in zip(options, places, strict=True)]}]
    found: list[Node] = []
    for at, (one, place) in enumerate(zip(options, places, strict=True)):
        if not shared[at]:
            found.append(rewriting.schema(one, place))
            continue
        rewriting.names = sorted(required_names(list(conjuncts(rewriting, one, place))))
        left_out = rewriting.left_out
        others = [negate(rewriting, options[other], places[other]) for other in shared[at]]
        found.append({"allOf": [rewriting.inline(one, place), *others]})
        if rewriting.left_out > left_out:
            rewriting.narrowed.append((place, found[-1]))
    return [{"anyOf": found}]


def _if(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    parts = {key: rewriting.inline(node.get(key, True), f"{where}/{key}") for key in ("if", "then", "else")}
    if parts["then"] is True and parts["else"] is True:
        return []
    otherwise = negate(rewriting, node["if"], f"{where}/if")
    return [{"anyOf": [{"allOf": [parts["if"], parts["then"]]}, {"allOf": [otherwise, parts["else"]]}]}]


def _reference(keyword: str) -> Rule:
    def rule(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
        target, place = rewriting.target(node, keyword, where), f"{where}/{keyword}"
        alone = len(rewriting.effective(node)) == 1
        return [rewriting.definition(target, place) if alone else rewriting.inline(target, place)]

    return rule


def _nothing(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return []


RULES: dict[str, Rule] = {
    "const": _const,
    "enum": _enum,
    "pattern": lambda rewriting, node, where: [{"pattern": patterns.translate(node["pattern"], f"{where}/pattern")}],
    "format": _format,
    # An annotation since draft 2019-09, and a promise to whoever decodes the text.
    "contentEncoding": lambda rewriting, node, where: (
        [{"pattern": BASE64}] if node["contentEncoding"] == "base64" else []
    ),
    "contentMediaType": _media_type,
    "uniqueItems": _unique,
    "contains": _contains,
    "minContains": _nothing,
    "maxContains": _nothing,
    "unevaluatedItems": lambda rewriting, node, where: told_apart(rewriting, node, where, _evaluated_first),
    "minProperties": objects.least_properties,
    "propertyNames": objects.names,
    "unevaluatedProperties": objects.no_others,
    "dependentRequired": objects.dependent_names,
    "dependentSchemas": objects.dependent_schemas,
    "dependencies": objects.dependencies,
    "allOf": lambda rewriting, node, where: [
        rewriting.inline(inner, f"{where}/allOf/{at}") for at, inner in enumerate(node["allOf"])
    ],
    "anyOf": lambda rewriting, node, where: _alternatives(rewriting, node["anyOf"], f"{where}/anyOf"),
    "oneOf": _one,
    "not": lambda rewriting, node, where: [negate(rewriting, node["not"], f"{where}/not")],
    "if": _if,
    "then": _nothing,
    "else": _nothing,
    "$ref": _reference("$ref"),
    "$dynamicRef": _reference("$dynamicRef"),
}

TOGETHER: dict[str, Callable[[Rewriting, dict[str, Any], str], dict[str, Any]]] = {
    **dict.fromkeys(["items", "prefixItems", "additionalItems"], _items),
    **dict.fromkeys(["properties", "patternProperties", "additionalProperties"], objects.properties),
}
"""Keywords whose meaning depends on one another: one function says all of them."""

ALONE = frozenset(
    ["const", "enum", "pattern", "format", "maxLength", "maxProperties", "minProperties", "anyOf", "oneOf"]
)
"""Keywords that mean the same in whichever schema of an ``allOf`` they stand."""
