"""What one file says about itself: definitions, module-level bindings and raw references, with lines.

A pure function of the text. It settles everything that lexical scope alone settles and must not know any other file.

What code refers to is written as ``expressions``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .expressions import Expression

MODULE, CLASS, FUNCTION, METHOD = "MODULE", "CLASS", "FUNCTION", "METHOD"
FIELD, GLOBAL, EXTERNAL = "FIELD", "GLOBAL_VARIABLE", "EXTERNAL"
ROUTE, OPTION = "ROUTE", "OPTION"

CALL, LOAD, IMPORT, BASE, DECORATOR = "C", "L", "I", "B", "D"
RAISED, CAUGHT, HANDLER, WRITTEN = "T", "X", "H", "W"
"""Kinds of references besides the plain ones: what is raised, what is caught, what handles a path, whose chain is
``["h", "GET /path", handler]``, and a variable that is assigned."""
RAISE, PROTOCOL, APPLIED, STORE, NEW = "R", "P", "A", "S", "N"
"""Kinds of calls besides the plain one: ``raise C``; a method that the language calls (``with``, ``for``, operators); a
decorator that is applied; an attribute that is assigned, which calls nothing; ``new C``, in languages that write it."""

TOO_ENTANGLED = "too entangled: it takes more steps to read as code than one file may"
"""Why a file is an empty module, see ``work_limit``."""

_WORD = re.compile(r"\w+")
_LOCAL = re.compile(r"[:(@*]")
"""In slots that are no fields or globals."""


@dataclass(slots=True)
class SymbolFact:
    label: str
    path: str
    """Qualified name inside the module (``Graph.add_edge``); empty for the module. A second definition of the same name
    ends in ``#2``."""
    line: int
    end_line: int
    signature: str = ""
    doc: str = ""
    """First sentence of the docstring, on one line."""
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    value: str = ""
    """Chain that a variable is bound to, where it has one only; a class's metaclass; the parameters that a function
    returns as it got them, with blanks between."""
    flags: tuple[str, ...] = ()
    """``property``; ``static``; ``classmethod``; ``generator``; ``rebound`` where the name is also assigned, so that a
    reference may mean something else; ``own`` for a field that only assignments to ``self`` make."""
    parameters: tuple[str, ...] = ()
    """Of a function: names in order, ``*args`` (or ``*``) before those that are given by keyword only, ``**options``;
    ``/name`` for one that is given by position only."""

    def details(self) -> tuple[int, int, str, str, str]:
        return self.line, self.end_line, self.signature, self.doc, " ".join(self.decorators)

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2].partition("#")[0]

    @property
    def parent(self) -> str:
        return self.path.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Binding:
    """A module-level name (``*``: a star import) and the chain it is bound to. ``certain`` when no branch guards it."""

    name: str
    target: str
    certain: bool


class Reference(NamedTuple):
    owner: int
    """Index of the symbol whose text makes the reference."""
    kind: str
    chain: Expression
    lines: tuple[int, ...]


class Call(NamedTuple):
    owner: int
    kind: str
    line: int
    target: Expression
    arguments: list[Expression]
    keywords: list[tuple[str, Expression]]
    """The name is empty for ``**options``."""


@dataclass(slots=True)
class Facts:
    """Symbols start with the module itself. A file that does not parse has that symbol only, and ``error`` is set."""

    symbols: list[SymbolFact] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    exports: list[str] | None = None
    """``__all__``; None when there is none or it is computed."""
    computed_exports: bool = False
    namespace: str = ""
    """The package that the file says it belongs to, dotted, where its language has such."""
    extended: dict[str, list[str]] = field(default_factory=dict)
    """Bases that the file gives to a class which another file may define, by the name of the class."""
    lambdas: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Parameters, by the lambda's name in slots (``<3>``)."""
    references: list[Reference] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    flows: dict[str, list[Expression]] = field(default_factory=dict)
    """Slot -> what is assigned to it."""
    declared: dict[str, Expression] = field(default_factory=dict)
    """Slot -> what its annotation says."""
    error: str = ""
    error_line: int = 0

    def mentions(self, interface: str) -> set[str]:
        """Every name that the meaning of this file's references can hang on; local variables do not."""
        texts = {slot for slots in (self.flows, self.declared) for slot in slots if not _LOCAL.search(slot)}
        waiting: list[object] = [r.chain for r in self.references]
        waiting += self.declared.values()
        for values in self.flows.values():
            waiting += values
        for call in self.calls:
            waiting.append(call.target)
            waiting += call.arguments
            for name, value in call.keywords:
                waiting += (name, value)
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                texts.add(part)
            elif isinstance(part, list) and part[0] != "v":
                waiting += part
        return set(_WORD.findall("\n".join([interface, *texts])))

    def interface(self) -> str:
        """JSON of what other files can see: no lines, no bodies."""
        symbols = [[s.label, s.path, s.bases, s.value, s.flags, s.parameters, s.decorators] for s in self.symbols]
        bindings = [[b.name, b.target, b.certain] for b in self.bindings]
        names = [self.exports, self.computed_exports, self.lambdas, self.namespace, self.extended]
        return json.dumps([symbols, bindings, *names])

    def body(self) -> str:
        """JSON of the rest: where the symbols lie, what they refer to, and what flows where."""
        details = [[s.line, s.end_line, s.signature, s.doc] for s in self.symbols]
        return json.dumps([details, self.references, self.calls, self.flows, self.declared])

    def load_body(self, body: str) -> None:
        """The inverse of ``body``."""
        details, references, calls, self.flows, self.declared = json.loads(body)
        for symbol, detail in zip(self.symbols, details, strict=True):
            symbol.line, symbol.end_line, symbol.signature, symbol.doc = detail
        self.references = [Reference(owner, kind, chain, tuple(lines)) for owner, kind, chain, lines in references]
        self.calls = [Call(*call) for call in calls]

    def drop_body(self) -> None:
        """What other files do not see is forgotten, for its size."""
        self.references, self.calls, self.flows, self.declared = [], [], {}, {}

    def columns(self) -> tuple[str, str, str, int]:
        return self.interface(), self.body(), self.error, self.error_line


def load_facts(interface: str) -> Facts:
    """The inverse of ``interface``: without lines, references, calls and flows."""
    symbols, bindings, exports, computed, lambdas, namespace, extended = json.loads(interface)
    return Facts(
        symbols=[
            SymbolFact(
                label,
                path,
                0,
                end_line=0,
                signature="",
                doc="",
                decorators=tuple(decorators),
                bases=tuple(bases),
                value=value,
                flags=tuple(flags),
                parameters=tuple(parameters),
            )
            for label, path, bases, value, flags, parameters, decorators in symbols
        ],
        bindings=[Binding(*binding) for binding in bindings],
        exports=exports,
        computed_exports=computed,
        namespace=namespace,
        extended=extended,
        lambdas={name: tuple(parameters) for name, parameters in lambdas.items()},
    )
