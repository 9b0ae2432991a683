"""JavaScript and TypeScript, with JSX: ECMAScript modules and CommonJS, classes and prototypes, objects of functions.

An import is resolved as Node and TypeScript do: relative paths with their suffixes and index files, packages of the
library by ``name``, ``exports`` and ``main`` of their ``package.json``, ``paths`` of the nearest ``tsconfig.json``.
"""

from __future__ import annotations

import re
from functools import partial
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from ..facts import BASE, CALL, CLASS, FIELD, FUNCTION, IMPORT, METHOD, Expression
from ..scopes import joined
from ..trees import rules
from ..trees.read import read_tree
from ..trees.syntax import Parameter, Syntax
from ..trees.walker import Scope
from .base import Language, Naming
from .javascript_names import BUILTINS, COMMON, missing, source

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..trees.walker import TreeWalker

_FUNCTIONS = frozenset(["arrow_function", "function_expression", "generator_function"])
_CLASS_LIKE = re.compile(r"\b(?:(\w+)\.prototype\b|new (\w+)\(|inherits\((\w+)\s*,)")
_EXTENSION = re.compile(r"\.(?:[mc]?[jt]sx?)$")


# Imports and exports


def _path(walker: TreeWalker, specifier: str) -> str:
    """As chains write it: relative ones from the library's root, with a slash in front."""
    if specifier.startswith("."):
        specifier = "/" + normpath(join(dirname(walker.file), specifier))
    return specifier.replace(".", "|").replace(":", ";")


def _own(walker: TreeWalker) -> str:
    return "=/" + walker.file.replace(".", "|").replace(":", ";")


def _text(walker: TreeWalker, node: Node | None) -> str:
    return walker.text(node).strip("\"'`") if node is not None else ""


def _import(walker: TreeWalker, node: Node) -> Expression:
    clause = next((child for child in node.named_children if child.type.startswith("import_")), None)
    origin = node.child_by_field_name("source") or (clause.child_by_field_name("source") if clause else None)
    if origin is None:
        return "*"
    path, line = _path(walker, _text(walker, origin)), walker.line(node)
    if clause is None or clause.type == "import_require_clause":
        walker.refer(IMPORT, f"={path}", line, 0)
        if clause is not None:
            walker.bind(walker.text(clause.named_children[0]), f"={path}:default")
        return "*"
    for child in clause.named_children:
        if child.type == "identifier":
            _imported(walker, walker.text(child), path, "default", line)
        elif child.type == "namespace_import":
            walker.refer(IMPORT, f"={path}", line, 0)
            walker.bind(walker.text(child.named_children[-1]), f"={path}")
        else:
            for item in child.named_children:
                name = walker.field(item, "name").strip("\"'")
                if name:
                    _imported(walker, walker.field(item, "alias") or name, path, name, walker.line(item))
    return "*"


def _imported(walker: TreeWalker, local: str, path: str, name: str, line: int) -> None:
    walker.refer(IMPORT, f"={path}:{name}", line, 0)
    walker.bind(local, f"={path}:{name}")


def _export(walker: TreeWalker, node: Node) -> Expression:
    origin = node.child_by_field_name("source")
    path = _path(walker, _text(walker, origin)) if origin is not None else ""
    line = walker.line(node)
    if path:
        walker.refer(IMPORT, f"={path}", line, 0)
    clause = next((child for child in node.named_children if child.type in ("export_clause", "namespace_export")), None)
    if clause is not None and clause.type == "namespace_export":
        walker.bind(_text(walker, clause.named_children[-1]), f"={path}")
    elif clause is not None:
        for item in clause.named_children:
            name = walker.field(item, "name").strip("\"'")
            alias = walker.field(item, "alias").strip("\"'") or name
            if path:
                _imported(walker, alias, path, name, walker.line(item))
            elif alias != name:
                walker.bind(alias, walker.resolve(name))
    elif path:
        walker.bind("*", f"={path}")
    elif any(child.type == "default" for child in node.children):
        inner = node.child_by_field_name("value") or node.child_by_field_name("declaration")
        if inner is not None:
            _default(walker, inner, node)
    else:
        walker.children(node)
    return "*"


