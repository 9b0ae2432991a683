"""The edges of one file: its references and calls, followed through all files.

    CONTAINS     module or definition -> what is defined in it
    HAS_METHOD   class -> method               HAS_FIELD   class -> field
    INHERITS     class -> base                 OVERRIDES   method -> method of an ancestor
    CALLS        caller -> function, method, property or class
    USES         user -> anything that is named but not called
    READS        user -> variable              WRITES      user -> variable
    RETURNS      function -> class of what it gives
    IMPORTS      module -> module or definition
    DECORATES    decorator -> decorated
    RAISES       function -> exception         CATCHES     function -> exception
    ROUTES       path of an HTTP API -> what handles it

``exact``: scope and imports alone prove the target. ``inferred``: the flow of values leads there, or a subclass may
override, or the library has the method's name once. ``unknown``: the target is not in the library; its id is
``external:numpy.array`` when imports name it and ``external:*.plot`` when only the attribute's name is known. Calls of
Python's builtins are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..expressions import Expression, parts
from ..facts import (
    BASE,
    CALL,
    CAUGHT,
    CLASS,
    DECORATOR,
    FIELD,
    FUNCTION,
    GLOBAL,
    HANDLER,
    IMPORT,
    LOAD,
    METHOD,
    RAISED,
    WRITTEN,
    Reference,
)
from .attribution import Attribution, along
from .exceptions import exceptions_of
from .flow import Flow
from .program import Program
from .values import EXACT, INFERRED, OUTSIDE, ROUTE_ID, UNKNOWN, Meaning, Unit, Value, singleton

TYPES = (
    "CALLS",
    "CATCHES",
    "CONTAINS",
    "DECORATES",
    "HAS_FIELD",
    "HAS_METHOD",
    "IMPORTS",
    "INHERITS",
    "OVERRIDES",
    "RAISES",
    "READS",
    "RETURNS",
    "ROUTES",
    "USES",
    "WRITES",
)


class EdgeFact(NamedTuple):
    source: str
    type: str
    target: str
    resolution: str
    line: int


EdgeRow = tuple[str, str, str, str, int]
"""An ``EdgeFact`` without the names, of which there are too many to make each an object of a class."""


def edges(program: Program, unit: Unit, flow: Flow, attributed: Iterable[Attribution]) -> set[EdgeRow]:
    """``attributed``: the file's calls."""
    found: set[EdgeRow] = set(_structure(program, unit))
    found.update(_returns(program, unit, flow))
    for reference in unit.facts.references:
        written = parts(reference.chain)[1] or str(reference.chain) if reference.kind == WRITTEN else ""
        for source, kind, target, resolution in _reference(program, unit, flow, reference):
            found.update([(source, kind, target, resolution, line) for line in reference.lines])
            if kind == "USES" and _is_variable(program, target):
                access = "WRITES" if written and target.rpartition(".")[2] in _last(written) else "READS"
                found.update([(source, access, target, resolution, line) for line in reference.lines])
    for call in attributed:
        for kind, target, sure in call.edges:
            found.add((call.source, kind, target, sure, call.line))
            if kind == "USES" and _is_variable(program, target):
                found.add((call.source, "READS", target, sure, call.line))
    return found


def _is_variable(program: Program, target: str) -> bool:
    known = program.symbols.get(target)
    return known is not None and known[1].label in (FIELD, GLOBAL)


def _last(written: str) -> tuple[str, str]:
    """The name that is assigned, as symbols write it: of ``@A.x`` it is ``x``."""
    name = re.split(r"[.:/]", written)[-1]
    return name, name.lstrip("$\\")


