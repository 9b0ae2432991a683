"""Where each call arrives, and how sure that is; or why nobody can tell.

Every call site ends in edges, or in a *gap* with its reason, or is a call of Python's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..expressions import RECEIVERS, Expression, chain_of, parts
from ..facts import APPLIED, CALL, CLASS, FIELD, GLOBAL, PROTOCOL, RAISE, STORE, Call
from .calls import OBJECTS, callbacks, constructors
from .containers import APPLYING
from .flow import Flow
from .overloads import fitting, fitting_values
from .program import Program
from .values import EXACT, INFERRED, OUTSIDE, UNKNOWN, Meaning, Unit, Value, in_order

_EDGE = 20
"""Steps of work that an edge counts for."""

_Certain = tuple[str, str, str]


@dataclass(slots=True)
class Attribution:
    """One call: its edges as (type, target, resolution), and the gap where it may arrive somewhere else, too."""

    source: str
    line: int
    kind: str
    """Of the call, see ``facts``."""
    edges: list[_Certain] = field(default_factory=list)
    settled: bool = False
    """Whether all that the call can reach is known, be it Python's own or outside the library."""
    name: str = ""
    """Of the attribute that is called, where it is a gap; empty for a value without a name, and with a star for what is
    computed: ``visit_*``."""
    reason: str = ""
    """Why the call cannot be attributed; empty where it is."""


def calls(program: Program, unit: Unit, flow: Flow) -> Iterator[Attribution]:
    for number, call in enumerate(unit.facts.calls):
        if call.kind == APPLIED:
            yield _apply_decorator(program, flow, call, unit)
        elif call.kind != STORE:
            found = Attribution(unit.full(unit.facts.symbols[call.owner].path), call.line, call.kind)
            _attribute(program, unit, flow, call=call, number=number, found=found)
            flow.spend(_EDGE * len(found.edges))
            yield found


def _apply_decorator(program: Program, flow: Flow, call: Call, unit: Unit) -> Attribution:
    """Applying a decorator is an edge of its own, DECORATES, from what the text names; what a call in its place gave,
    and the constructor of a class, are called besides."""
    found = Attribution(unit.full(unit.facts.symbols[call.owner].path), call.line, call.kind)
    for value in sorted(flow.value(call.target)):
        if value.kind in ("class", "cls"):
            found.edges += [("CALLS", method, INFERRED) for method in constructors(flow, value)]
        elif isinstance(call.target, list) and call.target[0] == "(":
            _flowing(program, flow, value, call, found)
    return found


def _attribute(program: Program, unit: Unit, flow: Flow, call: Call, number: int, found: Attribution) -> None:
    base, name = parts(call.target)
    settled = False
    known = 0
    if isinstance(call.target, str):
        steps = program.steps(unit, call.target)
        for step in steps[:-1]:
            found.edges += _on_the_way(program, step)
        final = steps[-1]
        known = sum(step.values[0].kind != "unknown" for step in steps)
        final = fitting(program, flow, final, call)
        settled = _call_named(program, flow, call, final, found)
        outside = final.values[0].kind == "external"
        if outside and chain_of(call.target).start in RECEIVERS and program.classes.owners(name):
            found.name, found.reason = name, "an object that was made outside the library"
        if outside:
            found.edges += _called_back(program, flow, final.values[0], call)
    if not settled:
        # An operator on what may as well be Python's own is not claimed.
        owned = call.kind != PROTOCOL or name in _ENTERED or not _may_be_foreign(flow, base)
        for value in fitting_values(program, flow, sorted(flow.value(call.target)), call) if owned else ():
            settled = _flowing(program, flow, value, call, found) or settled
        if name in APPLYING and call.arguments and any(value.kind == "box" for value in flow.value(base)):
            found.edges += _call_per_element(program, flow, call)
        if name:
            found.edges += along(program, flow, call.target, known)
            settled = settled or any(value.kind in ("box", "view", "foreign", "builtin") for value in flow.value(base))
    found.settled = settled
    if call.kind in (PROTOCOL, RAISE):
        return
    if call.target in _TEXT_RUNNERS:
        found.name, found.reason = "*", "code that is made while it runs"
    elif settled and not found.edges:
        _made_outside(program, unit, flow, call=call, found=found)
    elif not settled:
        _guess(program, unit, call, name, found)


def _made_outside(program: Program, unit: Unit, flow: Flow, call: Call, found: Attribution) -> None:
    """A method of an object that foreign code has made, which may be one of the library's all the same."""
    base, name = attribute_taken(unit, call.target)
    if name in program.naming.calling and name != "":
        base, name = attribute_taken(unit, base)
    if not name and isinstance(call.target, list) and call.target[0] in program.naming.by_text:
        if any(value.kind == "foreign" and value.id for value in flow.value(call.target)):
            found.name, found.reason = "*", "an attribute whose name is computed"
        return
    if name in program.naming.common or not program.classes.owners(name):
        return
    if any(value.kind == "foreign" and value.id for value in flow.value(base)):
        found.name, found.reason = name, "an object that was made outside the library"


