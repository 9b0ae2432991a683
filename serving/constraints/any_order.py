"""The grammar of a rewritten schema in which the properties of objects come in any order.

The engine's own compiler of schemas fixes one order. Its parametric rules
(https://github.com/guidance-ai/llguidance/blob/main/docs/parametric.md) carry bits: here one per property, set once it
is written, so that each comes once and those that are required all come. Objects, arrays and alternatives become such
rules. All else stays a schema within the grammar and keeps its order: objects with patterns or counts of names, with
more properties than there are bits, and those whose order is to be kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from . import patterns
from .references import Node
from .supported import TYPES

_BITS = 64
"""Of the argument of a parametric rule."""
_MOST = 512
"""Properties of all alternatives together that are written out beside other keywords."""
_LONGEST = 256
"""Items of an array that are counted by rules."""
_CHANCE = 0.01
"""How likely it may be, at most, that somebody's own order is that of the alphabet, for it to count as none."""
_ELSEWHERE = frozenset(["anyOf", "oneOf", "enum", "const", "patternProperties", "minProperties", "maxProperties"])
"""What says more of an object than its properties do."""


def any_order_lark(document: Mapping[str, Any], options: Mapping[str, Any], kept: Collection[tuple[str, ...]]) -> str:
    """A Lark grammar of ``document``, a schema that the engine compiles. ``options`` are those of its compiler;
    ``kept``: the names, one after the other, of objects whose order is kept.

    Raises ``ValueError`` for a schema that no value fits.
    """
    rules = _Rules(document["$defs"], options, kept)
    start = rules.rule({key: value for key, value in document.items() if key != "$defs"})
    head = ['%llguidance {"ignore_once": true}', f"%ignore /{options['whitespace_pattern']}/", f"start: {start}"]
    return "\n".join([*head, *rules.lines(), ""])


def gives_order(schema: Any) -> bool:
    """Whether somebody chose the order of the properties. Where the names of every object stand by the alphabet, a
    program sorted them, as long as there are more than a few: n names stand so by chance in one of n! orders."""
    lists = list(_lists_of_names(schema))
    return any(names != sorted(names) for names in lists) or (
        sum(math.lgamma(len(names) + 1) for names in lists) < math.log(1 / _CHANCE)
    )


def _lists_of_names(node: Any) -> Iterator[list[str]]:
    if isinstance(node, dict) and isinstance(node.get("properties"), dict):
        yield list(node["properties"])
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from _lists_of_names(one)


def needed_names(node: Any) -> dict[str, None]:
    """What some object of a schema must have."""
    found: dict[str, None] = {}
    for key, value in node.items() if isinstance(node, dict) else enumerate(node if isinstance(node, list) else ()):
        if key == "required" and isinstance(value, list):
            found |= dict.fromkeys(one for one in value if isinstance(one, str))
        else:
            found |= needed_names(value)
    return found