def _default(walker: TreeWalker, value: Node, whole: Node) -> None:
    """``export default …`` and ``module.exports = …``."""
    name = walker.field(value, "name")
    if value.type in _FUNCTIONS or "function" in value.type:
        index = _define(walker, value, name or "default", whole)
        walker.facts.symbols[index].flags += ("module",)
        walker.bind("default", f"${walker.facts.symbols[index].path}")
    elif value.type == "object":
        _object(walker, value, "default", whole)
    else:
        held = walker.visit(value)
        if "class" in value.type and name:
            held = f"${name}"
        if isinstance(held, str) and held not in ("", "*"):
            walker.bind("default", held)
        else:
            walker.declare("default", _lines(walker, whole), held)


def _required(walker: TreeWalker, node: Node | None) -> str:
    """The path of ``require("…")`` or ``import("…")``; empty for anything else."""
    if node is None or node.type != "call_expression":
        return ""
    called = walker.field(node, "function")
    given = node.child_by_field_name("arguments")
    first = given.named_children[0] if called in ("require", "import") and given and given.named_children else None
    return _path(walker, _text(walker, first)) if first is not None and first.type == "string" else ""


# Calls and members


def _call(walker: TreeWalker, node: Node) -> Expression:
    path = _required(walker, node)
    if path:
        walker.refer(IMPORT, f"={path}", walker.line(node), 0)
        return f"={path}:default" if walker.field(node, "function") == "require" else f"={path}"
    called = node.child_by_field_name("function")
    if called is not None and called.type == "super":
        given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
        above = rules.above(walker, called)
        target = rules.member_of(above, "constructor") if above != "*" else "*"
        return walker.call(CALL, walker.line(node), target, given, [])
    value = _plain_call(walker, node)
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


class _JavaScriptMember(rules.Member):
    def read(self, walker: TreeWalker, node: Node, *, mentioned: bool) -> Expression:
        if walker.text(node) == "module.exports":
            return walker.resolve("exports")
        return super().read(walker, node, mentioned=mentioned)


def _binary(walker: TreeWalker, node: Node) -> Expression:
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type in ("||", "&&", "??"):
        return joined([walker.visit(node.child_by_field_name(side)) for side in ("left", "right")])
    walker.children(node)
    return ""


def _spread(walker: TreeWalker, node: Node) -> Expression:
    return ["s", walker.visit(node.named_children[0])] if node.named_children else "*"


def _tag(walker: TreeWalker, node: Node) -> Expression:
    """``<Component …>``: a component is called; a tag in small letters is the browser's."""
    name = node.child_by_field_name("name")
    text = walker.text(name)
    if name is not None and (text[:1].isupper() or "." in text):
        walker.call(CALL, walker.line(node), rules.callee(walker, name), [], [])
    for child in node.named_children:
        if child.type not in ("identifier", "member_expression"):
            walker.visit(child)
    return "*"


def _decorator(walker: TreeWalker, node: Node) -> Expression:
    for child in node.named_children:
        if child.type == "call_expression":
            walker.visit(child)
        else:
            walker.call(CALL, walker.line(node), rules.callee(walker, child), [], [])
    walker.keep_comment(node)
    return "*"


# Variables and assignments


def _lines(walker: TreeWalker, node: Node) -> tuple[int, int]:
    return walker.line(node), walker.last_line(node)


def _declarator(walker: TreeWalker, node: Node) -> Expression:
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
    if plain and value is not None and value.type in _FUNCTIONS:
        index = _define(walker, value, walker.text(name), node.parent or node)
        walker.facts.symbols[index].flags += ("module",) if exported else ()
    elif plain and value is not None and value.type in ("class", "class_declaration"):
        _class(walker, value, walker.text(name), node.parent or node)
    elif plain and value is not None and value.type == "object" and walker.at_top:
        _object(walker, value, walker.text(name), node, declared)
    elif path := _required(walker, value):
        held = walker.visit(value)
        _bind_required(walker, name, path, held)
    else:
        held = walker.visit(value) if value is not None else ""
        if plain:
            walker.declare(walker.text(name), _lines(walker, node), held, declared, hoisted)
        else:
            walker.bind_pattern(name, held, declared)
    if exported and plain:
        walker.bind("default", f"${walker.text(name)}")
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


