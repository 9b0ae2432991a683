"""C and C++: functions by their linkage, headers by ``#include``, structs with their fields and function pointers;
classes, namespaces and members that are defined outside their class."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ...expressions import Expression, member_of
from ...facts import CALL, CLASS, FUNCTION, IMPORT, METHOD, NEW
from ...resolution.naming import Naming
from ...trees import rules, types
from ...trees.read import read_tree
from ...trees.syntax import Parameter, Rule, Syntax
from ...trees.walker import SIGNATURE, TreeScope
from ..language import Language
from .names import BUILTINS, COMMON, source

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_WRAPPED = re.compile(r"declarator$")


# Declarators


def _name(node: Node) -> Node:
    """The name in a declarator: ``*(*name)(int)[3]``."""
    current = node
    while True:
        inner = current.child_by_field_name("declarator")
        if inner is None and _WRAPPED.search(current.type):
            inner = next(
                (child for child in current.named_children if child.type not in ("type_qualifier", "parameter_list")),
                None,
            )
        if inner is None:
            return current
        current = inner


def _function_in(node: Node | None) -> Node | None:
    """The function declarator of ``name(…)``; None where it declares a variable, such as a pointer to a function."""
    current = node
    while current is not None:
        if current.type == "function_declarator":
            inner = current.child_by_field_name("declarator")
            return None if inner is not None and inner.type == "parenthesized_declarator" else current
        if not _WRAPPED.search(current.type):
            return None
        current = current.child_by_field_name("declarator") or next(iter(current.named_children), None)
    return None


def _is_static(walker: TreeWalker, node: Node) -> bool:
    return any(child.type == "storage_class_specifier" and walker.text(child) == "static" for child in node.children)


# Definitions


def _include(walker: TreeWalker, node: Node) -> Expression:
    path = node.child_by_field_name("path")
    text = walker.text(path).strip('<>"')
    walker.refer(IMPORT, f"={_coded(text)}", walker.line(node), 0)
    if path is not None and path.type == "string_literal":
        walker.facts.bindings.append(rules.star(f"={_coded(text)}"))
    return "*"


def _coded(text: str) -> str:
    return text.replace(".", "|").replace(":", ";")


def _function(walker: TreeWalker, node: Node) -> Expression:
    declarator = _function_in(node.child_by_field_name("declarator"))
    if declarator is None:
        walker.children(node)
        return "*"
    name = _name(declarator)
    flags = ("static",) if _is_static(walker, node) and walker.scope.kind != "class" else ()
    parts = walker.text(name).replace(" ", "").split("::")
    parts = [part.partition("<")[0] for part in parts if part]
    owner = ".".join(parts[:-1])
    space = walker.scope
    if owner and space.kind == "space":
        owner = f"{space.path}.{owner}"
    _define(walker, node, declarator, parts[-1] if parts else "operator", owner, flags)
    return "*"


def _define(walker: TreeWalker, node: Node, declarator: Node, name: str, owner: str, flags: tuple[str, ...]) -> None:
    body = node.child_by_field_name("body")
    found = walker.parameters(declarator.child_by_field_name("parameters"))
    names = walker.parameter_names(found)
    holder = owner or (walker.scope.path if walker.scope.kind == "class" else "")
    static = holder and _is_static(walker, node)
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
    receiver = f"@{holder.replace('.', '/')}" if holder else "*"
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


def _struct(walker: TreeWalker, node: Node) -> Expression:
    body, name = node.child_by_field_name("body"), walker.field(node, "name")
    if body is None:
        return "*"
    bases = []
    for child in node.named_children:
        if child.type == "base_class_clause":
            bases = [each for each in child.named_children if each.type in TYPES]
    plain = rules.key(name.partition("<")[0].rpartition("::")[2]) or "anonymous"
    chain = rules.define_class(walker, node, plain, body, bases)
    if walker.at_top and isinstance(chain, str):
        walker.bind(f"struct {plain}", chain)
    return chain


def _enum(walker: TreeWalker, node: Node) -> Expression:
    body, name = node.child_by_field_name("body"), walker.field(node, "name")
    if body is None:
        return "*"
    chain = rules.define_class(walker, node, rules.key(name) or "anonymous", None, [])
    for child in body.named_children:
        if child.type == "enumerator":
            walker.declare(walker.field(child, "name"), (walker.line(child), walker.last_line(child)), "")
    return chain


def _typedef(walker: TreeWalker, node: Node) -> Expression:
    kind = node.child_by_field_name("type")
    held = walker.type(kind)
    made = walker.visit(kind) if kind is not None and kind.child_by_field_name("body") is not None else "*"
    for declarator in node.children_by_field_name("declarator"):
        name = walker.text(_name(declarator))
        base = (
            made
            if isinstance(made, str) and made != "*"
            else held[1]
            if isinstance(held, list) and held[0] == "i"
            else ""
        )
        if isinstance(base, str) and base.startswith("$") and base[1:] == name:
            continue
        index = walker.define(CLASS, name, node, bases=(str(base),) if base else ())
        walker.bind_definition(index, name)
    return "*"


def _declaration(walker: TreeWalker, node: Node) -> Expression:
    """Variables, fields and prototypes."""
    kind = node.child_by_field_name("type")
    if kind is not None and kind.child_by_field_name("body") is not None:
        made = walker.visit(kind)
        declared: Expression = ["i", made] if isinstance(made, str) and made not in ("", "*") else "*"
    else:
        declared = walker.type(kind)
    for declarator in node.children_by_field_name("declarator"):
        function = _function_in(declarator)
        value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
        name = walker.text(_name(declarator))
        if function is not None and value is None and walker.scope.kind in ("module", "space", "class"):
            _prototype(walker, node, function, name)
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


def _prototype(walker: TreeWalker, node: Node, function: Node, name: str) -> None:
    plain = rules.key(name)
    if walker.scope.kind == "class":
        found = walker.parameters(function.child_by_field_name("parameters"))
        static = _is_static(walker, node)
        flags = (SIGNATURE, "static") if static else (SIGNATURE,)
        names = walker.parameter_names(found)
        index = walker.define(METHOD, plain, node, parameters=names if static else ("this", *names), flags=flags)
        declared = walker.type(node.child_by_field_name("type"))
        if declared not in ("", "*"):
            walker.facts.declared[f"{walker.facts.symbols[index].path}()"] = declared
    elif walker.at_top and plain not in walker.paths:
        walker.facts.bindings.insert(0, rules.bound(plain, f"!{plain}"))


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


def _macro(walker: TreeWalker, node: Node) -> Expression:
    index = walker.define(FUNCTION, walker.field(node, "name"), node)
    walker.bind_definition(index, walker.field(node, "name"))
    return "*"


def _constant(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    if walker.at_top and name not in walker.paths:
        walker.declare(name, (walker.line(node), walker.line(node)), "")
    return "*"


def _namespace(walker: TreeWalker, node: Node) -> Expression:
    name, body = rules.key(walker.field(node, "name").replace("::", ".")), node.child_by_field_name("body")
    if body is None:
        return "*"
    if not name:
        walker.children(body)
        return "*"
    known = walker.paths.get(walker.path(name))
    index = known if known is not None else walker.define(CLASS, name, node, body=body, flags=("namespace",))
    path = walker.facts.symbols[index].path
    walker.bind_definition(index, name)
    scope = TreeScope("space", walker.scope, index, path, f"{path}:")
    prefix = f"{path}."
    scope.names = {
        symbol.name: f"${symbol.path.replace('.', '/')}"
        for symbol in walker.facts.symbols
        if symbol.path.startswith(prefix) and "." not in symbol.path[len(prefix) :]
    }
    with walker.inside(scope):
        walker.children(body)
    return "*"


def _using(walker: TreeWalker, node: Node) -> Expression:
    """``using a::b;``"""
    inner = next((child for child in node.named_children if child.type == "qualified_identifier"), None)
    if inner is not None:
        walker.bind(walker.text(inner).rpartition("::")[2], _path(walker, inner))
    return "*"


# Expressions


def _path(walker: TreeWalker, node: Node) -> Expression:
    parts = [part.partition("<")[0].strip() for part in re.split(r"::", re.sub(r"<[^<>]*>", "", walker.text(node)))]
    parts = [part for part in parts if part]
    if not parts:
        return "*"
    value = walker.resolve(parts[0])
    for part in parts[1:]:
        value = member_of(value, rules.key(part))
    return value


def _qualified(walker: TreeWalker, node: Node) -> Expression:
    return walker.mention(_path(walker, node), node)


def _call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    while called is not None and called.type in ("parenthesized_expression", "pointer_expression", "template_function"):
        called = (
            called.child_by_field_name("argument") or called.child_by_field_name("name") or called.named_children[0]
        )
    if called is not None and called.type == "qualified_identifier":
        target = _path(walker, called)
        made = re.search(r"(?:make_unique|make_shared)<\s*([\w:]+)\s*>", walker.text(called))
    else:
        target, made = rules.callee(walker, called), None
        if called is not None and called.type == "field_expression":
            inner = called.child_by_field_name("field")
            if inner is not None and inner.type in ("template_method", "dependent_name"):
                target = "*"
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    line = walker.last_line(called) if called else walker.line(node)
    if made is not None:
        base = walker.resolve(made[1].rpartition("::")[2])
        return walker.call(NEW, line, base, given, [])
    return walker.call(CALL, line, target, given, [])


def _super(walker: TreeWalker, node: Node) -> Expression:
    return walker.this()


def _loop(walker: TreeWalker, node: Node) -> Expression:
    source = walker.visit(node.child_by_field_name("right"))
    with walker.block():
        declarator = node.child_by_field_name("declarator")
        if declarator is not None:
            name = walker.text(_name(declarator))
            declared = walker.type(node.child_by_field_name("type"))
            walker.declare(
                name,
                (walker.line(node), walker.line(node)),
                ["*", source] if source not in ("", "*") else "*",
                declared,
            )
        walker.visit(node.child_by_field_name("body"))
    return "*"


def _lambda(walker: TreeWalker, node: Node) -> Expression:
    number = f"<{walker.number()}>"
    scope = TreeScope("function", walker.scope, walker.scope.owner, walker.scope.path, f"{number}:")
    declarator = node.child_by_field_name("declarator")
    found = walker.parameters(declarator.child_by_field_name("parameters")) if declarator is not None else []
    names = walker.parameter_names(found)
    walker.facts.lambdas[number] = names
    with walker.inside(scope):
        walker.bind_parameters(scope, found, names)
        rules.body_of(walker, node.child_by_field_name("body"))
    return ["l", number]


# Types


def _tagged(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    tag = walker.resolve(f"struct {name}")
    known = tag if isinstance(tag, str) and tag.startswith("$") else f"struct {name}"
    if not name:
        return "*"
    walker.mention(known, node)
    return ["i", known]


def _type_name(walker: TreeWalker, node: Node) -> Expression:
    return types.type_name(walker, node)


def _qualified_type(walker: TreeWalker, node: Node) -> Expression:
    text = walker.text(node)
    inner = re.search(r"<\s*(?:const\s+)?([\w:]+)", text)
    name = re.sub(r"<.*", "", text, flags=re.DOTALL).rpartition("::")[2].strip()
    holder = _CONTAINERS.get(name)
    if holder is not None and inner:
        base = walker.resolve(inner[1].rpartition("::")[2])
        held: Expression = ["i", base] if isinstance(base, str) and base else "*"
        return walker.box(holder, (), [held]) if holder else held
    value = _path(walker, node)
    if not isinstance(value, str) or value in ("", "*"):
        return "*"
    walker.mention(value, node)
    return ["i", value]


RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "field_identifier": rules.plain,
    **dict.fromkeys(
        ["string_literal", "number_literal", "char_literal", "true", "false", "null", "concatenated_string",
        "system_lib_string",
         "sizeof_expression"], rules.plain),
    "preproc_include": _include,
    "preproc_function_def": _macro,
    "preproc_def": _constant,
    "function_definition": _function,
    "struct_specifier": _struct,
    "union_specifier": _struct,
    "enum_specifier": _enum,
    "type_definition": _typedef,
    "declaration": _declaration,
    "field_declaration": _declaration,
    "call_expression": _call,
    "field_expression": rules.member("argument", "field"),
    "subscript_expression": rules.element("argument"),
    "pointer_expression": rules.through("argument"),
    "parenthesized_expression": rules.through(),
    "cast_expression": rules.cast("value", "type"),
    "assignment_expression": rules.assignment(),
    "conditional_expression": rules.choice("condition", "consequence", "alternative"),
    "initializer_list": rules.sequence,
    "compound_statement": rules.block,
    "for_statement": rules.block,
    "return_statement": rules.returned,
}  # fmt: skip
PLUS: dict[str, Rule] = {
    **RULES,
    "this": _super,
    "class_specifier": _struct,
    "namespace_definition": _namespace,
    "using_declaration": _using,
    "qualified_identifier": _qualified,
    "new_expression": rules.new("type"),
    "lambda_expression": _lambda,
    "for_range_loop": _loop,
}
TYPES: dict[str, Rule] = {
    "type_identifier": _type_name,
    "struct_specifier": _tagged,
    "union_specifier": _tagged,
    "class_specifier": _tagged,
    "type_descriptor": types.inner_type("type"),
    "qualified_identifier": _qualified_type,
    "template_type": _qualified_type,
}
PARAMETERS = {
    "parameter_declaration": Parameter("declarator", "type"),
    "optional_parameter_declaration": Parameter("declarator", "type", "default_value"),
}
_CONTAINERS = {
    **dict.fromkeys(["vector", "list", "set", "deque", "array", "span", "unordered_set", "queue", "stack"], "["),
    **dict.fromkeys(["map", "unordered_map", "multimap"], "{"),
    **dict.fromkeys(["unique_ptr", "shared_ptr", "weak_ptr", "optional", "reference_wrapper"], ""),
}


def _syntax(of: dict[str, Rule], *, implicit: bool) -> Syntax:
    patterns = dict.fromkeys(["identifier", "field_identifier"], rules.named)
    return Syntax(of, TYPES, patterns, PARAMETERS, implicit=implicit, declared_name=_name)


_NAMING = Naming(
    source, builtins=BUILTINS, common=COMMON, constructors=(".",), shared=True, overloads=True, same=frozenset(["get"])
)
C = Language("C", "c", partial(read_tree, _syntax(PLUS, implicit=True)), _NAMING)
CPP = Language("C++", "c", C.read, _NAMING)
