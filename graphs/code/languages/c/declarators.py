"""Declarators of C: where a name stands in ``*(*name)(int)[3]``, and what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


_WRAPPED = re.compile(r"declarator$")


def name(node: Node) -> Node:
    """The name in a declarator: ``*(*name)(int)[3]``."""
    current = node
    while True:
        inner = current.child_by_field_name("declarator")
        if inner is None and _WRAPPED.search(current.type):
            inner = next(
                (child for child in current.named_children if child.type not in ("type_qualifier", "parameter_list")),
                None,
            )
        if inner is None:
            return current
        current = inner


def function_in(node: Node | None) -> Node | None:
    """The function declarator of ``name(…)``; None where it declares a variable, such as a pointer to a function."""
    current = node
    while current is not None:
        if current.type == "function_declarator":
            inner = current.child_by_field_name("declarator")
            return None if inner is not None and inner.type == "parenthesized_declarator" else current
        if not _WRAPPED.search(current.type):
            return None
        current = current.child_by_field_name("declarator") or next(iter(current.named_children), None)
    return None


def is_static(walker: TreeWalker, node: Node) -> bool:
    return any(child.type == "storage_class_specifier" and walker.text(child) == "static" for child in node.children)