def _assignment(walker: TreeWalker, node: Node) -> Expression:
    target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
    if target is None or value is None:
        return "*"
    name = walker.text(target)
    if name in ("module.exports", "exports"):
        return _exported(walker, value, node)
    parts = rules.member_parts(walker, target)
    if parts is None:
        held = walker.visit(value)
        rules.assign(walker, target, held)
        return held
    of, attribute = parts
    owner = walker.text(of)
    if owner in ("exports", "module.exports") and walker.at_top:
        return _exported_name(walker, attribute, value, node)
    if owner.endswith(".prototype") and owner.removesuffix(".prototype") in walker.paths:
        return _member(walker, owner.removesuffix(".prototype"), attribute, value, node)
    if attribute == "prototype" and owner in walker.paths:
        if value.type == "object":
            _members(walker, value, owner)
        else:
            held = walker.visit(value)
            if made := re.match(r"(?:Object\.create\(|new )([\w.$]+?)(?:\.prototype\)|\()", walker.text(value)):
                _extend(walker, owner, made[1], walker.line(node))
            return held
        return "*"
    known = walker.scope.parent is None and owner in walker.paths and of.type == "identifier"
    if known and (value.type in _FUNCTIONS or value.type == "class"):
        return _member(walker, owner, attribute, value, node)
    base = rules.callee(walker, of)
    if isinstance(base, str) and base[:1] == "@" and "." not in base and value.type in _FUNCTIONS:
        return _member(walker, base[1:].replace("/", "."), attribute, value, node)
    held = walker.visit(value)
    walker.store(base, attribute, held, _lines(walker, node))
    return held


def _exported(walker: TreeWalker, value: Node, node: Node) -> Expression:
    if value.type == "assignment_expression":
        return _assignment(walker, value)
    if not walker.at_top:
        return walker.visit(value)
    if value.type != "object":
        _default(walker, value, node)
        return "$default"
    for child in value.named_children:
        key = walker.field(child, "key") or walker.field(child, "name") or walker.text(child)
        inner = child.child_by_field_name("value")
        if child.type == "method_definition":
            _define(walker, child, rules.key(key), child)
        elif inner is not None:
            _exported_name(walker, rules.key(key.strip("\"'")), inner, child)
        else:
            walker.visit(child)
    return _own(walker)


def _exported_name(walker: TreeWalker, name: str, value: Node, node: Node) -> Expression:
    if value.type in _FUNCTIONS:
        _define(walker, value, name, node)
    elif value.type == "class":
        _class(walker, value, name, node)
    elif value.type == "assignment_expression" and walker.field(value, "left").startswith(
        ("exports.", "module.exports.")
    ):
        held = _assignment(walker, value)
        walker.bind(name, held)
    elif value.type == "object":
        _object(walker, value, name, node)
    else:
        held = walker.visit(value)
        if isinstance(held, str) and held not in ("", "*"):
            if held != name:
                walker.bind(name, held)
        else:
            walker.declare(name, _lines(walker, node), held)
    return f"${name}"


def _member(walker: TreeWalker, owner: str, name: str, value: Node, node: Node) -> Expression:
    """``owner.name = …`` for a class, function or object of this file."""
    path = f"{owner}.{name}"
    if value.type in _FUNCTIONS:
        index = _define(walker, value, name, node, owner=owner)
        return f"${walker.facts.symbols[index].path.replace('.', '/')}"
    held = walker.visit(value)
    walker.assigned(FIELD, path, _lines(walker, node), held)
    return held


# Functions, classes and objects


def _define(
    walker: TreeWalker, node: Node, name: str, outline: Node, owner: str = "", flags: tuple[str, ...] = ()
) -> int:
    label = METHOD if owner or walker.scope.kind == "class" else FUNCTION
    made = label == FUNCTION and walker.at_top and name in walker.class_like
    if made:
        return _constructor(walker, node, name, outline)
    single = node.child_by_field_name("parameter")
    return rules.define_function(
        walker,
        node,
        name,
        "parameter" if single is not None else "parameters",
        flags=flags,
        outline=outline,
        owner=owner,
    )


