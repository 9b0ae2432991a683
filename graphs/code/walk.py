"""One walk over a file's syntax tree that collects its definitions, bindings and references.

This file holds the walk, what it records, and what is settled at its end; ``definitions`` and ``bindings`` hold what
each kind of statement contributes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from . import bindings, definitions
from .chains import chain, summary
from .facts import BASE, CALL, FIELD, LOAD, MODULE, Binding, Facts, Reference, SymbolFact
from .scopes import Scope, resolve, root

_LEAVES = (
    ast.Constant,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
    ast.Pass,
    ast.Break,
    ast.Continue,
)

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Walker:
    def __init__(self, module: str, package: bool) -> None:
        self.package = module.split(".") if package else module.split(".")[:-1]
        self.facts = Facts()
        self.paths: dict[str, int] = {}
        """Path -> index of its symbol."""
        self.scope = Scope("module", None, 0, "")
        self.stores: list[tuple[Scope, ast.Attribute, str]] = []
        """Assignments to attributes, with the chain of what is assigned."""
        self.branches = 0
        self._homes: list[Scope] = [self.scope]
        self._raw: dict[tuple[Scope, int, str, str], list[int]] = {}

    def walk(self, tree: ast.Module, end: int) -> Facts:
        self.facts.symbols.append(SymbolFact(MODULE, "", 1, end, doc=summary(tree)))
        self.each(tree.body)
        self._add_fields()
        self._resolve_symbols()
        self._resolve_references()
        return self.facts

    # What names mean is known only when every binding of a scope has been seen.

    def _add_fields(self) -> None:
        for scope, node, value in self.stores:
            meaning = resolve(scope, chain(node))
            if meaning[:1] in ("@", "%") and meaning.count(".") == 1:
                self.scope = scope
                self.assigned(FIELD, meaning[1:].replace("/", "."), node, resolve(scope, value))

    def _resolve_symbols(self) -> None:
        for symbol, scope in zip(self.facts.symbols, self._homes, strict=True):
            symbol.value = resolve(scope, symbol.value)
            symbol.value = "" if symbol.value[:1] == "*" else symbol.value.replace("|", "")
            symbol.bases = tuple(resolve(scope, base) or f"=builtins:{base}" for base in symbol.bases)

    def _resolve_references(self) -> None:
        found: dict[tuple[int, str, str], list[int]] = {}
        for (scope, owner, kind, text), lines in self._raw.items():
            meaning = resolve(scope, text) or (f"=builtins:{text}" if kind == BASE else "")
            if _says_something(kind, meaning):
                found.setdefault((owner, kind, meaning), []).extend(lines)
        self.facts.references = [
            Reference(owner, kind, text, tuple(sorted(set(lines)))) for (owner, kind, text), lines in found.items()
        ]

    # Recording.

    def add(self, symbol: SymbolFact) -> int:
        """Index of the new symbol, whose path gets a number when it is taken."""
        plain, count = symbol.path, 1
        while symbol.path in self.paths:
            count += 1
            symbol.path = f"{plain}#{count}"
        self.paths[symbol.path] = len(self.facts.symbols)
        self.facts.symbols.append(symbol)
        self._homes.append(self.scope)
        return len(self.facts.symbols) - 1

    def assigned(self, label: str, path: str, node: ast.expr | ast.stmt, value: str) -> None:
        """A variable is assigned: new, or known and then worth what both assignments agree on."""
        known = self.paths.get(path)
        if known is None:
            self.add(SymbolFact(label, path, node.lineno, node.end_lineno or node.lineno, value=value))
            return
        symbol = self.facts.symbols[known]
        if symbol.label != label:
            symbol.flags = (*symbol.flags, "rebound")
        elif symbol.value != value:
            symbol.value = ""

    def refer(self, kind: str, text: str, line: int, owner: int | None = None) -> None:
        if text and text != "*":
            key = (self.scope, self.scope.owner if owner is None else owner, kind, text)
            self._raw.setdefault(key, []).append(line)

    def bind(self, name: str, target: str = "*") -> None:
        scope, certain = self.scope, not self.branches
        if name in scope.module_names:
            scope, certain = root(scope), False
        scope.bind(name, target)
        if scope.kind == "module":
            self.facts.bindings.append(Binding(name, target, certain))

    def path(self, name: str) -> str:
        return f"{self.scope.path}.{name}" if self.scope.path else name

    # Walking.

    def visit(self, node: ast.AST) -> None:
        visit = _VISIT.get(type(node))
        if visit is not None:
            visit(self, node)
        elif not isinstance(node, _LEAVES):
            self.children(node)

    def children(self, node: ast.AST) -> None:
        for name in node._fields:
            value = getattr(node, name)
            if isinstance(value, list):
                self.each(value)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def each(self, nodes: Iterable[Any]) -> None:
        for node in nodes:
            if isinstance(node, ast.AST):
                self.visit(node)

    def inside(self, scope: Scope, nodes: Iterable[ast.AST]) -> None:
        outer, branches = self.scope, self.branches
        self.scope, self.branches = scope, 0
        self.each(nodes)
        self.scope, self.branches = outer, branches


def _says_something(kind: str, meaning: str) -> bool:
    """Not so: an unknown object itself, and the mere mention of a local variable."""
    return bool(meaning) and (meaning[0] != "*" or "." in meaning) and (kind != LOAD or meaning[-1] not in "|)")


def _operation(walker: Walker, node: ast.BinOp) -> None:
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        walker.visit(left.right)
        left = left.left
    walker.visit(left)


def _call(walker: Walker, node: ast.Call) -> None:
    walker.refer(CALL, chain(node.func), node.func.end_lineno or node.lineno)
    _receiver(walker, node.func)
    walker.each(node.args)
    walker.each(node.keywords)


def _attribute(walker: Walker, node: ast.Attribute) -> None:
    walker.refer(LOAD, chain(node), node.end_lineno or node.lineno)
    _receiver(walker, node.value)


def _receiver(walker: Walker, node: ast.expr) -> None:
    """Visits what stands before the dots; the dotted name itself is part of a chain that is recorded already."""
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        walker.visit(node)


def _name(walker: Walker, node: ast.Name) -> None:
    if isinstance(node.ctx, ast.Load):
        walker.refer(LOAD, node.id, node.lineno)
    else:
        bindings.bind_name(walker, node, "*")


def _lambda(walker: Walker, node: ast.Lambda) -> None:
    walker.each((*node.args.defaults, *node.args.kw_defaults))
    scope = Scope("function", walker.scope, walker.scope.owner, walker.scope.path)
    for item in definitions.parameters(node.args):
        scope.bind(item.arg)
    walker.inside(scope, [node.body])


def _comprehension(walker: Walker, node: _Comprehension) -> None:
    walker.visit(node.generators[0].iter)
    parts: list[ast.AST] = []
    for position, generator in enumerate(node.generators):
        parts += [generator.target, *([generator.iter] if position else []), *generator.ifs]
    parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    walker.inside(Scope("comprehension", walker.scope, walker.scope.owner, walker.scope.path), parts)


_VISIT: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    ast.BinOp: _operation,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Name: _name,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    **definitions.VISIT,
    **bindings.VISIT,
}
