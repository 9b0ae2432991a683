"""One walk over a file's syntax tree that collects its definitions, bindings, references, calls and flows of values.

What is recorded and how stands in ``recorder``; ``definitions``, ``bindings``, ``branches`` and ``expressions`` hold
what each kind of node contributes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ...expressions import Expression, member_of, to_definition, union
from ...facts import MODULE, Binding, Facts, SymbolFact
from ...recorder import Recorder
from . import bindings, branches, definitions
from .expressions import EXPRESSIONS
from .scopes import BUILTINS, Bound, PythonScope, lookup, root, scan
from .signatures import summary

_STATEMENTS: dict[type[ast.AST], Callable[[Walker, Any], None]] = {}


class Walker(Recorder):
    def __init__(self, module: str, package: bool, walrus: bool) -> None:
        self.package = module.split(".") if package else module.split(".")[:-1]
        self.walrus = walrus
        """Whether the file has any ``:=``."""
        super().__init__()
        self.scope: PythonScope = PythonScope("module", None, 0, "")
        self.module_names: dict[str, Bound] = {}
        self.branches = 0
        self.prefixes: dict[str, str] = {}
        """What stands before the paths of a router, by its variable."""
        self._values: dict[int, Expression] = {}

    def walk(self, tree: ast.Module, end: int) -> Facts:
        self.facts.symbols.append(SymbolFact(MODULE, "", 1, end, doc=summary(tree)))
        names = PythonScope("function", None, 0, "")
        scan(names, tree.body, self.walrus)
        self.module_names = names.bound
        self.statements(tree.body)
        return self.finish()

    # Names

    def is_bound(self, name: str) -> bool:
        """Whether a name of Python's own means something else here."""
        return lookup(self.scope, name)[0].kind != "module" or name in self.module_names or "*" in self.module_names

    def resolve(self, name: str) -> Expression:
        scope, here = lookup(self.scope, name)
        if scope.kind == "module":
            return "" if name in BUILTINS and not self.is_bound(name) else name
        if scope.kind == "class":
            return to_definition(f"{scope.path}.{name}")
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
            value = member_of(value, attr)
        return value

    def mention(self, kind: str, node: ast.expr) -> Expression:
        value = self.callee(node)
        if not (isinstance(node, ast.Name) and value == node.id and node.id in BUILTINS and not self.is_bound(node.id)):
            self.refer(kind, value, node.end_lineno or node.lineno)
        return value

    def peek(self, node: ast.expr) -> Expression:
        """What a node stands for that has been walked already."""
        return self.callee(node) if isinstance(node, (ast.Name, ast.Attribute)) else self._values.get(id(node), "*")

    def snapshot(self) -> dict[str, list[Expression]]:
        """What names stand for here, to go back to."""
        self.work.spend(len(self.scope.current))
        return dict(self.scope.current)

    @property
    def function(self) -> str:
        """What stands in front of the slots of what the innermost function or lambda returns and yields."""
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent:
            scope = scope.parent
        return scope.prefix[:-1]

    # Bindings

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
    def inside(self, scope: PythonScope) -> Iterator[None]:
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
