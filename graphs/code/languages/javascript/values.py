"""Calls, variables, assignments and patterns of JavaScript and TypeScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import SELF, Expression, any_of, member_of, receiver_of, to_definition, to_import, to_name
from ...facts import BASE, CALL, CLASS, FIELD, IMPORT
from ...trees import rules
from . import routes
from .definitions import FUNCTIONS, class_, define, define_members, define_object, lines
from .modules import export_name, exports, required_path

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def call(walker: TreeWalker, node: Node) -> Expression:
    path = required_path(walker, node)
    if path:
        walker.refer(IMPORT, to_import(path), walker.line(node), 0)
        return to_import(path, "default") if walker.field(node, "function") == "require" else to_import(path)
    called = node.child_by_field_name("function")
    if called is not None and called.type == "super":
        given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
        above = rules.above(walker, called)
        target = member_of(above, "constructor") if above != "*" else "*"
        return walker.call(CALL, walker.line(node), target, given, [])
    if called is not None and called.type == "import":
        given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
        return walker.call(CALL, walker.line(node), "require", given, [])  # of a computed path
    if walker.text(called) == "Object.assign":
        given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
        return given[0] if given else "*"
    value = _plain_call(walker, node)
    routes.read_call(walker, node, called, value)
    _inherits(walker, node, called)
    return value


_plain_call = rules.call()


def _inherits(walker: TreeWalker, node: Node, called: Node | None) -> None:
    """``inherits(A, B)`` of Node's ``util``, and ``Object.setPrototypeOf(A.prototype, B.prototype)``."""
    name = walker.text(called).rpartition(".")[2] if called is not None else ""
    given = node.child_by_field_name("arguments")
    if name in ("inherits", "setPrototypeOf") and given is not None and given.named_child_count >= 2:
        one, other = (walker.text(child).removesuffix(".prototype") for child in given.named_children[:2])
        _extend(walker, one, other, walker.line(node))


def _extend(walker: TreeWalker, name: str, base: str, line: int) -> None:
    index = walker.paths.get(name)
    if index is not None and walker.facts.symbols[index].label == CLASS and re.fullmatch(r"[\w.$]+", base):
        first, *rest = base.split(".")
        chain = walker.resolve(first)
        if isinstance(chain, str):
            symbol = walker.facts.symbols[index]
            symbol.bases += (".".join([chain, *rest]),)
            walker.refer(BASE, symbol.bases[-1], line, index)


_GLOBAL = frozenset(["window", "globalThis"])


class JavaScriptMember(rules.Member):
    def read(self, walker: TreeWalker, node: Node, *, mentioned: bool) -> Expression:
        if walker.text(node) == "module.exports":
            return walker.resolve("exports")
        of, name = walker.field(node, "object"), walker.field(node, "property")
        if of in _GLOBAL and walker.resolve(of) == of:
            value = to_name(name)  # a name of all scripts
            return walker.mention(value, node) if mentioned else value
        return super().read(walker, node, mentioned=mentioned)


def binary(walker: TreeWalker, node: Node) -> Expression:
    """Long sums lean to the left, deeper than may be recursed."""
    if _operator(node) in _LOGICAL:
        return any_of([walker.visit(node.child_by_field_name(side)) for side in ("left", "right")])
    left: Node | None = node
    chain = []
    while left is not None and left.type == "binary_expression" and _operator(left) not in _LOGICAL:
        chain.append(left)
        left = left.child_by_field_name("left")
    walker.visit(left)
    for part in reversed(chain):
        walker.visit(part.child_by_field_name("right"))
    return ""


_LOGICAL = frozenset(["||", "&&", "??"])


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def spread(walker: TreeWalker, node: Node) -> Expression:
    return ["s", walker.visit(node.named_children[0])] if node.named_children else "*"


def tag(walker: TreeWalker, node: Node) -> Expression:
    """``<Component …>``: a component is called; a tag in small letters is the browser's."""
    name = node.child_by_field_name("name")
    text = walker.text(name)
    if name is not None and (text[:1].isupper() or "." in text):
        walker.call(CALL, walker.line(node), rules.callee(walker, name), [], [])
    for child in node.named_children:
        if child.type not in ("identifier", "member_expression"):
            walker.visit(child)
    return "*"


def declarator(walker: TreeWalker, node: Node) -> Expression:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return "*"
    exported = False
    while value is not None and value.type == "assignment_expression":  # app = module.exports = {}
        exported = exported or walker.field(value, "left") in ("exports", "module.exports")
        value = value.child_by_field_name("right")
    hoisted = node.parent is not None and node.parent.type == "variable_declaration"
    plain = name.type == "identifier"
    declared = walker.type(node.child_by_field_name("type"))
    if plain and value is not None and value.type in FUNCTIONS:
        define(walker, value, walker.text(name), node.parent or node)
    elif plain and value is not None and value.type in ("class", "class_declaration"):
        class_(walker, value, walker.text(name), node.parent or node)
    elif plain and value is not None and value.type == "object" and walker.at_top:
        define_object(walker, value, walker.text(name), node, declared)
    elif path := required_path(walker, value):
        held = walker.visit(value)
        _bind_required(walker, name, path, held)
    else:
        held = walker.visit(value) if value is not None else ""
        if plain:
            walker.declare(walker.text(name), lines(walker, node), held, declared, hoisted)
        else:
            walker.bind_pattern(name, held, declared)
    if exported and plain:
        walker.bind("default", to_definition(walker.text(name)))
    return "*"


