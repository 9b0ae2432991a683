"""Expressions of Ruby: names, variables, blocks, operators and what is assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import SUPER, Expression, any_of, member_of, to_definition, to_name, to_self
from ...facts import CALL, FIELD, GLOBAL
from ...trees import rules
from ...trees.walker import TreeScope
from . import parameters
from .definitions import open_class, struct_fields
from .scope import BLOCK, constant, implicit, local, method_scope, set_local

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_MARKS = frozenset(["private", "public", "protected", "module_function", "private_class_method", "private_constant"])


# Names


def identifier(walker: TreeWalker, node: Node) -> Expression:
    """A local variable, or else a call without arguments."""
    name = walker.text(node)
    held = local(walker, name)
    if held is not None:
        return held
    if name in _MARKS:
        return ""
    return walker.call(CALL, walker.line(node), implicit(walker, name), [], [])


def value_of(walker: TreeWalker, node: Node | None) -> Expression:
    """What stands before a dot: a constant there is on the way, and not mentioned by itself."""
    if node is None:
        return "*"
    if node.type == "constant":
        return constant(walker, walker.text(node))
    return _path_of_constant(walker, node) if node.type == "scope_resolution" else walker.visit(node)


def name_of_constant(walker: TreeWalker, node: Node) -> Expression:
    return walker.mention(value_of(walker, node), node)


def _path_of_constant(walker: TreeWalker, node: Node) -> Expression:
    scope, name = node.child_by_field_name("scope"), walker.field(node, "name")
    if scope is None:
        return to_name(name)
    base = value_of(walker, scope)
    return "" if base == "" else member_of(base, name)


def variable_of_object(walker: TreeWalker, node: Node) -> Expression:
    """``@x`` and ``@@x``"""
    base = _object(walker)
    return walker.mention(member_of(base, walker.text(node)), node) if base else "*"


def _object(walker: TreeWalker) -> Expression:
    home = walker.home()
    return to_self(home.path) if home is not None else ""


def this(walker: TreeWalker, node: Node) -> Expression:
    return walker.this()


def above(walker: TreeWalker, node: Node) -> Expression:
    """``super`` without parentheses hands on what the method got."""
    return walker.call(CALL, walker.line(node), method_above(walker), [], [])


def method_above(walker: TreeWalker) -> Expression:
    scope, home = method_scope(walker), walker.home()
    if scope is None or home is None:
        return "*"
    return member_of(to_self(home.path, SUPER), walker.facts.symbols[scope.owner].name)


def yield_(walker: TreeWalker, node: Node) -> Expression:
    listed = node.named_children[0] if node.named_children else None
    given = rules.arguments_of(walker, listed)
    scope = method_scope(walker)
    if scope is None:
        return "*"
    return walker.call(CALL, walker.line(node), ["v", f"{scope.prefix}{BLOCK}"], given, [])


# Blocks


def block(walker: TreeWalker, node: Node) -> Expression:
    number = f"<{walker.number()}>"
    scope = TreeScope("function", walker.scope, walker.scope.owner, walker.scope.path, f"{number}:")
    listed = node.child_by_field_name("parameters")
    walker.facts.lambdas[number] = parameters.names_of(walker, listed)
    with walker.inside(scope):
        parameters.bind(walker, scope, listed)
        inner = node.child_by_field_name("body")
        if inner is not None:
            walker.flow(f"{number}()", walker.visit(inner))
    return ["l", number]


def lambda_(walker: TreeWalker, node: Node) -> Expression:
    """``->(x) { … }``"""
    number = f"<{walker.number()}>"
    scope = TreeScope("function", walker.scope, walker.scope.owner, walker.scope.path, f"{number}:")
    listed, inner = node.child_by_field_name("parameters"), node.child_by_field_name("body")
    walker.facts.lambdas[number] = parameters.names_of(walker, listed)
    with walker.inside(scope):
        parameters.bind(walker, scope, listed)
        content = inner.child_by_field_name("body") if inner is not None else None
        if content is not None:
            walker.flow(f"{number}()", walker.visit(content))
    return ["l", number]


# Containers and operators


def hash_(walker: TreeWalker, node: Node) -> Expression:
    pairs: list[tuple[str, Expression]] = []
    for child in node.named_children:
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and key.type not in ("hash_key_symbol", "simple_symbol", "string"):
                walker.visit(key)
            written = walker.text(key).strip(":'\"")
            pairs.append((written if written.isalnum() else "", walker.visit(value) if value is not None else ""))
        else:
            walker.visit(child)
    if not any(value for _, value in pairs):
        return ""
    made = walker.box("{", (), [value for _, value in pairs])
    for written, given in pairs:
        if written:
            walker.flow(f"{made[1]}[{written}", given)
    return made


def element(walker: TreeWalker, node: Node) -> Expression:
    base = value_of(walker, node.child_by_field_name("object"))
    index = [child for child in node.named_children[1:] if child.type not in walker.syntax.comments]
    given = walker.each(index)
    walker.protocol(base, "[]", walker.line(node), given)
    written = walker.text(index[0]).strip(":'\"") if index and index[0].type in _KEYS else ""
    return base if base in ("", "*") else ["[", base, written if written.isalnum() else ""]


_KEYS = frozenset(["simple_symbol", "string", "integer"])


def binary(walker: TreeWalker, node: Node) -> Expression:
    left = walker.visit(node.child_by_field_name("left"))
    right = walker.visit(node.child_by_field_name("right"))
    operator = walker.field(node, "operator")
    if operator in ("||", "or"):
        return any_of([value for value in (left, right) if value not in ("", "*")] or ["*"])
    if operator in ("&&", "and"):
        return right
    return walker.protocol(left, operator, walker.line(node), [right]) if "." not in operator else ""


# What is assigned


def assignment(walker: TreeWalker, node: Node) -> Expression:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is not None and left.type == "constant" and right is not None and _makes_class(walker, left, right):
        return "*"
    value = walker.visit(right)
    if left is not None:
        assign(walker, left, value)
    return value


def _makes_class(walker: TreeWalker, left: Node, right: Node) -> bool:
    """``Point = Struct.new(:x) do … end``, ``Failed = Class.new(Error)``."""
    if right.type != "call" or walker.field(right, "receiver") not in ("Struct", "Data", "Class", "Module"):
        return False
    if walker.field(right, "method") not in ("new", "define"):
        return False
    content = right.child_by_field_name("block")
    listed = right.child_by_field_name("arguments")
    first = listed.named_children[0] if listed is not None and listed.named_children else None
    is_class = walker.field(right, "receiver") == "Class"
    open_class(
        walker,
        left.parent or left,
        walker.text(left),
        body=content.child_by_field_name("body") if content is not None else None,
        base=walker.visit(first) if is_class and first is not None else "",
        flags=("mixin",) if walker.field(right, "receiver") == "Module" else (),
        fields=struct_fields(walker, right),
    )
    return True


def operator_assignment(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("right"))
    left = node.child_by_field_name("left")
    if left is None:
        return "*"
    if walker.field(node, "operator") not in ("||=", "&&="):
        value = ""
    assign(walker, left, value)
    return any_of([each for each in (value, walker.visit(left)) if each not in ("", "*")] or ["*"])


def assign(walker: TreeWalker, target: Node, value: Expression) -> None:
    lines = (walker.line(target), walker.last_line(target))
    if target.type == "identifier":
        set_local(walker, walker.text(target), lines, value)
    elif target.type in ("instance_variable", "class_variable"):
        if base := _object(walker):
            walker.store(base, walker.text(target), value, lines)
    elif target.type == "constant":
        _set_constant(walker, walker.text(target), lines, value)
    elif target.type == "left_assignment_list":
        for position, part in enumerate(target.named_children):
            assign(walker, part, ["[", value, str(position)] if value not in ("", "*") else value)
    elif target.type == "element_reference":
        base = value_of(walker, target.child_by_field_name("object"))
        index = target.named_children[1:2]
        written = walker.text(index[0]).strip(":'\"") if index and index[0].type in _KEYS else ""
        given = walker.each(index)
        walker.protocol(base, "__setitem__", lines[0], [["k", written if written.isalnum() else ""], value])
        walker.protocol(base, "[]=", lines[0], [*given, value])
    elif target.type == "call":
        base = value_of(walker, target.child_by_field_name("receiver"))
        if base != "":
            walker.call(CALL, lines[0], member_of(base, f"{walker.field(target, 'method')}="), [value], [])
    else:
        walker.visit(target)


def _set_constant(walker: TreeWalker, name: str, lines: tuple[int, int], value: Expression) -> None:
    home = walker.home()
    if home is not None:
        walker.assign(FIELD, f"{home.path}.{name}", lines, value)
    elif walker.at_top:
        walker.assign(GLOBAL, name, lines, value)
        walker.bind(name, to_definition(name))