def attribute_taken(unit: Unit, target: Expression) -> tuple[Expression, str]:
    """The object and the attribute that an expression takes of it, also by a constant key or by way of a variable; the
    name is empty where it takes none."""
    for _ in range(_FAR):
        if not isinstance(target, list) or target[0] != "v":
            break
        flows = unit.facts.flows.get(target[1], ())
        if len(flows) != 1 or flows[0] == target:
            return target, ""
        target = flows[0]
    if isinstance(target, list) and target[0] == "[" and str(target[2]).isidentifier():
        return target[1], target[2]
    return parts(target)


_ENTERED = frozenset("__enter__ __exit__ __aenter__ __aexit__ __iter__ __next__ __aiter__ __anext__".split())  # noqa: SIM905


def _may_be_foreign(flow: Flow, base: Expression) -> bool:
    return any(value.kind in ("foreign", "builtin", "external", "box", "view") for value in flow.value(base))


def _on_the_way(program: Program, step: Meaning) -> Iterator[_Certain]:
    """Classes and variables named on the way to an attribute; a property on the way is run."""
    sure = EXACT if step.exact else INFERRED
    for value in step.values:
        if value.kind == "symbol":
            symbol = program.symbols[value.id][1]
            if "property" in symbol.flags:
                yield "CALLS", value.id, sure
            elif symbol.label in (CLASS, FIELD, GLOBAL):
                yield "USES", value.id, sure


def _call_named(program: Program, flow: Flow, call: Call, final: Meaning, found: Attribution) -> bool:
    """The call of something that scope and imports name. False where the flow of values has to say more."""
    settled = True
    sure = EXACT if final.exact else INFERRED
    for value in final.values:
        if value.kind == "external":
            found.edges += [("CALLS", OUTSIDE + value.id, UNKNOWN)] if call.kind != PROTOCOL else []
        elif value.kind == "symbol":
            settled = _symbol(program, flow, call, value=value, sure=sure, found=found) and settled
        elif value.kind == "cls":
            _construct(program, flow, value, sure=INFERRED, found=found, call=call)
        elif value.kind != "foreign" or "." not in str(call.target):
            settled = False
    return settled


def _symbol(program: Program, flow: Flow, call: Call, value: Value, sure: str, found: Attribution) -> bool:
    symbol = program.symbols[value.id][1]
    if symbol.label in (FIELD, GLOBAL):
        found.edges.append(("USES", value.id, sure))
        held = program.binding(value)
        known = [each for each in held.values if each.kind == "symbol"]
        for each in known:
            _symbol(program, flow, call, value=each, sure=sure if held.exact else INFERRED, found=found)
        return bool(known) and held.exact
    if symbol.label == CLASS:
        _construct(program, flow, Value("class", value.id), sure=sure, found=found, call=call)
        return True
    found.edges.append(("CALLS", value.id, sure))
    if "property" in symbol.flags:
        return False
    _call_wrapper(program, flow, value, call, found)
    return True


def _call_wrapper(program: Program, flow: Flow, value: Value, call: Call, found: Attribution) -> None:
    """What the decorators of a function put in its place; inside the wrapper, the function is called itself."""
    unit, symbol = program.symbols[value.id]
    inner = Attribution(found.source, call.line, call.kind)
    for wrapper in in_order(flow.contents(unit, f"{symbol.path}@")) if symbol.decorators else ():
        if wrapper.kind in ("function", "method"):
            inner.edges.append(("CALLS", wrapper.id, INFERRED))
        elif wrapper.kind in OBJECTS:
            _flowing(program, flow, wrapper, call, inner)
    found.edges += [edge for edge in inner.edges if edge[1] not in (value.id, found.source)]


def _construct(
    program: Program, flow: Flow, value: Value, sure: str, found: Attribution, call: Call | None = None
) -> None:
    found.edges.append(("CALLS", value.id, sure))
    if value.id in program.symbols:
        made = [Value("method", method) for method in constructors(flow, value)]
        kept = made if call is None else fitting_values(program, flow, made, call)
        found.edges += [("CALLS", method.id, sure) for method in kept]


def _flowing(program: Program, flow: Flow, value: Value, call: Call, found: Attribution) -> bool:
    """One value that the called expression can have."""
    if value.kind in ("function", "method", "partial"):
        found.edges.append(("CALLS", value.id, INFERRED))
        _call_wrapper(program, flow, value, call, found)
    elif value.kind in ("class", "cls"):
        _construct(program, flow, value, sure=INFERRED, found=found, call=call)
    elif value.kind in OBJECTS:
        methods = [member.id for member in flow.members(value, program.naming.invoked) if member.kind == "symbol"]
        found.edges += [("CALLS", method, INFERRED) for method in methods]
        return bool(methods)
    elif value.kind == "external":
        found.edges += [("CALLS", OUTSIDE + value.id, UNKNOWN)] if call.kind != PROTOCOL else []
        found.edges += _called_back(program, flow, value, call)
    elif value.kind == "builtin":
        found.edges += _called_back(program, flow, value, call)
    return True


