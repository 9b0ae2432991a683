"""The flow of values through one file: what variables, results, fields and containers can hold.

A file is evaluated by itself, in a fixed order. Of other files it sees only *summaries*: what their functions return
and their fields hold, and what is handed to this file's parameters, as the round before found it (see ``rounds``). So
the outcome is a pure function of the file, the library's interfaces and those summaries, and circles through other
files need no fixpoint. Circles inside the file see what the round before knew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..expressions import MOST, Expression, parts
from ..facts import APPLIED, CLASS, FIELD, FUNCTION, GLOBAL, METHOD, RAISE, STORE
from ..work_limit import MOST as WORK
from .calls import invoke
from .containers import item, use_container
from .evaluate import EVALUATE
from .program import Program
from .values import FOREIGN_VALUES, NOTHING, Unit, Value, Values, in_order, type_of

Summaries = Mapping[str, Values]
"""``unit|slot`` -> what it holds."""

_DEPTH = 40
_STEPS = 600
"""Of work for each call and slot of a file: what a file that is one knot may cost; in all no more than the work of
one file."""
_VARIABLE = re.compile(r"[\w.#]+$")
_CODE = frozenset(["function", "method", "partial", "lambda"])
_HOLDING = frozenset(["box", "view"])
_TELLING = frozenset(
    """
    function method partial lambda class cls new instance self generator box view
    """.split()  # noqa: SIM905
)


class Flow:
    def __init__(self, program: Program, unit: Unit, summaries: Summaries) -> None:
        self.program: Program = program
        self.unit: Unit = unit
        self.facts = unit.facts
        self.reads: set[str] = set()
        """Slots of other files, and definitions, that the outcome hangs on. A file reads all its own slots."""
        self.given: dict[str, set[Value]] = {}
        """``unit|slot`` -> what this file says that it holds."""
        self._summaries = summaries
        self._slots: dict[str, Values] = {}
        self._chains: dict[str, Values] = {}
        self._results: dict[int, Values] = {}
        self._open: dict[int, set[Any]] = {id(known): set() for known in (self._slots, self._chains, self._results)}
        self._depth = 0
        self._cuts = 0
        self._left = min(WORK, _STEPS * (len(self.facts.calls) + len(self.facts.flows) + 100))

    def run(self) -> dict[str, set[Value]]:
        """What the file says of its own slots and of others' that it hands values to."""
        for number in range(len(self.facts.calls)):
            self.result(number)
        for slot in (*self.facts.flows, *self.facts.declared):
            if ":" not in slot:
                self.give(self.unit, slot, self.slot(slot), own=slot.endswith("()"))
        if self.is_cut:
            self.given[f"{self.unit.id}|"] = {Value("cut", "")}
        return self.given

    def give(self, unit: Unit, slot: str, values: Values, *, own: bool = False) -> None:
        """``own``: the receiver stays the receiver, whatever it is where the function is called."""
        self._left -= len(values)
        kept = [value for value in values if value.kind in _TELLING] if values else []
        if not kept:
            return
        # Containers of numbers and texts are not followed; what a variable holds is, since others may fill it.
        if any(value.kind in _HOLDING for value in kept) and not _VARIABLE.match(slot):
            kept = [v for v in in_order(kept) if v.kind not in _HOLDING or self._has_content(v, 0)]
        if kept:
            kept = kept if own else [Value("instance", v.id) if v.kind == "self" else v for v in kept]
            self.given.setdefault(f"{unit.id}|{slot}", set()).update(kept)

    def _has_content(self, box: Value, depth: int) -> bool:
        inside = self.box(box.id, "[") | self.box(box.id, "{")
        return any(
            value.kind in _TELLING
            and (value.kind not in _HOLDING or (depth < 2 and self._has_content(value, depth + 1)))
            for value in in_order(inside)
        )

    def spend(self, steps: int) -> None:
        self._left -= steps

    @property
    def is_cut(self) -> bool:
        """Whether the file has taken more work than it may; nothing further is then said of its values."""
        return self._left < 0

    @property
    def is_partial(self) -> bool:
        """Whether it did so here, or in the round before."""
        return self.is_cut or bool(self._summaries.get(f"{self.unit.id}|", NOTHING))

    # Expressions

    def value(self, expression: Expression) -> Values:
        if self._left < 0:
            return NOTHING
        if isinstance(expression, str):
            return self._chain(expression) if expression else FOREIGN_VALUES
        form = expression[0]
        if form == "v":
            return self.slot(expression[1])
        return self.result(expression[1]) if form == "(" else EVALUATE[form](self, expression)

    def _once(self, known: dict[Any, Values], key: Any, compute: Callable[[Any], Values], default: Values) -> Values:
        self._left -= 1
        open_here = self._open[id(known)]
        if key in open_here or self._depth > _DEPTH or self._left < 0:
            self._cuts += 1
            return default
        before = self._cuts
        open_here.add(key)
        self._depth += 1
        found = compute(key)
        self._left -= len(found)
        open_here.discard(key)
        self._depth -= 1
        if len(found) > MOST:
            found = NOTHING
        # A call within a circle is looked at again, since arguments may have been missing; a slot is settled at once.
        if self._cuts == before or not self._depth or known is self._slots:
            known[key] = found
        return found

    def _chain(self, text: str) -> Values:
        known = self._chains.get(text)
        return self._once(self._chains, text, self._follow, NOTHING) if known is None else known

    def _follow(self, text: str) -> Values:
        before, dot, name = text.rpartition(".")
        if dot:
            return self.attribute(self._chain(before), name)
        if text == "*":
            return NOTHING
        found = self.program.root(self.unit, text)
        if found.values[0].kind == "foreign":
            return frozenset([Value("builtin", text)])
        return self._settle(found.values, "class")

    def slot(self, name: str) -> Values:
        known = self._slots.get(name)
        if known is not None:
            return known
        before = self._summaries.get(f"{self.unit.id}|{name}", NOTHING)
        if name in self.facts.flows or name in self.facts.declared:
            return self._once(self._slots, name, partial(self._slot, before), before)
        self._left -= 1 + len(before)
        found = self._slots[name] = before if len(before) <= MOST else NOTHING
        return found

    def _slot(self, before: Values, name: str) -> Values:
        declared = self.facts.declared.get(name)
        said = self.value(declared) if declared is not None else NOTHING
        if said and any(value.kind in _TELLING for value in said):
            return said
        found = said | before
        for expression in self.facts.flows.get(name, ()):
            found |= self.value(expression)
        return found

    def contents(self, unit: Unit, slot: str) -> Values:
        """What a slot of any file holds."""
        if unit is self.unit:
            return self.slot(slot)
        key = f"{unit.id}|{slot}"
        self.reads.add(key)
        return self._summaries.get(key, NOTHING)

    def box(self, name: str, part: str) -> Values:
        """``part`` is ``[`` for all elements, ``[key`` for one, ``{`` for the keys."""
        unit, _, slot = name.partition("|")
        return self.contents(self.program.by_id[unit], f"{slot}{part}")

    # Symbols

    def _settle(self, values: Sequence[Value], access: str) -> Values:
        """``access``: through a ``class`` (or module) or an ``instance``."""
        found: set[Value] = set()
        for value in values:
            if value.kind == "symbol":
                held = self._symbol(value, access)
                if len(values) == 1:
                    return held
                found |= held
            elif value.kind != "unknown":
                found.add(value)
        return frozenset(found)

    def _symbol(self, value: Value, access: str) -> Values:
        unit, symbol = self.program.symbols[value.id]
        if symbol.label == CLASS:
            return frozenset([Value("class", value.id)])
        if symbol.label in (FIELD, GLOBAL):
            return self._variable(unit, value)
        if "property" in symbol.flags:
            return self.contents(unit, f"{symbol.path}()")
        bound = symbol.label == METHOD and (access == "instance" or "classmethod" in symbol.flags)
        itself = Value("method" if bound and "static" not in symbol.flags else "function", value.id)
        if not symbol.decorators and "rebound" not in symbol.flags:
            return frozenset([itself])
        found = {itself}
        if symbol.decorators:
            # A wrapper gives what the function gives; anything else stands in its place.
            found |= {value for value in self.contents(unit, f"{symbol.path}@") if value.kind not in _CODE}
        if "rebound" in symbol.flags:
            found |= self.contents(unit, symbol.path)
        return frozenset(found)

    def definition(self, path: str) -> Value:
        """A function or class of this file as it stands in the text, whatever its decorators make of it."""
        kind = "class" if self.unit.symbols[path].label == CLASS else "function"
        return Value(kind, self.unit.full(path))

    def _variable(self, unit: Unit, value: Value) -> Values:
        symbol = self.program.symbols[value.id][1]
        if symbol.label == FIELD and self.program.classes.is_enum(owner := self.program.class_at(unit, symbol.parent)):
            return frozenset([Value("instance", owner)])
        found = self.contents(unit, symbol.path)
        if symbol.label == FIELD:
            for held in in_order(found):
                if held.kind == "new" and self.members(held, "__get__"):
                    found |= self.method_result(held, "__get__")
        if not found:
            found = self._settle(
                [v for v in self.program.binding(value).values if v.kind != "symbol" or v != value], "class"
            )
        return found

    # Attributes

    def attribute(self, values: Values, name: str) -> Values:
        found: set[Value] = set()
        self._left -= len(values)
        for value in in_order(values):
            held = self.member(value, name)
            if len(values) == 1:
                return held
            found |= held
        return frozenset(found)

    def members(self, value: Value, name: str) -> tuple[Value, ...]:
        """The symbols that an attribute can be, and what is outside the library."""
        classes = self.program.classes
        if value.kind in ("class", "new"):
            self.reads.add(value.id)
            return classes.member(value.id, name, value.kind).values
        if value.kind in ("instance", "self", "cls", "super"):
            self.reads.add(value.id)
            return classes.dispatch(value.kind, value.id, name).values
        if value.kind == "module":
            return self.program.attribute(name, value).values
        return ()

    def beginning(self, values: Values, start: str) -> Values:
        """All members whose names begin so, as visitors find them by the name of a type."""
        found: set[Value] = set()
        for value in in_order(values):
            if value.kind in ("class", "new", "instance", "self", "cls"):
                self.reads.add(value.id)
                for name in self.program.classes.member_names(value.id, start):
                    found |= self.member(value, name)
        return frozenset(found)

    def member(self, value: Value, name: str) -> Values:
        if name == "__class__" and value.kind in ("new", "instance", "self"):
            return type_of(value)
        found = self.members(value, name)
        if found and found[0].kind != "unknown":
            return self._settle(found, "instance" if value.kind in ("new", "instance", "self", "super") else "class")
        if value.kind in ("new", "instance", "self") and not name.startswith("__"):
            return self.method_result(value, "__getattr__") | self.contents(*self._loose(value.id, name))
        if value.kind == "external":
            return frozenset([Value("external", f"{value.id}.{name}")])
        if value.kind == "box" and "|o" in value.id:
            return item(self, frozenset([value]), name)
        if value.kind == "foreign":
            return frozenset([value])  # what an object holds that was made outside was made there, too
        return FOREIGN_VALUES if value.kind == "builtin" else NOTHING

    def _loose(self, class_id: str, name: str) -> tuple[Unit, str]:
        """The slot of an attribute that no class defines, but that code elsewhere assigns."""
        unit, symbol = self.program.symbols[class_id]
        return unit, f"{symbol.path}.{name}"

    def method_result(self, value: Value, method: str) -> Values:
        """What a method gives that the language calls on the value."""
        found: set[Value] = set()
        for each in self.members(value, method):
            if each.kind == "symbol":
                found |= self.outcome(each.id, frozenset([value]))
        return frozenset(found)

    def outcome(self, function: str, receivers: Values = NOTHING) -> Values:
        """What calling a function gives. Where it returns its receiver, that is one of ``receivers``."""
        unit, symbol = self.program.symbols[function]
        self.reads.add(function)
        if symbol.label not in (FUNCTION, METHOD):
            return NOTHING
        if "generator" in symbol.flags:
            return frozenset([Value("generator", function)])
        found = self.contents(unit, f"{symbol.path}()")
        selves = [value for value in found if value.kind == "self"] if found else ()
        if not selves:
            return found
        known = {value for value in receivers if value.kind in ("new", "instance", "self")}
        return (found - set(selves)) | (known or {Value("instance", value.id) for value in selves})

    # Calls

    def result(self, number: int) -> Values:
        known = self._results.get(number)
        return self._once(self._results, number, self._result, NOTHING) if known is None else known

    def _result(self, number: int) -> Values:
        call = self.facts.calls[number]
        base, name = parts(call.target)
        receivers = self.value(base) if name else NOTHING
        if call.kind == STORE:
            self._store(receivers, name, call.arguments[0])
            return NOTHING
        found: set[Value] = set()
        boxes = [value for value in receivers if value.kind in ("box", "view")]
        if boxes:
            found |= use_container(self, sorted(boxes), name, call, number)
        targets = self.value(call.target)
        for target in in_order(targets):
            found |= invoke(self, target, call, number, receivers)
        if not found and name in self.program.naming.same and call.kind != STORE:
            found |= receivers
        if call.kind == APPLIED and not any(value.kind in _TELLING for value in found):
            found |= self.value(call.arguments[0])
        if call.kind == RAISE:
            return NOTHING
        return frozenset(found)

    def _store(self, receivers: Values, name: str, expression: Expression) -> None:
        values = self.value(expression)
        for receiver in in_order(receivers):
            found_members = self.members(receiver, name)
            if receiver.kind in ("new", "instance") and not any(found.kind == "symbol" for found in found_members):
                self.give(*self._loose(receiver.id, name), values)
            for found in found_members:
                if found.kind == "symbol":
                    unit, symbol = self.program.symbols[found.id]
                    if symbol.label in (FIELD, GLOBAL) or "rebound" in symbol.flags:
                        self.give(unit, symbol.path, values)

    def make(self, number: int, inside: Values) -> Values:
        """A container that a call gives."""
        slot = f"[({number}["
        if inside:
            self._slots[slot] = inside | self._summaries.get(f"{self.unit.id}|{slot}", NOTHING)
            self.give(self.unit, slot, inside)
        return frozenset([Value("box", f"{self.unit.id}|[({number}")])
