"""Statements of Ruby, all of which have values: the last one's, or that of the branch that is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...expressions import Expression, any_of
from ...trees.syntax import Rule
from .scope import method_scope, set_local

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_BESIDE = frozenset(["rescue", "ensure", "else"])


def body(walker: TreeWalker, node: Node) -> Expression:
    """Statements, and what is done where they fail."""
    value: Expression = ""
    others: list[Expression] = []
    for child in node.named_children:
        if child.type in walker.syntax.comments:
            walker.comments.add(child)
        elif child.type in _BESIDE:
            given = walker.visit(child)
            others += [given] if child.type != "ensure" else []
        elif child.type != "empty_statement":
            value = walker.visit(child)
    return choose([value, *others])


def choose(values: Iterable[Expression]) -> Expression:
    """One of several; what says nothing is left out where others say something."""
    known = [value for value in values if value not in ("", "*")]
    return any_of(known) if known else "*"


def branches(*ways: str) -> Rule:
    """All fields are visited, in their order; those named are what the whole can be."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        found: list[Expression] = []
        for position, child in enumerate(node.children):
            if child.is_named:
                value = walker.visit(child)
                if node.field_name_for_child(position) in ways:
                    found.append(value)
        return choose(found)

    return rule


def cases(walker: TreeWalker, node: Node) -> Expression:
    values = [(child.type, walker.visit(child)) for child in node.named_children]
    return choose(value for kind, value in values if kind in ("when", "in_clause", "else"))


def when(walker: TreeWalker, node: Node) -> Expression:
    value: Expression = ""
    for child in node.named_children:
        value = walker.visit(child)
    return value


def rescue(walker: TreeWalker, node: Node) -> Expression:
    """``rescue A, B => e``"""
    kinds: list[Expression] = []
    listed = node.child_by_field_name("exceptions")
    for child in listed.named_children if listed is not None else ():
        chain = walker.visit(child)
        walker.add_catch(chain, walker.line(child))
        kinds += [["i", chain]] if isinstance(chain, str) and chain not in ("", "*") else []
    variable = node.child_by_field_name("variable")
    if variable is not None and variable.named_children:
        name = walker.text(variable.named_children[0])
        set_local(walker, name, (walker.line(node), walker.line(node)), choose(kinds))
    inner = node.child_by_field_name("body")
    return walker.visit(inner) if inner is not None else "*"


def return_(walker: TreeWalker, node: Node) -> Expression:
    listed = node.named_children[0] if node.named_children else None
    values = walker.each(listed.named_children) if listed is not None and listed.type == "argument_list" else []
    scope = method_scope(walker)
    if scope is not None and values:
        slot = f"{scope.prefix[:-1]}()"
        walker.flow(slot, values[0] if len(values) == 1 else walker.box("[", values, values))
    return "*"


def for_in(walker: TreeWalker, node: Node) -> Expression:
    held = node.child_by_field_name("value")
    source = walker.visit(held.named_children[0]) if held is not None and held.named_children else "*"
    pattern = node.child_by_field_name("pattern")
    if pattern is not None and pattern.type == "identifier":
        each: Expression = ["*", source] if source not in ("", "*") else source
        set_local(walker, walker.text(pattern), (walker.line(pattern), walker.line(pattern)), each)
    walker.visit(node.child_by_field_name("body"))
    return "*"
