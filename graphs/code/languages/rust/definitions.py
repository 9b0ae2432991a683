"""Definitions of Rust: types with their fields, implementations, functions and macros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import DEFINITION, SUPER, UNKNOWN, Expression, chain_of, to_definition, to_self
from ...facts import BASE, FUNCTION, METHOD
from ...trees import scopes
from ...trees.walker import SIGNATURE, TreeScope
from . import paths
from .tokens import read_tokens

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def class_(walker: TreeWalker, node: Node) -> Expression:
    bounds = node.child_by_field_name("bounds")
    named = bounds.named_children if bounds is not None else ()
    bases = [child for child in named if child.type in walker.syntax.types]
    chain = scopes.define_class(walker, node, walker.field(node, "name"), node.child_by_field_name("body"), bases)
    if isinstance(chain, str) and node.type in ("struct_item", "union_item"):
        body = node.child_by_field_name("body")
        for position, child in enumerate(body.named_children if body is not None else ()):
            if body is not None and body.type == "ordered_field_declaration_list":
                held = walker.type(child)
                if held not in ("", "*"):
                    walker.facts.declared[f"{chain[1:].replace('/', '.')}.{position}"] = held
    return chain


def alias(walker: TreeWalker, node: Node) -> Expression:
    kind = node.child_by_field_name("type")
    bases = (
        [kind]
        if kind is not None and kind.type in ("type_identifier", "scoped_type_identifier", "generic_type")
        else []
    )
    return scopes.define_class(walker, node, walker.field(node, "name"), None, bases)


_SILENT = frozenset(
    """
    inline allow deny warn expect cfg cfg_attr derive doc must_use cold track_caller deprecated repr non_exhaustive skip
    ignore should_panic default target_feature feature async_trait automatically_derived instrument
    """.split()  # noqa: SIM905
)
"""Attributes after which nobody but the code itself calls a function."""


def attributes(walker: TreeWalker, node: Node) -> tuple[str, ...]:
    """The attributes above an item that say more than how it is compiled: ``tokio::test`` as ``tokio.test``."""
    found: list[str] = []
    before = node.prev_named_sibling
    while before is not None and (before.type == "attribute_item" or before.type in walker.syntax.comments):
        if before.type == "attribute_item":
            name = walker.text(next(iter(before.named_children[0].named_children), None)).replace("::", ".")
            found.insert(0, name)
        before = before.prev_named_sibling
    return tuple(name for name in found if name and name.rpartition(".")[2] not in _SILENT)


def impl(walker: TreeWalker, node: Node) -> Expression:
    """Methods go to the type, wherever it is defined; a trait becomes its base."""
    kind, trait, body = (node.child_by_field_name(name) for name in ("type", "trait", "body"))
    with walker.block():
        walker.type_parameters(walker.scope, node)
        chain = paths.path(walker, _without_reference(kind))
        above = paths.path(walker, _without_reference(trait)) if trait is not None else ""
    if not isinstance(chain, str) or body is None or chain_of(chain).start in (UNKNOWN, SUPER):
        return "*"
    own = chain[1:].replace("/", ".") if chain_of(chain).start == DEFINITION else chain
    path = own if own in walker.paths or "=" not in own else own.rpartition(".")[2]
    space = paths.space_of(walker)
    path = path if space is None or path in walker.paths else f"{space.path}.{path}"
    index = walker.paths.get(path, 0)
    if isinstance(above, str) and above not in ("", "*"):
        walker.refer(BASE, above, walker.line(node), index)
        if index:
            walker.facts.symbols[index].bases += (above,)
        else:
            walker.facts.extended.setdefault(path, []).append(above)
    scope = TreeScope("class", walker.scope, index or walker.scope.owner, path, f"{path}:", receiver=to_self(path))
    scope.names["Self"] = to_definition(path) if index else chain
    first = len(walker.facts.symbols)
    with walker.inside(scope):
        walker.type_parameters(scope, node)
        walker.children(body)
    if shared := attributes(walker, node):
        for symbol in walker.facts.symbols[first:]:
            if symbol.label == METHOD:
                symbol.decorators = (*shared, *symbol.decorators)
    return "*"


def _without_reference(node: Node | None) -> Node | None:
    while node is not None and node.type in ("reference_type", "generic_type", "pointer_type"):
        node = node.child_by_field_name("type")
    return node


def field(walker: TreeWalker, node: Node) -> Expression:
    declared = walker.type(node.child_by_field_name("type"))
    walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), "", declared)
    return "*"


def variant(walker: TreeWalker, node: Node) -> Expression:
    home = walker.home()
    slot = walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), "")
    if home is not None:
        walker.facts.declared[slot] = ["i", to_definition(home.path)]
    body = node.child_by_field_name("body")
    for position, child in enumerate(body.children_by_field_name("type") if body is not None else ()):
        if (held := walker.type(child)) not in ("", "*"):
            walker.facts.declared[f"{slot}.{position}"] = held
    return "*"


def function(walker: TreeWalker, node: Node) -> Expression:
    listed = node.child_by_field_name("parameters")
    bound = listed is not None and any(child.type == "self_parameter" for child in listed.named_children)
    flags = () if bound else ("static",)
    if node.type == "function_signature_item":
        flags = (*flags, SIGNATURE)
    in_class = walker.scope.kind == "class"
    owner = walker.scope.path if in_class and walker.scope.path not in walker.paths else ""
    if in_class and not bound:  # ``Self`` is known, ``self`` is not
        index = scopes.define_function(walker, node, walker.field(node, "name"), flags=flags, owner=owner)
    else:
        flags = flags if in_class else ()
        index = scopes.define_function(walker, node, walker.field(node, "name"), flags=flags, owner=owner)
    walker.facts.symbols[index].decorators = attributes(walker, node)
    return "*"


def macro(walker: TreeWalker, node: Node) -> Expression:
    """Its body is read as what a macro is given is: where it is expanded the names may mean something else."""
    index = walker.define(FUNCTION, walker.field(node, "name"), node)
    walker.bind_definition(index, walker.field(node, "name"))
    path = walker.facts.symbols[index].path
    with walker.inside(TreeScope("function", walker.scope, index, path, f"{path}:")):
        for rule in node.named_children:
            if rule.type == "macro_rule" and (body := rule.child_by_field_name("right")) is not None:
                read_tokens(walker, body)
    return "*"


def static(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("value"))
    declared = walker.type(node.child_by_field_name("type"))
    walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), value, declared)
    return "*"
