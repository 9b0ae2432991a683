"""Expressions of C and C++ that are their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import Expression
from ...facts import CALL, NEW
from ...trees import rules, scopes
from ...trees.walker import TreeScope
from . import declarators, paths

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    while called is not None and called.type in ("parenthesized_expression", "pointer_expression", "template_function"):
        called = (
            called.child_by_field_name("argument") or called.child_by_field_name("name") or called.named_children[0]
        )
    if called is not None and called.type == "qualified_identifier":
        target = paths.path(walker, called)
        made = re.search(r"(?:make_unique|make_shared)<\s*([\w:]+)\s*>", walker.text(called))
    else:
        target, made = rules.callee(walker, called), None
        if called is not None and called.type == "field_expression":
            inner = called.child_by_field_name("field")
            if inner is not None and inner.type in ("template_method", "dependent_name"):
                target = "*"
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    line = walker.last_line(called) if called else walker.line(node)
    if made is not None:
        base = walker.resolve(made[1].rpartition("::")[2])
        return walker.call(NEW, line, base, given, [])
    return walker.call(CALL, line, target, given, [])


def this(walker: TreeWalker, node: Node) -> Expression:
    return walker.this()


def loop(walker: TreeWalker, node: Node) -> Expression:
    source = walker.visit(node.child_by_field_name("right"))
    with walker.block():
        declarator = node.child_by_field_name("declarator")
        if declarator is not None:
            name = walker.text(declarators.name(declarator))
            declared = walker.type(node.child_by_field_name("type"))
            walker.declare(
                name,
                (walker.line(node), walker.line(node)),
                ["*", source] if source not in ("", "*") else "*",
                declared,
            )
        walker.visit(node.child_by_field_name("body"))
    return "*"


def catch(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        for given in walker.parameters(node.child_by_field_name("parameters")):
            declared = walker.type(given.type)
            walker.add_catch(declared, walker.line(given.node))
            if given.name is not None and given.name.type == "identifier":
                walker.declare(walker.text(given.name), (walker.line(node), walker.line(node)), "*", declared)
        walker.visit(node.child_by_field_name("body"))
    return "*"


def lambda_(walker: TreeWalker, node: Node) -> Expression:
    number = f"<{walker.number()}>"
    scope = TreeScope("function", walker.scope, walker.scope.owner, walker.scope.path, f"{number}:")
    declarator = node.child_by_field_name("declarator")
    found = walker.parameters(declarator.child_by_field_name("parameters")) if declarator is not None else []
    names = walker.parameter_names(found)
    walker.facts.lambdas[number] = names
    with walker.inside(scope):
        walker.bind_parameters(scope, found, names)
        scopes.body_of(walker, node.child_by_field_name("body"))
    return ["l", number]
