"""Definitions of Ruby: classes and modules, which may be opened again, methods, attributes, names for names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...expressions import CLS, SELF, Expression, member_of, to_definition, to_self
from ...facts import BASE, CLASS, FIELD, FUNCTION, METHOD
from ...trees.walker import TreeScope
from . import parameters
from .scope import OF_CLASS, class_itself, is_of_class

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_OWN = ("singleton", "classmethod")
"""Flags of a method of the class itself."""


def class_(walker: TreeWalker, node: Node) -> Expression:
    above = node.child_by_field_name("superclass")
    base = above.named_children[0] if above is not None and above.named_children else None
    fields = struct_fields(walker, base)
    chain = walker.visit(base) if base is not None else ""
    return open_class(walker, node, walker.field(node, "name"), base=chain, fields=fields)


def module(walker: TreeWalker, node: Node) -> Expression:
    return open_class(walker, node, walker.field(node, "name"), flags=("mixin",))


def open_class(
    walker: TreeWalker,
    node: Node,
    written: str,
    *,
    body: Node | None = None,
    base: Expression = "",
    flags: tuple[str, ...] = (),
    fields: Sequence[str] = (),
) -> Expression:
    """A class or module, or one more part of it."""
    parts = written.split("::")
    outer = "" if not parts[0] else walker.scope.path
    path = ".".join(part for part in (outer, *parts) if part)
    body = body or node.child_by_field_name("body")
    bases = (base,) if isinstance(base, str) and base not in ("", "*") else ()
    index = walker.define(CLASS, parts[-1], node, body=body, path=path, flags=flags, bases=bases)
    for chain in bases:
        walker.refer(BASE, chain, walker.line(node), index)
    symbol = walker.facts.symbols[index]
    if "." not in path:
        walker.root.names.pop(path, None)
        walker.bind(path, to_definition(symbol.path))
    with walker.inside(
        TreeScope("class", walker.scope, index, symbol.path, f"{symbol.path}:", receiver=to_self(symbol.path, CLS))
    ):
        for name in fields:
            attribute(walker, node, name, reads=True, writes=True)
        if body is not None:
            walker.children(body)
    return to_definition(symbol.path)


def struct_fields(walker: TreeWalker, node: Node | None) -> list[str]:
    """``Struct.new(:a, :b)`` and ``Data.define(:a)``."""
    if node is None or node.type != "call" or walker.field(node, "receiver") not in ("Struct", "Data"):
        return []
    listed = node.child_by_field_name("arguments")
    return (
        [walker.text(child)[1:] for child in listed.named_children if child.type == "simple_symbol"] if listed else []
    )


def of_class(walker: TreeWalker, node: Node) -> Expression:
    """``class << self``"""
    home, inner = walker.home(), node.child_by_field_name("body")
    if home is None or inner is None:
        return "*"
    scope = TreeScope("class", walker.scope, home.owner, home.path, home.prefix, receiver=to_self(home.path, CLS))
    scope.names[OF_CLASS] = "*"
    with walker.inside(scope):
        walker.children(inner)
    return "*"


def mix_in(walker: TreeWalker, chain: Expression, line: int, *, first: bool) -> None:
    """The methods of a module become those of the class: before its superclass's, or of the class itself."""
    home = walker.home()
    if home is None or not isinstance(chain, str) or chain in ("", "*"):
        return
    symbol = walker.facts.symbols[home.owner]
    symbol.bases = (chain, *symbol.bases) if first else (*symbol.bases, chain)
    walker.refer(BASE, chain, line, home.owner)


def method(walker: TreeWalker, node: Node) -> Expression:
    define_method(walker, node, walker.field(node, "name"), own=is_of_class(walker))
    return "*"


def singleton_method(walker: TreeWalker, node: Node) -> Expression:
    of, home = node.child_by_field_name("object"), walker.home()
    if of is not None and (of.type == "self" or (home is not None and walker.text(of) == home.path.rpartition(".")[2])):
        define_method(walker, node, walker.field(node, "name"), own=True)
    elif of is not None and of.type == "constant":
        define_method(walker, node, walker.field(node, "name"), own=True, owner=walker.text(of))
    else:
        define_method(walker, node, walker.field(node, "name"), own=False)
    return "*"


def define_method(
    walker: TreeWalker, node: Node, name: str, *, own: bool, owner: str = "", block: Node | None = None
) -> None:
    """``block`` holds parameters and body where it is made by ``define_method``."""
    home = walker.home()
    owner = owner or (home.path if home is not None else "")
    content = (block or node).child_by_field_name("body")
    listed = (block or node).child_by_field_name("parameters")
    names = parameters.names_of(walker, listed)
    index = walker.define(
        METHOD if owner else FUNCTION,
        name,
        node,
        body=content,
        path=f"{owner}.{name}" if owner else "",
        parameters=("self", *names) if owner else names,
        flags=_OWN if own and owner else (),
    )
    path = walker.facts.symbols[index].path
    if not owner:
        walker.bind_definition(index, name)
    receiver = to_self(owner, CLS if own else SELF) if owner else "*"
    scope = TreeScope("function", walker.scope, index, path, f"{path}:", receiver=receiver)
    with walker.inside(scope):
        parameters.bind(walker, scope, listed)
        if content is not None:
            walker.flow(f"{path}()", walker.visit(content))


def attribute(walker: TreeWalker, node: Node, name: str, *, reads: bool, writes: bool) -> None:
    """A method that gives a variable of the object, and one that sets it."""
    home = walker.home()
    if home is None:
        return
    flags = _OWN if is_of_class(walker) else ()
    slot = member_of(to_self(home.path), f"@{name}")
    if reads:
        index = walker.define(METHOD, name, node, path=f"{home.path}.{name}", parameters=("self",), flags=flags)
        walker.flow(f"{walker.facts.symbols[index].path}()", slot)
    if writes:
        given = ("self", "value")
        index = walker.define(METHOD, f"{name}=", node, path=f"{home.path}.{name}=", parameters=given, flags=flags)
        path = walker.facts.symbols[index].path
        lines = (walker.line(node), walker.last_line(node))
        walker.fields.append((f"{home.path}.@{name}", lines, ["v", f"{path}:value"]))


def alias(walker: TreeWalker, node: Node, new: str, old: str) -> None:
    """One more name for a method."""
    home = walker.home()
    if home is None or not new or not old:
        return
    own = is_of_class(walker)
    chain = member_of(class_itself(walker) if own else to_self(home.path), old)
    path, lines = f"{home.path}.{new}", (walker.line(node), walker.last_line(node))
    walker.assign(FIELD, path, lines, chain, ("singleton",) if own else ())
