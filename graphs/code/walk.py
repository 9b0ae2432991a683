"""One walk over a file's syntax tree that collects its definitions, bindings, references, calls and flows of values.

This file holds what is recorded and how; ``definitions``, ``bindings``, ``branches`` and ``expressions`` hold what each
kind of node contributes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from . import bindings, branches, definitions
from .expressions import EXPRESSIONS, member
from .facts import (
    FIELD,
    FUNCTION,
    LOAD,
    METHOD,
    MODULE,
    PROTOCOL,
    STORE,
    Binding,
    Call,
    Expression,
    Facts,
    Reference,
    SymbolFact,
)
from .scopes import BUILTINS, Bound, Scope, lookup, root, scan, union
from .texts import summary
from .work import Work, size

_STATEMENTS: dict[type[ast.AST], Callable[[Walker, Any], None]] = {}


class Walker:
    def __init__(self, module: str, package: bool, walrus: bool) -> None:
        self.package = module.split(".") if package else module.split(".")[:-1]
        self.walrus = walrus
        """Whether the file has any ``:=``."""
        self.facts = Facts()
        self.paths: dict[str, int] = {}
        """Path -> index of its symbol."""
        self.scope = Scope("module", None, 0, "")
        self.module_names: dict[str, Bound] = {}
        self.branches = 0
        self.work = Work()
        self._count = 0
        self._numbers: dict[str, int] = {}
        """Of the last definition of each path that is taken more than once."""
        self._lines: dict[tuple[int, str, str], list[int]] = {}
        self._others: list[Reference] = []
        self._values: dict[int, Expression] = {}
        self._fields: list[tuple[str, ast.AST, Expression]] = []
        """What methods assign to ``self``: fields, unless the class turns out to define the name."""

    def walk(self, tree: ast.Module, end: int) -> Facts:
        self.facts.symbols.append(SymbolFact(MODULE, "", 1, end, doc=summary(tree)))
        names = Scope("function", None, 0, "")
        scan(names, tree.body, self.walrus)
        self.module_names = names.bound
        self.statements(tree.body)
        for path, node, value in self._fields:
            self.assigned(FIELD, path, node, value, ("own",))
        self._mark_patched()
        self.facts.references = [
            Reference(owner, kind, text, tuple(sorted(set(lines))))
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

    # Names

    def is_bound(self, name: str) -> bool:
        """Whether a name of Python's own means something else here."""
        return lookup(self.scope, name)[0].kind != "module" or name in self.module_names or "*" in self.module_names

    def resolve(self, name: str) -> Expression:
        scope, here = lookup(self.scope, name)
        if scope.kind == "module":
            return "" if name in BUILTINS and not self.is_bound(name) else name
        if scope.kind == "class":
            return f"${scope.path.replace('.', '/')}/{name}"
        return scope.read(name, here)

    def callee(self, node: ast.expr) -> Expression:
        """The expression of a name or an attribute, which is not recorded as mentioned; of any other as it is."""
        tail = []
        while isinstance(node, ast.Attribute):
            tail.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            value = self.expression(node)
        elif not tail and node.id in BUILTINS and not self.is_bound(node.id):
            return node.id
        else:
            value = self.resolve(node.id)
        for attr in reversed(tail):
            value = member(value, attr)
        return value

    def mention(self, kind: str, node: ast.expr) -> Expression:
        value = self.callee(node)
        if not (isinstance(node, ast.Name) and value == node.id and node.id in BUILTINS and not self.is_bound(node.id)):
            self.refer(kind, value, node.end_lineno or node.lineno)
        return value

    def peek(self, node: ast.expr) -> Expression:
        """What a node stands for that has been walked already."""
        return self.callee(node) if isinstance(node, (ast.Name, ast.Attribute)) else self._values.get(id(node), "*")

    def path(self, name: str) -> str:
        return f"{self.scope.path}.{name}" if self.scope.path else name

    def number(self) -> str:
        """Of a lambda, comprehension or container, within the definition that it stands in."""
        self._count += 1
        return f"{self.scope.path}{self._count}"

    def copied(self) -> dict[str, list[Expression]]:
        """What names stand for here, to go back to."""
        self.work.spend(len(self.scope.current))
        return dict(self.scope.current)

    @property
    def function(self) -> str:
        """In front of the slots of what the innermost function or lambda returns and yields."""
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent:
            scope = scope.parent
        return scope.prefix[:-1]

    # Recording

    def add(self, symbol: SymbolFact) -> int:
        """Index of the new symbol, whose path gets a number when it is taken."""
        plain = symbol.path
        while symbol.path in self.paths:
            count = self._numbers[plain] = self._numbers.get(plain, 1) + 1
            symbol.path = f"{plain}#{count}"
        self.paths[symbol.path] = len(self.facts.symbols)
        self.facts.symbols.append(symbol)
        return len(self.facts.symbols) - 1

    def assigned(self, label: str, path: str, node: ast.AST, value: Expression, flags: tuple[str, ...] = ()) -> None:
        """A global or a field is assigned: new, or known and then bound to no single chain."""
        chain = value if isinstance(value, str) else "*"
        known = self.paths.get(path)
        if known is None:
            line, end = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
            self.add(SymbolFact(label, path, line, end, value=chain, flags=flags))
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
            if value and value != "*" and (value[0] not in "@%&" or "." in value):
                self._lines.setdefault((owner, kind, value), []).append(line)
        elif value[0] == "|":
            for part in value[1:]:
                self.refer(kind, part, line, owner)
        elif value[0] == "." or kind != LOAD:
            self._others.append(Reference(owner, kind, value, (line,)))

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
        self.facts.calls.append(Call(self.scope.owner, kind, line, target, arguments, keywords))
        return ["(", len(self.facts.calls) - 1]

    def protocol(self, of: Expression, method: str, line: int, arguments: list[Expression] | None = None) -> Expression:
        """A method that the language calls on ``of``; nothing where that is Python's own or cannot be followed."""
        if of in ("", "*"):
            return of
        return self.call(PROTOCOL, line, member(of, method), arguments or [], [])

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

    def store(self, base: Expression, attr: str, value: Expression, node: ast.expr) -> str:
        """``base.attr = value``. Returns the slot of a field of the class that the walk is in; empty for all others."""
        target, line = member(base, attr), node.end_lineno or node.lineno
        self.refer(LOAD, target, line)
        if isinstance(base, str) and base[:1] in ("@", "%") and "." not in base:
            path = f"{base[1:].replace('/', '.')}.{attr}"
            self._fields.append((path, node, value))
            return path
        if value not in ("", "*") and target not in ("", "*"):
            self.call(STORE, line, target, [value], [])
        return ""

    def bind(self, name: str, target: Expression = "*") -> None:
        """A name is bound by a definition, an import or an assignment to a global."""
        scope, certain = self.scope, not self.branches
        if scope.kind == "class":
            scope.bind(name, target)
            return
        if name in scope.globals:
            scope, certain = root(scope), False
        if scope.kind == "module":
            self.facts.bindings.append(Binding(name, target if isinstance(target, str) else "*", certain))
        else:
            home = lookup(scope, name)[0]
            (home if home.kind != "module" else scope).bind(name, target)

    def narrow(self, test: ast.expr, *, holds: bool = True) -> None:
        """What the test says of a local variable where it holds, or does not."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            self.narrow(test.operand, holds=not holds)
        elif isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) == holds:
            for part in test.values:
                self.narrow(part, holds=holds)
        elif holds and isinstance(test, ast.Call) and len(test.args) == 2 and isinstance(test.args[0], ast.Name):
            name, kind = test.args[0].id, self.peek(test.args[1])
            local = name in self.scope.current or (self.scope.kind == "function" and name in self.scope.bound)
            if isinstance(test.func, ast.Name) and test.func.id == "isinstance" and local:
                kinds = (
                    [self.peek(part) for part in test.args[1].elts] if isinstance(test.args[1], ast.Tuple) else [kind]
                )
                if all(isinstance(kind, str) and kind for kind in kinds):
                    self.scope.current[name] = [["i", kind] for kind in kinds]

    # Walking

    def expression(self, node: ast.AST) -> Expression:
        self.work.spend()
        visit = EXPRESSIONS.get(type(node))
        if visit is None:
            self.children(node)
            return "*"
        value = self._values[id(node)] = visit(self, node)
        return value

    def children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.expr, ast.FormattedValue, ast.Slice, ast.keyword)):
                self.expression(child)

    def statements(self, body: Iterable[ast.stmt]) -> None:
        for node in body:
            visit = _STATEMENTS.get(type(node))
            if visit is not None:
                visit(self, node)

    @contextmanager
    def inside(self, scope: Scope) -> Iterator[None]:
        outer, branches_, count = self.scope, self.branches, self._count
        self.scope, self.branches = scope, 0
        if scope.path != outer.path:
            self._count = 0
        yield
        for name in sorted(scope.late):
            self.facts.flows[f"{scope.prefix}{name}~"] = union(scope.versions.get(name, ()))
        if scope.path != outer.path:
            self._count = count
        self.scope, self.branches = outer, branches_


_STATEMENTS.update({**definitions.STATEMENTS, **bindings.STATEMENTS, **branches.STATEMENTS})
