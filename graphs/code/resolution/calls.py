"""What a call does to the flow of values: it hands arguments to parameters, and gives what the callee gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ..expressions import Expression
from ..facts import NEW, Call
from .containers import elements, item
from .values import NOTHING, Unit, Value, Values, in_order, type_of

if TYPE_CHECKING:
    from .flow import Flow

OBJECTS = ("new", "instance", "self")


def invoke(flow: Flow, target: Value, call: Call, number: int, receivers: Values) -> Values:
    """``target`` is one value that the called expression can have."""
    if target.kind in ("function", "method"):
        shift = target.kind == "method"
        enter(flow, target.id, call, shift=shift)
        made, itself = flow.program.symbols[target.id]
        if call.kind == NEW and itself.path in made.members:
            return frozenset([Value("new", target.id)])  # a function that is used as a class
        return flow.outcome(target.id, receivers) | _passed_through(flow, target.id, call, shift)
    if target.kind == "partial":
        enter(flow, target.id, call._replace(arguments=[]))
        return flow.outcome(target.id)
    if target.kind == "lambda":
        unit, _, name = target.id.partition("|")
        home = flow.program.by_id[unit]
        flow.reads.add(target.id)
        hand_over(flow, home, name, home.facts.lambdas.get(name, ()), call)
        return flow.contents(home, f"{name}()")
    if target.kind in ("class", "cls"):
        for method in constructors(flow, target):
            enter(flow, method, call, shift=True)
        return frozenset([Value("new" if target.kind == "class" else "instance", target.id)])
    if target.kind in OBJECTS:
        for found in flow.members(target, flow.program.naming.invoked):
            if found.kind == "symbol":
                enter(flow, found.id, call, shift=True)
        return flow.method_result(target, flow.program.naming.invoked)
    if target.kind in ("builtin", "external"):
        return _outside(flow, target.id, call, number)
    return frozenset([target]) if target.kind == "foreign" else NOTHING


def _passed_through(flow: Flow, function: str, call: Call, shift: bool) -> Values:
    """Arguments that the function returns as it gets them."""
    symbol = flow.program.symbols[function][1]
    if not symbol.value:
        return NOTHING
    positional, *_ = _sort_parameters(symbol.parameters[shift:])
    given = {**dict(zip(positional, call.arguments, strict=False)), **dict(call.keywords)}
    found = [given[name] for name in symbol.value.split() if given.get(name)]
    return frozenset().union(*(flow.value(argument) for argument in found))


def constructors(flow: Flow, target: Value) -> Iterator[str]:
    """Methods that run when the class is called."""
    symbol = flow.program.symbols[target.id][1] if target.id in flow.program.symbols else None
    for name in flow.program.naming.constructors:
        for found in flow.members(target, name if name != "." or symbol is None else symbol.name):
            if found.kind == "symbol":
                yield found.id
    if symbol is not None and symbol.parameters:
        yield target.id
    for found in flow.program.classes.metaclass_members(target.id, "__call__"):
        yield found.id


def enter(flow: Flow, function: str, call: Call, *, shift: bool = False) -> None:
    unit, symbol = flow.program.symbols[function]
    flow.reads.add(function)
    hand_over(flow, unit, symbol.path, symbol.parameters[shift:], call)


def hand_over(flow: Flow, unit: Unit, path: str, parameters: tuple[str, ...], call: Call) -> None:
    """Arguments go to the parameters that Python gives them to."""
    if not call.arguments and not call.keywords:
        return
    positional, rest, named, options = _sort_parameters(parameters)
    at = 0
    for argument in call.arguments:
        if isinstance(argument, list) and argument[0] == "s":
            spread = elements(flow, flow.value(argument[1]))
            for name in positional[at:]:
                flow.give(unit, f"{path}:{name}", spread)
            if rest:
                flow.give(unit, f"{path}:{rest}[", spread)
            continue
        if argument:
            values = flow.value(argument)
            if at < len(positional):
                flow.give(unit, f"{path}:{positional[at]}", values)
            elif rest:
                flow.give(unit, f"{path}:{rest}[", values)
                flow.give(unit, f"{path}:{rest}[{at - len(positional)}", values)
        at += 1
    for name, argument in call.keywords:
        if not name:
            values = flow.value(argument)
            for parameter in (*positional[at:], *named):
                boxes = frozenset(value for value in values if value.kind == "box")
                flow.give(unit, f"{path}:{parameter}", item(flow, boxes, parameter))
        elif argument and (name in positional or name in named):
            flow.give(unit, f"{path}:{name}", flow.value(argument))
        elif argument and options:
            flow.give(unit, f"{path}:{options}[", flow.value(argument))
            flow.give(unit, f"{path}:{options}[{name}", flow.value(argument))


@lru_cache(maxsize=4096)
def _sort_parameters(parameters: tuple[str, ...]) -> tuple[list[str], str, list[str], str]:
    """Positional names, the one that takes the others, those given by name only, the one that takes all other names."""
    positional: list[str] = []
    named: list[str] = []
    rest = options = ""
    starred = False
    for name in parameters:
        if name.startswith("**"):
            options = name[2:]
        elif name.startswith("*"):
            rest, starred = name[1:], True
        else:
            (named if starred else positional).append(name.removeprefix("/"))
    return positional, rest, named, options


# Python's own functions, and the standard library's that hand functions on

_ELEMENTS = frozenset(["next", "min", "max", "sum", "functools.reduce", "random.choice"])
_OF_SEVERAL = frozenset(["min", "max"])
"""Those that give one of their arguments, where there are several."""
_SAME_CONTAINER = frozenset(
    """
    list tuple set frozenset iter sorted reversed enumerate dict collections.deque collections.OrderedDict
    itertools.chain itertools.cycle itertools.islice itertools.chain.from_iterable
    """.split()  # noqa: SIM905
)
_SAME_VALUE = frozenset(
    """
    staticmethod classmethod copy.copy copy.deepcopy dataclasses.replace asyncio.create_task
    asyncio.ensure_future asyncio.run asyncio.wait_for asyncio.shield weakref.proxy contextlib.closing
    typing.final functools.update_wrapper functools.cache types.MappingProxyType
    """.split()  # noqa: SIM905
)
_KEYED = frozenset(["sorted", "min", "max", "heapq.nsmallest", "heapq.nlargest", "itertools.groupby"])
_APPLYING = frozenset(
    """
    map filter functools.reduce itertools.starmap itertools.takewhile itertools.dropwhile
    """.split()  # noqa: SIM905
)
_STARTING = frozenset(
    """
    threading.Thread multiprocessing.Process threading.Timer concurrent.futures.ThreadPoolExecutor.submit
    contextvars.Context.run
    """.split()  # noqa: SIM905
)


_NAMESPACES = frozenset(
    "globals locals vars eval exec getattr __import__ importlib.import_module".split()  # noqa: SIM905
)
"""What they give can be anything of the library."""


def callbacks(name: str, call: Call) -> Iterator[tuple[Expression, list[Expression]]]:
    """Functions that a function outside the library calls at once, and what it hands them."""
    keywords = dict(call.keywords)
    if name in _APPLYING and call.arguments:
        yield call.arguments[0], [["*", argument] for argument in call.arguments[1:]]
    elif name in _KEYED and keywords.get("key"):
        yield keywords["key"], [["*", argument] for argument in call.arguments[:1]]
    elif name in _STARTING and keywords.get("target"):
        yield keywords["target"], [["*", keywords["args"]]] if keywords.get("args") else []
    elif name == "collections.defaultdict" and call.arguments:
        yield call.arguments[0], []


def _outside(flow: Flow, name: str, call: Call, number: int) -> Values:
    given: set[Value] = set()
    for function, arguments in callbacks(name, call):
        inner = call._replace(arguments=arguments, keywords=[])
        # The containers that a ``defaultdict`` makes for its keys are taken as one.
        for value in in_order(flow.value(function)):
            if value.kind not in ("builtin", "external") or value.id in ("list", "set", "dict", "collections.deque"):
                given |= (
                    invoke(flow, value, inner, number, NOTHING)
                    if value.kind != "builtin"
                    else frozenset([Value("box", f"{flow.unit.id}|[({number})")])
                )
    if name in _NAMESPACES:
        return NOTHING
    special = _SPECIAL.get(name)
    if special is not None:
        return special(flow, call, number, frozenset(given))
    first = call.arguments[0] if call.arguments else ""
    if name in _ELEMENTS:
        others = call.arguments if name in _OF_SEVERAL and len(call.arguments) > 1 else call.arguments[1:]
        rest = frozenset().union(*(flow.value(argument) for argument in others if argument))
        return elements(flow, flow.value(first)) | rest if first else NOTHING
    if name in _SAME_CONTAINER:
        same = flow.value(first) if first else NOTHING
        boxes = frozenset(value for value in same if value.kind in ("box", "view", "generator"))
        return boxes or flow.make(number, elements(flow, same))
    if name in _SAME_VALUE and first:
        return flow.value(first)
    return frozenset([Value("foreign", name)])


def _collect(flow: Flow, call: Call, number: int, given: Values) -> Values:
    return flow.make(number, given)


def _filter(flow: Flow, call: Call, number: int, given: Values) -> Values:
    return flow.value(call.arguments[1]) if len(call.arguments) > 1 else NOTHING


def _type(flow: Flow, call: Call, number: int, given: Values) -> Values:
    return frozenset().union(*(type_of(value) for value in flow.value(call.arguments[0]))) if call.arguments else given


def _partial(flow: Flow, call: Call, number: int, given: Values) -> Values:
    found: set[Value] = set()
    inner = call._replace(arguments=call.arguments[1:])
    for value in in_order(flow.value(call.arguments[0])) if call.arguments else ():
        if value.kind in ("function", "method", "partial"):
            enter(flow, value.id, inner, shift=value.kind == "method")
            found.add(Value("partial", value.id))
        else:
            found.add(value)
    return frozenset(found)


_SPECIAL: dict[str, Callable[[Flow, Call, int, Values], Values]] = {
    "map": _collect,
    "filter": _filter,
    "collections.defaultdict": _collect,
    "type": _type,
    "functools.partial": _partial,
}
