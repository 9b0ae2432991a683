"""What names mean where a walk over Ruby is: local variables, the receiver, constants by nesting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import CLS, Expression, member_of, to_definition, to_member, to_name, to_self
from ...facts import GLOBAL

if TYPE_CHECKING:
    from ...recorder import Lines
    from ...trees.walker import TreeScope, TreeWalker

OF_CLASS = "<of the class>"
"""Among the names of a scope: what is defined there belongs to the class itself, as below ``class << self``."""
BLOCK = "&block"
"""The parameter that takes the block of a call."""


def method_scope(walker: TreeWalker) -> TreeScope | None:
    """That of the method around, past blocks."""
    scope: TreeScope | None = walker.scope
    while scope is not None and (scope.kind == "block" or scope.prefix.startswith("<")):
        scope = scope.parent
    return scope if scope is not None and scope.kind == "function" else None


def local(walker: TreeWalker, name: str) -> Expression | None:
    """The local variable of that name; None where a method is meant."""
    scope: TreeScope | None = walker.scope
    while scope is not None and scope.parent is not None:
        if name in scope.names:
            return scope.names[name]
        if not scope.prefix.startswith("<"):
            return None
        scope = scope.parent
    known = walker.paths.get(name)
    is_variable = known is not None and walker.facts.symbols[known].label == GLOBAL
    return to_definition(name) if is_variable else None


def set_local(walker: TreeWalker, name: str, lines: Lines, value: Expression) -> None:
    held = local(walker, name)
    if isinstance(held, list) and held[0] == "v":
        walker.flow(held[1], value)
    elif walker.at_top:
        walker.assign(GLOBAL, name, lines, value)
    elif walker.scope.kind != "class":
        walker.declare(name, lines, value)


def implicit(walker: TreeWalker, name: str) -> Expression:
    """The method that a name without a receiver means."""
    receiver = walker.this()
    if receiver in ("", "*") or name in walker.class_like:
        return to_name(name)
    return member_of(receiver, name)


def constant(walker: TreeWalker, name: str) -> Expression:
    """Looks it up in the classes around, then from the outermost level."""
    home = walker.home()
    return to_member(home.path, name) if home is not None else to_name(name)


def is_of_class(walker: TreeWalker) -> bool:
    home = walker.home()
    return home is not None and OF_CLASS in home.names


def class_itself(walker: TreeWalker) -> Expression:
    home = walker.home()
    return to_self(home.path, CLS) if home is not None else "*"
