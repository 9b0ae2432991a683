"""Functions, classes and objects of JavaScript and TypeScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...expressions import SELF, Expression
from ...facts import CALL, CLASS, FIELD, FUNCTION, METHOD
from ...trees import rules, scopes
from ...trees.walker import TreeScope
from .jsdoc import declare_by_comment

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

FUNCTIONS = frozenset(["arrow_function", "function_expression", "generator_function"])
_NAMED_TYPES = frozenset(["type_identifier", "generic_type", "nested_type_identifier"])


def lines(walker: TreeWalker, node: Node) -> tuple[int, int]:
    return walker.line(node), walker.last_line(node)


def define(
    walker: TreeWalker, node: Node, name: str, outline: Node, owner: str = "", flags: tuple[str, ...] = ()
) -> int:
    label = METHOD if owner or walker.scope.kind == "class" else FUNCTION
    made = label == FUNCTION and walker.at_top and name in walker.class_like
    if made:
        return _constructor(walker, node, name, outline)
    single = node.child_by_field_name("parameter")
    return scopes.define_function(
        walker,
        node,
        name,
        "parameter" if single is not None else "parameters",
        flags=flags,
        outline=outline,
        owner=owner,
        documented=declare_by_comment,
    )


def _constructor(walker: TreeWalker, node: Node, name: str, outline: Node) -> int:
    """A function that is used as a class: it has a prototype, or is called with ``new``."""
    body = node.child_by_field_name("body")
    found = walker.parameters(node.child_by_field_name("parameters"))
    names = walker.parameter_names(found)
    index = walker.define(CLASS, name, outline, body=body, parameters=("this", *names))
    walker.bind_definition(index, name)
    path = walker.facts.symbols[index].path
    with walker.inside(TreeScope("function", walker.scope, index, path, f"{path}:", receiver=f"{SELF}{path}")):
        walker.bind_parameters(walker.scope, found, names)
        scopes.body_of(walker, body)
    return index


def function(walker: TreeWalker, node: Node) -> Expression:
    define(walker, node, walker.field(node, "name") or "default", node)
    return "*"


def closure(walker: TreeWalker, node: Node) -> Expression:
    """An arrow function keeps ``this``; any other function without a place has one that nobody knows."""
    arrow = node.type == "arrow_function"
    single = node.child_by_field_name("parameter")
    rule = scopes.lambda_("parameter" if single is not None else "parameters", own_this=not arrow)
    return rule(walker, node)


def _heritage(walker: TreeWalker, node: Node) -> list[Node]:
    found = []
    for child in node.named_children:
        if child.type == "class_heritage":
            inner = [part for part in child.named_children if part.type in ("extends_clause", "implements_clause")]
            for part in inner or [child]:
                found += [each for each in part.named_children if each.type != "type_arguments"]
        elif child.type in ("extends_clause", "extends_type_clause"):
            found += [each for each in child.named_children if each.type != "type_arguments"]
    return found


def class_(walker: TreeWalker, node: Node, name: str = "", outline: Node | None = None) -> Expression:
    name = name or walker.field(node, "name") or "default"
    for child in node.named_children:
        if child.type == "decorator":
            decorator(walker, child)
    return scopes.define_class(walker, outline or node, name, node.child_by_field_name("body"), _heritage(walker, node))


def method(walker: TreeWalker, node: Node) -> Expression:
    name = rules.key(walker.field(node, "name").strip("\"'"))
    kinds = {child.type for child in node.children[:4]}
    flags = (*(["static"] if "static" in kinds else []), *(["property"] if kinds & {"get", "set"} else []))
    if "signature" in node.type:
        flags = (*flags, "signature")
    if node.child_by_field_name("name") is None or not name or name.startswith("["):
        walker.children(node)
        return "*"
    for child in node.named_children:
        if child.type == "decorator":
            decorator(walker, child)
    index = define(walker, node, name, node, flags=flags)
    if name == "constructor":
        _parameter_fields(walker, node, index)
    return "*"


def _parameter_fields(walker: TreeWalker, node: Node, index: int) -> None:
    """``constructor(private x: X)`` declares a field."""
    path = walker.facts.symbols[index].path
    for given in walker.parameters(node.child_by_field_name("parameters")):
        parameter = given.node
        if any(
            child.type in ("accessibility_modifier", "readonly", "override_modifier") for child in parameter.children
        ):
            name = walker.field(parameter, "pattern")
            declared = walker.type(parameter.child_by_field_name("type"))
            walker.declare(name, lines(walker, parameter), ["v", f"{path}:{name}"], declared)


def field(walker: TreeWalker, node: Node) -> Expression:
    name = rules.key(walker.field(node, "name") or walker.field(node, "property"))
    value = node.child_by_field_name("value")
    for child in node.named_children:
        if child.type == "decorator":
            decorator(walker, child)
    if value is not None and value.type in FUNCTIONS:
        static = any(child.type == "static" for child in node.children)
        define(walker, value, name, node, flags=("static",) if static else ())
    elif name.startswith("["):
        walker.children(node)
    elif name:
        declared = walker.type(node.child_by_field_name("type"))
        walker.declare(name, lines(walker, node), walker.visit(value) if value is not None else "", declared)
    return "*"


def enum(walker: TreeWalker, node: Node) -> Expression:
    scopes.define_class(walker, node, walker.field(node, "name"), None, ())
    path = walker.facts.symbols[-1].path
    for child in (node.child_by_field_name("body") or node).named_children:
        name = walker.field(child, "name") or walker.text(child)
        if child.type in ("property_identifier", "enum_assignment", "string"):
            walker.assign(FIELD, f"{path}.{rules.key(name.strip(chr(34)))}", lines(walker, child), "")
    return "*"


def alias(walker: TreeWalker, node: Node) -> Expression:
    """A type by another name is a class below it, so that it has the same members."""
    value = node.child_by_field_name("value")
    parts = value.named_children if value is not None and value.type == "intersection_type" else [value]
    bases = [part for part in parts if part is not None and part.type in _NAMED_TYPES]
    body = value if value is not None and value.type == "object_type" else None
    scopes.define_class(walker, node, walker.field(node, "name"), body, bases)
    if body is None and not bases:
        walker.type(value)
    return "*"


def namespace(walker: TreeWalker, node: Node) -> Expression:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or name.type == "string" or body is None:
        walker.children(node)
        return "*"
    index = walker.define(CLASS, rules.key(walker.text(name)), node, body=body)
    path = walker.facts.symbols[index].path
    walker.bind_definition(index, path.rpartition(".")[2])
    with walker.inside(TreeScope("space", walker.scope, index, path, f"{path}:")):
        walker.children(body)
    return "*"


def define_object(walker: TreeWalker, node: Node, name: str, outline: Node, declared: Expression = "*") -> None:
    """An object that a variable of the module is given: its functions are members of the variable."""
    walker.declare(name, lines(walker, outline), ["o", name], declared)
    define_members(walker, node, name)


def define_members(walker: TreeWalker, node: Node, owner: str) -> None:
    for child in node.named_children:
        if child.type == "method_definition":
            kinds = {each.type for each in child.children[:3]}
            flags = ("property",) if kinds & {"get", "set"} else ()
            define(walker, child, rules.key(walker.field(child, "name").strip("\"'")), child, owner=owner, flags=flags)
        elif child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            name = rules.key(walker.text(key).strip("\"'"))
            if value is None or key is None or key.type == "computed_property_name" or not name.isidentifier():
                walker.children(child)
            elif value.type in FUNCTIONS:
                define(walker, value, name, child, owner=owner)
            elif value.type == "object":
                walker.assign(FIELD, f"{owner}.{name}", lines(walker, child), ["o", f"{owner}.{name}"])
                define_members(walker, value, f"{owner}.{name}")
            elif (held := walker.visit(value)) not in ("", "*"):
                walker.assign(FIELD, f"{owner}.{name}", lines(walker, child), held)
        elif child.type == "shorthand_property_identifier":
            name = walker.text(child)
            walker.assign(FIELD, f"{owner}.{name}", lines(walker, child), walker.mention(walker.resolve(name), child))
        else:
            walker.visit(child)


def literal_object(walker: TreeWalker, node: Node) -> Expression:
    box = walker.box("o", (), ())
    for child in node.named_children:
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "shorthand_property_identifier":
            name, held = walker.text(child), rules.name(walker, child)
        elif child.type == "method_definition":
            name, held = walker.field(child, "name"), scopes.lambda_(own_this=True)(walker, child)
        elif child.type == "pair":
            walker.visit(key) if key is not None and key.type == "computed_property_name" else None
            name, held = walker.text(key).strip("\"'"), walker.visit(value)
        else:
            walker.children(child)
            continue
        walker.flow(f"{box[1]}[", held)
        if name.isidentifier():
            walker.flow(f"{box[1]}[{name}", held)
    return box


def decorator(walker: TreeWalker, node: Node) -> Expression:
    for child in node.named_children:
        if child.type == "call_expression":
            walker.visit(child)
        else:
            walker.call(CALL, walker.line(node), rules.callee(walker, child), [], [])
    walker.comments.keep(node)
    return "*"
