"""Tokens that the grammar does not parse: what a macro is given, and the bodies of ``macro_rules!``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import Expression, member_of
from ...facts import CALL, LOAD
from . import paths

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_DEEPEST = 20
_NAMES = ("identifier", "self", "crate", "super", "primitive_type")
_LINKS = (".", "::", "!")
_DEFINING = ("fn", "let", "mut", "struct", "enum", "mod", "trait", "type", "const", "static", "for", "use")
"""Words before a name that is new."""


def read_tokens(walker: TreeWalker, node: Node, depth: int = 0) -> None:
    """A name or a path with parentheses behind it is taken for a call, a name with ``!`` and a group for a macro, and
    any other for a mention, which may be called later. A method of what is not known, such as ``$x.run()``, is a call
    that nobody can attribute."""
    chain: Expression = "*"
    link = before = ""
    for child in node.children:
        kind = child.type
        if kind in _LINKS:
            link = kind
            continue
        if kind == "token_tree":
            called = link == "!" or (not link and walker.text(child).startswith("("))
            chain = walker.call(CALL, walker.line(child), chain, [], []) if called and chain != "*" else "*"
            if depth < _DEEPEST:
                read_tokens(walker, child, depth + 1)
        else:
            if kind != ":" and link == "" and isinstance(chain, str) and not chain.startswith("*"):
                walker.refer(LOAD, chain, walker.line(child))
            chain = _next(walker, child, chain, link) if before not in _DEFINING else "*"
        link, before = "", walker.text(child) if kind != "token_tree" else ""
    if link == "" and isinstance(chain, str) and not chain.startswith("*"):
        walker.refer(LOAD, chain, walker.line(node))


def _next(walker: TreeWalker, token: Node, chain: Expression, link: str) -> Expression:
    if walker.text(token) == "$crate":
        return "=crate"
    if token.type not in _NAMES:
        return "*"
    if link == ".":
        return member_of(chain, walker.text(token))
    if link == "::":
        return member_of(chain, walker.text(token)) if chain != "*" else "*"
    return walker.this() if token.type == "self" else paths.path(walker, token)
