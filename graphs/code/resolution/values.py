"""What the resolver speaks in: one file as the others see it, and what a chain can stand for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ..facts import Facts, SymbolFact

EXACT, INFERRED, UNKNOWN = "exact", "inferred", "unknown"
OUTSIDE = "external:"
"""Prefix of the ids of names outside the library."""

ROUTE_ID = "route:"
"""Prefix of the ids of paths of HTTP APIs, before the method: ``route:GET /users``."""

_TEST = re.compile(r"(^|\.)(tests?|conftest|test_\w*|\w*_test)(\.|#|$)")


class Value(NamedTuple):
    """What an expression can stand for.

    By scope alone: ``symbol``, ``module``, ``self``/``cls``/``super`` in a class, ``external`` (a dotted name outside
    the library), ``foreign`` (surely nothing of the library), ``unknown``.
    By the flow of values, where kinds of symbols are told apart: ``function``, ``method`` (bound to an object),
    ``partial``, ``lambda``, ``class``, ``new`` (made by calling the class), ``instance`` (of it or of one below),
    ``generator`` (by its function), ``box`` (a container, by the place that makes it), ``view`` (its values),
    ``builtin`` (Python's own, by name).
    """

    kind: str
    id: str


class Meaning(NamedTuple):
    values: tuple[Value, ...]
    exact: bool
    """True when scope and imports alone prove it."""


NOT_KNOWN, FOREIGN = Meaning((Value("unknown", ""),), False), Meaning((Value("foreign", ""),), False)

Values = frozenset[Value]
NOTHING: Values = frozenset()
FOREIGN_VALUES: Values = frozenset([Value("foreign", "")])


@dataclass(slots=True, eq=False)
class Unit:
    """One file as the others see it."""

    id: str
    """The module's name, with ``#2`` where another file has the same."""
    module: str
    document: int
    facts: Facts
    path: str = ""
    """Of the file, as people see it."""
    symbols: dict[str, SymbolFact] = field(default_factory=dict)
    members: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Path of a definition -> name -> paths of what it holds under that name."""
    names: dict[str, list[tuple[int, str, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for symbol in self.facts.symbols:
            self.symbols[symbol.path] = symbol
            if symbol.path:
                name = singleton(symbol.name) if "singleton" in symbol.flags else symbol.name
                self.members.setdefault(symbol.parent, {}).setdefault(name, []).append(symbol.path)
        for position, binding in enumerate(self.facts.bindings):
            self.names.setdefault(binding.name, []).append((position, binding.target, binding.certain))

    def full(self, path: str) -> str:
        return f"{self.id}.{path}" if path else self.id


def singleton(name: str) -> str:
    """How a method of the class itself is found among its members, where its objects have others."""
    return f"self.{name}"


@lru_cache(maxsize=65_536)
def is_test(name: str) -> bool:
    return _TEST.search(name) is not None


def in_order(values: Collection[Value]) -> Collection[Value]:
    """The values in an order that the texts alone give. Whoever follows further values for each of them walks them so:
    within a circle it matters which is asked first, and a set is walked in another order in each process."""
    return sorted(values) if len(values) > 1 else values


def type_of(value: Value) -> Values:
    if value.kind == "new":
        return frozenset([Value("class", value.id)])
    return frozenset([Value("cls", value.id)]) if value.kind in ("instance", "self") else NOTHING
