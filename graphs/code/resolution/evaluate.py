"""What an expression of the facts can hold, by its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .containers import elements, item
from .values import FOREIGN_VALUES, NOTHING, Value, Values, in_order

if TYPE_CHECKING:
    from .flow import Flow


def _instance(flow: Flow, expression: list[Any]) -> Values:
    found: set[Value] = set()
    for value in flow.value(expression[1]):
        if value.kind in ("class", "cls"):
            found.add(Value("instance", value.id))
        elif value.kind in ("external", "builtin"):
            found.add(Value("foreign", value.id))
    return frozenset(found)


def _enter(flow: Flow, expression: list[Any]) -> Values:
    _, manager, call = expression
    values = flow.value(manager)
    boxes = frozenset(value for value in values if value.kind in ("generator", "box"))
    entered = flow.result(call[1]) if isinstance(call, list) else NOTHING
    return elements(flow, boxes) | (entered - values if boxes else entered)


def _each_value(flow: Flow, expression: list[Any]) -> Values:
    found: set[Value] = set()
    for value in in_order(flow.value(expression[1])):
        if value.kind in ("box", "view"):
            found |= flow.box(value.id, "[")
    return frozenset(found)


EVALUATE: dict[str, Callable[[Flow, list[Any]], Values]] = {
    "v": lambda flow, e: flow.slot(e[1]),
    ".": lambda flow, e: flow.attribute(flow.value(e[1]), e[2]),
    "(": lambda flow, e: flow.result(e[1]),
    "[": lambda flow, e: item(flow, flow.value(e[1]), e[2]),
    "b": lambda flow, e: frozenset([Value("box", f"{flow.unit.id}|{e[1]}")]),
    "d": lambda flow, e: frozenset([flow.definition(e[1])]),
    "o": lambda flow, e: frozenset([Value("new", flow.unit.full(e[1]))]),
    "l": lambda flow, e: frozenset([Value("lambda", f"{flow.unit.id}|{e[1]}")]),
    "i": _instance,
    "c": lambda flow, e: frozenset(
        Value("cls", value.id) if value.kind == "class" else value for value in flow.value(e[1])
    ),
    "|": lambda flow, e: frozenset().union(*(flow.value(part) for part in e[1:])),
    "*": lambda flow, e: elements(flow, flow.value(e[1])),
    "*v": _each_value,
    "w": _enter,
    "s": lambda flow, e: flow.value(e[1]),
    "?": lambda flow, e: flow.beginning(flow.value(e[1]), e[2]) if e[2] and e[3] else NOTHING,
    "k": lambda flow, e: FOREIGN_VALUES,
}