def _constructor(walker: TreeWalker, node: Node, name: str, outline: Node) -> int:
    """A function that is used as a class: it has a prototype, or is called with ``new``."""
    body = node.child_by_field_name("body")
    found = walker.parameters(node.child_by_field_name("parameters"))
    names = walker.parameter_names(found)
    index = walker.define(CLASS, name, outline, body=body, parameters=("this", *names))
    walker.bind_definition(index, name)
    path = walker.facts.symbols[index].path
    with walker.inside(Scope("function", walker.scope, index, path, f"{path}:", receiver=f"@{path}")):
        walker.bind_parameters(walker.scope, found, names)
        rules.body_of(walker, body)
    return index


def _function(walker: TreeWalker, node: Node) -> Expression:
    _define(walker, node, walker.field(node, "name") or "default", node)
    return "*"


def _closure(walker: TreeWalker, node: Node) -> Expression:
    """An arrow function keeps ``this``; any other function without a place has one that nobody knows."""
    arrow = node.type == "arrow_function"
    single = node.child_by_field_name("parameter")
    rule = rules.lambda_("parameter" if single is not None else "parameters", own_this=not arrow)
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


def _class(walker: TreeWalker, node: Node, name: str = "", outline: Node | None = None) -> Expression:
    name = name or walker.field(node, "name") or "default"
    for child in node.named_children:
        if child.type == "decorator":
            _decorator(walker, child)
    return rules.define_class(walker, outline or node, name, node.child_by_field_name("body"), _heritage(walker, node))


def _method(walker: TreeWalker, node: Node) -> Expression:
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
            _decorator(walker, child)
    index = _define(walker, node, name, node, flags=flags)
    if name == "constructor":
        _parameter_fields(walker, node, index)
    return "*"


def _parameter_fields(walker: TreeWalker, node: Node, index: int) -> None:
    """``constructor(private x: X)`` declares a field."""
    path = walker.facts.symbols[index].path
    for parameter, _ in walker.parameters(node.child_by_field_name("parameters")):
        if any(
            child.type in ("accessibility_modifier", "readonly", "override_modifier") for child in parameter.children
        ):
            name = walker.field(parameter, "pattern")
            declared = walker.type(parameter.child_by_field_name("type"))
            walker.declare(name, _lines(walker, parameter), ["v", f"{path}:{name}"], declared)


def _field(walker: TreeWalker, node: Node) -> Expression:
    name = rules.key(walker.field(node, "name") or walker.field(node, "property"))
    value = node.child_by_field_name("value")
    for child in node.named_children:
        if child.type == "decorator":
            _decorator(walker, child)
    if value is not None and value.type in _FUNCTIONS:
        static = any(child.type == "static" for child in node.children)
        _define(walker, value, name, node, flags=("static",) if static else ())
    elif name:
        declared = walker.type(node.child_by_field_name("type"))
        walker.declare(name, _lines(walker, node), walker.visit(value) if value is not None else "", declared)
    return "*"


def _enum(walker: TreeWalker, node: Node) -> Expression:
    rules.define_class(walker, node, walker.field(node, "name"), None, ())
    path = walker.facts.symbols[-1].path
    for child in (node.child_by_field_name("body") or node).named_children:
        name = walker.field(child, "name") or walker.text(child)
        if child.type in ("property_identifier", "enum_assignment", "string"):
            walker.assigned(FIELD, f"{path}.{rules.key(name.strip(chr(34)))}", _lines(walker, child), "")
    return "*"


def _alias(walker: TreeWalker, node: Node) -> Expression:
    value = node.child_by_field_name("value")
    bases = (
        [value]
        if value is not None and value.type in ("type_identifier", "generic_type", "nested_type_identifier")
        else []
    )
    if value is not None and value.type == "intersection_type":
        bases = [child for child in value.named_children if child.type in ("type_identifier", "generic_type")]
    body = value if value is not None and value.type == "object_type" else None
    rules.define_class(walker, node, walker.field(node, "name"), body, bases)
    if value is not None and body is None and not bases:
        walker.type(value)
    return "*"


