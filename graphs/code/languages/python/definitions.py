"""What function and class statements contribute to a walk: a symbol, a scope, parameters, decorators and bases."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...expressions import CLS, SELF, Expression, to_definition, to_import, to_self
from ...facts import APPLIED, BASE, CLASS, DECORATOR, FUNCTION, METHOD, SymbolFact
from . import routes
from .annotations import held_by
from .scopes import BUILTINS, Bound, PythonScope, scan
from .signatures import class_signature, dotted_name, signature, summary

if TYPE_CHECKING:
    from .walker import Walker

_PROPERTIES = {"property", "cached_property", "abstractproperty"}
_CLASS_METHODS = {"__new__", "__init_subclass__", "__class_getitem__"}
_PARTS = {"setter", "deleter", "getter"}
_TUPLES = {"namedtuple", "NamedTuple"}
"""What makes a class of tuples when it is called."""
_MERGED = {*_PARTS, "overload"}
"""Decorators of definitions that belong to an earlier symbol of the same name."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def function(walker: Walker, node: _Function) -> None:
    decorators = _decorators(node)
    tails = {text.rpartition(".")[2] for text in decorators}
    in_class = walker.scope.kind == "class"
    applied = _evaluate_decorators(walker, node)
    symbol = SymbolFact(
        METHOD if in_class else FUNCTION,
        walker.path(node.name),
        _first(node),
        end_line=node.end_lineno or node.lineno,
        signature=signature(node),
        doc=summary(node),
        decorators=decorators,
        flags=_flags(node, tails, in_class),
        parameters=parameter_names(node.args),
    )
    index = _place(walker, symbol, tails)
    path = walker.facts.symbols[index].path
    walker.bind(node.name, to_definition(path))
    if not tails & _MERGED:
        _decorate(walker, node, applied, index)
    scope = _body_scope(walker, node, index, tails)
    with walker.inside(scope):
        walker.statements(node.body)
    _mark_returned(walker, walker.facts.symbols[index], scope)


def _mark_returned(walker: Walker, symbol: SymbolFact, scope: PythonScope) -> None:
    """Parameters that are returned as they came: a call then gives what it was given, not what any other was."""
    slot = f"{symbol.path}()"
    returned = walker.facts.flows.get(slot, [])
    names = {name.lstrip("*/") for name in symbol.parameters}
    same = [
        value[1].partition(":")[2]
        for value in returned
        if value[0] == "v" and value[1].startswith(scope.prefix) and value[1].partition(":")[2] in names
    ]
    unbound = [name for name in dict.fromkeys(same) if not scope.bound[name].mixed]
    if unbound and "generator" not in symbol.flags:
        symbol.value = " ".join(unbound)
        walker.facts.flows[slot] = [
            v for v in returned if v[0] != "v" or v[1] not in {f"{scope.prefix}{n}" for n in unbound}
        ]


def _flags(node: _Function, tails: set[str], in_class: bool) -> tuple[str, ...]:
    flags = []
    if in_class and tails & _PROPERTIES:
        flags.append("property")
    if in_class and "staticmethod" in tails:
        flags.append("static")
    if in_class and ("classmethod" in tails or node.name in _CLASS_METHODS):
        flags.append("classmethod")
    return tuple(flags)


def _decorators(node: _Function | ast.ClassDef) -> tuple[str, ...]:
    return tuple(
        dotted_name(item.func if isinstance(item, ast.Call) else item) or _tail(item) for item in node.decorator_list
    )


def _tail(node: ast.expr) -> str:
    inner = node.func if isinstance(node, ast.Call) else node
    return f"*.{inner.attr}" if isinstance(inner, ast.Attribute) else "*"


def _first(node: _Function | ast.ClassDef) -> int:
    return min([node.lineno, *(item.lineno for item in node.decorator_list)])


def _place(walker: Walker, symbol: SymbolFact, tails: set[str]) -> int:
    """Index of a new symbol, or of the one that a setter or an overload belongs to."""
    known = walker.paths.get(symbol.path)
    earlier = walker.facts.symbols[known] if known is not None else symbol
    if known is None or earlier.label != symbol.label:
        return walker.add(symbol)
    overloaded = any(text.rpartition(".")[2] == "overload" for text in earlier.decorators)
    if overloaded and "overload" not in tails:
        walker.facts.symbols[known] = symbol
    return known if overloaded or tails & _MERGED else walker.add(symbol)


def _evaluate_decorators(walker: Walker, node: _Function | ast.ClassDef) -> list[tuple[ast.expr, Expression]]:
    """Evaluates them in the scope around the definition, before its name is bound; parts of a property call nothing."""
    found = []
    for item in node.decorator_list:
        if dotted_name(item).rpartition(".")[2] not in _PARTS:
            value = walker.callee(item) if not isinstance(item, ast.Call) else walker.expression(item)
            found.append((item, value))
    return found