def _returns(program: Program, unit: Unit, flow: Flow) -> Iterator[EdgeFact]:
    """The classes of what a function gives, as its annotation says or its values."""
    for symbol in unit.facts.symbols:
        if symbol.label not in (FUNCTION, METHOD):
            continue
        slot = f"{symbol.path}()"
        if slot not in unit.facts.flows and slot not in unit.facts.declared:
            continue
        said = unit.facts.declared.get(slot)
        named = said[1] if isinstance(said, list) and said[0] == "i" and isinstance(said[1], str) else ""
        meant = program.meaning(unit, named) if named else None
        for value in flow.slot(slot):
            if value.kind in ("new", "instance", "self"):
                sure = EXACT if meant is not None and meant.exact else INFERRED
                yield EdgeFact(unit.full(symbol.path), "RETURNS", value.id, sure, symbol.line)
        for value in meant.values if meant is not None else ():
            if value.kind == "external":
                yield EdgeFact(unit.full(symbol.path), "RETURNS", OUTSIDE + value.id, UNKNOWN, symbol.line)


def _structure(program: Program, unit: Unit) -> Iterator[EdgeFact]:
    package = program.modules.get(unit.module.rpartition(".")[0])
    if package is not None and unit.id == unit.module:
        yield EdgeFact(package.id, "CONTAINS", unit.id, EXACT, 1)
    for symbol in unit.facts.symbols[1:]:
        if is_masked(program, unit, symbol.path):
            continue
        kind = {METHOD: "HAS_METHOD", FIELD: "HAS_FIELD"}.get(symbol.label, "CONTAINS")
        parent = program.class_at(unit, symbol.parent) if symbol.parent else unit.id
        if parent not in program.symbols:  # a method for a class that is not of the library
            yield EdgeFact(unit.id, "CONTAINS", unit.full(symbol.path), EXACT, symbol.line)
            continue
        yield EdgeFact(parent, kind, unit.full(symbol.path), EXACT, symbol.line)
        if symbol.label == METHOD:
            name = singleton(symbol.name) if "singleton" in symbol.flags else symbol.name
            yield from _overrides(program, parent, unit.full(symbol.path), name, symbol.line)


def is_masked(program: Program, unit: Unit, path: str) -> bool:
    """Whether a field is none, since its assignments reach a property of an ancestor."""
    symbol = unit.symbols[path]
    if "own" not in symbol.flags:
        return False
    home = program.class_at(unit, symbol.parent)
    return home in program.symbols and program.classes.is_masked(home, symbol.name)


def _overrides(program: Program, class_id: str, method: str, name: str, line: int) -> Iterator[EdgeFact]:
    above = program.classes.find(program.classes.order(class_id)[1:], name)
    for value in above.values if above else ():
        if value.kind == "symbol" and program.symbols[value.id][1].label == METHOD:
            yield EdgeFact(method, "OVERRIDES", value.id, EXACT if above and above.exact else INFERRED, line)


_Edge = tuple[str, str, str, str]


def _reference(program: Program, unit: Unit, flow: Flow, reference: Reference) -> Iterator[_Edge]:
    source = unit.full(unit.facts.symbols[reference.owner].path)
    chain = reference.chain
    if reference.kind in (RAISED, CAUGHT):
        kind = "RAISES" if reference.kind == RAISED else "CATCHES"
        yield from ((source, kind, *found) for found in exceptions_of(program, unit, flow, reference))
    elif reference.kind == HANDLER:
        for target, sure in _handlers(program, unit, flow, chain[2]):
            yield ROUTE_ID + chain[1], "ROUTES", target or source, sure
    elif isinstance(chain, list):
        yield from _follow(program, source, flow, chain)
    elif reference.kind == IMPORT:
        yield from _imports(program, unit, chain)
    else:
        steps = program.steps(unit, chain)
        for step in steps[:-1]:
            yield from _on_the_way(program, source, step)
        final = steps[-1]
        if final.values[0].kind == "unknown" and len(steps) > 1:
            yield from _follow(program, source, flow, chain, sum(s.values[0].kind != "unknown" for s in steps))
        else:
            yield from _arrivals(program, source, reference.kind, final)


