"""What a file says in a way that nobody can follow, besides its calls: bases that are computed, modules that are
imported by a computed name, methods that are taken of unknown objects, and exceptions of unknown class. Each is a gap,
whose name begins with a colon or a dot, so that it is no name of a definition."""

from __future__ import annotations

from collections.abc import Iterator

from ..expressions import Expression, parts
from ..facts import BASE, CLASS, LOAD, RAISED, Call
from .attribution import Attribution
from .exceptions import exceptions_of
from .flow import Flow
from .program import Program
from .values import Unit, Value

COMPUTED_BASE = ":base"
COMPUTED_IMPORT = ":import"
UNKNOWN_RAISE = ":raise"


def other_gaps(program: Program, unit: Unit, flow: Flow) -> Iterator[Attribution]:
    """All of them."""
    yield from computed_bases(program, unit)
    yield from computed_imports(program, unit)
    yield from unknown_loads(program, unit, flow)
    yield from unknown_raises(program, unit, flow)


def computed_bases(program: Program, unit: Unit) -> Iterator[Attribution]:
    for symbol in unit.facts.symbols:
        if symbol.label == CLASS and any(not _is_known(program, unit, base) for base in symbol.bases):
            place = unit.full(symbol.path)
            yield Attribution(place, symbol.line, BASE, name=COMPUTED_BASE, reason="a base that is computed")


def _is_known(program: Program, unit: Unit, base: str) -> bool:
    return base != "*" and all(_is_class(program, value) for value in program.meaning(unit, base).values)


def _is_class(program: Program, value: Value) -> bool:
    if program.is_variable(value):
        return all(held.kind not in ("unknown", "foreign") for held in program.binding(value).values)
    return value.kind != "unknown"


def computed_imports(program: Program, unit: Unit) -> Iterator[Attribution]:
    """Also ``type(name, bases, members)``, a class whose bases stand in no class statement."""
    for call in unit.facts.calls:
        place = unit.full(unit.facts.symbols[call.owner].path)
        if call.target in _MAKERS and len(call.arguments) == _MADE_OF:
            yield Attribution(place, call.line, call.kind, name=COMPUTED_BASE, reason="a class that is made by a call")
        elif isinstance(call.target, str) and not _is_written(call) and _imports(program, unit, call.target):
            yield Attribution(place, call.line, call.kind, name=COMPUTED_IMPORT, reason="an import of a computed name")


_MAKERS = ("type",)
_MADE_OF = 3


def unknown_loads(program: Program, unit: Unit, flow: Flow) -> Iterator[Attribution]:
    """Methods that are taken of an object of unknown type, to be called by whoever gets them. The gap's name begins
    with a dot."""
    for reference in unit.facts.references:
        base, name = parts(reference.chain)
        if reference.kind != LOAD or not name or (isinstance(base, str) and not base.startswith("*")):
            continue
        if name in program.naming.common or not program.classes.owners(name):
            continue
        if all(value.kind == "foreign" and value.id for value in flow.value(base)):
            place = unit.full(unit.facts.symbols[reference.owner].path)
            for line in reference.lines:
                yield Attribution(place, line, LOAD, name=f".{name}", reason="a method of an object of unknown type")


def unknown_raises(program: Program, unit: Unit, flow: Flow) -> Iterator[Attribution]:
    for reference in unit.facts.references:
        if reference.kind == RAISED and not exceptions_of(program, unit, flow, reference):
            place = unit.full(unit.facts.symbols[reference.owner].path)
            for line in reference.lines:
                yield Attribution(place, line, RAISED, name=UNKNOWN_RAISE, reason="an exception of unknown class")


def _is_written(call: Call) -> bool:
    first: Expression = call.arguments[0] if call.arguments else "*"
    return isinstance(first, list) and first[0] == "k"


def _imports(program: Program, unit: Unit, target: str) -> bool:
    """Whether a call of ``target`` imports what it is given the name of."""
    names = program.naming.importing
    last = target.rpartition(".")[2].rpartition(":")[2]
    if all(name.rpartition(".")[2] != last for name in names):
        return False  # that is so of nearly all calls, and quick to see
    found = program.meaning(unit, target).values
    return target in names or any(value.kind == "external" and value.id in names for value in found)
