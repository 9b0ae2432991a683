"""Expressions of Rust and the types that are written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import Expression, any_of
from ...facts import CALL
from ...trees import rules
from . import paths
from .tokens import read_tokens

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def element(walker: TreeWalker, node: Node) -> Expression:
    """``x[i]``"""
    of, *rest = walker.each(node.named_children)
    return of if of in ("", "*") or not rest else ["[", of, ""]


def macro_call(walker: TreeWalker, node: Node) -> Expression:
    macro = node.child_by_field_name("macro")
    walker.call(CALL, walker.line(node), paths.path(walker, macro), [], [])
    for child in node.named_children:
        if child.type == "token_tree":
            read_tokens(walker, child)
    return ""


def call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    if called is not None and called.type == "generic_function":
        called = called.child_by_field_name("function")
    if called is not None and called.type == "scoped_identifier":
        target = paths.path(walker, called)
    else:
        target = rules.callee(walker, called)
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    name = walker.text(called)
    if name in ("Some", "Ok", "Box::new", "Rc::new", "Arc::new", "RefCell::new", "Mutex::new", "Cell::new"):
        return given[0] if given else ""
    return walker.call(CALL, walker.last_line(called) if called else walker.line(node), target, given, [])


def struct(walker: TreeWalker, node: Node) -> Expression:
    chain = paths.path(walker, node.child_by_field_name("name"))
    body = node.child_by_field_name("body")
    value: Expression = ["i", chain] if isinstance(chain, str) and chain not in ("", "*") else "*"
    if isinstance(chain, str):
        walker.mention(chain, node)
    for child in body.named_children if body is not None else ():
        name, inner = walker.field(child, "field"), child.child_by_field_name("value")
        if child.type == "shorthand_field_initializer":
            name, inner = walker.text(child), child.named_children[0]
        held = walker.visit(inner)
        if name and value != "*":
            walker.store(value, name, held, (walker.line(child), walker.last_line(child)))
    return value


def block(walker: TreeWalker, node: Node) -> Expression:
    """Its last expression is its value."""
    value: Expression = "*"
    with walker.block():
        for child in node.named_children:
            value = walker.visit(child) if child.type not in walker.syntax.comments else value
    last = node.named_children[-1] if node.named_children else None
    return value if last is not None and last.type not in ("expression_statement", "let_declaration") else ""


def branches(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        walker.visit(node.child_by_field_name("condition"))
        values = [walker.visit(node.child_by_field_name("consequence"))]
    other = node.child_by_field_name("alternative")
    if other is not None:
        values += walker.each(other.named_children)
    return any_of([value for value in values if value not in ("", "*")] or ["*"])


def match_(walker: TreeWalker, node: Node) -> Expression:
    subject = walker.visit(node.child_by_field_name("value"))
    values: list[Expression] = []
    body = node.child_by_field_name("body")
    for arm in body.named_children if body is not None else ():
        with walker.block():
            pattern = arm.child_by_field_name("pattern")
            for child in pattern.named_children if pattern is not None else ():
                if child.type in walker.syntax.patterns:
                    walker.bind_pattern(child, subject)
                else:
                    walker.visit(child)
            values.append(walker.visit(arm.child_by_field_name("value")))
    return any_of([value for value in values if value not in ("", "*")] or ["*"])


def type_name(walker: TreeWalker, node: Node) -> Expression:
    chain = paths.path(walker, node)
    if not isinstance(chain, str) or chain in ("", "*"):
        return chain if isinstance(chain, list) and chain[0] == "i" else "*"
    walker.mention(chain, node)
    return ["i", chain]