def _handlers(program: Program, unit: Unit, flow: Flow, handler: Expression) -> Iterator[tuple[str, str]]:
    """What handles a path; an empty id where that is a function without a name."""
    named = program.meaning(unit, handler) if isinstance(handler, str) else None
    symbols = [value for value in named.values if value.kind == "symbol"] if named is not None else []
    for value in symbols:
        if not program.is_variable(value):
            yield value.id, _certainty(named) if named is not None else INFERRED
    if not symbols or any(map(program.is_variable, symbols)):
        for value in flow.value(handler):
            if value.kind in ("function", "method", "class", "new", "instance", "partial"):
                yield value.id, INFERRED
            elif value.kind == "lambda":
                yield "", INFERRED


def _imports(program: Program, unit: Unit, chain: str) -> Iterator[_Edge]:
    module, _, name = chain.partition(":")
    grouped = program.naming.grouped
    for target in (module, chain) if name and not grouped else (chain,):
        found = program.import_of(unit, target)
        for value in found.values:
            if value.kind in ("module", "symbol") and value.id != unit.id:
                yield unit.id, "IMPORTS", value.id, _certainty(found)
                others = program.naming.beside(program, program.by_id[value.id]) if value.kind == "module" else ()
                yield from ((unit.id, "IMPORTS", other.id, _certainty(found)) for other in others)
            elif value.kind == "external":
                yield unit.id, "IMPORTS", OUTSIDE + value.id, UNKNOWN


def _certainty(found: Meaning) -> str:
    return EXACT if found.exact else INFERRED


def _on_the_way(program: Program, source: str, step: Meaning) -> Iterator[_Edge]:
    """Classes and variables named on the way to an attribute; a property on the way is run."""
    for value in step.values:
        if value.kind == "symbol":
            symbol = program.symbols[value.id][1]
            if "property" in symbol.flags:
                yield source, "CALLS", value.id, _certainty(step)
            elif symbol.label in (CLASS, FIELD, GLOBAL):
                yield source, "USES", value.id, _certainty(step)


def _arrivals(program: Program, source: str, kind: str, final: Meaning) -> Iterator[_Edge]:
    for value in final.values:
        if value.kind == "external":
            yield _edge(source, kind, OUTSIDE + value.id, UNKNOWN)
        elif value.kind == "symbol":
            yield from _symbol(program, source, kind, value, _certainty(final))


def _symbol(program: Program, source: str, kind: str, value: Value, certainty: str) -> Iterator[_Edge]:
    symbol = program.symbols[value.id][1]
    if symbol.label in (FIELD, GLOBAL):
        yield source, "USES", value.id, certainty
        if kind in (BASE, DECORATOR):
            held = program.binding(value)
            for target in held.values:
                if target.kind == "symbol" and program.symbols[target.id][1].label in (CLASS, FUNCTION, METHOD):
                    yield _edge(source, kind, target.id, certainty if held.exact else INFERRED)
    else:
        yield _edge(source, CALL if "property" in symbol.flags else kind, value.id, certainty)


def _follow(program: Program, source: str, flow: Flow, chain: Expression, known: int = 0) -> Iterator[_Edge]:
    """An attribute of what the flow of values leads to: a property is run, anything else is used."""
    base, name = parts(chain)
    found = list(along(program, flow, chain, known))
    yield from ((source, kind, target, sure) for kind, target, sure in found)
    for value in flow.value(base):
        for member in flow.members(value, name):
            if member.kind == "symbol":
                yield from _symbol(program, source, LOAD, member, INFERRED)
    guess = program.classes.only_method(flow.unit, name) if not found and not flow.value(base) else None
    for member in guess.values if guess else ():
        if "property" in program.symbols[member.id][1].flags:
            yield source, "CALLS", member.id, INFERRED


def _edge(source: str, kind: str, target: str, certainty: str) -> _Edge:
    if kind == DECORATOR:
        return target, "DECORATES", source, certainty
    return source, {CALL: "CALLS", BASE: "INHERITS"}.get(kind, "USES"), target, certainty
