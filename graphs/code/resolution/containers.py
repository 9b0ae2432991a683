"""Containers in the flow of values: what iterating and looking up give, and what their methods put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..facts import Call
from .values import NOTHING, Value, Values, in_order

if TYPE_CHECKING:
    from .flow import Flow


APPLYING = frozenset(
    """
    forEach map filter find findIndex findLast some every flatMap reduce reduceRight sort each each_with_index collect
    select reject detect any all none sum min_by max_by sort_by group_by partition inject find_all for_each fold
    anyMatch allMatch noneMatch findFirst ifPresent mapToInt removeIf computeIfAbsent Select Where Any All First
    FirstOrDefault OrderBy ForEach Single Sum
    """.split()  # noqa: SIM905
)
"""Methods of containers that call a function with each element."""
_CODE = frozenset(["function", "method", "partial", "lambda"])
_ADDING = {
    **dict.fromkeys(["append", "add", "appendleft", "put", "put_nowait"], 0),
    **dict.fromkeys(["push", "unshift", "push_back", "emplace_back", "addLast", "offer"], 0),
    **dict.fromkeys(["insert", "setdefault"], 1),
}
"""Method -> position of the argument that goes in."""
_JOINING = ("extend", "update", "extendleft", "__iadd__", "__ior__", "addAll", "putAll")
_TAKING = frozenset(
    """
    get pop popleft setdefault __getitem__ get_nowait popitem shift first last peek poll getOrDefault at front back
    """.split()  # noqa: SIM905
)
_SAME = frozenset(
    """
    copy keys __iter__ __enter__ union difference intersection __add__ __or__ elements
    """.split()  # noqa: SIM905
)


def elements(flow: Flow, values: Values, depth: int = 0) -> Values:
    """What iterating gives."""
    found: set[Value] = set()
    for value in in_order(values):
        if value.kind == "box":
            found |= flow.box(value.id, "{" if "|{" in value.id else "[")
        elif value.kind == "view":
            found |= flow.box(value.id, "[")
        elif value.kind == "generator":
            unit, symbol = flow.program.symbols[value.id]
            found |= flow.contents(unit, f"{symbol.path}*")
        elif value.kind in ("class", "cls") and flow.program.classes.is_enum(value.id):
            found.add(Value("instance", value.id))
        elif value.kind in ("new", "instance", "self") and depth < 3:
            iterators = flow.method_result(value, "__iter__") | flow.method_result(value, "__aiter__")
            found |= elements(flow, iterators - {value}, depth + 1)
            for iterator in in_order(iterators):
                found |= flow.method_result(iterator, "__next__") | flow.method_result(iterator, "__anext__")
        elif value.kind in ("foreign", "external"):
            found.add(Value("foreign", value.id))
    return frozenset(found)


def item(flow: Flow, values: Values, key: str) -> Values:
    """What ``x[key]`` gives; an empty key is a computed one."""
    found: set[Value] = set()
    for value in in_order(values):
        if value.kind in ("box", "view"):
            exact = flow.box(value.id, f"[{key}") | flow.box(value.id, "[?") if key else NOTHING
            found |= exact or flow.box(value.id, "[")
        elif value.kind == "generator":
            found |= elements(flow, frozenset([value]))
        elif value.kind in ("class", "cls"):
            found |= {Value("instance", value.id)} if flow.program.classes.is_enum(value.id) else {value}
        elif value.kind in ("new", "instance", "self"):
            found |= flow.method_result(value, "__getitem__")
        elif value.kind in ("foreign", "external"):
            found.add(Value("foreign", value.id))
    return frozenset(found)


def use_container(flow: Flow, boxes: list[Value], name: str, call: Call, number: int) -> Values:
    """A method of Python's own containers, on containers whose contents are followed."""
    found: set[Value] = set()
    arguments = call.arguments
    for box in boxes:
        unit, _, slot = box.id.partition("|")
        home = flow.program.by_id[unit]
        if name == "__setitem__":
            key, value = arguments[0][1], flow.value(arguments[1])
            flow.give(home, f"{slot}[", value)
            flow.give(home, f"{slot}[{key or '?'}", value)
        elif name in _ADDING and len(arguments) > _ADDING[name]:
            value = flow.value(arguments[_ADDING[name]])
            flow.give(home, f"{slot}[", value)
            flow.give(home, f"{slot}[?", value)
        elif name in _JOINING:
            for argument in arguments:
                others = flow.value(argument)
                mappings = [flow.box(value.id, "[") for value in in_order(others) if value.kind in ("box", "view")]
                flow.give(home, f"{slot}[", elements(flow, others).union(*mappings))
            for key, argument in call.keywords:
                if key:
                    flow.give(home, f"{slot}[", flow.value(argument))
                    flow.give(home, f"{slot}[{key}", flow.value(argument))
        if name in _TAKING:
            found |= flow.box(box.id, "[")
            if len(arguments) > 1:
                found |= flow.value(arguments[1])
        elif name == "values":
            found.add(Value("view", box.id))
        elif name == "items":
            found |= flow.make(number, frozenset([box]))
        elif name in _SAME:
            found.add(box)
    if name in APPLYING and arguments:
        given = _apply(flow, call)
        found |= flow.make(number, given) if given else frozenset()
        found.update(boxes if name not in ("map", "flatMap", "collect", "Select") else ())
    return frozenset(found)


def _apply(flow: Flow, call: Call) -> Values:
    """What a function gives that gets each element."""
    from .calls import invoke

    base = call.target[1] if isinstance(call.target, list) else call.target.rpartition(".")[0]
    element = ["*", base]
    inner = call._replace(arguments=[element] if call.target[-1] != "reduce" else [element, element], keywords=[])
    called = [value for value in in_order(flow.value(call.arguments[0])) if value.kind in _CODE]
    return frozenset().union(*(invoke(flow, value, inner, -1, NOTHING) for value in called))
