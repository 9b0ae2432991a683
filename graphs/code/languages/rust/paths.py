"""Paths of Rust, ``use`` and ``mod``: where a name comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import IMPORT as IMPORTED
from ...expressions import Expression, chain_of, member_of, to_definition, to_import
from ...facts import CLASS, IMPORT
from ...trees.walker import TreeScope

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


_ROOTS = ("lib.rs", "main.rs", "mod.rs")


def path(walker: TreeWalker, node: Node | None) -> Expression:
    """``a::b::c`` as a chain."""
    if node is None:
        return "*"
    if node.type == "scoped_identifier" or node.type == "scoped_type_identifier":
        inner = node.child_by_field_name("path")
        base = path(walker, inner) if inner is not None else "=crate"
        name = walker.field(node, "name")
        if isinstance(base, str) and base == "=super" and name == "super":
            return "=super/super"
        return member_of(base, name)
    if node.type in ("generic_type", "generic_type_with_turbofish"):
        return path(walker, node.child_by_field_name("type"))
    if node.type == "bracketed_type":
        return path(walker, node.named_children[0] if node.named_children else None)
    if node.type == "qualified_type":
        return path(walker, node.child_by_field_name("type"))
    text = walker.text(node)
    if text in ("crate", "super", "self"):
        return relative(walker, text)
    return walker.resolve(text)


def relative(walker: TreeWalker, word: str) -> str:
    """``super`` in a module that stands in a file is what is around it."""
    space = space_of(walker)
    if word == "crate" or space is None:
        return to_import(word)
    path = space.path if word == "self" else space.path.rpartition(".")[0]
    return to_definition(path) if path else "=self"


def space_of(walker: TreeWalker) -> TreeScope | None:
    scope: TreeScope | None = walker.scope
    while scope is not None and scope.kind != "space":
        scope = scope.parent
    return scope


def scoped_name(walker: TreeWalker, node: Node) -> Expression:
    return walker.mention(path(walker, node), node)


def use(walker: TreeWalker, node: Node) -> Expression:
    argument = node.child_by_field_name("argument")
    if argument is not None:
        _use_tree(walker, argument, "")
    return "*"


def _use_tree(walker: TreeWalker, node: Node, before: str) -> None:
    kind = node.type
    if kind == "use_as_clause":
        path = node.child_by_field_name("path")
        _bind(walker, walker.field(node, "alias"), _chain_of(walker, path, before), node)
    elif kind == "scoped_use_list":
        path = node.child_by_field_name("path")
        base = _chain_of(walker, path, before) if path is not None else before
        for child in (node.child_by_field_name("list") or node).named_children:
            _use_tree(walker, child, base)
    elif kind == "use_list":
        for child in node.named_children:
            _use_tree(walker, child, before)
    elif kind == "use_wildcard":
        base = _chain_of(walker, node.named_children[0], before) if node.named_children else before
        if base and base != to_import("self") and "." not in base:
            walker.bind("*", base)
        elif chain_of(base).start == IMPORTED and walker.at_top:
            walker.bind("*", to_import(base.removeprefix(IMPORTED).replace(".", "/")))
    elif kind == "self":
        _bind(walker, before.rpartition(".")[2].lstrip("="), before, node)
    else:
        chain = _chain_of(walker, node, before)
        name = walker.field(node, "name") or walker.text(node)
        _bind(walker, name, chain, node)


def _bind(walker: TreeWalker, name: str, chain: str, node: Node) -> None:
    if name not in ("_", "") and chain:
        walker.refer(IMPORT, chain, walker.line(node), 0)
        walker.bind(name, chain)


def _chain_of(walker: TreeWalker, node: Node | None, before: str) -> str:
    if node is None:
        return before
    if before:
        return f"{before}.{walker.text(node).replace('::', '.')}"
    first, *rest = walker.text(node).split("::")
    if first == "self" and rest and rest[0] in walker.modules:  # a function may have the name of its module
        return ".".join([walker.modules[rest[0]], *rest[1:]])
    if first in ("crate", "super", "self"):
        base = relative(walker, first)
        while base.endswith("super") and rest and rest[0] == "super":
            base, rest = f"{base}/super", rest[1:]
    else:
        base = to_import(first)
    return ".".join([base, *rest])


def module(walker: TreeWalker, node: Node) -> Expression:
    name, body = walker.field(node, "name"), node.child_by_field_name("body")
    if body is None:
        file = walker.file
        folder, _, last = file.rpartition("/")
        home = folder if last in _ROOTS else file.removesuffix(".rs")
        chain = f"=/{home}/{name}".replace(".", "|")
        walker.refer(IMPORT, chain, walker.line(node), 0)
        walker.bind(name, chain)
        walker.modules[name] = chain
        return "*"
    index = walker.define(CLASS, name, node, body=body, flags=("module",))
    path = walker.facts.symbols[index].path
    walker.bind_definition(index, name)
    with walker.inside(TreeScope("space", walker.scope, index, path, f"{path}:")):
        walker.children(body)
    return "*"
