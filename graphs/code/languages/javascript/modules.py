"""Imports and exports of ECMAScript modules and of CommonJS."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from ...expressions import Expression, to_definition, to_import
from ...facts import IMPORT
from ...trees import rules
from .definitions import FUNCTIONS, class_, define, define_object, lines

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def _path(walker: TreeWalker, specifier: str) -> str:
    """The path as chains write it: relative ones from the library's root, with a slash in front."""
    if specifier.startswith("."):
        specifier = "/" + normpath(join(dirname(walker.file), specifier))
    return specifier.replace(".", "|").replace(":", ";")


def itself(walker: TreeWalker) -> str:
    return "=/" + walker.file.replace(".", "|").replace(":", ";")


def _text(walker: TreeWalker, node: Node | None) -> str:
    return walker.text(node).strip("\"'`") if node is not None else ""


def import_(walker: TreeWalker, node: Node) -> Expression:
    clause = next((child for child in node.named_children if child.type.startswith("import_")), None)
    origin = node.child_by_field_name("source") or (clause.child_by_field_name("source") if clause else None)
    if origin is None:
        return "*"
    path, line = _path(walker, _text(walker, origin)), walker.line(node)
    if clause is None or clause.type == "import_require_clause":
        walker.refer(IMPORT, to_import(path), line, 0)
        if clause is not None:
            walker.bind(walker.text(clause.named_children[0]), to_import(path, "default"))
        return "*"
    for child in clause.named_children:
        if child.type == "identifier":
            _bind_import(walker, walker.text(child), path, "default", line)
        elif child.type == "namespace_import":
            walker.refer(IMPORT, to_import(path), line, 0)
            walker.bind(walker.text(child.named_children[-1]), to_import(path))
        else:
            for item in child.named_children:
                name = walker.field(item, "name").strip("\"'")
                if name:
                    _bind_import(walker, walker.field(item, "alias") or name, path, name, walker.line(item))
    return "*"


def _bind_import(walker: TreeWalker, local: str, path: str, name: str, line: int) -> None:
    walker.refer(IMPORT, to_import(path, name), line, 0)
    walker.bind(local, to_import(path, name))


def export(walker: TreeWalker, node: Node) -> Expression:
    origin = node.child_by_field_name("source")
    path = _path(walker, _text(walker, origin)) if origin is not None else ""
    line = walker.line(node)
    if path:
        walker.refer(IMPORT, to_import(path), line, 0)
    clause = next((child for child in node.named_children if child.type in ("export_clause", "namespace_export")), None)
    if clause is not None and clause.type == "namespace_export":
        walker.bind(_text(walker, clause.named_children[-1]), to_import(path))
    elif clause is not None:
        for item in clause.named_children:
            name = walker.field(item, "name").strip("\"'")
            alias = walker.field(item, "alias").strip("\"'") or name
            if path:
                _bind_import(walker, alias, path, name, walker.line(item))
            elif alias != name:
                walker.bind(alias, walker.resolve(name))
    elif path:
        walker.bind("*", to_import(path))
    elif any(child.type == "default" for child in node.children):
        inner = node.child_by_field_name("value") or node.child_by_field_name("declaration")
        if inner is not None:
            export_default(walker, inner, node)
    else:
        walker.children(node)
    return "*"


def export_default(walker: TreeWalker, value: Node, whole: Node) -> None:
    """``export default …`` and ``module.exports = …``."""
    name = walker.field(value, "name")
    if value.type in FUNCTIONS or "function" in value.type:
        index = define(walker, value, name or "default", whole)
        walker.bind("default", to_definition(walker.facts.symbols[index].path))
    elif value.type == "object":
        define_object(walker, value, "default", whole)
    else:
        held = walker.visit(value)
        if "class" in value.type and name:
            held = to_definition(name)
        if isinstance(held, str) and held not in ("", "*"):
            walker.bind("default", held)
        else:
            walker.declare("default", lines(walker, whole), held)


def required_path(walker: TreeWalker, node: Node | None) -> str:
    """The path of ``require("…")`` or ``import("…")``; empty for anything else."""
    if node is None or node.type != "call_expression":
        return ""
    called = walker.field(node, "function")
    given = node.child_by_field_name("arguments")
    first = given.named_children[0] if called in ("require", "import") and given and given.named_children else None
    return _path(walker, _text(walker, first)) if first is not None and first.type == "string" else ""


def exports(walker: TreeWalker, value: Node, node: Node) -> Expression:
    if value.type == "assignment_expression":
        return walker.visit(value)
    if not walker.at_top:
        return walker.visit(value)
    if value.type != "object":
        export_default(walker, value, node)
        return "$default"
    for child in value.named_children:
        key = walker.field(child, "key") or walker.field(child, "name") or walker.text(child)
        inner = child.child_by_field_name("value")
        if child.type == "method_definition":
            define(walker, child, rules.key(key), child)
        elif inner is not None:
            export_name(walker, rules.key(key.strip("\"'")), inner, child)
        else:
            walker.visit(child)
    return itself(walker)


def export_name(walker: TreeWalker, name: str, value: Node, node: Node) -> Expression:
    if value.type in FUNCTIONS:
        define(walker, value, name, node)
    elif value.type == "class":
        class_(walker, value, name, node)
    elif value.type == "assignment_expression" and walker.field(value, "left").startswith(
        ("exports.", "module.exports.")
    ):
        held = walker.visit(value)
        walker.bind(name, held)
    elif value.type == "object":
        define_object(walker, value, name, node)
    else:
        held = walker.visit(value)
        if isinstance(held, str) and held not in ("", "*"):
            if held != name:
                walker.bind(name, held)
        else:
            walker.declare(name, lines(walker, node), held)
    return to_definition(name)
