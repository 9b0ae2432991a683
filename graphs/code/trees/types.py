"""Rules for written types: what a thing that is declared so can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..expressions import Expression, any_of, member_of
from ..facts import LOAD
from .rules import key
from .syntax import Rule

if TYPE_CHECKING:
    from tree_sitter import Node

    from .walker import TreeWalker


def type_name(walker: TreeWalker, node: Node) -> Expression:
    value = walker.resolve(walker.text(node))
    if not isinstance(value, str) or value in ("", "*"):
        return value if isinstance(value, list) and value[0] == "i" else "*"
    walker.refer(LOAD, value, walker.line(node))
    return ["i", value]


def qualified_type(separator: str = ".") -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        first, *rest = (part.strip() for part in walker.text(node).split(separator))
        value: Expression = walker.resolve(first)
        for part in rest:
            value = member_of(value, key(part))
        if not isinstance(value, str) or not value:
            return "*"
        walker.refer(LOAD, value, walker.line(node))
        return ["i", value]

    return rule


def generic_type(name: str = "name", arguments: str = "type_arguments") -> Rule:
    """A container of the language's own gives its elements; any other generic type is what its name says."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        kind = node.child_by_field_name(name) or node.named_children[0]
        listed = node.child_by_field_name(arguments)
        if listed is None:
            listed = next((child for child in node.named_children if "argument" in child.type), None)
        inside = [walker.type(child) for child in listed.named_children] if listed is not None else []
        holder = walker.syntax.containers.get(walker.text(kind))
        if holder is None or not inside:
            return walker.type(kind)
        return walker.box(holder, (), inside[-1:]) if holder else inside[0]

    return rule


def container_type(inner: str = "") -> Rule:
    """An array of something."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        child = node.child_by_field_name(inner) if inner else next(iter(node.named_children), None)
        held = walker.type(child)
        return walker.box("[", (), [held]) if held not in ("", "*") else "*"

    return rule


def inner_type(inner: str = "") -> Rule:
    """What a type only wraps."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        if inner:
            return walker.type(node.child_by_field_name(inner))
        return next((held for child in node.named_children if (held := walker.type(child)) != "*"), "*")

    return rule


def any_type(walker: TreeWalker, node: Node) -> Expression:
    """One of several."""
    held = [value for child in node.named_children if (value := walker.type(child)) not in ("", "*")]
    return any_of(held) if held else "*"
