"""What statements with bodies contribute to a walk: which binding of a name holds on which way through the code."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...expressions import Expression, any_of, union
from ...facts import RAISE
from .bindings import bind, iterate

if TYPE_CHECKING:
    from .walker import Walker

_LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def if_(walker: Walker, node: ast.If) -> None:
    """A long ``elif`` chain is walked without going deeper."""
    ways: list[dict[str, list[Expression]]] = []
    walker.branches += 1
    while True:
        walker.expression(node.test)
        before = walker.snapshot()
        walker.narrow(node.test)
        _way(walker, node.body, ways)
        walker.scope.current = before
        walker.narrow(node.test, holds=False)
        if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
            break
        node = node.orelse[0]
    _way(walker, node.orelse, ways)
    walker.branches -= 1
    walker.scope.current = _merge_ways(walker, ways) if ways else walker.scope.current


def _way(walker: Walker, body: list[ast.stmt], ways: list[dict[str, list[Expression]]]) -> None:
    walker.statements(body)
    if not body or not isinstance(body[-1], _LEAVING):
        ways.append(walker.scope.current)


def _merge_ways(walker: Walker, ways: list[dict[str, list[Expression]]]) -> dict[str, list[Expression]]:
    walker.work.spend(sum(map(len, ways)))
    first, *others = ways
    names = dict.fromkeys(name for way in ways for name in way)
    return {
        name: first[name] if all(way.get(name) is first.get(name) for way in others)
        else union(value for way in ways for value in way.get(name, ()))
        for name in names
    }  # fmt: skip


def for_(walker: Walker, node: ast.For | ast.AsyncFor) -> None:
    walker.branches += 1
    iterate(walker, node.target, node.iter, walker.expression(node.iter), node.lineno)
    walker.statements(node.body)
    walker.statements(node.orelse)
    walker.branches -= 1


def while_(walker: Walker, node: ast.While) -> None:
    walker.branches += 1
    walker.expression(node.test)
    walker.narrow(node.test)
    walker.statements(node.body)
    walker.statements(node.orelse)
    walker.branches -= 1


def try_(walker: Walker, node: ast.Try) -> None:
    walker.branches += 1
    walker.statements(node.body)
    for handler in node.handlers:
        value: Expression = "*"
        if handler.type is not None:
            kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            value = any_of([instance(walker.expression(kind)) for kind in kinds])
            for kind in kinds:
                walker.add_catch(walker.peek(kind), kind.lineno)
        else:
            walker.add_catch("BaseException", handler.lineno)
        if handler.name:
            bind(
                walker,
                ast.Name(handler.name, ast.Store(), lineno=handler.lineno, end_lineno=handler.lineno),
                value,
                handler,
            )
        walker.statements(handler.body)
    walker.statements(node.orelse)
    walker.statements(node.finalbody)
    walker.branches -= 1


def instance(of: Expression) -> Expression:
    if not isinstance(of, str):
        return ["|", *(instance(part) for part in of[1:])] if of[0] == "|" else "*"
    return ["i", of] if of and of != "*" else of


def with_(walker: Walker, node: ast.With | ast.AsyncWith) -> None:
    prefix = "__a" if isinstance(node, ast.AsyncWith) else "__"
    for item in node.items:
        value = walker.expression(item.context_expr)
        entered = walker.protocol(value, f"{prefix}enter__", item.context_expr.lineno)
        walker.protocol(value, f"{prefix}exit__", item.context_expr.lineno)
        if item.optional_vars is not None:
            bind(walker, item.optional_vars, ["w", value, entered] if value else "", node)
    walker.statements(node.body)


def match(walker: Walker, node: ast.Match) -> None:
    subject = walker.expression(node.subject)
    ways: list[dict[str, list[Expression]]] = []
    walker.branches += 1
    before = walker.snapshot()
    for case in node.cases:
        walker.scope.current = before
        walker.scope.current = walker.snapshot()
        kind = _pattern(walker, case.pattern, subject)
        if isinstance(node.subject, ast.Name) and kind not in ("", "*") and node.subject.id in before:
            walker.scope.current[node.subject.id] = [kind]
        if case.guard is not None:
            walker.expression(case.guard)
        _way(walker, case.body, ways)
    walker.branches -= 1
    walker.scope.current = _merge_ways(walker, [*ways, before])


def _pattern(walker: Walker, pattern: ast.pattern, subject: Expression) -> Expression:
    """Binds the names of the pattern to what they can stand for. Returns what the subject is then."""
    kind: Expression = subject
    if isinstance(pattern, ast.MatchClass):
        kind = instance(walker.expression(pattern.cls))
        for part in (*pattern.patterns, *pattern.kwd_patterns):
            _pattern(walker, part, "*")
    elif isinstance(pattern, ast.MatchOr):
        kind = any_of([_pattern(walker, part, subject) for part in pattern.patterns])
    elif isinstance(pattern, ast.MatchAs):
        kind = _pattern(walker, pattern.pattern, subject) if pattern.pattern else subject
        if pattern.name:
            bind(walker, _name_node(pattern.name, pattern), kind, pattern)
    elif isinstance(pattern, ast.MatchValue):
        walker.expression(pattern.value)
    elif isinstance(pattern, (ast.MatchSequence, ast.MatchMapping)):
        for key in getattr(pattern, "keys", ()):
            walker.expression(key)
        for part in pattern.patterns:
            _pattern(walker, part, "*" if subject in ("", "*") else ["*v", subject])
    name = getattr(pattern, "rest", None) or (pattern.name if isinstance(pattern, ast.MatchStar) else None)
    if name:
        bind(walker, _name_node(name, pattern), "*", pattern)
    return kind


def _name_node(name: str, place: ast.pattern) -> ast.Name:
    return ast.Name(name, ast.Store(), lineno=place.lineno, end_lineno=place.end_lineno)


def return_(walker: Walker, node: ast.Return) -> None:
    if node.value is not None and (value := walker.expression(node.value)):
        walker.flow(f"{walker.function}()", value)


def raise_(walker: Walker, node: ast.Raise) -> None:
    """``raise C`` makes an instance of C."""
    if isinstance(node.exc, (ast.Name, ast.Attribute)):
        walker.call(RAISE, node.lineno, walker.expression(node.exc), [], [])
    elif node.exc is not None:
        walker.expression(node.exc)
    if node.exc is not None:
        named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        walker.add_raise(walker.peek(named), named.end_lineno or node.lineno)
    if node.cause is not None:
        walker.expression(node.cause)


def assert_(walker: Walker, node: ast.Assert) -> None:
    walker.expression(node.test)
    if node.msg is not None:
        walker.expression(node.msg)
    walker.narrow(node.test)


def delete(walker: Walker, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            base = walker.expression(target.value)
            walker.expression(target.slice)
            walker.protocol(base, "__delitem__", target.lineno)
        elif isinstance(target, ast.Attribute):
            walker.expression(target)


def nothing(walker: Walker, node: ast.stmt) -> None:
    """``global`` and ``nonlocal`` were read when the scope was opened."""


STATEMENTS: dict[type[ast.AST], Callable[[Walker, Any], None]] = {
    ast.If: if_,
    ast.For: for_,
    ast.AsyncFor: for_,
    ast.While: while_,
    ast.Try: try_,
    ast.TryStar: try_,
    ast.With: with_,
    ast.AsyncWith: with_,
    ast.Match: match,
    ast.Return: return_,
    ast.Raise: raise_,
    ast.Assert: assert_,
    ast.Delete: delete,
    ast.Global: nothing,
    ast.Nonlocal: nothing,
    ast.Pass: nothing,
    ast.Break: nothing,
    ast.Continue: nothing,
}
