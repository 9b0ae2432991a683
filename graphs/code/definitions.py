"""What function and class statements contribute to a walk: a symbol, a scope, decorators and bases."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .chains import chain, class_signature, instance, signature, summary
from .facts import BASE, CLASS, DECORATOR, FUNCTION, METHOD, SymbolFact
from .scopes import Scope

if TYPE_CHECKING:
    from .walk import Walker

_PROPERTIES = {"property", "cached_property", "abstractproperty"}
_CLASS_METHODS = {"__new__", "__init_subclass__", "__class_getitem__"}
_PARTS = {"setter", "deleter", "getter"}
_MERGED = {*_PARTS, "overload"}
"""Decorators of definitions that belong to an earlier symbol of the same name."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def function(walker: Walker, node: _Function) -> None:
    decorators = _decorators(node)
    tails = {text.rpartition(".")[2] for text in decorators}
    in_class = walker.scope.kind == "class"
    symbol = SymbolFact(
        METHOD if in_class else FUNCTION,
        walker.path(node.name),
        _first(node),
        node.end_lineno or node.lineno,
        signature(node),
        summary(node),
        decorators,
        value=instance(node.returns),
        flags=("property",) if in_class and tails & _PROPERTIES else (),
    )
    index = _place(walker, symbol, tails)
    path = walker.facts.symbols[index].path
    walker.bind(node.name, f"${path.replace('.', '/')}")
    _decorate(walker, node, decorators, index)
    _outer_parts(walker, node, index)
    walker.inside(_body_scope(walker, node, index, tails), node.body)


def _decorators(node: _Function | ast.ClassDef) -> tuple[str, ...]:
    return tuple(chain(item.func if isinstance(item, ast.Call) else item) for item in node.decorator_list)


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


def _decorate(walker: Walker, node: _Function | ast.ClassDef, decorators: tuple[str, ...], index: int) -> None:
    for item, text in zip(node.decorator_list, decorators, strict=True):
        if text.rpartition(".")[2] not in _PARTS:
            walker.refer(DECORATOR, text, item.lineno, index)
        if isinstance(item, ast.Call):
            walker.each((*item.args, *item.keywords))


def _outer_parts(walker: Walker, node: _Function, index: int) -> None:
    """Defaults and annotations: read in the scope around the function, for the function."""
    owner, walker.scope.owner = walker.scope.owner, index
    walker.each((*node.args.defaults, *node.args.kw_defaults))
    walker.each([*(item.annotation for item in parameters(node.args)), node.returns])
    walker.scope.owner = owner


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    extra = [item for item in (arguments.vararg, arguments.kwarg) if item]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _body_scope(walker: Walker, node: _Function, index: int, tails: set[str]) -> Scope:
    scope = Scope("function", walker.scope, index, walker.facts.symbols[index].path)
    starred = (node.args.vararg, node.args.kwarg)
    for item in parameters(node.args):
        scope.bind(item.arg, "*" if item in starred else instance(item.annotation))
    receiver = next(iter((*node.args.posonlyargs, *node.args.args)), None)
    if walker.scope.kind == "class" and receiver and "staticmethod" not in tails:
        sigil = "%" if "classmethod" in tails or node.name in _CLASS_METHODS else "@"
        scope.names[receiver.arg] = [f"{sigil}{walker.scope.path.replace('.', '/')}"]
    return scope


def class_(walker: Walker, node: ast.ClassDef) -> None:
    decorators = _decorators(node)
    bases = tuple(chain(item.value if isinstance(item, ast.Subscript) else item) or "*" for item in node.bases)
    symbol = SymbolFact(
        CLASS,
        walker.path(node.name),
        _first(node),
        node.end_lineno or node.lineno,
        class_signature(node),
        summary(node),
        decorators,
        bases,
    )
    index = walker.add(symbol)
    walker.bind(node.name, f"${symbol.path.replace('.', '/')}")
    _decorate(walker, node, decorators, index)
    for item, base in zip(node.bases, bases, strict=True):
        walker.refer(BASE, base, item.lineno, index)
        if isinstance(item, ast.Subscript):
            walker.visit(item.slice)
    walker.each(node.keywords)
    walker.inside(Scope("class", walker.scope, index, symbol.path), node.body)


VISIT: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    ast.FunctionDef: function,
    ast.AsyncFunctionDef: function,
    ast.ClassDef: class_,
}
