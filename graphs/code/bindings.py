"""What statements that bind names contribute to a walk: variables, imports, ``__all__``, ``global``, branches."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .chains import chain, instance
from .facts import FIELD, GLOBAL, IMPORT, LOAD
from .scopes import Scope

if TYPE_CHECKING:
    from .walk import Walker


def assign(walker: Walker, node: ast.Assign) -> None:
    value = chain(node.value)
    for target in node.targets:
        _target(walker, target, value)
    walker.visit(node.value)


def annotated(walker: Walker, node: ast.AnnAssign) -> None:
    declared = instance(node.annotation)
    held = chain(node.value) if node.value and declared == "*" else declared
    _target(walker, node.target, held)
    walker.each([node.annotation, node.value])


def augmented(walker: Walker, node: ast.AugAssign) -> None:
    if isinstance(node.target, ast.Name):
        walker.refer(LOAD, node.target.id, node.target.lineno)
    if _is_exports(walker, node.target):
        _export(walker, node.value)
    else:
        _target(walker, node.target, "*")
    walker.visit(node.value)


def _target(walker: Walker, target: ast.expr, value: str) -> None:
    if isinstance(target, ast.Name):
        bind_name(walker, target, value)
        return
    if isinstance(target, ast.Attribute):
        walker.stores.append((walker.scope, target, value))
    walker.visit(target)


def bind_name(walker: Walker, node: ast.Name, value: str) -> None:
    """A variable gets a value: a symbol where it is a global or a field, else a local name."""
    scope = walker.scope
    if node.id == "__all__" and scope.kind == "module":
        return
    if scope.kind == "class":
        scope.bind(node.id)
        walker.assigned(FIELD, walker.path(node.id), node, value)
    elif scope.kind == "module" or node.id in scope.module_names:
        _global(walker, node, value)
    else:
        walker.bind(node.id, value)


def _global(walker: Walker, node: ast.Name, value: str) -> None:
    known = walker.paths.get(node.id)
    inner, walker.scope = walker.scope, _module(walker.scope)
    if known is None or walker.facts.symbols[known].label == GLOBAL:
        walker.assigned(GLOBAL, node.id, node, value if inner is walker.scope else "*")
        target = f"${node.id}"
    else:
        target = "*"
    walker.scope = inner
    walker.bind(node.id, target)


def _module(scope: Scope) -> Scope:
    return scope if scope.parent is None else _module(scope.parent)


def walrus(walker: Walker, node: ast.NamedExpr) -> None:
    """Binds in the function around a comprehension, not in the comprehension."""
    inner = walker.scope
    while walker.scope.kind == "comprehension" and walker.scope.parent:
        walker.scope = walker.scope.parent
    bind_name(walker, node.target, chain(node.value))
    walker.scope = inner
    walker.visit(node.value)


# __all__


def _is_exports(walker: Walker, target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "__all__" and walker.scope.kind == "module"


def exports(walker: Walker, node: ast.Assign | ast.AnnAssign) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if node.value is not None and any(_is_exports(walker, target) for target in targets):
        walker.facts.exports = None
        _export(walker, node.value)
    if isinstance(node, ast.Assign):
        assign(walker, node)
    else:
        annotated(walker, node)


def _export(walker: Walker, value: ast.expr) -> None:
    names = _strings(value)
    if names is None:
        walker.facts.computed_exports = True
    else:
        walker.facts.exports = (walker.facts.exports or []) + names


def _strings(node: ast.expr) -> list[str] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _strings(node.left), _strings(node.right)
        return None if left is None or right is None else left + right
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    names = [item.value for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return [name for name in names if name.isidentifier()] if len(names) == len(node.elts) else None


def expression(walker: Walker, node: ast.Expr) -> None:
    """``__all__.extend(…)`` and its like; every other expression is only walked."""
    call = node.value
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_exports(walker, call.func.value):
        if call.func.attr == "extend" and len(call.args) == 1:
            _export(walker, call.args[0])
        elif call.func.attr == "append":
            _export(walker, ast.List(elts=call.args))
        else:
            walker.facts.computed_exports = True
    walker.visit(node.value)


# Imports


def import_(walker: Walker, node: ast.Import) -> None:
    for alias in node.names:
        path = alias.name.replace(".", "/")
        walker.refer(IMPORT, f"={path}", alias.lineno, 0)
        _bind_import(
            walker, alias.asname or alias.name.partition(".")[0], f"={path if alias.asname else path.partition('/')[0]}"
        )


def import_from(walker: Walker, node: ast.ImportFrom) -> None:
    base = walker.package[: len(walker.package) - node.level + 1] if node.level else []
    module = "/".join([*base, *(node.module or "").split(".")]).strip("/")
    for alias in node.names:
        if alias.name == "*":
            walker.refer(IMPORT, f"={module}", alias.lineno, 0)
            _bind_import(walker, "*", f"={module}")
        else:
            walker.refer(IMPORT, f"={module}:{alias.name}", alias.lineno, 0)
            _bind_import(walker, alias.asname or alias.name, f"={module}:{alias.name}")


def _bind_import(walker: Walker, name: str, target: str) -> None:
    if walker.scope.kind == "class":
        walker.scope.bind(name)
        walker.assigned(FIELD, walker.path(name), ast.Pass(lineno=1, end_lineno=1), target)
    else:
        walker.bind(name, target)


# Scope declarations, branches, and the remaining ways to bind a name


def global_(walker: Walker, node: ast.Global) -> None:
    walker.scope.module_names.update(node.names)


def nonlocal_(walker: Walker, node: ast.Nonlocal) -> None:
    """Assigned in two functions, so worth nothing certain in either."""
    outer = walker.scope.parent
    for name in node.names:
        walker.scope.outer_names.add(name)
        scope = outer
        while scope and scope.parent and (scope.kind == "class" or name not in scope.names):
            scope = scope.parent
        if scope and scope.kind != "module":
            scope.bind(name)
            scope.bind(name)


def branch(walker: Walker, node: ast.stmt) -> None:
    walker.branches += 1
    while isinstance(node, ast.If):
        walker.visit(node.test)
        walker.each(node.body)
        if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
            walker.each(node.orelse)
            break
        node = node.orelse[0]
    else:
        walker.children(node)
    walker.branches -= 1


def named(walker: Walker, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
    if node.name:
        walker.bind(node.name)
    walker.children(node)


def mapping(walker: Walker, node: ast.MatchMapping) -> None:
    if node.rest:
        walker.bind(node.rest)
    walker.children(node)


VISIT: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    ast.Assign: exports,
    ast.AnnAssign: exports,
    ast.AugAssign: augmented,
    ast.NamedExpr: walrus,
    ast.Expr: expression,
    ast.Import: import_,
    ast.ImportFrom: import_from,
    ast.Global: global_,
    ast.Nonlocal: nonlocal_,
    ast.If: branch,
    ast.Try: branch,
    ast.TryStar: branch,
    ast.For: branch,
    ast.AsyncFor: branch,
    ast.While: branch,
    ast.Match: branch,
    ast.ExceptHandler: named,
    ast.MatchAs: named,
    ast.MatchStar: named,
    ast.MatchMapping: mapping,
}
