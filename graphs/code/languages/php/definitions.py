"""Definitions of PHP: namespaces and what ``use`` brings, classes with their traits, methods, properties, constants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import Expression, member_of, to_definition
from ...facts import FIELD, GLOBAL, IMPORT
from ...trees import scopes
from .docblocks import declare_by_comment, declare_property
from .expressions import class_chain
from .names import CLASS_NAME, CONSTANT_NAME, FUNCTION_NAME, enter_namespace, use_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_KINDS = {"function": FUNCTION_NAME, "const": CONSTANT_NAME}


def namespace(walker: TreeWalker, node: Node) -> Expression:
    enter_namespace(walker, walker.field(node, "name"))
    body = node.child_by_field_name("body")
    if body is not None:
        walker.children(body)
    return "*"


def use(walker: TreeWalker, node: Node) -> Expression:
    """``use a\\B;``, ``use a\\{B, C as D};``, ``use function a\\f;``."""
    outer = next((walker.text(child) for child in node.named_children if child.type == "namespace_name"), "")
    whole = next((kind for child in node.children if (kind := _KINDS.get(child.type))), CLASS_NAME)
    group = node.child_by_field_name("body")
    for clause in (group or node).named_children:
        if clause.type == "namespace_use_clause":
            kind = _KINDS.get(walker.field(clause, "type"), whole)
            path = walker.text(next(iter(clause.named_children), None))
            if walker.field(clause, "type") and len(clause.named_children) > 1:
                path = walker.text(next(child for child in clause.named_children if "name" in child.type))
            alias = walker.field(clause, "alias")
            chain = use_name(walker, kind, f"{outer}\\{path}" if outer else path, alias)
            walker.refer(IMPORT, chain, walker.line(clause), 0)
    return "*"


def class_(walker: TreeWalker, node: Node) -> Expression:
    return _define(walker, node, walker.field(node, "name"))


def anonymous_class(walker: TreeWalker, node: Node) -> Expression:
    return _define(walker, node, "anonymous")


def _define(walker: TreeWalker, node: Node, name: str) -> Expression:
    # Traits first: their methods stand before those of the parent.
    body = node.child_by_field_name("body")
    used = [child for child in body.named_children if child.type == "use_declaration"] if body is not None else []
    above = [child for child in node.named_children if child.type in ("base_clause", "class_interface_clause")]
    bases = [one for clause in (*used, *above) for one in clause.named_children if one.type in _NAMES]
    return scopes.define_class(walker, node, name, body, bases)


_NAMES = ("name", "qualified_name")


def alias(walker: TreeWalker, node: Node) -> Expression:
    """``T::x as y`` among the traits of a class."""
    given = node.named_children[0] if node.named_children else None
    new = node.named_children[-1] if node.named_children else None
    home = walker.home()
    if given is None or new is None or given.type != "class_constant_access_expression" or home is None:
        return "*"
    trait, method = given.named_children[0], given.named_children[-1]
    if new.type == "name" and new.id != given.id:
        chain = member_of(class_chain(walker, trait), walker.text(method))
        lines = (walker.line(node), walker.last_line(node))
        walker.assign(FIELD, f"{home.path}.{walker.text(new)}", lines, chain)
    return "*"


def function(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    static = any(child.type == "static_modifier" for child in node.named_children)
    flags = ("static",) if static else ()
    decorators = _attributes(walker, node)
    index = scopes.define_function(walker, node, name, flags=flags, documented=declare_by_comment)
    walker.facts.symbols[index].decorators = decorators
    _promote(walker, node, walker.facts.symbols[index].path)
    return "*"


def _attributes(walker: TreeWalker, node: Node) -> tuple[str, ...]:
    """``#[Test]``, and ``@test`` in the comment above."""
    lists = [child for child in node.named_children if child.type == "attribute_list"]
    found = [
        walker.text(each.named_children[0]).lstrip("\\").replace("\\", ".")
        for one in lists
        for group in one.named_children
        for each in group.named_children
        if each.named_children
    ]
    before = node.prev_named_sibling
    if before is not None and before.type == "comment" and _TEST.search(walker.text(before)):
        found.append("test")
    return tuple(name for name in found if name not in _OWN_ATTRIBUTES)


_TEST = re.compile(r"^\s*/?\*+\s*@test\b", re.MULTILINE)
_OWN_ATTRIBUTES = frozenset(["Override", "Deprecated", "ReturnTypeWillChange", "SensitiveParameter", "Pure"])


def _promote(walker: TreeWalker, node: Node, path: str) -> None:
    """Parameters of a constructor that are properties."""
    home = walker.home()
    listed = node.child_by_field_name("parameters")
    for given in listed.named_children if listed is not None and home is not None else ():
        if given.type == "property_promotion_parameter" and home is not None:
            name = walker.field(given, "name").lstrip("$&")
            slot = f"{home.path}.${name}"
            lines = (walker.line(given), walker.last_line(given))
            walker.assign(FIELD, slot, lines, ["v", f"{path}:{name}"])
            _hold(walker, slot, walker.facts.declared.get(f"{path}:{name}", "*"))


def properties(walker: TreeWalker, node: Node) -> Expression:
    home = walker.home()
    declared = walker.type(node.child_by_field_name("type"))
    walker.comments.doc_above(walker.line(node) - 1)
    text = walker.comments.above
    for child in node.named_children:
        if child.type == "property_element" and home is not None:
            value = child.child_by_field_name("default_value")
            slot = f"{home.path}.{walker.field(child, 'name')}"
            lines = (walker.line(node), walker.last_line(node))
            walker.assign(FIELD, slot, lines, walker.visit(value) if value is not None else "")
            _hold(walker, slot, declared)
            declare_property(walker, slot, text)
    return "*"


def _hold(walker: TreeWalker, slot: str, declared: Expression) -> None:
    if declared not in ("", "*"):
        walker.facts.declared[slot] = declared


def constant(walker: TreeWalker, node: Node) -> Expression:
    name, *value = node.named_children
    home = walker.home()
    given = walker.visit(value[0]) if value else ""
    lines = (walker.line(node), walker.last_line(node))
    if home is not None:
        walker.assign(FIELD, f"{home.path}.{walker.text(name)}", lines, given)
    elif walker.at_top:
        walker.assign(GLOBAL, walker.text(name), lines, given)
        walker.bind(walker.text(name), to_definition(walker.text(name)))
    return "*"


def case(walker: TreeWalker, node: Node) -> Expression:
    """A case of an enum is an object of it."""
    home = walker.home()
    if home is not None:
        slot = f"{home.path}.{walker.field(node, 'name')}"
        walker.assign(FIELD, slot, (walker.line(node), walker.last_line(node)), "")
        walker.facts.declared[slot] = ["i", to_definition(home.path)]
    return "*"
