"""Languages of which only the definitions are read: Kotlin, Swift, Scala, Bash, SQL, HCL.

What holds others is a class, whatever the language calls it; nothing is known of calls, imports and inheritance, and
answers say so (``Language.definitions_only``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from ..expressions import Expression
from ..facts import FIELD, FUNCTION, GLOBAL, METHOD
from ..resolution.naming import Naming
from ..resolution.values import Unit
from ..trees import scopes
from ..trees.read import read_tree
from ..trees.rules import key
from ..trees.syntax import Rule, Syntax
from .language import Language

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..resolution.program import Program
    from ..trees.walker import TreeWalker

_BODIES = ("body", "block", "columns", "column_definitions")
_ADDRESSES = {"resource": "", "variable": "var", "locals": "local"}
"""How Terraform writes the names of its blocks."""


def _name(walker: TreeWalker, node: Node) -> str:
    """That of its field, or else of its first child that is a name."""
    named = node.child_by_field_name("name") or node.child_by_field_name("pattern")
    if named is None:
        named = next((child for child in node.named_children if _is_name(child.type)), None)
    if named is not None and named.type == "variable_declaration":
        named = next(iter(named.named_children), named)
    if named is not None and named.type == "object_reference":
        named = named.child_by_field_name("name") or named
    return key(walker.text(named).strip('"`')) if named is not None else ""


def _is_name(kind: str) -> bool:
    return kind in ("object_reference", "variable_declaration") or kind.endswith(("identifier", "word"))


def _body(node: Node) -> Node | None:
    found = (child for child in node.named_children if child.type.endswith(_BODIES))
    return node.child_by_field_name("body") or next(found, None)


def _holder(walker: TreeWalker, node: Node) -> Expression:
    if name := _name(walker, node):
        return scopes.define_class(walker, node, name, _body(node), ())
    walker.children(node)
    return "*"


def _companion(walker: TreeWalker, node: Node) -> Expression:
    return scopes.define_class(walker, node, _name(walker, node) or "Companion", _body(node), ())


def _function(walker: TreeWalker, node: Node) -> Expression:
    """What stands in its body is its own."""
    if name := _name(walker, node):
        label = METHOD if walker.scope.kind == "class" else FUNCTION
        walker.define(label, name, node, body=_body(node))
    return "*"


def _variable(walker: TreeWalker, node: Node) -> Expression:
    if name := _name(walker, node):
        label = FIELD if walker.scope.kind == "class" else GLOBAL
        walker.assign(label, walker.path(name), (walker.line(node), walker.last_line(node)), "")
    return "*"


def _block(walker: TreeWalker, node: Node) -> Expression:
    """``resource "a" "b" {…}`` is ``a.b``, ``variable "v"`` is ``var.v``."""
    kind, *labels = [child for child in node.named_children if child.type in ("identifier", "string_lit")]
    first = _ADDRESSES.get(walker.text(kind), walker.text(kind))
    path = ".".join(filter(None, (first, *(key(walker.text(each).strip('"')) for each in labels))))
    if walker.text(kind) == "locals":
        inner = next((child for child in node.named_children if child.type == "body"), None)
        for child in inner.named_children if inner is not None else ():
            if child.type == "attribute":
                name = walker.text(child.named_children[0])
                walker.define(GLOBAL, name, child, path=f"{first}.{name}")
    elif path:
        walker.define(GLOBAL, path.rpartition(".")[2], node, path=path)
    return "*"


def _language(
    name: str, holders: str, functions: str, variables: str, others: Mapping[str, Rule] | None = None
) -> Language:
    rules: dict[str, Rule] = {
        **dict.fromkeys(holders.split(), _holder),
        **dict.fromkeys(functions.split(), _function),
        **dict.fromkeys(variables.split(), _variable),
        **(others or {}),
    }
    comments = frozenset(["comment", "line_comment", "block_comment", "multiline_comment", "marginalia"])
    return Language(
        name,
        name.lower(),
        partial(read_tree, Syntax(rules, {}, {}, {}, comments=comments)),
        Naming(_nowhere),
        definitions_only=True,
    )


def _nowhere(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    return None, True


KOTLIN = _language(
    "Kotlin",
    "class_declaration object_declaration",
    "function_declaration",
    "property_declaration",
    {"companion_object": _companion},
)
SWIFT = _language(
    "Swift",
    "class_declaration protocol_declaration",
    "function_declaration protocol_function_declaration",
    "property_declaration",
)
SCALA = _language(
    "Scala",
    "class_definition trait_definition object_definition enum_definition",
    "function_definition function_declaration",
    "val_definition var_definition",
)
BASH = _language("Bash", "", "function_definition", "variable_assignment")
SQL = _language(
    "SQL",
    "create_table create_view create_materialized_view create_type",
    "create_function create_procedure create_trigger",
    "column_definition",
)
HCL = _language("HCL", "", "", "", {"block": _block})
