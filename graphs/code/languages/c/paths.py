"""Where names of C and C++ come from: headers, namespaces, ``using`` and paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import Expression, member_of, to_definition, to_import
from ...facts import CLASS, IMPORT
from ...trees import rules
from ...trees.walker import TreeScope

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def include(walker: TreeWalker, node: Node) -> Expression:
    path = node.child_by_field_name("path")
    text = walker.text(path).strip('<>"')
    walker.refer(IMPORT, to_import(_encode(text)), walker.line(node), 0)
    if path is not None and path.type == "string_literal":
        walker.facts.bindings.append(rules.star(to_import(_encode(text))))
    return "*"


def _encode(text: str) -> str:
    return text.replace(".", "|").replace(":", ";")


def namespace(walker: TreeWalker, node: Node) -> Expression:
    name, body = rules.key(walker.field(node, "name").replace("::", ".")), node.child_by_field_name("body")
    if body is None:
        return "*"
    if not name:
        walker.children(body)
        return "*"
    known = walker.paths.get(walker.path(name))
    index = known if known is not None else walker.define(CLASS, name, node, body=body, flags=("namespace",))
    path = walker.facts.symbols[index].path
    walker.bind_definition(index, name)
    scope = TreeScope("space", walker.scope, index, path, f"{path}:")
    prefix = f"{path}."
    scope.names = {
        symbol.name: to_definition(symbol.path)
        for symbol in walker.facts.symbols
        if symbol.path.startswith(prefix) and "." not in symbol.path[len(prefix) :]
    }
    with walker.inside(scope):
        walker.children(body)
    return "*"


def using(walker: TreeWalker, node: Node) -> Expression:
    """``using a::b;``"""
    inner = next((child for child in node.named_children if child.type == "qualified_identifier"), None)
    if inner is not None:
        walker.bind(walker.text(inner).rpartition("::")[2], path(walker, inner))
    return "*"


def path(walker: TreeWalker, node: Node) -> Expression:
    parts = [part.partition("<")[0].strip() for part in re.split(r"::", re.sub(r"<[^<>]*>", "", walker.text(node)))]
    parts = [part for part in parts if part]
    if not parts:
        return "*"
    value = walker.resolve(parts[0])
    for part in parts[1:]:
        value = member_of(value, rules.key(part))
    return value


def qualified_name(walker: TreeWalker, node: Node) -> Expression:
    return walker.mention(path(walker, node), node)
