"""Types as C and C++ write them: what a thing of one can hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import DEFINITION, Expression, chain_of
from ...trees import types
from . import paths

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def tag(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    tag = walker.resolve(f"struct {name}")
    known = tag if isinstance(tag, str) and chain_of(tag).start == DEFINITION else f"struct {name}"
    if not name:
        return "*"
    walker.mention(known, node)
    return ["i", known]


def type_name(walker: TreeWalker, node: Node) -> Expression:
    return types.type_name(walker, node)


def qualified_type(walker: TreeWalker, node: Node) -> Expression:
    text = walker.text(node)
    inner = re.search(r"<\s*(?:const\s+)?([\w:]+)", text)
    name = re.sub(r"<.*", "", text, flags=re.DOTALL).rpartition("::")[2].strip()
    holder = CONTAINERS.get(name)
    if holder is not None and inner:
        base = walker.resolve(inner[1].rpartition("::")[2])
        held: Expression = ["i", base] if isinstance(base, str) and base not in ("", "*") else "*"
        return walker.box(holder, (), [held]) if holder else held
    value = paths.path(walker, node)
    if not isinstance(value, str) or value in ("", "*"):
        return "*"
    walker.mention(value, node)
    return ["i", value]


CONTAINERS = {
    **dict.fromkeys(["vector", "list", "set", "deque", "array", "span", "unordered_set", "queue", "stack"], "["),
    **dict.fromkeys(["map", "unordered_map", "multimap"], "{"),
    **dict.fromkeys(["unique_ptr", "shared_ptr", "weak_ptr", "optional", "reference_wrapper"], ""),
}
