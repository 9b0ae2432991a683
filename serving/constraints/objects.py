"""What the keywords on objects become; rules like those of ``keywords``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import patterns
from .given_schema import unsupported_error
from .references import Node
from .supported import ANY, but
from .unevaluated import evaluated_properties, told_apart
from .values import writable

if TYPE_CHECKING:
    from .rewriting import Rewriting


def properties(rewriting: Rewriting, node: dict[str, Any], where: str) -> dict[str, Any]:
    """The three keywords that only together say what each property is."""
    found: dict[str, Any] = {}
    if "properties" in node:
        for name in node["properties"]:
            writable(name, f"{where}/properties")
        found["properties"] = {
            name: _property_schema(rewriting, node["properties"][name], name, f"{where}/properties/{name}")
            for name in written_order(node)
        }
        if node.get("propertyOrdering"):
            rewriting.kept.add(tuple(found["properties"]))
    if "patternProperties" in node:
        found["patternProperties"] = _by_pattern(rewriting, node["patternProperties"], f"{where}/patternProperties")
        found["properties"] = _beside(found.get("properties", {}), found["patternProperties"])
    if "additionalProperties" in node:
        place = f"{where}/additionalProperties"
        found["additionalProperties"] = _property_schema(rewriting, node["additionalProperties"], ANY, place)
    return found


def _property_schema(rewriting: Rewriting, node: Node, name: str, where: str) -> Node:
    with rewriting.under(name):
        return rewriting.schema(node, where)


def written_order(node: dict[str, Any]) -> list[str]:
    """The names of ``properties`` in the order in which they are written: their own, unless ``propertyOrdering``
    (Gemini's word) gives another one."""
    first = node.get("propertyOrdering")
    names = dict.fromkeys(name for name in (first if isinstance(first, list) else ()) if name in node["properties"])
    return list(names | dict.fromkeys(node["properties"]))


def _by_pattern(rewriting: Rewriting, node: dict[str, Any], where: str) -> dict[str, Node]:
    found = {
        patterns.translate(pattern, where): _property_schema(rewriting, inner, ANY, f"{where}/{pattern}")
        for pattern, inner in node.items()
    }
    if len(found) < len(node):
        raise unsupported_error("patternProperties", where, why="two of the patterns are the same")
    return found


def _beside(named: dict[str, Node], by_pattern: dict[str, Node]) -> dict[str, Node]:
    """``named`` without what ``by_pattern`` says in the same words: the engine does not take a schema twice that leads
    back to itself."""
    return {
        name: inner
        for name, inner in named.items()
        if not any(inner == one and patterns.matches(pattern, name) for pattern, one in by_pattern.items())
    }


def least_properties(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    least, certain = int(node["minProperties"]), len(set(node.get("required", ())))
    if least <= certain:
        return []
    if least > certain + 1:
        raise unsupported_error("minProperties", where, why="a name could be written twice")
    return [{"minProperties": least}]


def names(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
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
            return patterns.translate(value, f"{where}/pattern")
        case "minLength":
            return f"^(?s:.{{{int(value)},}})$"
        case "maxLength":
            return f"^(?s:.{{0,{int(value)}}})$"
        case "const" | "enum":
            texts = [text for text in (value if key == "enum" else [value]) if isinstance(text, str)]
            return patterns.exactly(texts) if texts else "[^\\x{0}-\\x{10FFFF}]"
    raise unsupported_error(key, where, why="names can be limited by pattern, length, enum and const")


def no_others(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return told_apart(rewriting, node, where, _no_others)


def _no_others(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    known = evaluated_properties(rewriting, node, where)
    if known.all:
        return []
    beside: dict[str, Any] = {"properties": dict.fromkeys(known.names, True)}
    if known.patterns:
        beside["patternProperties"] = dict.fromkeys(known.patterns, True)
    rest = _property_schema(rewriting, node["unevaluatedProperties"], ANY, f"{where}/unevaluatedProperties")
    return [{**beside, "additionalProperties": rest}]


def dependent_names(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    return [_needs(name, others) for name, others in node["dependentRequired"].items() if others]


def dependent_schemas(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    place = f"{where}/dependentSchemas"
    return [
        _leads_to(name, rewriting.inline(inner, f"{place}/{name}")) for name, inner in node["dependentSchemas"].items()
    ]


def dependencies(rewriting: Rewriting, node: dict[str, Any], where: str) -> list[Node]:
    found = []
    for name, value in node["dependencies"].items():
        if isinstance(value, list):
            found += [_needs(name, value)] if value else []
        else:
            found.append(_leads_to(name, rewriting.inline(value, f"{where}/dependencies/{name}")))
    return found


def _needs(name: str, others: list[str]) -> Node:
    return _leads_to(name, {"required": others})


def _leads_to(name: str, schema: Node) -> Node:
    absent: Node = {"type": "object", "properties": {name: False}}
    there: Node = {"allOf": [{"type": "object", "required": [name]}, schema]}
    return {"anyOf": [there, absent, {"type": but("object")}]}
