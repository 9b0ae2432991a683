"""What each keyword becomes that the engine does not enforce as it is: a table of small functions.

A rule takes the rewriting, the schema and the place where it stands, and gives schemas that hold beside the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import patterns
from .negation import negated
from .reading import unsupported
from .references import Node
from .supported import FORMATS, LARGEST, LONGEST_HOSTNAME
from .unevaluated import evaluated_items, evaluated_properties

if TYPE_CHECKING:
    from .rewriting import Rewriting

Rule = Callable[["Rewriting", dict[str, Any], str], list[Node]]

_CONTROLS = frozenset(map(chr, range(32))) - set("\b\t\n\f\r")
COUNTS = frozenset(["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"])


def exact(key: str, value: Any, where: str) -> Any:
    """The value of a keyword that is copied. Raises ``InputError`` for a number that double precision cannot hold."""
    if key in COUNTS:
        return int(value)
    if key == "required":
        for name in value:
            _writable(name, f"{where}/{key}")
    elif key != "type":
        _holdable(value, f"{where}/{key}")
    return value


def _holdable(value: float, where: str) -> None:
    if abs(value) > LARGEST or (value and abs(value) < 1 / LARGEST):
        raise unsupported("the number", where, why=f"{value} is out of the range that is exact")


def _writable(text: str, where: str) -> None:
    """Every text has one spelling; control characters without a short escape have none."""
    if _CONTROLS & set(text) or any("\ud800" <= letter < "\ue000" for letter in text):
        raise unsupported("the text", where, why="it holds a control character or half a character")


def _values(values: list[Any], where: str) -> None:
    for value in values:
        if isinstance(value, str):
            _writable(value, where)
        elif isinstance(value, dict):
            _values([*value.keys(), *value.values()], where)
        elif isinstance(value, list):
            _values(value, where)
        elif value is not None and not isinstance(value, bool):
            _holdable(value, where)


def _const(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    _values([node["const"]], f"{where}/const")
    return [{"const": node["const"]}]


def _enum(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    _values(node["enum"], f"{where}/enum")
    return [{"enum": node["enum"]}]


def _pattern(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return [{"pattern": patterns.translated(node["pattern"], f"{where}/pattern")}]


def _format(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    name = node["format"]
    if name not in FORMATS:
        raise unsupported("format", where, why=f"{name} is not one of {', '.join(FORMATS)}")
    own = FORMATS[name]
    if own is None:
        return [{"format": name}]
    found: list[Node] = [{"pattern": f"^(?:{own})$"}]
    return [*found, {"maxLength": LONGEST_HOSTNAME}] if name == "hostname" else found


def _items(rewriting: Rewriting, node: dict[str, Any], where: str) -> dict[str, Any]:
    """``items`` and what stands beside it; up to draft 2019-09 a list of them is what ``prefixItems`` became."""
    items = node.get("items", True)
    older = rewriting.draft <= 2019
    if older:
        first, rest = (items, node.get("additionalItems", True)) if isinstance(items, list) else ([], items)
    else:
        first, rest = node.get("prefixItems", []), items
    found: dict[str, Any] = {}
    if first:
        name = "items" if older else "prefixItems"
        found["prefixItems"] = [rewriting.schema(item, f"{where}/{name}/{at}") for at, item in enumerate(first)]
    if rest is not True:
        found["items"] = rewriting.schema(rest, f"{where}/items")
    return found


def _unique(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    if node["uniqueItems"] and node.get("maxItems", 2) > 1:
        raise unsupported("uniqueItems", where, why="items are not compared with one another")
    return []


def _contains(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    newer = rewriting.draft >= 2019
    least, most = (node.get("minContains", 1), node.get("maxContains")) if newer else (1, None)
    if most is not None:
        raise unsupported("maxContains", where, why="items are not counted")
    if least == 0:
        rewriting.schema(node["contains"], f"{where}/contains")
        return []
    longest = node.get("maxItems", 0)
    if least > 1 or not 0 < longest <= 8:
        raise unsupported("contains", where, why="it can be with maxItems of at most 8")
    item = rewriting.schema(node["contains"], f"{where}/contains")
    placed = [_with_item(at, item) for at in range(int(longest))]
    return [{"anyOf": [*placed, {"type": _but("array")}]}]


def _with_item(at: int, item: Node) -> Node:
    return {"type": "array", "prefixItems": [*[True] * at, item], "minItems": at + 1}


def _properties(rewriting: Rewriting, node: dict[str, Any], where: str) -> dict[str, Any]:
    """The three keywords that only together say what each property is."""
    found: dict[str, Any] = {}
    if "properties" in node:
        for name in node["properties"]:
            _writable(name, f"{where}/properties")
        found["properties"] = {
            name: rewriting.schema(inner, f"{where}/properties/{name}") for name, inner in node["properties"].items()
        }
    if "patternProperties" in node:
        found["patternProperties"] = _by_pattern(rewriting, node["patternProperties"], f"{where}/patternProperties")
    if "additionalProperties" in node:
        found["additionalProperties"] = rewriting.schema(node["additionalProperties"], f"{where}/additionalProperties")
    return found


def _by_pattern(rewriting: Rewriting, node: dict[str, Any], where: str) -> dict[str, Node]:
    found = {
        patterns.translated(pattern, where): rewriting.schema(inner, f"{where}/{pattern}")
        for pattern, inner in node.items()
    }
    if len(found) < len(node):
        raise unsupported("patternProperties", where, why="two of the patterns are the same")
    return found


def _least_properties(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    least, certain = int(node["minProperties"]), len(set(node.get("required", ())))
    if least <= certain:
        return []
    if least > certain + 1:
        raise unsupported("minProperties", where, why="a name could be written twice")
    return [{"minProperties": least}]


def _names(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    inner, place = node["propertyNames"], f"{where}/propertyNames"
    if isinstance(inner, bool):
        return [] if inner else [{"maxProperties": 0}]
    rewriting.schema(inner, place)
    found = []
    for key, value in rewriting.effective(inner).items():
        expression = _names_like(key, value, place)
        if expression:
            found.append({"patternProperties": {expression: True}, "additionalProperties": False})
    return list(found)


def _names_like(key: str, value: Any, where: str) -> str:
    match key:
        case "type" if "string" in value:
            return ""
        case "pattern":
            return patterns.translated(value, f"{where}/pattern")
        case "minLength":
            return f"^(?s:.{{{int(value)},}})$"
        case "maxLength":
            return f"^(?s:.{{0,{int(value)}}})$"
        case "const" | "enum":
            texts = [text for text in (value if key == "enum" else [value]) if isinstance(text, str)]
            return patterns.exactly(texts) if texts else "[^\\x{0}-\\x{10FFFF}]"
    raise unsupported(key, where, why="names can be limited by pattern, length, enum and const")


def _no_others(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    known = evaluated_properties(rewriting, node, where)
    if known.all:
        return []
    beside: dict[str, Any] = {"properties": dict.fromkeys(known.names, True)}
    if known.patterns:
        beside["patternProperties"] = dict.fromkeys(known.patterns, True)
    rest = rewriting.schema(node["unevaluatedProperties"], f"{where}/unevaluatedProperties")
    return [{**beside, "additionalProperties": rest}]


def _no_more(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    known = evaluated_items(rewriting, node, where)
    if known is None:
        return []
    rest = rewriting.schema(node["unevaluatedItems"], f"{where}/unevaluatedItems")
    return [{"prefixItems": [True] * known, "items": rest} if known else {"items": rest}]


def _dependent_names(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return [_needs(name, others) for name, others in node["dependentRequired"].items() if others]


def _dependent_schemas(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    place = f"{where}/dependentSchemas"
    return [_leads_to(name, rewriting.schema(inner, f"{place}/{name}")) for name, inner in node["dependentSchemas"].items()]


def _dependencies(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    found = []
    for name, value in node["dependencies"].items():
        if isinstance(value, list):
            found += [_needs(name, value)] if value else []
        else:
            found.append(_leads_to(name, rewriting.schema(value, f"{where}/dependencies/{name}")))
    return found


def _needs(name: str, others: list[str]) -> Node:
    return _leads_to(name, {"required": others})


def _leads_to(name: str, schema: Node) -> Node:
    absent: Node = {"type": "object", "properties": {name: False}}
    there: Node = {"allOf": [{"type": "object", "required": [name]}, schema]}
    return {"anyOf": [there, absent, {"type": _but("object")}]}


def _all(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return [rewriting.schema(inner, f"{where}/allOf/{at}") for at, inner in enumerate(node["allOf"])]


def _any(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return [{"anyOf": [rewriting.schema(inner, f"{where}/anyOf/{at}") for at, inner in enumerate(node["anyOf"])]}]


def _one(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    inner = [rewriting.schema(one, f"{where}/oneOf/{at}") for at, one in enumerate(node["oneOf"])]
    if len(inner) == 1 or not rewriting.split:
        return [{"oneOf": inner}]
    others = [negated(rewriting, one, f"{where}/oneOf/{at}") for at, one in enumerate(node["oneOf"])]
    return [{"anyOf": [{"allOf": [one, *others[:at], *others[at + 1 :]]} for at, one in enumerate(inner)]}]


def _not(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return [negated(rewriting, node["not"], f"{where}/not")]


def _if(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    parts = {key: rewriting.schema(node.get(key, True), f"{where}/{key}") for key in ("if", "then", "else")}
    if parts["then"] is True and parts["else"] is True:
        return []
    otherwise = negated(rewriting, node["if"], f"{where}/if")
    return [{"anyOf": [{"allOf": [parts["if"], parts["then"]]}, {"allOf": [otherwise, parts["else"]]}]}]


def _reference(keyword: str) -> Rule:
    def rule(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
        return [rewriting.definition(rewriting.target(node, keyword, where), f"{where}/{keyword}")]

    return rule


def _nothing(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return []


def _but(*types: str) -> list[str]:
    return [one for one in ("null", "boolean", "number", "string", "array", "object") if one not in types]


RULES: dict[str, Rule] = {
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "format": _format,
    "uniqueItems": _unique,
    "contains": _contains,
    "minContains": _nothing,
    "maxContains": _nothing,
    "unevaluatedItems": _no_more,
    "minProperties": _least_properties,
    "propertyNames": _names,
    "unevaluatedProperties": _no_others,
    "dependentRequired": _dependent_names,
    "dependentSchemas": _dependent_schemas,
    "dependencies": _dependencies,
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
    "not": _not,
    "if": _if,
    "then": _nothing,
    "else": _nothing,
    "$ref": _reference("$ref"),
    "$dynamicRef": _reference("$dynamicRef"),
}

TOGETHER: dict[str, Callable[["Rewriting", dict[str, Any], str], dict[str, Any]]] = {
    **dict.fromkeys(["items", "prefixItems", "additionalItems"], _items),
    **dict.fromkeys(["properties", "patternProperties", "additionalProperties"], _properties),
}
"""Keywords whose meaning depends on one another: one function says all of them."""

ALONE = frozenset(["const", "enum", "pattern", "format", "maxLength", "maxProperties", "minProperties", "anyOf", "oneOf"])
"""Keywords that mean the same in whichever schema of an ``allOf`` they stand."""
