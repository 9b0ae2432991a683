"""What a walk over a file's syntax tree collects in any language: symbols, references, calls and flows of values.

Knows no syntax: the walks (``walk`` for Python, ``trees`` for the others) say what there is, and where.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from .expressions import SUPER, Expression, member_of, receiver_of, size
from .facts import (
    CAUGHT,
    FIELD,
    FUNCTION,
    HANDLER,
    LOAD,
    METHOD,
    PROTOCOL,
    RAISED,
    STORE,
    WRITTEN,
    Call,
    Facts,
    Reference,
    SymbolFact,
)
from .work_limit import Work

Lines = tuple[int, int]
"""First and last, 1-based."""


class WalkPlace(Protocol):
    """Where a walk is."""

    owner: int
    """Index of the symbol whose body this is."""
    path: str
    """Path of the innermost definition."""


class Recorder:
    scope: WalkPlace

    def __init__(self) -> None:
        self.facts = Facts()
        self.paths: dict[str, int] = {}
        """Path -> index of its symbol."""
        self.fields: list[tuple[str, Lines, Expression]] = []
        """What methods assign to ``self``: fields, unless the class turns out to define the name."""
        self.work = Work()
        self._count = 0
        self._numbers: dict[str, int] = {}
        """Of the last definition of each path that is taken more than once."""
        self._lines: dict[tuple[int, str, str], list[int]] = {}
        self._others: list[Reference] = []

    def finish(self) -> Facts:
        for path, lines, value in self.fields:
            self.assign(FIELD, path, lines, value, ("own",))
        self._mark_patched()
        self.facts.references = [
            Reference(owner, kind, text, tuple(sorted(set(lines))) if len(lines) > 1 else (lines[0],))
            for (owner, kind, text), lines in self._lines.items()
        ] + self._others
        for symbol in self.facts.symbols:
            if symbol.value == "*":
                symbol.value = ""
        return self.facts

    def _mark_patched(self) -> None:
        """``A.go = g``: a definition that something else is assigned to."""
        for call in self.facts.calls:
            if call.kind == STORE and isinstance(call.target, str) and (known := self.paths.get(call.target)):
                symbol = self.facts.symbols[known]
                if symbol.label in (FUNCTION, METHOD) and "rebound" not in symbol.flags:
                    symbol.flags = (*symbol.flags, "rebound")

    def path(self, name: str) -> str:
        return f"{self.scope.path}.{name}" if self.scope.path else name

    def number(self) -> str:
        """The number of a lambda, comprehension or container, within the definition that it stands in."""
        self._count += 1
        return f"{self.scope.path}{self._count}"

    def add(self, symbol: SymbolFact) -> int:
        """Index of the new symbol, whose path gets a number when it is taken."""
        plain = symbol.path
        while symbol.path in self.paths:
            count = self._numbers[plain] = self._numbers.get(plain, 1) + 1
            symbol.path = f"{plain}#{count}"
        self.paths[symbol.path] = len(self.facts.symbols)
        self.facts.symbols.append(symbol)
        return len(self.facts.symbols) - 1

    def assign(self, label: str, path: str, lines: Lines, value: Expression, flags: tuple[str, ...] = ()) -> None:
        """A global or a field is assigned: new, or known and then bound to no single chain."""
        chain = value if isinstance(value, str) else "*"
        known = self.paths.get(path)
        if known is None:
            self.add(SymbolFact(label, path, *lines, value=chain, flags=flags))
        else:
            symbol = self.facts.symbols[known]
            if symbol.label != label:
                symbol.flags = (*symbol.flags, "rebound")
            elif symbol.value != chain:
                symbol.value = "*"
            if not flags and "own" in symbol.flags:
                symbol.flags = ()
        self.flow(path, value)

    def refer(self, kind: str, value: Expression, line: int, owner: int | None = None) -> None:
        """Left out: what says nothing, and the mere mention of a local variable."""
        owner = self.scope.owner if owner is None else owner
        self.work.spend()
        if isinstance(value, str):
            if value not in ("", "*") and receiver_of(value) is None:
                self._lines.setdefault((owner, kind, value), []).append(line)
        elif value[0] == "|":
            for part in value[1:]:
                self.refer(kind, part, line, owner)
        elif value[0] == "." or kind != LOAD:
            self._others.append(Reference(owner, kind, value, (line,)))

    def add_raise(self, value: Expression, line: int) -> None:
        """``value`` is the class, or a call that makes an object of it."""
        if isinstance(value, list) and value[0] == "(" and isinstance(self.facts.calls[value[1]].target, str):
            value = self.facts.calls[value[1]].target
        # What cannot be followed is told as that.
        self.refer(RAISED, ["*", "*"] if value in ("", "*") else value, line)

    def add_catch(self, kind: Expression, line: int) -> None:
        """``kind`` is the class, or an instance of it."""
        for each in kind[1:] if isinstance(kind, list) and kind[0] == "|" else [kind]:
            self.refer(CAUGHT, each[1] if isinstance(each, list) and each[0] == "i" else each, line)

    def add_route(self, path: str, handler: Expression, line: int) -> None:
        """``path`` has the method in front: ``GET /users``."""
        if handler not in ("", "*"):
            self._others.append(Reference(self.scope.owner, HANDLER, ["h", path, handler], (line,)))

    def call(
        self,
        kind: str,
        line: int,
        target: Expression,
        arguments: list[Expression],
        keywords: list[tuple[str, Expression]],
    ) -> Expression:
        """Records the call. Returns the expression of its result."""
        if target == "":
            return ""
        self.work.spend(size(target) + size(arguments) + size(keywords))
        self.facts.calls.append(
            Call(self.scope.owner, kind, line, target=target, arguments=arguments, keywords=keywords)
        )
        return ["(", len(self.facts.calls) - 1]

    def protocol(self, of: Expression, method: str, line: int, arguments: list[Expression] | None = None) -> Expression:
        """A method that the language calls on ``of``; nothing where that is Python's own or cannot be followed."""
        if of in ("", "*"):
            return of
        return self.call(PROTOCOL, line, member_of(of, method), arguments or [], [])

    def flow(self, slot: str, value: Expression) -> None:
        if value not in ("", "*"):
            self.work.spend(size(value))
            self.facts.flows.setdefault(slot, []).append(value)

    def box(self, kind: str, by_position: Iterable[Expression], elements: Iterable[Expression]) -> list[Any]:
        """A container made here: ``[`` for what is iterated by its elements, ``{`` for mappings."""
        name = f"{kind}{self.number()}"
        for element in elements:
            self.flow(f"{name}[", element)
        for position, element in enumerate(by_position):
            self.flow(f"{name}[{position}", element)
        return ["b", name]

    def store(self, base: Expression, attr: str, value: Expression, lines: Lines) -> str:
        """``base.attr = value``. Returns the slot of a field of the class that the walk is in; empty for all others."""
        target, line = member_of(base, attr), lines[1]
        self.refer(WRITTEN, target, line)
        receiver = receiver_of(base)
        if receiver is not None and receiver.start != SUPER:
            path = f"{receiver.path}.{attr}"
            self.fields.append((path, lines, value))
            return path
        if value not in ("", "*") and target not in ("", "*"):
            self.call(STORE, line, target, [value], [])
        return ""
