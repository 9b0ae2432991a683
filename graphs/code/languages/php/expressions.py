"""Expressions of PHP: variables, calls by scope, receiver and class, properties, what is made and assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import CLS, Expression, any_of, member_of, to_definition, to_self
from ...facts import CALL, GLOBAL, IMPORT, LOAD, NEW
from ...trees import rules
from .builtins import BUILTINS
from .names import CONSTANT_NAME, FUNCTION_NAME, file_import, resolve_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeScope, TreeWalker

_ITSELF = frozenset(["self", "static"])


def plain_name(node: Node) -> Node:
    """The name in ``$name``."""
    return node.named_children[0] if node.type == "variable_name" and node.named_children else node


# Names


def variable(walker: TreeWalker, node: Node) -> Expression:
    name = walker.text(node).lstrip("$")
    if name == "this":
        return walker.this()
    scope: TreeScope | None = walker.scope
    while scope is not None and scope.parent is not None:
        if (found := scope.names.get(name)) is not None:
            return found
        if scope.kind == "class":
            return "*"
        scope = scope.parent
    return to_definition(f"${name}") if f"${name}" in walker.paths and walker.at_top else "*"


def name(walker: TreeWalker, node: Node) -> Expression:
    """A bare name is a constant."""
    written = walker.text(node)
    if written.lower() in ("true", "false", "null") or written.rpartition("\\")[2] in BUILTINS or "__" in written:
        return ""
    return walker.mention(resolve_name(walker, written, CONSTANT_NAME), node)


def scope(walker: TreeWalker, node: Node) -> Expression:
    return class_chain(walker, node)


def class_chain(walker: TreeWalker, node: Node | None) -> Expression:
    """The class that stands before ``::`` or behind ``new``."""
    if node is None:
        return "*"
    written = walker.text(node)
    if node.type in ("name", "qualified_name", "relative_scope"):
        if written in _ITSELF:
            home = walker.home()
            return to_self(home.path, CLS) if home is not None else "*"
        if written == "parent":
            return rules.above(walker, node)
        return resolve_name(walker, written)
    return walker.visit(node)


def type_name(walker: TreeWalker, node: Node) -> Expression:
    written = walker.text(node)
    if written in _ITSELF:
        home = walker.home()
        return walker.this() if home is None else to_self(home.path)
    chain = resolve_name(walker, written)
    walker.refer(LOAD, chain, walker.line(node))
    return ["i", chain]


def attribute(walker: TreeWalker, node: Node) -> Expression:
    if node.named_children:
        walker.mention(resolve_name(walker, walker.text(node.named_children[0])), node)
        _arguments(walker, node.child_by_field_name("parameters"))
    return "*"


def require(walker: TreeWalker, node: Node) -> Expression:
    """``require __DIR__ . '/x.php'``: a path that is written out."""
    parts = [child for child in node.named_children if child.type not in walker.syntax.comments]
    waiting, written, known = parts, "", True
    while waiting:
        part = waiting.pop(0)
        if part.type in ("parenthesized_expression", "binary_expression", "encapsed_string"):
            waiting = [*part.named_children, *waiting]
        elif part.type in ("string", "string_content"):
            written += walker.text(part).strip("'\"")
        else:
            known = known and walker.text(part) == "__DIR__"
    if known and written.endswith(".php"):
        walker.refer(IMPORT, file_import(walker.file, written), walker.line(node), 0)
    else:
        walker.children(node)
    return "*"


# Calls


def _arguments(walker: TreeWalker, node: Node | None) -> tuple[list[Expression], list[tuple[str, Expression]]]:
    given: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    for child in node.named_children if node is not None else ():
        if child.type != "argument" or not child.named_children:
            continue
        last = child.named_children[-1]
        if last.type == "variadic_unpacking":
            given.append(["s", rules.last(walker, last)])
        elif label := walker.field(child, "name"):
            named.append((label, walker.visit(last)))
        else:
            given.append(walker.visit(last))
    return given, named


def _call(walker: TreeWalker, node: Node, at: Node | None, target: Expression, kind: str = CALL) -> Expression:
    listed = node.child_by_field_name("arguments")
    listed = listed or next((child for child in node.named_children if child.type == "arguments"), None)
    given, named = _arguments(walker, listed)
    return walker.call(kind, walker.last_line(at) if at is not None else walker.line(node), target, given, named)


def call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    if called is None or called.type not in ("name", "qualified_name"):
        return _call(walker, node, called, walker.visit(called))
    written = walker.text(called)
    if written.lstrip("\\").lower() in _CALLING:
        return _call_of_value(walker, node, called)
    # The language's own, unless the namespace has one of that name, which the resolver finds.
    target: Expression = "" if written.lstrip("\\") in BUILTINS and written[0] == "\\" else "*"
    return _call(walker, node, called, target and resolve_name(walker, written, FUNCTION_NAME))


_CALLING = frozenset(["call_user_func", "call_user_func_array", "forward_static_call"])


def _call_of_value(walker: TreeWalker, node: Node, at: Node) -> Expression:
    """``call_user_func($f, …)`` calls what it is given first."""
    given, named = _arguments(walker, node.child_by_field_name("arguments"))
    return walker.call(CALL, walker.last_line(at), given[0] if given else "*", given[1:], named)


def array(walker: TreeWalker, node: Node) -> Expression:
    """A list that is written out; ``[$object, 'name']`` also stands for that method."""
    held = rules.sequence(walker, node)
    parts = [part.named_children[-1] for part in node.named_children if part.named_children]
    name = walker.text(parts[1]).strip("'\"") if len(parts) == _PAIR and parts[1].type in _TEXTS else ""
    if not name.isidentifier():
        return held
    of = parts[0]
    base = resolve_name(walker, walker.text(of).strip("'\"")) if of.type in _TEXTS else class_chain(walker, of)
    method = walker.mention(member_of(base or "*", name), node)
    return any_of([method, *([held] if held else [])])


_PAIR = 2
_TEXTS = ("string", "encapsed_string")


def _member_name(walker: TreeWalker, node: Node | None) -> str:
    """The name of a member that is written out."""
    return walker.text(node) if node is not None and node.type == "name" else ""


def member_call(walker: TreeWalker, node: Node) -> Expression:
    base, called = walker.visit(node.child_by_field_name("object")), node.child_by_field_name("name")
    if not _member_name(walker, called):
        walker.visit(called)
        return _call(walker, node, called, ["?", base or "*", "", False])
    return _call(walker, node, called, "" if base == "" else member_of(base, walker.text(called)))


def scoped_call(walker: TreeWalker, node: Node) -> Expression:
    base, called = class_chain(walker, node.child_by_field_name("scope")), node.child_by_field_name("name")
    if not _member_name(walker, called):
        walker.visit(called)
        return _call(walker, node, called, ["?", base or "*", "", False])
    return _call(walker, node, called, "" if base == "" else member_of(base, walker.text(called)))


def new(walker: TreeWalker, node: Node) -> Expression:
    made = next((child for child in node.named_children if child.type != "arguments"), None)
    if made is not None and made.type == "anonymous_class":
        from .definitions import anonymous_class

        chain = anonymous_class(walker, made)
        return _call(walker, node, None, chain, NEW)
    return _call(walker, node, made, class_chain(walker, made), NEW)


# Members


def property_(walker: TreeWalker, node: Node) -> Expression:
    base, written = walker.visit(node.child_by_field_name("object")), node.child_by_field_name("name")
    if not _member_name(walker, written):
        walker.visit(written)
        return "*"
    value = "" if base == "" else member_of(base, f"${walker.text(written)}")
    return walker.mention(value, node)


def static_property(walker: TreeWalker, node: Node) -> Expression:
    base = class_chain(walker, node.child_by_field_name("scope"))
    return walker.mention(member_of(base, walker.field(node, "name")), node)


def class_constant(walker: TreeWalker, node: Node) -> Expression:
    of, written = node.named_children[0], node.named_children[-1]
    base = class_chain(walker, of)
    if walker.text(written) == "class":
        walker.mention(base, node)
        return base
    return walker.mention(member_of(base, walker.text(written)), node)


def element(walker: TreeWalker, node: Node) -> Expression:
    of, *index = node.named_children
    base = walker.visit(of)
    for part in index:
        walker.visit(part)
    if base in ("", "*"):
        return base
    written = walker.text(index[0]).strip("'\"") if index and index[0].type in ("string", "integer") else ""
    return ["[", base, written if written.isalnum() else ""]


def array_element(walker: TreeWalker, node: Node) -> Expression:
    return walker.each(node.named_children)[-1] if node.named_children else "*"


# What is assigned


def assignment(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("right"))
    target = node.child_by_field_name("left")
    operator = walker.field(node, "operator")
    if target is not None:
        assign(walker, target, value if operator in ("", "=", "??=") else "")
    return value


def assign(walker: TreeWalker, target: Node, value: Expression) -> None:
    lines = (walker.line(target), walker.last_line(target))
    if target.type == "variable_name":
        _set_variable(walker, walker.text(target).lstrip("$"), lines, value)
    elif target.type in ("member_access_expression", "nullsafe_member_access_expression"):
        written = _member_name(walker, target.child_by_field_name("name"))
        base = walker.visit(target.child_by_field_name("object"))
        if written:
            walker.store(base, f"${written}", value, lines)
    elif target.type == "scoped_property_access_expression":
        base = class_chain(walker, target.child_by_field_name("scope"))
        walker.store(base, walker.field(target, "name"), value, lines)
    elif target.type in ("list_literal", "array_creation_expression"):
        for position, part in enumerate(target.named_children):
            inner = part.named_children[-1] if part.type == "array_element_initializer" else part
            assign(walker, inner, ["[", value, str(position)] if value not in ("", "*") else value)
    elif target.type == "subscript_expression":
        held = walker.visit(target)
        if isinstance(held, list) and held[0] == "[":
            walker.protocol(held[1], "__setitem__", lines[0], [["k", held[2]], value])
    else:
        walker.visit(target)


def _set_variable(walker: TreeWalker, name: str, lines: tuple[int, int], value: Expression) -> None:
    if name == "this":
        return
    if walker.at_top:
        walker.assign(GLOBAL, f"${name}", lines, value)
        return
    known = walker.scope.names.get(name)
    if isinstance(known, list) and known[0] == "v":
        walker.flow(known[1], value)
    else:
        walker.declare(name, lines, value)


def static_variable(walker: TreeWalker, node: Node) -> Expression:
    value = node.child_by_field_name("value")
    lines = (walker.line(node), walker.last_line(node))
    given = walker.visit(value) if value is not None else ""
    _set_variable(walker, walker.field(node, "name").lstrip("$"), lines, given)
    return "*"


def binary(walker: TreeWalker, node: Node) -> Expression:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = walker.field(node, "operator")
    before = walker.visit(left)
    if operator == "instanceof":
        chain = class_chain(walker, right)
        if right is not None and right.type in ("name", "qualified_name"):
            walker.mention(chain, right)
            if isinstance(before, list) and before[0] == "v":
                walker.flow(before[1], ["i", chain])
        return ""
    after = walker.visit(right)
    if operator not in ("??", "?:", "||", "or"):
        return ""
    return any_of([value for value in (before, after) if value != "*"] or ["*"])


def for_each(walker: TreeWalker, node: Node) -> Expression:
    inside = [child for child in node.named_children if child.type not in walker.syntax.comments]
    source = walker.visit(inside[0])
    each: Expression = ["*", source] if source not in ("", "*") else source
    if len(inside) > 1:
        target = inside[1]
        if target.type == "pair":
            assign(walker, target.named_children[0], "")
            target = target.named_children[-1]
        if target.type == "by_ref":
            target = target.named_children[0]
        assign(walker, target, each)
    body = node.child_by_field_name("body")
    if body is not None:
        walker.visit(body)
    return "*"


def catch(walker: TreeWalker, node: Node) -> Expression:
    declared = walker.type(node.child_by_field_name("type"))
    walker.add_catch(declared, walker.line(node))
    written = walker.field(node, "name").lstrip("$")
    if written and not walker.at_top:
        walker.declare(written, (walker.line(node), walker.line(node)), declared)
    body = node.child_by_field_name("body")
    if body is not None:
        walker.visit(body)
    return "*"


def match(walker: TreeWalker, node: Node) -> Expression:
    walker.visit(node.child_by_field_name("condition"))
    body = node.child_by_field_name("body")
    found: list[Expression] = []
    for arm in body.named_children if body is not None else ():
        conditions = arm.child_by_field_name("conditional_expressions")
        if conditions is not None:
            walker.children(conditions)
        found.append(walker.visit(arm.child_by_field_name("return_expression")))
    return any_of(found) if found else "*"
