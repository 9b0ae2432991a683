"""The edges of one file: its references, followed through all files.

    CONTAINS     module or definition -> what is defined in it
    HAS_METHOD   class -> method               HAS_FIELD   class -> field
    INHERITS     class -> base                 OVERRIDES   method -> method of an ancestor
    CALLS        caller -> function, method, property or class
    USES         user -> anything that is named but not called
    IMPORTS      module -> module or definition
    DECORATES    decorator -> decorated

``exact``: scope and imports alone prove the target. ``inferred``: an annotation, an assigned type, a subclass that may
override, or a method name that the library has once. ``unknown``: the target is not in the library; its id is
``external:numpy.array`` when imports name it and ``external:*.plot`` when only the attribute's name is known. Calls of
Python's builtins are left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import GeneratorType
from typing import NamedTuple

from .facts import BASE, CALL, CLASS, DECORATOR, FIELD, FUNCTION, GLOBAL, IMPORT, METHOD, Reference
from .library import Library
from .values import OUTSIDE, Found, Unit, Value

EXACT, INFERRED, UNKNOWN = "exact", "inferred", "unknown"
TYPES = ("CALLS", "CONTAINS", "DECORATES", "HAS_FIELD", "HAS_METHOD", "IMPORTS", "INHERITS", "OVERRIDES", "USES")

_COMMON = frozenset(
    name
    for kind in (str, bytes, list, dict, set, frozenset, tuple, int, float, complex, GeneratorType, io.TextIOWrapper)
    for name in dir(kind)
)
"""Attributes of Python's own types: on an unknown object they say nothing about the library."""


class EdgeFact(NamedTuple):
    source: str
    type: str
    target: str
    resolution: str
    line: int


def edges(library: Library, unit: Unit) -> set[EdgeFact]:
    found = set(_structure(library, unit))
    for reference in unit.facts.references:
        for source, kind, target, resolution in _reference(library, unit, reference):
            found.update(EdgeFact(source, kind, target, resolution, line) for line in reference.lines)
    return found


def _structure(library: Library, unit: Unit) -> Iterator[EdgeFact]:
    package = library.modules.get(unit.module.rpartition(".")[0])
    if package is not None and unit.id == unit.module:
        yield EdgeFact(package.id, "CONTAINS", unit.id, EXACT, 1)
    for symbol in unit.facts.symbols[1:]:
        kind = {METHOD: "HAS_METHOD", FIELD: "HAS_FIELD"}.get(symbol.label, "CONTAINS")
        yield EdgeFact(unit.full(symbol.parent), kind, unit.full(symbol.path), EXACT, symbol.line)
        if symbol.label == METHOD:
            yield from _overrides(library, unit.full(symbol.parent), unit.full(symbol.path), symbol.name, symbol.line)


def _overrides(library: Library, class_id: str, method: str, name: str, line: int) -> Iterator[EdgeFact]:
    above = library.classes.find(library.classes.order(class_id)[1:], name)
    for value in above.values if above else ():
        if value.kind == "symbol" and library.symbols[value.id][1].label == METHOD:
            yield EdgeFact(method, "OVERRIDES", value.id, EXACT if above and above.exact else INFERRED, line)


_Edge = tuple[str, str, str, str]


def _reference(library: Library, unit: Unit, reference: Reference) -> Iterator[_Edge]:
    source = unit.full(unit.facts.symbols[reference.owner].path)
    if reference.kind == IMPORT:
        yield from _imports(library, unit, reference.chain)
        return
    steps = library.steps(unit, reference.chain)
    known = reference.chain.partition("|")[0].count(".") + 1 if "|" in reference.chain else 0
    for step in steps[known:-1]:
        yield from _passed(library, source, step)
    name = reference.chain.rpartition(".")[2]
    if name.endswith(")"):
        return  # the result of a call is called; the inner call is a reference of its own
    final = steps[-1]
    if final.values[0].kind == "unknown" and len(steps) > 1:
        yield from _by_name(library, unit, source, reference.kind, name)
    else:
        yield from _arrivals(library, source, reference.kind, final)


def _imports(library: Library, unit: Unit, chain: str) -> Iterator[_Edge]:
    module, _, name = chain.partition(":")
    for target in (module, chain) if name else (module,):
        found = library.imported(unit, target)
        for value in found.values:
            if value.kind in ("module", "symbol") and value.id != unit.id:
                yield unit.id, "IMPORTS", value.id, _certainty(found)
            elif value.kind == "external":
                yield unit.id, "IMPORTS", OUTSIDE + value.id, UNKNOWN


def _certainty(found: Found) -> str:
    return EXACT if found.exact else INFERRED


def _passed(library: Library, source: str, step: Found) -> Iterator[_Edge]:
    """Classes and variables named on the way to an attribute; a property on the way is run."""
    for value in step.values:
        if value.kind == "symbol":
            symbol = library.symbols[value.id][1]
            if "property" in symbol.flags:
                yield source, "CALLS", value.id, _certainty(step)
            elif symbol.label in (CLASS, FIELD, GLOBAL):
                yield source, "USES", value.id, _certainty(step)


def _arrivals(library: Library, source: str, kind: str, final: Found) -> Iterator[_Edge]:
    for value in final.values:
        if value.kind == "external":
            yield _edge(source, kind, OUTSIDE + value.id, UNKNOWN)
        elif value.kind == "cls" and kind == CALL:
            yield source, "CALLS", value.id, INFERRED
        elif value.kind == "symbol":
            yield from _symbol(library, source, kind, value, _certainty(final))


def _symbol(library: Library, source: str, kind: str, value: Value, certainty: str) -> Iterator[_Edge]:
    symbol = library.symbols[value.id][1]
    if symbol.label in (FIELD, GLOBAL):
        yield source, "USES", value.id, certainty
        if kind in (CALL, BASE, DECORATOR):
            yield from _alias(library, source, kind, value, certainty)
    elif kind == CALL and "property" in symbol.flags:
        yield source, "CALLS", value.id, certainty
    elif "property" in symbol.flags:
        yield _edge(source, CALL, value.id, certainty)
    else:
        yield _edge(source, kind, value.id, certainty)


def _alias(library: Library, source: str, kind: str, value: Value, certainty: str) -> Iterator[_Edge]:
    """``neighbors = successors``: what the variable holds is called as well."""
    held = library.held(value)
    for target in held.values:
        if target.kind == "symbol" and library.symbols[target.id][1].label in (CLASS, FUNCTION, METHOD):
            yield _edge(source, kind, target.id, certainty if held.exact else INFERRED)


def _by_name(library: Library, unit: Unit, source: str, kind: str, name: str) -> Iterator[_Edge]:
    """An attribute of an object of unknown type: only its name can tell."""
    guess = None if name in _COMMON else library.classes.only_method(unit, name)
    values = guess.values if guess else ()
    if kind != CALL:
        values = tuple(value for value in values if "property" in library.symbols[value.id][1].flags)
        kind = CALL if values else kind
    for value in values:
        yield _edge(source, kind, value.id, INFERRED)
    if not values and kind == CALL and (name not in _COMMON or library.classes.owners(name)):
        yield _edge(source, kind, f"{OUTSIDE}*.{name}", UNKNOWN)


def _edge(source: str, kind: str, target: str, certainty: str) -> _Edge:
    if kind == DECORATOR:
        return target, "DECORATES", source, certainty
    return source, {CALL: "CALLS", BASE: "INHERITS"}.get(kind, "USES"), target, certainty