def _decorate(
    walker: Walker, node: _Function | ast.ClassDef, applied: list[tuple[ast.expr, Expression]], index: int
) -> None:
    value: Expression = ["d", walker.facts.symbols[index].path]
    for item, decorator in reversed(applied):
        routes.read_decorator(walker, item, index)
        named = walker.peek(item.func) if isinstance(item, ast.Call) else decorator
        walker.refer(DECORATOR, named, item.lineno, index)
        value = walker.call(APPLIED, item.lineno, decorator, [value], [])
    if applied:
        walker.flow(f"{walker.facts.symbols[index].path}@", value)


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    extra = [item for item in (arguments.vararg, arguments.kwarg) if item]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def parameter_names(arguments: ast.arguments) -> tuple[str, ...]:
    """The names as ``SymbolFact.parameters`` writes them."""
    names = [f"/{item.arg}" for item in arguments.posonlyargs] + [item.arg for item in arguments.args]
    if arguments.vararg or arguments.kwonlyargs:
        names.append(f"*{arguments.vararg.arg if arguments.vararg else ''}")
    names += [item.arg for item in arguments.kwonlyargs]
    return (*names, f"**{arguments.kwarg.arg}") if arguments.kwarg else tuple(names)


def bind_parameters(walker: Walker, scope: PythonScope, arguments: ast.arguments) -> None:
    """Defaults and annotations are read where the walk is, outside the function."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[str, ast.expr | None] = {
        item.arg: value for item, value in zip(reversed(positional), reversed(arguments.defaults), strict=False)
    }
    defaults |= {item.arg: value for item, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)}
    for item in parameters(arguments):
        scope.bound.setdefault(item.arg, Bound()).count += 1
        slot = f"{scope.prefix}{item.arg}"
        if item is arguments.vararg or item is arguments.kwarg:
            inside = held_by(walker, item.annotation)
            walker.facts.flows[slot] = [["b", slot]]
            if inside and inside != "*":
                walker.facts.declared[f"{slot}["] = inside
        elif item.annotation is not None and (declared := held_by(walker, item.annotation)) != "*":
            walker.facts.declared[slot] = declared
        if (default := defaults.get(item.arg)) is not None and (value := walker.expression(default)):
            walker.flow(slot, value)
        scope.bind(item.arg, ["v", slot])


def _body_scope(walker: Walker, node: _Function, index: int, tails: set[str]) -> PythonScope:
    path = walker.facts.symbols[index].path
    scope = PythonScope("function", walker.scope, index, path, f"{path}:")
    scan(scope, node.body, walker.walrus)
    # Defaults and annotations belong to the function, though they are read in the scope around it.
    owner, walker.scope.owner = walker.scope.owner, index
    bind_parameters(walker, scope, node.args)
    declared = held_by(walker, node.returns)
    walker.scope.owner = owner
    receiver = next(iter((*node.args.posonlyargs, *node.args.args)), None)
    if walker.scope.kind == "class" and receiver and "staticmethod" not in tails:
        start = CLS if "classmethod" in tails or node.name in _CLASS_METHODS else SELF
        scope.receiver = to_self(walker.scope.path, start)
        scope.current[receiver.arg] = scope.versions[receiver.arg] = [scope.receiver]
        if receiver.annotation and node.returns and dotted_name(receiver.annotation) == dotted_name(node.returns) != "":
            declared = to_self(walker.scope.path)
    if declared != "*":
        walker.facts.declared[f"{path}()"] = declared
    return scope


def class_(walker: Walker, node: ast.ClassDef) -> None:
    applied = _evaluate_decorators(walker, node)
    bases = [_base(walker, item) for item in node.bases]
    metaclass = next((item.value for item in node.keywords if item.arg == "metaclass"), None)
    meta = walker.callee(metaclass) if metaclass is not None else ""
    symbol = SymbolFact(
        CLASS,
        walker.path(node.name),
        _first(node),
        end_line=node.end_lineno or node.lineno,
        signature=class_signature(node),
        doc=summary(node),
        decorators=_decorators(node),
        bases=tuple(bases),
        value=meta if isinstance(meta, str) else "",
    )
    index = walker.add(symbol)
    for item, base in zip(node.bases, bases, strict=True):
        walker.refer(BASE, base, item.lineno, index)
    for keyword in node.keywords:
        walker.expression(keyword.value)
    walker.bind(node.name, to_definition(symbol.path))
    _decorate(walker, node, applied, index)
    with walker.inside(PythonScope("class", walker.scope, index, symbol.path)):
        walker.statements(node.body)


def _base(walker: Walker, node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        held_by(walker, node.slice)
        node = node.value
    base = walker.callee(node)
    if isinstance(node, ast.Starred):
        return "*"
    if isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] in _TUPLES:
        return to_import("builtins", "tuple")
    if isinstance(node, ast.Name) and node.id in BUILTINS and not walker.is_bound(node.id):
        return to_import("builtins", node.id)
    return base if isinstance(base, str) and base else "*"


STATEMENTS: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    ast.FunctionDef: function,
    ast.AsyncFunctionDef: function,
    ast.ClassDef: class_,
}