def _bind_required(walker: TreeWalker, pattern: Node, path: str, held: Expression) -> None:
    if pattern.type == "identifier":
        walker.bind(walker.text(pattern), held)
        return
    for child in pattern.named_children:
        key = walker.field(child, "key") or walker.text(child)
        local = child.child_by_field_name("value") or child
        if local.type.endswith("identifier") or local.type.endswith("identifier_pattern"):
            walker.bind(walker.text(local), f"{held}.{rules.key(key)}")


def assignment(walker: TreeWalker, node: Node) -> Expression:
    target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
    if target is None or value is None:
        return "*"
    name = walker.text(target)
    if name in ("module.exports", "exports"):
        return exports(walker, value, node)
    parts = rules.member_parts(walker, target)
    if parts is None:
        held = walker.visit(value)
        rules.assign(walker, target, held)
        return held
    of, attribute = parts
    owner = walker.text(of)
    if owner in ("exports", "module.exports") and walker.at_top:
        return export_name(walker, attribute, value, node)
    if owner.endswith(".prototype") and owner.removesuffix(".prototype") in walker.paths:
        return _member(walker, owner.removesuffix(".prototype"), attribute, value, node)
    if attribute == "prototype" and owner in walker.paths:
        if value.type == "object":
            define_members(walker, value, owner)
        else:
            held = walker.visit(value)
            if made := re.match(r"(?:Object\.create\(|new )([\w.$]+?)(?:\.prototype\)|\()", walker.text(value)):
                _extend(walker, owner, made[1], walker.line(node))
            return held
        return "*"
    known = walker.scope.parent is None and owner in walker.paths and of.type == "identifier"
    if known and (value.type in FUNCTIONS or value.type == "class"):
        return _member(walker, owner, attribute, value, node)
    base = rules.callee(walker, of)
    receiver = receiver_of(base)
    itself = receiver is not None and receiver.start == SELF
    if receiver is not None and itself and value.type in FUNCTIONS:
        return _member(walker, receiver.path, attribute, value, node)
    if receiver is not None and itself and value.type == "object":
        path = f"{receiver.path}.{attribute}"
        walker.store(base, attribute, ["o", path], lines(walker, node))
        define_members(walker, value, path)
        return ["o", path]
    held = walker.visit(value)
    walker.store(base, attribute, held, lines(walker, node))
    return held


def _member(walker: TreeWalker, owner: str, name: str, value: Node, node: Node) -> Expression:
    """``owner.name = …`` for a class, function or object of this file."""
    path = f"{owner}.{name}"
    if value.type in FUNCTIONS:
        index = define(walker, value, name, node, owner=owner)
        return to_definition(walker.facts.symbols[index].path)
    held = walker.visit(value)
    walker.assign(FIELD, path, lines(walker, node), held)
    return held


def object_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    base = declared if declared not in ("", "*") else value
    for child in node.named_children:
        inner, name = child, walker.text(child)
        if child.type == "pair_pattern":
            inner, name = child.child_by_field_name("value") or child, walker.field(child, "key")
        elif child.type == "object_assignment_pattern":
            inner, name = child.child_by_field_name("left") or child, walker.field(child, "left")
        walker.visit(child.child_by_field_name("right"))
        if child.type == "rest_pattern":
            walker.bind_pattern(child.named_children[0], base)
        else:
            walker.bind_pattern(inner, base if base in ("", "*") else member_of(base, rules.key(name)))


def array_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    base = declared if declared not in ("", "*") else value
    for position, child in enumerate(node.named_children):
        walker.bind_pattern(child, base if base in ("", "*") else ["[", base, str(position)])


def assigned_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    default, left = walker.visit(node.child_by_field_name("right")), node.child_by_field_name("left")
    if left is not None:
        walker.bind_pattern(left, any_of([value, default]), declared)


def rest(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    walker.bind_pattern(node.named_children[0], "*", declared)


def catch(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        parameter = node.child_by_field_name("parameter")
        if parameter is not None:
            walker.bind_pattern(parameter, "*")
        walker.visit(node.child_by_field_name("body"))
    return "*"


def as_(walker: TreeWalker, node: Node) -> Expression:
    children = node.named_children
    value = walker.visit(children[0])
    held = walker.type(children[1]) if len(children) > 1 else "*"
    return held if held not in ("", "*") else value


def block(walker: TreeWalker, node: Node) -> Expression:
    """Functions are known in all of the block that they stand in."""
    with walker.block():
        for child in node.named_children:
            if child.type in ("function_declaration", "generator_function_declaration", "class_declaration"):
                name = walker.field(child, "name")
                path = f"{walker.scope.path}.{name}" if walker.scope.path else name
                if path not in walker.paths:
                    walker.scope.names[name] = to_definition(path)
        walker.children(node)
    return "*"
