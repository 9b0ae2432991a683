"""Which of several functions of one name a call means, by the number and the types of its arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import FUNCTION, METHOD, Call
from .flow import Flow
from .program import Program
from .values import Meaning, Value

_NUMBER = re.compile(r"#\d+$")
_ANYTHING = frozenset(["Object", "object", "dynamic", "auto", "?", "var", ""])
_WIDER = {
    "int": frozenset(["int", "Integer", "long", "Long", "float", "double", "Number", "short", "byte"]),
    "double": frozenset(["double", "Double", "Number"]),
    "String": frozenset(["String", "CharSequence", "string"]),
    "boolean": frozenset(["boolean", "Boolean", "bool"]),
    "char": frozenset(["char", "Character", "int"]),
}


def fitting(program: Program, flow: Flow, found: Meaning, call: Call) -> Meaning:
    values = fitting_values(program, flow, found.values, call)
    return found if len(values) == len(found.values) else Meaning(tuple(values), found.exact)


def fitting_values(program: Program, flow: Flow, values: Sequence[Value], call: Call) -> Sequence[Value]:
    """Keeps of functions of one class and name those that take such arguments; everything else stays."""
    if not program.naming.overloads or len(values) < 2:
        return values
    groups: dict[str, list[Value]] = {}
    kept = []
    for value in values:
        symbol = program.symbols[value.id][1] if value.id in program.symbols else None
        if symbol is None or symbol.label not in (FUNCTION, METHOD):
            kept.append(value)
        else:
            groups.setdefault(_NUMBER.sub("", value.id), []).append(value)
    for group in groups.values():
        kept += _best(program, flow, group, call) if len(group) > 1 else group
    return kept


def _best(program: Program, flow: Flow, group: list[Value], call: Call) -> list[Value]:
    ranks = {value: _by_number(program, value, call) for value in group}
    group = [value for value in group if ranks[value] == min(ranks.values())]
    if len(group) < 2:
        return group
    given = [_types(program, flow, argument) for argument in call.arguments]
    scores = {value: _by_types(_parameter_types(program, value), given) for value in group}
    best = max(scores.values())
    return [value for value in group if scores[value] == best]


def _by_number(program: Program, value: Value, call: Call) -> int:
    """The smaller the better: all parameters given; a rest that takes the others; some left to their defaults."""
    taken = [name for name in program.symbols[value.id][1].parameters if name != "this"]
    count, rest = len(call.arguments), bool(taken) and taken[-1].startswith("*")
    if len(taken) == count and not rest:
        return 0
    if rest and count >= len(taken) - 1:
        return 1
    return 2 if count < len(taken) else 3


def _parameter_types(program: Program, value: Value) -> list[str]:
    flags = program.symbols[value.id][1].flags
    found = next((flag.removeprefix("takes ") for flag in flags if flag.startswith("takes ")), "")
    return found.split(",") if found else []


def _types(program: Program, flow: Flow, argument: object) -> frozenset[str]:
    """Names of the types that an argument has, its ancestors' too; none where that is not known."""
    names: set[str] = set()
    if isinstance(argument, list) and argument[0] == "v":
        argument = flow.facts.declared.get(argument[1], argument)
    if isinstance(argument, list) and argument[0] == "(":
        for value in flow.value(flow.facts.calls[argument[1]].target):
            flags = program.symbols[value.id][1].flags if value.id in program.symbols else ()
            given = [flag.removeprefix("gives ") for flag in flags if flag.startswith("gives ")]
            names.update(*(_WIDER.get(name, [name]) for name in given if len(name) > 2))
    for value in flow.value(argument) if argument else ():  # type: ignore[arg-type]
        if value.kind in ("new", "instance", "self"):
            names |= {each.rpartition(".")[2].partition("#")[0] for each in program.classes.order(value.id)}
        elif value.kind == "foreign" and value.id:
            name = value.id.rpartition(".")[2]
            names |= _WIDER.get(name, frozenset([name]))
    return frozenset(names)


def _by_types(taken: list[str], given: list[frozenset[str]]) -> float:
    score = 0.0
    for wanted, names in zip(taken, given, strict=False):
        if not names:
            continue
        if wanted in names:
            score += 1
        elif wanted not in _ANYTHING and not (len(wanted) <= 2 and wanted.isupper()):
            score -= 1
    return score
