"""Definitions of C and C++: functions, structs, variables, prototypes and macros."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...expressions import Expression, to_declared, to_definition, to_self
from ...facts import CALL, CLASS, FUNCTION, METHOD, NEW
from ...trees import rules, scopes
from ...trees.walker import SIGNATURE, TreeScope
from . import declarators

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def function(walker: TreeWalker, node: Node) -> Expression:
    declarator = declarators.function_in(node.child_by_field_name("declarator"))
    if declarator is None:
        walker.children(node)
        return "*"
    name = declarators.name(declarator)
    flags = ("static",) if declarators.is_static(walker, node) and walker.scope.kind != "class" else ()
    parts = walker.text(name).replace(" ", "").split("::")
    parts = [part.partition("<")[0] for part in parts if part]
    owner = ".".join(parts[:-1])
    space = walker.scope
    if owner and space.kind == "space":
        owner = f"{space.path}.{owner}"
    _define(walker, node, declarator, name=parts[-1] if parts else "operator", owner=owner, flags=flags)
    return "*"


def _define(walker: TreeWalker, node: Node, declarator: Node, name: str, owner: str, flags: tuple[str, ...]) -> None:
    body = node.child_by_field_name("body")
    found = walker.parameters(declarator.child_by_field_name("parameters"))
    names = walker.parameter_names(found)
    holder = owner or (walker.scope.path if walker.scope.kind == "class" else "")
    static = holder and declarators.is_static(walker, node)
    bound = bool(holder) and not static
    flags = (*flags, "static") if static else flags
    label = METHOD if holder else FUNCTION
    index = walker.define(
        label,
        rules.key(name),
        node,
        body=body,
        path=f"{owner}.{rules.key(name)}" if owner else "",
        parameters=("this", *names) if bound else names,
        flags=flags,
    )
    if not owner:
        walker.bind_definition(index, rules.key(name))
    path = walker.facts.symbols[index].path
    receiver = to_self(holder) if holder else "*"
    outer = TreeScope("class", walker.scope, index, owner, f"{owner}:", receiver=receiver) if owner else walker.scope
    scope = TreeScope("function", outer, index, path, f"{path}:", receiver=receiver)
    with walker.inside(scope):
        walker.bind_parameters(scope, found, names)
        declared = walker.type(node.child_by_field_name("type"))
        if declared not in ("", "*"):
            walker.facts.declared[f"{path}()"] = declared
        for child in node.named_children:
            if child.type == "field_initializer_list":
                walker.children(child)
        if body is not None:
            walker.children(body)


def template(walker: TreeWalker, node: Node) -> Expression:
    """What depends on a parameter of a template can be anything."""
    names = {walker.text(each) for each in _template_parameters(node.child_by_field_name("parameters"))}
    outer = {name: walker.scope.names[name] for name in names & walker.scope.names.keys()}
    walker.scope.names |= dict.fromkeys(names, "*")
    walker.children(node, skip=("template_parameter_list",))
    for name in names:
        walker.scope.names.pop(name, None)
    walker.scope.names |= outer
    return "*"


def _template_parameters(listed: Node | None) -> Iterator[Node]:
    for child in listed.named_children if listed is not None else ():
        if declarator := child.child_by_field_name("declarator"):
            yield declarators.name(declarator)  # a number, or a type that a concept binds
        else:
            yield from (each for each in child.named_children[:1] if each.type == "type_identifier")


def struct(walker: TreeWalker, node: Node) -> Expression:
    body, name = node.child_by_field_name("body"), walker.field(node, "name")
    if body is None:
        return "*"
    bases = []
    for child in node.named_children:
        if child.type == "base_class_clause":
            bases = [each for each in child.named_children if each.type in walker.syntax.types]
    plain = rules.key(name.partition("<")[0].rpartition("::")[2]) or "anonymous"
    chain = scopes.define_class(walker, node, plain, body, bases)
    if walker.at_top and isinstance(chain, str):
        walker.bind(f"struct {plain}", chain)
    return chain


def enum(walker: TreeWalker, node: Node) -> Expression:
    body, name = node.child_by_field_name("body"), walker.field(node, "name")
    if body is None:
        return "*"
    chain = scopes.define_class(walker, node, rules.key(name) or "anonymous", None, [])
    for child in body.named_children:
        if child.type == "enumerator":
            walker.declare(walker.field(child, "name"), (walker.line(child), walker.last_line(child)), "")
    return chain


def typedef(walker: TreeWalker, node: Node) -> Expression:
    kind = node.child_by_field_name("type")
    held = walker.type(kind)
    made = walker.visit(kind) if kind is not None and kind.child_by_field_name("body") is not None else "*"
    for declarator in node.children_by_field_name("declarator"):
        name = walker.text(declarators.name(declarator))
        base = (
            made
            if isinstance(made, str) and made != "*"
            else held[1]
            if isinstance(held, list) and held[0] == "i"
            else ""
        )
        if base == to_definition(name):
            continue
        index = walker.define(CLASS, name, node, bases=(str(base),) if base else ())
        walker.bind_definition(index, name)
    return "*"


def declaration(walker: TreeWalker, node: Node) -> Expression:
    """Variables, fields and prototypes."""
    kind = node.child_by_field_name("type")
    if kind is not None and kind.child_by_field_name("body") is not None:
        made = walker.visit(kind)
        declared: Expression = ["i", made] if isinstance(made, str) and made not in ("", "*") else "*"
    else:
        declared = walker.type(kind)
    for declarator in node.children_by_field_name("declarator"):
        function = declarators.function_in(declarator)
        value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
        name = walker.text(declarators.name(declarator))
        if function is not None and value is None and walker.scope.kind in ("module", "space", "class"):
            _declare_prototype(walker, node, function, name)
            continue
        held = declared
        if "array_declarator" in (declarator.type, *(child.type for child in declarator.named_children)):
            held = walker.box("[", (), [declared]) if declared not in ("", "*") else "*"
        given = walker.visit(value) if value is not None and value.type != "argument_list" else ""
        if value is not None and value.type == "argument_list":  # A a(1)
            arguments = rules.arguments_of(walker, value)
            if isinstance(declared, list) and declared[0] == "i":
                walker.call(NEW, walker.line(declarator), declared[1], arguments, [])
        if value is not None and value.type == "initializer_list" and isinstance(declared, list):
            _initialise(walker, value, declared)
        walker.declare(rules.key(name), (walker.line(node), walker.last_line(node)), given, held)
    return "*"


def _declare_prototype(walker: TreeWalker, node: Node, function: Node, name: str) -> None:
    plain = rules.key(name)
    if walker.scope.kind == "class":
        found = walker.parameters(function.child_by_field_name("parameters"))
        static = declarators.is_static(walker, node)
        flags = (SIGNATURE, "static") if static else (SIGNATURE,)
        names = walker.parameter_names(found)
        index = walker.define(METHOD, plain, node, parameters=names if static else ("this", *names), flags=flags)
        declared = walker.type(node.child_by_field_name("type"))
        if declared not in ("", "*"):
            walker.facts.declared[f"{walker.facts.symbols[index].path}()"] = declared
    elif walker.at_top and plain not in walker.paths:
        walker.facts.bindings.insert(0, rules.certain_binding(plain, to_declared(plain)))


def _initialise(walker: TreeWalker, node: Node, kind: list[object]) -> None:
    """``{ .field = value }``."""
    for child in node.named_children:
        if child.type == "initializer_pair":
            designator, value = child.child_by_field_name("designator"), child.child_by_field_name("value")
            name = walker.text(designator).lstrip(".")
            if name.isidentifier():
                walker.store(list(kind), name, walker.visit(value), (walker.line(child), walker.last_line(child)))
        elif child.type == "initializer_list":
            _initialise(walker, child, kind)


def macro(walker: TreeWalker, node: Node) -> Expression:
    index = walker.define(FUNCTION, walker.field(node, "name"), node)
    walker.bind_definition(index, walker.field(node, "name"))
    path = walker.facts.symbols[index].path
    own = set(re.findall(r"\w+", walker.field(node, "parameters")))
    with walker.inside(TreeScope("function", walker.scope, index, path, f"{path}:")):
        for access, name in _CALLED.findall(walker.field(node, "value")):
            if access:
                walker.call(CALL, walker.line(node), f"*.{name}", [], [])
            elif name not in _WORDS:
                walker.call(CALL, walker.line(node), "*" if name in own else walker.resolve(name), [], [])
    return "*"


_CALLED = re.compile(r"(\.|->)?\s*\b([A-Za-z_]\w*)\s*\(")
"""What the text of a macro calls, which is not parsed: names with parentheses behind them."""
_WORDS = frozenset("if while for switch return sizeof defined alignof typeof catch do else".split())  # noqa: SIM905


def constant(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    if walker.at_top and name not in walker.paths:
        walker.declare(name, (walker.line(node), walker.line(node)), "")
    return "*"
