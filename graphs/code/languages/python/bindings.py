"""What statements that bind names contribute to a walk: variables, imports, ``__all__``, ``global``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...expressions import Expression, to_definition, to_import
from ...facts import FIELD, GLOBAL, IMPORT, WRITTEN
from .annotations import held_by
from .expressions import key_of, lines_of
from .routes import remember_prefix
from .scopes import lookup, root

if TYPE_CHECKING:
    from .walker import Walker


def assign(walker: Walker, node: ast.Assign) -> None:
    if any(_is_exports(walker, target) for target in node.targets):
        walker.facts.exports = None
        _export(walker, node.value)
    value = walker.expression(node.value)
    remember_prefix(walker, node)
    for target in node.targets:
        bind(walker, target, value, node)


def annotated_assignment(walker: Walker, node: ast.AnnAssign) -> None:
    if node.value is not None and _is_exports(walker, node.target):
        walker.facts.exports = None
        _export(walker, node.value)
    declared = held_by(walker, node.annotation)
    value = walker.expression(node.value) if node.value else "*"
    slot = bind(walker, node.target, value, node)
    if slot and declared not in ("", "*"):
        walker.facts.declared[slot] = declared


def augmented_assignment(walker: Walker, node: ast.AugAssign) -> None:
    if _is_exports(walker, node.target):
        _export(walker, node.value)
        walker.expression(node.value)
        return
    read: ast.expr = node.target  # as it is read before it is assigned
    if isinstance(read, ast.Name):
        read = ast.copy_location(ast.Name(read.id, ast.Load()), read)
    sum_ = ast.copy_location(ast.BinOp(read, node.op, node.value), node)
    value = walker.expression(sum_)
    bind(walker, node.target, value, node)


def bind(walker: Walker, target: ast.expr, value: Expression, node: ast.AST) -> str:
    """The target of an assignment, a loop or ``with``. Returns its slot; empty where it has none."""
    if isinstance(target, ast.Name):
        return bind_name(walker, target, value, node)
    if isinstance(target, ast.Attribute):
        return walker.store(walker.callee(target.value), target.attr, value, lines_of(target))
    if isinstance(target, ast.Subscript):
        base = walker.expression(target.value)
        walker.expression(target.slice)
        walker.protocol(base, "__setitem__", target.lineno, [["k", key_of(target.slice)], value])
    elif isinstance(target, ast.Starred):
        bind(walker, target.value, "*", node)
    elif isinstance(target, (ast.Tuple, ast.List)):
        starred = [position for position, part in enumerate(target.elts) if isinstance(part, ast.Starred)]
        for position, part in enumerate(target.elts):
            known = not starred or position < starred[0]
            bind(walker, part, _part(value, str(position) if known else ""), node)
    return ""


def _part(value: Expression, key: str) -> Expression:
    return value if value in ("", "*") else ["[", value, key] if key else ["*", value]


def bind_name(walker: Walker, node: ast.Name, value: Expression, statement: ast.AST | None = None) -> str:
    """A variable gets a value: a symbol where it is a global or a field, else a slot of the function."""
    scope = walker.scope
    if node.id == "__all__" and scope.kind == "module":
        return ""
    if scope.kind == "class":
        path = walker.path(node.id)
        walker.assign(FIELD, path, lines_of(statement or node), value)
        scope.bind(node.id, to_definition(path))
        return path
    home, here = lookup(scope, node.id)
    if home.kind == "module":
        return _global(walker, node, value, statement or node)
    slot = home.slot(node.id) if here else f"{home.prefix}{node.id}"
    walker.flow(slot, value)
    home.bind(node.id, ["v", slot])
    return slot


def _global(walker: Walker, node: ast.Name, value: Expression, statement: ast.AST) -> str:
    known = walker.paths.get(node.id)
    if known is not None and walker.facts.symbols[known].label != GLOBAL:
        walker.bind(node.id, "*")
        return ""
    inner, walker.scope = walker.scope, root(walker.scope)
    walker.assign(GLOBAL, node.id, lines_of(statement), value if inner is walker.scope else "*")
    if inner is not walker.scope:
        walker.flow(node.id, value)
    written = inner is not walker.scope
    walker.scope = inner
    if written:
        walker.refer(WRITTEN, to_definition(node.id), node.lineno)
    walker.bind(node.id, to_definition(node.id))
    return node.id


def iterate(walker: Walker, target: ast.expr, source: ast.expr, value: Expression, line: int) -> None:
    """Binds ``target`` to each element of ``source``, whose value is ``value``."""
    pairs = _pairs(walker, target, source)
    if pairs is None:
        walker.protocol(walker.protocol(value, "__iter__", line), "__next__", line)
        bind(walker, target, "" if value == "" else ["*", value], source)
        return
    for part, element in pairs:
        bind(walker, part, element, source)


def _pairs(walker: Walker, target: ast.expr, source: ast.expr) -> list[tuple[ast.expr, Expression]] | None:
    """What ``enumerate``, ``zip`` and ``.items()`` pair, where the target takes the pairs apart."""
    if not isinstance(target, ast.Tuple) or not isinstance(source, ast.Call):
        return None
    name = source.func.id if isinstance(source.func, ast.Name) else ""
    if name == "enumerate" and len(target.elts) == 2 and source.args:
        return [(target.elts[0], ""), (target.elts[1], ["*", walker.peek(source.args[0])])]
    if name == "zip" and len(target.elts) == len(source.args):
        return [(part, ["*", walker.peek(item)]) for part, item in zip(target.elts, source.args, strict=True)]
    if isinstance(source.func, ast.Attribute) and source.func.attr == "items" and len(target.elts) == 2:
        base = walker.peek(source.func.value)
        return [(target.elts[0], ["*", base]), (target.elts[1], ["*v", base])]
    return None


# __all__


def _is_exports(walker: Walker, target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "__all__" and walker.scope.kind == "module"


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


def expression_statement(walker: Walker, node: ast.Expr) -> None:
    """``__all__.extend(…)`` and its like; every other expression is only walked."""
    call = node.value
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_exports(walker, call.func.value):
        if call.func.attr == "extend" and len(call.args) == 1:
            _export(walker, call.args[0])
        elif call.func.attr == "append":
            _export(walker, ast.List(elts=call.args))
        else:
            walker.facts.computed_exports = True
    walker.expression(node.value)


# Imports


def import_(walker: Walker, node: ast.Import) -> None:
    for alias in node.names:
        path = alias.name.replace(".", "/")
        walker.refer(IMPORT, to_import(path), alias.lineno, 0)
        name = alias.asname or alias.name.partition(".")[0]
        _bind_import(walker, name, to_import(path if alias.asname else path.partition("/")[0]), node)


def import_from(walker: Walker, node: ast.ImportFrom) -> None:
    base = walker.package[: len(walker.package) - node.level + 1] if node.level else []
    module = "/".join([*base, *(node.module or "").split(".")]).strip("/")
    for alias in node.names:
        if alias.name == "*":
            walker.refer(IMPORT, to_import(module), alias.lineno, 0)
            _bind_import(walker, "*", to_import(module), node)
        else:
            walker.refer(IMPORT, to_import(module, alias.name), alias.lineno, 0)
            _bind_import(walker, alias.asname or alias.name, to_import(module, alias.name), node)


def _bind_import(walker: Walker, name: str, target: str, node: ast.stmt) -> None:
    if walker.scope.kind == "class":
        path = walker.path(name)
        walker.assign(FIELD, path, lines_of(node), target)
        walker.scope.bind(name, to_definition(path))
    else:
        walker.bind(name, target)


STATEMENTS: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    ast.Assign: assign,
    ast.AnnAssign: annotated_assignment,
    ast.AugAssign: augmented_assignment,
    ast.Expr: expression_statement,
    ast.Import: import_,
    ast.ImportFrom: import_from,
}
