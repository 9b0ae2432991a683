"""Parameters of methods and blocks of Ruby."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import Expression
from .scope import BLOCK

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeScope, TreeWalker


def names_of(walker: TreeWalker, node: Node | None) -> tuple[str, ...]:
    """The names as ``SymbolFact.parameters`` writes them; a block is given by name only."""
    positional: list[str] = []
    named: list[str] = []
    rest = options = ""
    for number, child in enumerate(node.named_children if node is not None else ()):
        name = walker.field(child, "name") or (walker.text(child) if child.type == "identifier" else "")
        if child.type in ("identifier", "optional_parameter"):
            (named if rest else positional).append(name)
        elif child.type == "destructured_parameter":
            positional.append(f"{{{number}}}")
        elif child.type == "splat_parameter":
            rest = f"*{name}"
        elif child.type == "keyword_parameter":
            named.append(name)
        elif child.type == "hash_splat_parameter":
            options = f"**{name}"
    return (*positional, rest or "*", *named, BLOCK, *([options] if len(options) > 2 else []))


def bind(walker: TreeWalker, scope: TreeScope, node: Node | None) -> None:
    """Call it inside the scope of the method or block."""
    for number, child in enumerate(node.named_children if node is not None else ()):
        name = walker.field(child, "name") or (walker.text(child) if child.type == "identifier" else "")
        if child.type == "destructured_parameter":
            _take_apart(walker, scope, child, ["v", f"{scope.prefix}{{{number}}}"])
        elif child.type == "block_parameter":
            if name:
                scope.names[name] = ["v", f"{scope.prefix}{BLOCK}"]
        elif name:
            slot = f"{scope.prefix}{name}"
            scope.names[name] = ["v", slot]
            value = child.child_by_field_name("value")
            if value is not None:
                walker.flow(slot, walker.visit(value))
            if child.type == "splat_parameter":
                walker.facts.flows[slot] = [["b", slot]]


def _take_apart(walker: TreeWalker, scope: TreeScope, node: Node, value: Expression) -> None:
    for position, child in enumerate(node.named_children):
        item: Expression = ["[", value, str(position)]
        if child.type == "destructured_parameter":
            _take_apart(walker, scope, child, item)
        elif child.type == "identifier":
            slot = f"{scope.prefix}{walker.text(child)}"
            scope.names[walker.text(child)] = ["v", slot]
            walker.flow(slot, item)
