"""A JSON Schema in the keywords that the engine enforces exactly.

What it has no word for is said with what it has (``if``, ``not``, ``dependentRequired``, ``propertyNames``, …), or
refused. The result never allows more than the schema. It may allow less: formats are always enforced, properties come
in the order of the schema, whole numbers are written without a fraction, and a number that must not be whole is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .disjoint import conjuncts, types
from .given_schema import check, inexact, unsupported_error
from .json_place import EVERYWHERE, Arrays
from .keywords import ALONE, RULES, TOGETHER
from .references import Documents, Node
from .supported import ANY, COPIED, DEEPEST, ITEM, MOST, NAMING, kind_of
from .values import exact


class Rewriting:
    """One schema on its way. ``definitions`` holds what references led to, under names of our own."""

    def __init__(self, root: Node, given: Mapping[str, Node], draft: int, *, split: bool) -> None:
        """``split``: the alternatives of ``oneOf`` are kept apart by excluding the others from each, where the engine
        does not see by itself that they exclude one another."""
        self.draft, self.split = draft, split
        self.documents = Documents(root, given, draft)
        self.definitions: dict[str, Node] = {}
        self.names: list[str] = []
        """Names that objects may be told apart by."""
        self.left_out = 0
        """Keywords so far whose opposite could not be said."""
        self.differing: Arrays = frozenset()
        """Arrays whose items must differ, which the guide sees to."""
        self.kept: set[tuple[str, ...]] = set()
        """The names of objects whose order the schema gives by ``propertyOrdering``."""
        self._under: list[str | None] = [None]
        """The properties and arrays around the schema: names, ``ITEM``, ``ANY`` for names that are not known."""
        self.narrowed: list[tuple[str, Node]] = []
        """Places and alternatives of which something was left out, so that nothing may be left of them."""
        self._names: dict[int, str] = {}
        self._depth = self._steps = 0

    def schema(self, node: Node, where: str) -> Node:
        """``node``, which stands at ``where``. Raises ``InputError``."""
        check(node, where)
        if isinstance(node, bool):
            return node
        with self.deeper(where):
            return self._object(node, where)

    @contextmanager
    def deeper(self, where: str) -> Iterator[None]:
        """One schema inside another. Raises ``InputError`` when there are too many."""
        self._depth, self._steps = self._depth + 1, self._steps + 1
        if self._depth > DEEPEST or self._steps > MOST:
            raise inexact("it is too deep or too large", where)
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def under(self, name: str) -> Iterator[None]:
        """The schema of a property, or of the items of an array."""
        self._under.append(name)
        try:
            yield
        finally:
            self._under.pop()

    def differ(self) -> None:
        """The items of the array of this schema must differ."""
        level = next(at for at, name in enumerate(reversed(self._under)) if name != ITEM)
        name = self._under[-1 - level]
        self.differing = EVERYWHERE if name == ANY or self.differing is EVERYWHERE else self.differing | {(name, level)}

    def effective(self, node: dict[str, Any]) -> dict[str, Any]:
        """Without what has no effect: up to draft 7 that is everything beside a reference. Limits that are exclusive
        in the way of draft 4 are said in that of the newer ones."""
        if self.draft <= 7 and "$ref" in node:
            return {"$ref": node["$ref"]}
        found = {key: value for key, value in node.items() if kind_of(key) and key not in NAMING}
        for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(found.get(exclusive), bool) and found.pop(exclusive) and limit in found:
                found[exclusive] = found.pop(limit)
        return found

    def target(self, node: dict[str, Any], keyword: str, where: str) -> Node:
        """What the reference in ``node`` points at. Raises ``InputError``."""
        reference: str = node[keyword]
        if keyword == "$dynamicRef" and len(self.documents.dynamic.get(reference.rpartition("#")[2], ())) > 1:
            raise unsupported_error(keyword, where, why="what it means depends on the way that leads to it")
        return self.documents.resolve(node, reference, where)

    def definition(self, node: Node, where: str) -> Node:
        """A reference to ``node``, which is rewritten once."""
        if isinstance(node, bool):
            return node
        if id(node) not in self._names:
            name = self._names[id(node)] = str(len(self._names))
            with self.under(ANY):
                self.definitions[name] = self.schema(node, where)
        return {"$ref": f"#/$defs/{self._names[id(node)]}"}

    def inline(self, node: Node, where: str) -> Node:
        """``schema``, but without a reference where ``node`` is nothing else: the engine does not take a reference
        beside other keywords where it leads back to itself."""
        check(node, where)
        if isinstance(node, dict) and self.effective(node).keys() == {"$ref"}:
            with self.deeper(where):
                return self.inline(self.target(node, "$ref", where), f"{where}/$ref")
        return self.schema(node, where)

    def _object(self, node: dict[str, Any], where: str) -> Node:
        base: dict[str, Any] = {}
        more: list[Node] = []
        for key, value in self.effective(node).items():
            if key == "type" and self._said_by_alternatives(node, where):
                continue
            if key in COPIED:
                base[key] = exact(key, value, where)
            elif key in TOGETHER:
                base |= TOGETHER[key](self, node, where)
            else:
                more += RULES[key](self, node, where)
        return _combine(base, more)

    def _said_by_alternatives(self, node: dict[str, Any], where: str) -> bool:
        """Whether each alternative of ``node`` has no other types than ``node``: the engine does not take alternatives
        that lead back to themselves beside other keywords."""
        options = next((node[key] for key in ("anyOf", "oneOf") if key in node), None)
        own = types([node])
        return options is not None and all(types(list(conjuncts(self, one, where))) <= own for one in options)


def _combine(base: dict[str, Any], more: list[Node]) -> Node:
    """All of them at once. Only words that mean the same wherever they stand move into ``base``."""
    left: list[Node] = []
    for schema in more:
        if isinstance(schema, dict) and not schema.keys() - ALONE and not schema.keys() & base.keys():
            base = base | schema
        elif schema is not True:
            left.append(schema)
    if not left:
        return base or True
    return left[0] if len(left) == 1 and not base else {**base, "allOf": left}
