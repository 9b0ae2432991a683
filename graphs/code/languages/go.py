"""Go: packages are folders, found by the module paths of ``go.mod``; methods by their receivers, interfaces by the
methods that a type has, embedded structs as bases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from posixpath import dirname
from typing import TYPE_CHECKING

from ..expressions import Expression, to_import, to_self
from ..facts import IMPORT
from ..resolution.naming import Naming
from ..resolution.values import Unit
from ..trees import rules, scopes, types
from ..trees.read import read_tree
from ..trees.syntax import ParameterSyntax, Rule, Syntax
from ..trees.walker import SIGNATURE
from .go_routes import read_call
from .language import Language
from .tests import GO_TESTS

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..resolution.program import Program
    from ..trees.walker import TreeWalker

_VERSION = re.compile(r"(?:/v\d+|\.v\d+)$")
_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)


def _import(walker: TreeWalker, node: Node) -> Expression:
    path = walker.field(node, "path").strip('"`')
    written = path.replace(".", "|").replace(":", ";")
    name = walker.field(node, "name") or _VERSION.sub("", path).rpartition("/")[2].removeprefix("go-").removesuffix(
        "-go"
    )
    walker.refer(IMPORT, to_import(written), walker.line(node), 0)
    if name not in ("_", "C"):
        walker.bind("*" if name == "." else name, to_import(written))
    return "*"


def _package(walker: TreeWalker, node: Node) -> Expression:
    walker.facts.namespace = walker.text(node.named_children[0])
    return "*"


def _type(walker: TreeWalker, node: Node) -> Expression:
    """``type S struct{…}``, ``type I interface{…}``, ``type A = B``."""
    name, kind = walker.field(node, "name"), node.child_by_field_name("type")
    if kind is None or not name:
        return "*"
    bases: list[Node] = []
    if kind.type == "struct_type":
        fields = [child for part in kind.named_children for child in part.named_children]
        bases = [inner for field in fields if field.child_by_field_name("name") is None
                 if (inner := field.child_by_field_name("type")) is not None]  # fmt: skip
    elif kind.type == "interface_type":
        bases = [inner for child in kind.named_children if child.type == "type_elem" for inner in child.named_children]
    elif kind.type in ("type_identifier", "qualified_type", "generic_type"):
        bases = [kind]
    chain = str(scopes.define_class(walker, node, name, kind if kind.type in _BODIES else None, bases))
    if kind.type == "interface_type":
        walker.facts.symbols[walker.paths[chain[1:].replace("/", ".")]].flags += ("interface",)
    elif kind.type not in _BODIES and not bases:
        walker.type(kind)
    return "*"


_BODIES = ("struct_type", "interface_type")


def _field(walker: TreeWalker, node: Node) -> Expression:
    kind = node.child_by_field_name("type")
    declared = walker.type(kind)
    names = [walker.text(name) for name in node.children_by_field_name("name")]
    if not names and kind is not None:  # an embedded one goes by the name of its type
        names = [walker.text(kind).lstrip("*").partition("[")[0].rpartition(".")[2]]
    for name in names:
        walker.declare(name, (walker.line(node), walker.last_line(node)), "", declared)
    return "*"


def _signature(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    scopes.define_function(walker, node, name, returns="result", flags=(SIGNATURE,))
    return "*"


def _function(walker: TreeWalker, node: Node) -> Expression:
    scopes.define_function(walker, node, walker.field(node, "name"), returns="result")
    return "*"


def _method(walker: TreeWalker, node: Node) -> Expression:
    receiver = node.child_by_field_name("receiver")
    given = receiver.named_children[0] if receiver is not None and receiver.named_children else None
    kind = given.child_by_field_name("type") if given is not None else None
    owner = walker.text(kind).strip("*() ").partition("[")[0]
    itself = walker.field(given, "name") if given is not None else ""
    with walker.block():
        if itself:
            walker.scope.names[itself] = to_self(owner)
        scopes.define_function(walker, node, walker.field(node, "name"), returns="result", owner=owner)
    return "*"


def _values(walker: TreeWalker, node: Node | None) -> list[Expression]:
    if node is None:
        return []
    return rules.arguments_of(walker, node) if node.type == "expression_list" else [walker.visit(node)]


def _declare(walker: TreeWalker, names: Sequence[Node], values: Sequence[Expression], declared: Expression) -> None:
    for position, name in enumerate(names):
        value: Expression = ""
        if len(values) == len(names):
            value = values[position]
        elif values and values[0] not in ("", "*"):
            value = ["[", values[0], str(position)] if len(names) > 1 else values[0]
        if walker.text(name) != "_":
            walker.declare(walker.text(name), (walker.line(name), walker.line(name)), value, declared)


def _short(walker: TreeWalker, node: Node) -> Expression:
    values = _values(walker, node.child_by_field_name("right"))
    left = node.child_by_field_name("left")
    names = left.named_children if left is not None else []
    if len(names) == 2 and len(values) == 1 and node.child_by_field_name("right") is not None:
        right = node.child_by_field_name("right")
        first = right.named_children[0] if right is not None and right.named_children else None
        if first is not None and first.type != "call_expression":  # a second value says whether there is a first
            _declare(walker, names[:1], values, "*")
            _declare(walker, names[1:], [""], "*")
            return "*"
    _declare(walker, names, values, "*")
    return "*"


def _spec(walker: TreeWalker, node: Node) -> Expression:
    declared = walker.type(node.child_by_field_name("type"))
    _declare(walker, node.children_by_field_name("name"), _values(walker, node.child_by_field_name("value")), declared)
    return "*"


def _assignment(walker: TreeWalker, node: Node) -> Expression:
    values = _values(walker, node.child_by_field_name("right"))
    left = node.child_by_field_name("left")
    targets = left.named_children if left is not None else []
    for position, target in enumerate(targets):
        if len(values) == len(targets):
            rules.assign(walker, target, values[position])
        elif values and values[0] not in ("", "*"):
            rules.assign(walker, target, ["[", values[0], str(position)])
        else:
            walker.visit(target)
    return "*"


def _range(walker: TreeWalker, node: Node) -> Expression:
    source = walker.visit(node.child_by_field_name("right"))
    left = node.child_by_field_name("left")
    names = left.named_children if left is not None else []
    if len(names) > 1:
        _declare(walker, names[:1], [""], "*")
        _declare(walker, names[1:], [["*v", source] if source not in ("", "*") else source], "*")
    else:
        _declare(walker, names, [["*", source] if source not in ("", "*") else source], "*")
    return "*"


def _switch(walker: TreeWalker, node: Node) -> Expression:
    """``switch y := x.(type)``."""
    value = walker.visit(node.child_by_field_name("value"))
    alias = node.child_by_field_name("alias")
    for case in node.named_children:
        if case.type in ("type_case", "default_case"):
            with walker.block():
                kinds = case.children_by_field_name("type")
                if alias is not None:
                    declared = walker.type(kinds[0]) if len(kinds) == 1 else "*"
                    _declare(walker, alias.named_children, [value], declared)
                walker.children(case)
    return "*"


def _literal(walker: TreeWalker, node: Node) -> Expression:
    """``T{…}``: an object whose fields get values."""
    kind = walker.type(node.child_by_field_name("type"))
    body = node.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        if child.type == "keyed_element":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            held = _element(walker, value, kind)
            name = walker.text(key)
            if isinstance(kind, list) and kind[0] == "i" and name.isidentifier():
                walker.store(kind, name, held, (walker.line(child), walker.last_line(child)))
            elif isinstance(kind, list) and kind[0] == "b":
                walker.flow(f"{kind[1]}[", held)
        else:
            held = _element(walker, child, kind)
            if isinstance(kind, list) and kind[0] == "b":
                walker.flow(f"{kind[1]}[", held)
    return kind


def _element(walker: TreeWalker, node: Node | None, kind: Expression) -> Expression:
    if node is None:
        return "*"
    inner = node.named_children[0] if node.type == "literal_element" and node.named_children else node
    return walker.visit(inner)


def _unary(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("operand"))
    operator = walker.field(node, "operator")
    if operator in ("&", "*"):
        return value
    return ["*", value] if operator == "<-" and value not in ("", "*") else ""


def _call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    name = walker.text(called)
    listed = node.child_by_field_name("arguments")
    if name in ("new", "make") and listed is not None and listed.named_children:
        held = walker.type(listed.named_children[0])
        walker.each(listed.named_children[1:])
        return held
    if name == "append" and listed is not None and listed.named_children:
        given = rules.arguments_of(walker, listed)
        for value in given[1:]:
            if isinstance(given[0], list) and given[0][0] == "v":
                walker.flow(f"{given[0][1]}[", value)
        return (
            walker.box("[", (), [["*", given[0]], *given[1:]])
            if given[0] not in ("", "*")
            else walker.box("[", (), given[1:])
        )
    value = _plain_call(walker, node)
    read_call(walker, node, value)
    return value


_plain_call = rules.call()


def _return(walker: TreeWalker, node: Node) -> Expression:
    values = _values(walker, node.named_children[0]) if node.named_children else []
    if len(values) == 1:
        walker.flow(f"{walker.function}()", values[0])
    elif values:
        walker.flow(f"{walker.function}()", walker.box("[", values, []))
    return "*"


def _results(walker: TreeWalker, node: Node) -> Expression:
    """Several results go by their position."""
    kinds = [child.child_by_field_name("type") for child in node.named_children]
    held = [walker.type(kind) for kind in kinds]
    if len(held) == 1:
        return held[0]
    return walker.box("[", held, []) if any(value not in ("", "*") for value in held) else "*"


def _block(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        walker.children(node)
    return "*"


RULES: dict[str, Rule] = {
    "identifier": rules.name,
    **dict.fromkeys(
        ["interpreted_string_literal", "raw_string_literal", "int_literal", "float_literal", "rune_literal", "nil",
        "true",
         "false", "iota"], rules.plain),
    "package_clause": _package,
    "import_spec": _import,
    "type_spec": _type,
    "type_alias": _type,
    "field_declaration": _field,
    "method_elem": _signature,
    "method_spec": _signature,
    "function_declaration": _function,
    "method_declaration": _method,
    "short_var_declaration": _short,
    "var_spec": _spec,
    "const_spec": _spec,
    "assignment_statement": _assignment,
    "range_clause": _range,
    "type_switch_statement": _switch,
    "composite_literal": _literal,
    "literal_value": rules.sequence,
    "unary_expression": _unary,
    "parenthesized_expression": rules.through(),
    "selector_expression": rules.member("operand", "field"),
    "index_expression": rules.element("operand", "index"),
    "slice_expression": rules.through("operand"),
    "type_assertion_expression": rules.cast("operand", "type"),
    "call_expression": _call,
    "func_literal": scopes.lambda_(returns="result"),
    "return_statement": _return,
    "block": _block,
    "for_statement": _block,
    "if_statement": _block,
    "expression_switch_statement": _block,
    "communication_case": _block,
}  # fmt: skip
TYPES: dict[str, Rule] = {
    "type_identifier": types.type_name,
    "qualified_type": types.qualified_type(),
    "generic_type": types.generic_type("type"),
    "pointer_type": types.inner_type(),
    "parenthesized_type": types.inner_type(),
    "slice_type": types.container_type("element"),
    "array_type": types.container_type("element"),
    "implicit_length_array_type": types.container_type("element"),
    "channel_type": types.container_type("value"),
    "map_type": types.container_type("value"),
    "parameter_list": _results,
    "type_constraint": types.inner_type(),
    "type_elem": types.inner_type(),
}
PARAMETERS = {
    "parameter_declaration": ParameterSyntax("name", "type"),
    "variadic_parameter_declaration": ParameterSyntax("name", "type", rest=True),
}
BUILTINS = frozenset(
    """
    append cap clear close complex copy delete imag len make max min new panic print println real recover nil true false
    iota any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint
    uint8 uint16 uint32 uint64 uintptr
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    Error String Read Write Close Lock Unlock RLock RUnlock Done Add Wait Len Less Swap Get Set Printf Println Print
    Format Sprintf WriteString WriteByte Bytes Reset Next Err Name Kind Type Interface Elem Sub Unix Before After Equal
    Fatal Fatalf Errorf Log Logf Run Helper Is As Unwrap Scan Text
    """.split()  # noqa: SIM905
)


def _folders(program: Program) -> Mapping[str, Sequence[Unit]]:
    return program.files_by("folders", lambda unit: [dirname(unit.path)])


def _beside(program: Program, unit: Unit) -> Sequence[Unit]:
    """The other files of the folder, but for those of an outer test package."""
    files = _folders(program).get(dirname(unit.path), ())
    return [other for other in files if other is not unit and other.facts.namespace == unit.facts.namespace]


def _source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    written = path.replace("|", ".").replace(";", ":")
    none: list[tuple[str, str]] = []
    modules = program.once("modules", lambda: _modules(program), none)
    for module, folder in modules:
        if written == module or written.startswith(f"{module}/"):
            inside = f"{folder}/{written[len(module) + 1 :]}".strip("/")
            files = _folders(program).get(inside, ())
            found = next((each for each in files if not each.path.endswith("_test.go")), None)
            if found is not None:
                return found, True
    return None, True


def _modules(program: Program) -> list[tuple[str, str]]:
    """``(module path, folder)`` of each ``go.mod``, the longest path first."""
    found = []
    for path, text in program.projects.items():
        if path.rpartition("/")[2] == "go.mod" and (match := _MODULE.search(text)):
            found.append((match[1], dirname(path)))
    return sorted(found, key=lambda one: (-len(one[0]), one[1]))


def _new_of_values(text: str) -> str:
    """``&("x")`` stands for ``new("x")``, which the grammar does not know."""
    return re.sub(r"\bnew\((?=[\"`\d]|(?!func\()[\w.]+\()", "&  (", text)


_SYNTAX = Syntax(RULES, TYPES, {"identifier": rules.single_name}, PARAMETERS, repairs=((_new_of_values,),))
GO = Language(
    "Go",
    "go",
    partial(read_tree, _SYNTAX),
    Naming(_source, builtins=BUILTINS, common=COMMON, beside=_beside, grouped=True, structural=True),
    tests=GO_TESTS,
)