def _call_per_element(program: Program, flow: Flow, call: Call) -> Iterator[_Certain]:
    """Functions that a method of a container calls with each element."""
    inner = Attribution("", call.line, call.kind)
    for each in sorted(flow.value(call.arguments[0])):
        if each.kind in ("function", "method"):
            _flowing(program, flow, each, call, inner)
    yield from inner.edges


def _called_back(program: Program, flow: Flow, value: Value, call: Call) -> Iterator[_Certain]:
    for function, _ in callbacks(value.id, call):
        inner = Attribution("", call.line, call.kind)
        for each in sorted(flow.value(function)):
            if each.kind not in ("builtin", "external", "foreign"):
                _flowing(program, flow, each, call, inner)
        yield from inner.edges


def along(program: Program, flow: Flow, target: Expression, known: int = 0) -> Iterator[_Certain]:
    """Fields and properties on the way through an attribute of an attribute, where the flow of values leads there.
    ``known``: as many parts of a chain are named by scope and imports."""
    base, name = parts(target)
    if not name or (isinstance(target, str) and target.count(".") < known):
        return
    yield from along(program, flow, base, known)
    for value in sorted(flow.value(base)):
        yield from _member(program, flow, value, name)


def _member(program: Program, flow: Flow, value: Value, name: str) -> Iterator[_Certain]:
    members = [member.id for member in flow.members(value, name) if member.kind == "symbol"]
    for member in members:
        unit, symbol = program.symbols[member]
        if "property" in symbol.flags:
            yield "CALLS", member, INFERRED
        elif symbol.label in (FIELD, GLOBAL):
            yield "USES", member, INFERRED
            for held in flow.contents(unit, symbol.path) if symbol.label == FIELD else ():
                if held.kind == "new":
                    yield from (("CALLS", m.id, INFERRED) for m in flow.members(held, "__get__") if m.kind == "symbol")
    if not members and value.kind in OBJECTS and not name.startswith("__"):
        yield from (("CALLS", m.id, INFERRED) for m in flow.members(value, "__getattr__") if m.kind == "symbol")


def _guess(program: Program, unit: Unit, call: Call, name: str, found: Attribution) -> None:
    """An attribute of an object of unknown type: only its name can tell."""
    computed = _name_pattern(unit, call.target)
    if computed:
        found.name, found.reason = computed, "an attribute whose name is computed"
        return
    kind = call.target[0] if isinstance(call.target, list) else "n"
    if not name or name in program.naming.calling:
        name = attribute_taken(unit, call.target if not name else parts(call.target)[0])[1]
    if not name:
        found.name = "*" if kind in program.naming.by_text else ""
        found.reason = _REASONS.get(kind, "a value that cannot be followed")
        return
    guess = None if name in program.naming.common else program.classes.only_method(unit, name)
    for value in guess.values if guess else ():
        found.edges.append(("CALLS", value.id, INFERRED))
    found.settled = name in program.naming.common and not program.classes.owners(name)
    if not guess and not found.settled:
        found.edges.append(("CALLS", f"{OUTSIDE}*.{name}", UNKNOWN))
        found.name, found.reason = name, "an object of unknown type"


def cut_short(unit: Unit) -> Attribution:
    """Says that calls of the file may arrive anywhere, since following its values would take too much work."""
    return Attribution(unit.id, 1, CALL, name="*", reason=CUT_SHORT)


CUT_SHORT = "values that take more steps to follow than one file may"
_FAR = 40
"""Steps back from a call to where a name is computed."""
_TEXT_RUNNERS = ("eval", "exec")
_NAMESPACES = ("globals", "locals", "vars", "__import__", "importlib.import_module", "builtins.__import__")


def _name_pattern(unit: Unit, target: Expression) -> str:
    """The pattern of names that a target can have which is looked up by a computed name; else empty."""
    for _ in range(_FAR):  # a variable may be assigned from itself by way of others
        if not isinstance(target, list):
            break
        if target[0] == "?":
            return f"{target[2]}*"
        if target[0] == "(":
            target = unit.facts.calls[target[1]].target
            if isinstance(target, str) and target.lstrip("=").replace("/", ".").replace(":", ".") in _NAMESPACES:
                return "*"
        elif target[0] == "v":
            flows = unit.facts.flows.get(target[1], ())
            target = flows[0] if len(flows) == 1 and flows[0] != target else ""
        else:
            target = target[1] if target[0] in (".", "[", "*", "|") else ""
    return ""


_REASONS = {
    "v": "a variable that nothing known is assigned to",
    "(": "the result of a call that cannot be followed",
    "[": "an item of a container whose contents are not known",
    "*": "an element of a container whose contents are not known",
}