class _Rules:
    def __init__(
        self, definitions: Mapping[str, Node], options: Mapping[str, Any], kept: Collection[tuple[str, ...]]
    ) -> None:
        self._definitions, self._options, self._kept = definitions, options, kept
        self._names: dict[str, str] = {}
        """By the text of the schema."""
        self._bodies: dict[str, str] = {}
        self._count = 0

    def lines(self) -> Iterator[str]:
        return (f"{name}: {body}" for name, body in self._bodies.items())

    def rule(self, node: Node) -> str:
        """The name of the rule that derives ``node``. Raises ``ValueError`` where nothing does."""
        text = json.dumps(node)
        if text not in self._names:
            name = self._names[text] = self._next()
            try:
                self._bodies[name] = self._body(name, node)
            except ValueError:
                del self._names[text]
                raise
        return self._names[text]

    def _next(self) -> str:
        self._count += 1
        return f"n{self._count}"

    def _body(self, name: str, node: Node) -> str:
        if not isinstance(node, dict) or not _has_order(node):
            return self._schema(node)
        if node.keys() == {"$ref"}:
            return self.rule(self._target(node))
        options = node.get("anyOf") or node.get("oneOf")
        if options and (len(node) == 1 or len(options) * len(_names(node)) <= _MOST):
            return self._alternatives(node, options)
        if (parts := self._parts(node, set())) and (body := self._object(name, node, parts)):
            return body
        if node.get("type") == "array" and node.keys() <= {"type", "items", "minItems", "maxItems"}:
            return self._array(node)
        return self._schema(node)

    def _schema(self, node: Node) -> str:
        """``node`` as the engine compiles it."""
        if node is False:
            raise ValueError("no value fits")
        whole = {**node} if isinstance(node, dict) else {}
        defs: dict[str, Node] = {}
        waiting = [json.dumps(whole)]
        while waiting:
            text = waiting.pop()
            for name in [name for name in self._definitions if f'"#/$defs/{name}"' in text and name not in defs]:
                defs[name] = self._definitions[name]
                waiting.append(json.dumps(defs[name]))
        return f"%json {json.dumps({**whole, **({'$defs': defs} if defs else {}), 'x-guidance': self._options})}"

    def _rule_of(self, body: str) -> str:
        """The name of a rule of this ``body``."""
        if body not in self._names:
            name = self._names[body] = self._next()
            self._bodies[name] = body
        return self._names[body]

    def _target(self, node: dict[str, Any]) -> Node:
        return self._definitions[node["$ref"].rpartition("/")[2]]

    def _alternatives(self, node: dict[str, Any], options: list[Node]) -> str:
        """Those without an order of their own are one schema: the engine tells texts and numbers apart in one step."""
        key = "anyOf" if "anyOf" in node else "oneOf"
        rest = {one: value for one, value in node.items() if one != key}
        plain = [one for one in options if not rest and not _has_order(one)]
        found = [self.rule({key: plain} if len(plain) > 1 else plain[0])] if plain else []
        for one in options:
            if one not in plain:
                try:
                    found.append(self.rule({"allOf": [rest, one]} if rest else one))
                except ValueError:
                    continue
        if not found:
            raise ValueError("no alternative is left")
        return " | ".join(dict.fromkeys(found))

    def _array(self, node: dict[str, Any]) -> str:
        least, most = node.get("minItems", 0), node.get("maxItems")
        if max(least, most or 0) > _LONGEST or most == 0:
            return self._schema(node)
        item = self.rule(node.get("items", True))
        more = "*" if least <= 1 and most is None else f"{{{max(least - 1, 0)},{'' if most is None else most - 1}}}"
        return f'"[" {item} ("," {item}){more} "]"' + ("" if least else ' | "[" "]"')

    def _parts(self, node: Node, seen: set[str]) -> list[dict[str, Any]] | None:
        """The schemas that together say what an object is; ``None`` where others have a say."""
        if not isinstance(node, dict):
            return [] if node else None
        if node.keys() & _ELSEWHERE or node.get("$ref") in seen or tuple(node.get("properties", ())) in self._kept:
            return None
        found = [{key: value for key, value in node.items() if key not in ("$ref", "allOf")}]
        inner = [*node.get("allOf", ())]
        if "$ref" in node:
            seen = seen | {node["$ref"]}
            inner.append(self._target(node))
        for one in inner:
            parts = self._parts(one, seen)
            if parts is None:
                return None
            found += parts
        return [part for part in found if part]

    def _object(self, name: str, node: dict[str, Any], parts: list[dict[str, Any]]) -> str:
        """Empty where the object is one of too many properties, or of none."""
        types = set.intersection(*map(_types, parts))
        if not types:
            raise ValueError("no type is left")
        names = dict.fromkeys(each for part in parts for each in _names(part))
        if "object" not in types or not 0 < len(names) <= _BITS:
            return ""
        left = sorted(types - ({"object", "integer"} if "number" in types else {"object"}))
        others = [self._rule_of(self._schema({"allOf": [node], "type": left}))] if left else []
        try:
            return " | ".join([*self._pairs(name, parts, list(names)), *others])
        except ValueError:
            if not others:
                raise
            return others[0]

    def _pairs(self, name: str, parts: list[dict[str, Any]], names: list[str]) -> list[str]:
        required = {each for part in parts for each in part.get("required", ())}
        values: dict[str, str] = {}
        for each in sorted(names, key=lambda one: one not in required):
            try:
                values[each] = self.rule(_both([part.get("properties", {}).get(each, _others(part)) for part in parts]))
            except ValueError:
                if each in required:
                    raise
        bits = {each: bit for bit, each in enumerate(values)}
        pair = [
            f'{_literal(each)} ":" {values[each]} {name}q::set_bit({bits[each]}) %if bit_clear({bits[each]})'
            for each in names
            if each in values
        ]
        other = _both([_others(part) for part in parts])
        if other is not False:
            key = self.rule({"type": "string", "pattern": patterns.other_than(names)})
            pair.append(f'{key} ":" {self.rule(other)} {name}q::_')
        end = f'"" %if is_ones([0:{len(required)}])' if required else '""'
        more = '"," ' + f"{name}p::_" + ("" if other is not False else f" %if not(is_ones([0:{len(values)}]))")
        self._bodies[f"{name}p::_"] = " | ".join(pair)
        self._bodies[f"{name}q::_"] = f"{end} | {more}"
        return [f'"{{" {name}p::0 "}}"'] * bool(pair) + ['"{" "}"'] * (not required)


def _has_order(node: Node) -> bool:
    text = json.dumps(node)
    return '"properties"' in text or '"required"' in text or '"$ref"' in text


def _names(node: dict[str, Any]) -> list[str]:
    return [*node.get("properties", ()), *node.get("required", ())]


def _others(part: dict[str, Any]) -> Node:
    found: Node = part.get("additionalProperties", True)
    return found


def _types(part: dict[str, Any]) -> set[str]:
    named = part.get("type", TYPES)
    found = {named} if isinstance(named, str) else set(named)
    return found | {"integer"} if "number" in found else found


def _both(schemas: list[Node]) -> Node:
    """What all of ``schemas`` allow."""
    if False in schemas:
        return False
    left = [one for at, one in enumerate(schemas) if one is not True and one not in schemas[:at]]
    return True if not left else left[0] if len(left) == 1 else {"allOf": left}


def _literal(text: str) -> str:
    """A text of JSON as a literal of Lark."""
    return json.dumps(json.dumps(text, ensure_ascii=False), ensure_ascii=False)
