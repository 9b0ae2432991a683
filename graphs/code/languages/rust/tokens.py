"""Tokens that the grammar does not parse: what a macro is given, and the bodies of ``macro_rules!``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import Expression, member_of
from ...facts import CALL
from . import paths

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_DEEPEST = 20
_NAMES = ("identifier", "self", "crate", "super", "primitive_type")


def read_tokens(walker: TreeWalker, node: Node, depth: int = 0) -> None:
    """A name or a path with parentheses behind it is taken for a call, a name with ``!`` and a group for a macro. A
    method of what is not known, such as ``$x.run()``, is a call that nobody can attribute."""
    chain: Expression = "*"
    link = before = ""
    for child in node.children:
        kind = child.type
        if kind in (".", "::", "!"):
            link = kind
            continue
        if kind == "token_tree":
            called = link == "!" or (not link and walker.text(child).startswith("("))
            chain = walker.call(CALL, walker.line(child), chain, [], []) if called and chain != "*" else "*"
            if depth < _DEEPEST:
                read_tokens(walker, child, depth + 1)
        elif walker.text(child) == "$crate":
            chain = "=crate"
        elif kind in _NAMES and before != "fn":
            chain = _next(walker, child, chain, link)
        else:
            chain = "*"
        link, before = "", kind


def _next(walker: TreeWalker, name: Node, chain: Expression, link: str) -> Expression:
    if link == ".":
        return member_of(chain, walker.text(name))
    if link == "::":
        return member_of(chain, walker.text(name)) if chain != "*" else "*"
    return walker.this() if name.type == "self" else paths.path(walker, name)
