"""C#: namespaces and their ``using``, members of the classes around, fields, properties and parameters by their types,
interfaces, overloads. A name without a receiver is a member of the class around it before it is anything else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..expressions import Expression, member_of, to_import, to_self
from ..facts import CALL, IMPORT, NEW
from ..trees import rules, scopes, types
from ..trees.read import read_tree
from ..trees.syntax import ParameterSyntax, Rule, Syntax
from .language import Language
from .packages import naming
from .tests import CSHARP_TESTS

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..trees.walker import TreeWalker


def _using(walker: TreeWalker, node: Node) -> Expression:
    name = walker.field(node, "name")
    path = walker.text(node.named_children[-1])
    if name or any(child.type == "static" for child in node.children):
        package, _, last = path.rpartition(".")
        chain = to_import(package.replace(".", "/"), last)
        walker.refer(IMPORT, chain, walker.line(node), 0)
        walker.bind(name or last, chain)
    else:
        chain = to_import(path.replace(".", "/"))
        walker.refer(IMPORT, chain, walker.line(node), 0)
        walker.bind("*", chain)
    return "*"


def _namespace(walker: TreeWalker, node: Node) -> Expression:
    """The classes in it are found by the namespace of the file, which is its first."""
    walker.facts.namespace = walker.facts.namespace or walker.field(node, "name")
    walker.children(node, skip=("qualified_name", "identifier"))
    return "*"


def _bases(walker: TreeWalker, node: Node) -> list[Node]:
    found = [child for child in node.named_children if child.type == "base_list"]
    return [each for child in found for each in child.named_children if each.type in TYPES]


def _method(walker: TreeWalker, node: Node) -> Expression:
    returns = "returns" if node.child_by_field_name("returns") is not None else "type"
    static = any(child.type == "modifier" and walker.text(child) == "static" for child in node.children)
    name = walker.field(node, "name")
    body = node.child_by_field_name("body")
    index = scopes.define_function(walker, node, rules.key(name), returns=returns, flags=("static",) if static else ())
    walker.facts.symbols[index].decorators = _attributes(walker, node)
    if body is None:
        walker.children(node, skip=("parameter_list", "attribute_list"))
    return "*"


def _attributes(walker: TreeWalker, node: Node) -> tuple[str, ...]:
    """``[Fact, Trait("a", "b")]``"""
    lists = [child for child in node.named_children if child.type == "attribute_list"]
    found = [walker.field(each, "name") for one in lists for each in one.named_children if each.type == "attribute"]
    return tuple(name for name in found if name and name.rpartition(".")[2] not in _OWN_ATTRIBUTES)


_OWN_ATTRIBUTES = frozenset(["Obsolete", "MethodImpl", "Pure", "Conditional", "DebuggerStepThrough", "SuppressMessage"])


def _variables(walker: TreeWalker, node: Node) -> Expression:
    """Fields and local variables."""
    declared = walker.type(node.child_by_field_name("type"))
    for child in node.named_children:
        if child.type == "variable_declarator":
            given = [part for part in child.named_children[1:] if part.type != "bracketed_argument_list"]
            value = walker.visit(given[-1]) if given else ""
            walker.declare(walker.field(child, "name"), (walker.line(node), walker.last_line(node)), value, declared)
    return "*"


def _property(walker: TreeWalker, node: Node) -> Expression:
    declared = walker.type(node.child_by_field_name("type"))
    walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), "", declared)
    for name in ("accessors", "value"):
        if (part := node.child_by_field_name(name)) is not None:
            walker.children(part)
    return "*"


def _conditional(walker: TreeWalker, node: Node) -> Expression:
    """``a?.B``"""
    base = walker.visit(node.child_by_field_name("condition"))
    last = node.named_children[-1]
    name = walker.field(last, "name")
    return member_of(base, rules.key(name)) if name and base else base


def _call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    if called is not None and called.type == "generic_name":
        called = called.named_children[0]
    target = rules.callee(walker, called)
    return walker.call(CALL, walker.last_line(called) if called else walker.line(node), target, given, [])


def _constructor_call(walker: TreeWalker, node: Node) -> Expression:
    """``: base(…)``"""
    given = rules.arguments_of(walker, next(iter(node.named_children), None))
    home = walker.home()
    if home is None:
        return "*"
    symbol = walker.facts.symbols[home.owner]
    if walker.text(node).lstrip(": ").startswith("this"):
        return walker.call(CALL, walker.line(node), member_of(to_self(home.path), symbol.name), given, [])
    base = symbol.bases[0] if symbol.bases else "*"
    return walker.call(NEW, walker.line(node), base, given, []) if base != "*" else "*"


def _pattern(walker: TreeWalker, node: Node) -> Expression:
    """``x is C c``"""
    name = node.child_by_field_name("name")
    if name is not None and name.type == "identifier":
        declared = walker.type(node.child_by_field_name("type"))
        walker.declare(walker.text(name), (walker.line(node), walker.line(node)), "*", declared)
    return "*"


def _catch(walker: TreeWalker, node: Node) -> Expression:
    declared = walker.type(node.child_by_field_name("type"))
    walker.add_catch(declared, walker.line(node))
    if name := walker.field(node, "name"):
        walker.declare(name, (walker.line(node), walker.line(node)), "*", declared)
    return "*"


RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "this": rules.this,
    "base": rules.above,
    **dict.fromkeys(
        ["string_literal", "integer_literal", "real_literal", "boolean_literal", "null_literal"], rules.plain
    ),
    "using_directive": _using,
    "namespace_declaration": _namespace,
    "file_scoped_namespace_declaration": _namespace,
    **dict.fromkeys(
        ["class_declaration", "interface_declaration", "struct_declaration", "record_declaration", "enum_declaration"],
        scopes.class_(bases=_bases),
    ),
    "method_declaration": _method,
    "constructor_declaration": _method,
    "local_function_statement": _method,
    "constructor_initializer": _constructor_call,
    "variable_declaration": _variables,
    "property_declaration": _property,
    "enum_member_declaration": rules.variable("name", "value", ""),
    "member_access_expression": rules.member("expression", "name"),
    "conditional_access_expression": _conditional,
    "element_access_expression": rules.element("expression"),
    "invocation_expression": _call,
    "object_creation_expression": rules.new("type"),
    "argument": rules.through(),
    "assignment_expression": rules.assignment(),
    "cast_expression": rules.cast("value", "type"),
    "as_expression": rules.cast("left", "right"),
    "declaration_pattern": _pattern,
    "conditional_expression": rules.choice("condition", "consequence", "alternative"),
    "parenthesized_expression": rules.through(),
    "await_expression": rules.through(),
    "lambda_expression": scopes.lambda_(),
    "arrow_expression_clause": rules.return_,
    "block": rules.block,
    "return_statement": rules.return_,
    **dict.fromkeys(["throw_statement", "throw_expression"], rules.throw),
    "catch_declaration": _catch,
    "foreach_statement": rules.for_each(),
}
TYPES: dict[str, Rule] = {
    "identifier": types.type_name,
    "qualified_name": types.qualified_type(),
    "generic_name": types.generic_type(),
    "nullable_type": types.inner_type("type"),
    "array_type": types.container_type("type"),
}
PARAMETERS = {"parameter": ParameterSyntax("name", "type"), "implicit_parameter": ParameterSyntax()}
_CONTAINERS = {
    **dict.fromkeys(
        ["List", "IList", "IEnumerable", "ICollection", "IReadOnlyList", "HashSet", "ISet", "Queue", "Stack"], "["
    ),
    **dict.fromkeys(["Dictionary", "IDictionary", "IReadOnlyDictionary", "ConcurrentDictionary"], "{"),
    **dict.fromkeys(["Task", "ValueTask", "Lazy", "Nullable", "Func"], ""),
}
BUILTINS = frozenset(
    """
    String Object Console Math Exception ArgumentException ArgumentNullException InvalidOperationException Convert
    NotSupportedException NotImplementedException Guid DateTime TimeSpan Task Func Action Type Enum Array nameof typeof
    string int bool object double float long decimal char byte var dynamic
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    ToString Equals GetHashCode GetType Add AddRange Remove RemoveAt Clear Contains ContainsKey TryGetValue Count Length
    Select Where Any All First FirstOrDefault Single SingleOrDefault OrderBy GroupBy ToList ToArray ToDictionary Sum Max
    Min Skip Take Concat Join Split Trim Replace StartsWith EndsWith Substring IndexOf ToLower ToUpper Format Append
    Invoke Dispose ConfigureAwait Insert Push Pop Peek Enqueue Dequeue Write WriteLine Read
    """.split()  # noqa: SIM905
)
_SYNTAX = Syntax(
    RULES,
    TYPES,
    {"identifier": rules.single_name},
    PARAMETERS,
    containers=_CONTAINERS,
    implicit=True,
    overloads=True,
)
CSHARP = Language(
    "C#",
    "csharp",
    partial(read_tree, _SYNTAX),
    naming(BUILTINS, COMMON),
    tests=CSHARP_TESTS,
)
