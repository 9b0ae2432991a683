"""Patterns of Rust, and the statements that bind names by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import Expression
from . import paths

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def let(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("value"))
    declared = walker.type(node.child_by_field_name("type"))
    pattern = node.child_by_field_name("pattern")
    if pattern is not None:
        walker.bind_pattern(pattern, value, declared)
    walker.visit(node.child_by_field_name("alternative"))
    return "*"


def condition(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("value"))
    pattern = node.child_by_field_name("pattern")
    if pattern is not None:
        walker.bind_pattern(pattern, value)
    return "*"


def variant(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    """``Some(x)`` and ``Ok(x)`` hold what they wrap; a variant of the library what it declares."""
    kind = node.child_by_field_name("type")
    name = walker.text(kind)
    chain = paths.path(walker, kind) if name not in ("Some", "Ok", "Err") else ""
    for position, child in enumerate(child for child in node.named_children if child != kind):
        held = value if name in ("Some", "Ok") else "*"
        if isinstance(chain, str) and chain not in ("", "*"):
            held = f"{chain}.{position}"
        walker.bind_pattern(child, held)


def struct(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    chain = paths.path(walker, node.child_by_field_name("type"))
    for child in node.named_children:
        if child.type == "field_pattern":
            inner = child.child_by_field_name("pattern")
            name = walker.field(child, "name")
            held: Expression = [".", ["i", chain], name] if isinstance(chain, str) and chain else "*"
            if inner is not None:
                walker.bind_pattern(inner, held)
            else:
                walker.declare(name, (walker.line(child), walker.line(child)), held)


def tuple_(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    for position, child in enumerate(node.named_children):
        walker.bind_pattern(child, ["[", value, str(position)] if value not in ("", "*") else value)


def inner(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    for child in node.named_children:
        walker.bind_pattern(child, value, declared)