def _namespace(walker: TreeWalker, node: Node) -> Expression:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or name.type == "string" or body is None:
        walker.children(node)
        return "*"
    index = walker.define(CLASS, rules.key(walker.text(name)), node, body=body)
    path = walker.facts.symbols[index].path
    walker.bind_definition(index, path.rpartition(".")[2])
    with walker.inside(Scope("space", walker.scope, index, path, f"{path}:")):
        walker.children(body)
    return "*"


def _object(walker: TreeWalker, node: Node, name: str, outline: Node, declared: Expression = "*") -> None:
    """An object that a variable of the module is given: its functions are members of the variable."""
    walker.declare(name, _lines(walker, outline), ["o", name], declared)
    _members(walker, node, name)


def _members(walker: TreeWalker, node: Node, owner: str) -> None:
    for child in node.named_children:
        if child.type == "method_definition":
            kinds = {each.type for each in child.children[:3]}
            flags = ("property",) if kinds & {"get", "set"} else ()
            _define(walker, child, rules.key(walker.field(child, "name").strip("\"'")), child, owner=owner, flags=flags)
        elif child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            name = rules.key(walker.text(key).strip("\"'"))
            if value is None or key is None or key.type == "computed_property_name" or not name.isidentifier():
                walker.children(child)
            elif value.type in _FUNCTIONS:
                _define(walker, value, name, child, owner=owner)
            elif value.type == "object":
                walker.assigned(FIELD, f"{owner}.{name}", _lines(walker, child), ["o", f"{owner}.{name}"])
                _members(walker, value, f"{owner}.{name}")
            elif (held := walker.visit(value)) not in ("", "*"):
                walker.assigned(FIELD, f"{owner}.{name}", _lines(walker, child), held)
        elif child.type == "shorthand_property_identifier":
            name = walker.text(child)
            walker.assigned(
                FIELD, f"{owner}.{name}", _lines(walker, child), walker.mention(walker.resolve(name), child)
            )
        else:
            walker.visit(child)


def _literal_object(walker: TreeWalker, node: Node) -> Expression:
    box = walker.box("o", (), ())
    for child in node.named_children:
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "shorthand_property_identifier":
            name, held = walker.text(child), rules.name(walker, child)
        elif child.type == "method_definition":
            name, held = walker.field(child, "name"), rules.lambda_(own_this=True)(walker, child)
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


# Patterns


def _object_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
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
            walker.bind_pattern(inner, base if base in ("", "*") else rules.member_of(base, rules.key(name)))


def _array_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    base = declared if declared not in ("", "*") else value
    for position, child in enumerate(node.named_children):
        walker.bind_pattern(child, base if base in ("", "*") else ["[", base, str(position)])


def _assigned_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    default, left = walker.visit(node.child_by_field_name("right")), node.child_by_field_name("left")
    if left is not None:
        walker.bind_pattern(left, joined([value, default]), declared)


