"""What a function raises and catches, as classes: by the name that is written, else by the flow of values."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import CLASS, FUNCTION, METHOD, Reference
from .flow import Flow
from .program import Program
from .values import EXACT, INFERRED, OUTSIDE, UNKNOWN, Unit, Value, Values

_Target = tuple[str, str]
"""Id of a class, and how sure that is."""


def exceptions_of(program: Program, unit: Unit, flow: Flow, reference: Reference) -> list[_Target]:
    """The classes that a reference of the kinds ``RAISED`` and ``CAUGHT`` means; none where nobody can tell."""
    chain = reference.chain
    if not isinstance(chain, str):
        return sorted(set(_classes_in(program, flow.value(chain))))
    final = program.meaning(unit, chain)
    found: set[_Target] = set()
    for value in final.values:
        label = program.symbols[value.id][1].label if value.kind == "symbol" else ""
        if label == CLASS:
            found.add((value.id, EXACT if final.exact else INFERRED))
        elif label in (FUNCTION, METHOD):
            found |= set(_classes_in(program, flow.outcome(value.id)))
        elif value.kind == "external":
            found.add((OUTSIDE + value.id, UNKNOWN))
        elif value.kind == "foreign" and "." not in chain:
            found.add((own_exception(program, chain), UNKNOWN))
    return sorted(found or set(_classes_in(program, flow.value(chain))))


def own_exception(program: Program, name: str) -> str:
    """The id of an exception of the language's own."""
    return f"{OUTSIDE}builtins.{name}" if program.naming.packages else OUTSIDE + name


def _classes_in(program: Program, values: Values) -> Iterator[_Target]:
    for value in values:
        if value.kind in ("new", "instance", "class", "cls", "self"):
            yield value.id, INFERRED
        elif value.kind == "external" or (value.kind == "foreign" and _is_name(value)):
            yield OUTSIDE + value.id, UNKNOWN
        elif value.kind == "builtin":
            yield own_exception(program, value.id), UNKNOWN


def _is_name(value: Value) -> bool:
    """Whether it is an object of the class of that name, as an annotation or a handler says."""
    return value.id.rpartition(".")[2][:1].isupper()