def _rest(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    walker.bind_pattern(node.named_children[0], "*", declared)


def _catch(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        parameter = node.child_by_field_name("parameter")
        if parameter is not None:
            walker.bind_pattern(parameter, "*")
        walker.visit(node.child_by_field_name("body"))
    return "*"


def _as(walker: TreeWalker, node: Node) -> Expression:
    children = node.named_children
    value = walker.visit(children[0])
    held = walker.type(children[1]) if len(children) > 1 else "*"
    return held if held not in ("", "*") else value


def _block(walker: TreeWalker, node: Node) -> Expression:
    """Functions are known in all of the block that they stand in."""
    with walker.block():
        for child in node.named_children:
            if child.type in ("function_declaration", "generator_function_declaration", "class_declaration"):
                name = walker.field(child, "name")
                path = f"{walker.scope.path}.{name}" if walker.scope.path else name
                if path not in walker.paths:
                    walker.scope.names[name] = f"${path.replace('.', '/')}"
        walker.children(node)
    return "*"


def _prepare(walker: TreeWalker, root: Node) -> None:
    text = walker.source.decode("utf-8", "replace")
    walker.class_like = {next(filter(None, match.groups())) for match in _CLASS_LIKE.finditer(text)}
    walker.root.names["exports"] = _own(walker)


RULES = {
    "identifier": rules.name,
    "this": rules.this,
    "super": rules.above,
    **dict.fromkeys(["string", "number", "regex", "true", "false", "null", "undefined", "comment"], rules.plain),
    "template_string": rules.literal,
    "member_expression": _JavaScriptMember("object", "property"),
    "subscript_expression": rules.element("object", "index"),
    "call_expression": _call,
    "new_expression": rules.new("constructor"),
    "assignment_expression": _assignment,
    "augmented_assignment_expression": rules.assignment(),
    "variable_declarator": _declarator,
    "ternary_expression": rules.choice("condition", "consequence", "alternative"),
    "binary_expression": _binary,
    "await_expression": rules.through(),
    "parenthesized_expression": rules.through(),
    "non_null_expression": rules.through(),
    "as_expression": _as,
    "satisfies_expression": _as,
    "sequence_expression": rules.last,
    "spread_element": _spread,
    "array": rules.sequence,
    "object": _literal_object,
    "arrow_function": _closure,
    "function_expression": _closure,
    "generator_function": _closure,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "class_declaration": _class,
    "class": _class,
    "method_definition": _method,
    "field_definition": _field,
    "statement_block": _block,
    "for_in_statement": rules.for_each(),
    "for_statement": rules.block,
    "catch_clause": _catch,
    "return_statement": rules.returned,
    "yield_expression": rules.yielded,
    "import_statement": _import,
    "export_statement": _export,
    "decorator": _decorator,
    "jsx_opening_element": _tag,
    "jsx_self_closing_element": _tag,
}
"""Of JavaScript. TypeScript's are these and more."""

TYPED = {
    **RULES,
    "abstract_class_declaration": _class,
    "public_field_definition": _field,
    "abstract_method_signature": _method,
    "method_signature": _method,
    "function_signature": _method,
    "property_signature": _field,
    "interface_declaration": _class,
    "enum_declaration": _enum,
    "type_alias_declaration": _alias,
    "internal_module": _namespace,
    "module": _namespace,
}
TYPES = {
    "type_annotation": rules.inner_type(),
    "type_identifier": rules.type_name,
    "nested_type_identifier": rules.qualified_type(),
    "generic_type": rules.generic_type(),
    "array_type": rules.container_type(),
    "union_type": rules.any_type,
    "intersection_type": rules.any_type,
    "parenthesized_type": rules.inner_type(),
    "readonly_type": rules.inner_type(),
    "this_type": lambda walker, node: walker.this(),
}
PATTERNS = {
    **dict.fromkeys(["identifier", "shorthand_property_identifier_pattern"], rules.named),
    "object_pattern": _object_pattern,
    "array_pattern": _array_pattern,
    "assignment_pattern": _assigned_pattern,
    "object_assignment_pattern": _assigned_pattern,
    "rest_pattern": _rest,
}
PARAMETERS = {
    "identifier": Parameter(),
    "object_pattern": Parameter(),
    "array_pattern": Parameter(),
    "assignment_pattern": Parameter("left", "", "right"),
    "rest_pattern": Parameter(rest=True),
    "required_parameter": Parameter("pattern", "type", "value"),
    "optional_parameter": Parameter("pattern", "type", "value"),
}
_CONTAINERS = {
    **dict.fromkeys(["Array", "ReadonlyArray", "Set", "Iterable", "IterableIterator", "Generator", "WeakSet"], "["),
    **dict.fromkeys(["Map", "Record", "WeakMap", "ReadonlyMap"], "{"),
    **dict.fromkeys(["Promise", "Partial", "Readonly", "Required", "NonNullable", "Awaited", "PromiseLike"], ""),
}


def _syntax(of: dict[str, rules.Rule]) -> Syntax:
    return Syntax(of, TYPES, PATTERNS, PARAMETERS, containers=_CONTAINERS, prepare=_prepare)


_NAMING = Naming(
    source, builtins=BUILTINS, common=COMMON, constructors=("constructor",), missing=missing, whole="default"
)
JAVASCRIPT = Language("JavaScript", "javascript", partial(read_tree, _syntax(RULES)), _NAMING)
TYPESCRIPT = Language("TypeScript", "javascript", partial(read_tree, _syntax(TYPED)), _NAMING)
