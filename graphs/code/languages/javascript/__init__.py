"""JavaScript and TypeScript, with JSX: ECMAScript modules and CommonJS, classes and prototypes, objects of functions.

An import is resolved as Node and TypeScript do: relative paths with their suffixes and index files, packages of the
library by ``name``, ``exports`` and ``main`` of their ``package.json``, ``paths`` of the nearest ``tsconfig.json``.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from ...facts import CLASS, FUNCTION
from ...resolution.naming import Naming
from ...trees import rules, types
from ...trees.read import read_tree
from ...trees.syntax import ParameterSyntax, Rule, Syntax
from ..language import Language
from ..tests import JAVASCRIPT_TESTS
from . import definitions, modules, repairs, values
from .import_paths import BUILTINS, COMMON, missing, source

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_CLASS_LIKE = (
    (".prototype", re.compile(r"(\w+)\.prototype\b")),
    ("new ", re.compile(r"(?<!\w)new (\w+)\(")),
    ("inherits(", re.compile(r"(?<!\w)inherits\((\w+)\s*,")),
)
"""A part of a pattern that is quick to look for, and the pattern."""


def _complete(walker: TreeWalker) -> None:
    """``exports = module.exports = make``: what is exported besides is found as an attribute of ``make``."""
    for binding in walker.facts.bindings:
        index = walker.paths.get(binding.target.lstrip("$\\")) if binding.name == "default" else None
        if index is not None and walker.facts.symbols[index].label in (FUNCTION, CLASS):
            walker.facts.symbols[index].flags += ("module",)


def _prepare(walker: TreeWalker, root: Node) -> None:
    text = walker.source.decode("utf-8", "replace")
    walker.class_like = frozenset(
        name for sign, pattern in _CLASS_LIKE if sign in text for name in pattern.findall(text)
    )
    walker.root.names["exports"] = modules.itself(walker)


RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "this": rules.this,
    "super": rules.above,
    **dict.fromkeys(["string", "number", "regex", "true", "false", "null", "undefined"], rules.plain),
    "template_string": rules.literal,
    "member_expression": values.JavaScriptMember("object", "property"),
    "subscript_expression": rules.element("object", "index"),
    "call_expression": values.call,
    "new_expression": rules.new("constructor"),
    "assignment_expression": values.assignment,
    "augmented_assignment_expression": rules.assignment(),
    "variable_declarator": values.declarator,
    "ternary_expression": rules.choice("condition", "consequence", "alternative"),
    "binary_expression": values.binary,
    "await_expression": rules.through(),
    "parenthesized_expression": rules.through(),
    "non_null_expression": rules.through(),
    "as_expression": values.as_,
    "satisfies_expression": values.as_,
    "sequence_expression": rules.last,
    "spread_element": values.spread,
    "array": rules.sequence,
    "object": definitions.literal_object,
    "arrow_function": definitions.closure,
    "function_expression": definitions.closure,
    "generator_function": definitions.closure,
    "function_declaration": definitions.function,
    "generator_function_declaration": definitions.function,
    "class_declaration": definitions.class_,
    "class": definitions.class_,
    "method_definition": definitions.method,
    "field_definition": definitions.field,
    "statement_block": values.block,
    "for_in_statement": rules.for_each(),
    "for_statement": rules.block,
    "catch_clause": values.catch,
    "throw_statement": rules.throw,
    "return_statement": rules.return_,
    "yield_expression": rules.yield_,
    "import_statement": modules.import_,
    "export_statement": modules.export,
    "decorator": definitions.decorator,
    "jsx_opening_element": values.tag,
    "jsx_self_closing_element": values.tag,
}
"""Of JavaScript. TypeScript's are these and more."""

TYPED: dict[str, Rule] = {
    **RULES,
    "abstract_class_declaration": definitions.class_,
    "public_field_definition": definitions.field,
    "abstract_method_signature": definitions.method,
    "method_signature": definitions.method,
    "function_signature": definitions.method,
    "property_signature": definitions.field,
    "interface_declaration": definitions.class_,
    "enum_declaration": definitions.enum,
    "type_alias_declaration": definitions.alias,
    "internal_module": definitions.namespace,
    "module": definitions.namespace,
}
TYPES = {
    "type_annotation": types.inner_type(),
    "type_identifier": types.type_name,
    "nested_type_identifier": types.qualified_type(),
    "generic_type": types.generic_type(),
    "array_type": types.container_type(),
    "union_type": types.any_type,
    "intersection_type": types.any_type,
    "parenthesized_type": types.inner_type(),
    "readonly_type": types.inner_type(),
    "constraint": types.inner_type(),
    "this_type": lambda walker, node: walker.this(),
}
PATTERNS = {
    **dict.fromkeys(["identifier", "shorthand_property_identifier_pattern"], rules.single_name),
    "object_pattern": values.object_pattern,
    "array_pattern": values.array_pattern,
    "assignment_pattern": values.assigned_pattern,
    "object_assignment_pattern": values.assigned_pattern,
    "rest_pattern": values.rest,
}
PARAMETERS = {
    "identifier": ParameterSyntax(),
    "object_pattern": ParameterSyntax(),
    "array_pattern": ParameterSyntax(),
    "assignment_pattern": ParameterSyntax("left", "", "right"),
    "rest_pattern": ParameterSyntax(rest=True),
    "required_parameter": ParameterSyntax("pattern", "type", "value"),
    "optional_parameter": ParameterSyntax("pattern", "type", "value"),
}
_CONTAINERS = {
    **dict.fromkeys(["Array", "ReadonlyArray", "Set", "Iterable", "IterableIterator", "Generator", "WeakSet"], "["),
    **dict.fromkeys(["Map", "Record", "WeakMap", "ReadonlyMap"], "{"),
    **dict.fromkeys(["Promise", "Partial", "Readonly", "Required", "NonNullable", "Awaited", "PromiseLike"], ""),
}


def _syntax(of: dict[str, Rule]) -> Syntax:
    tried = ((repairs.signatures,), (repairs.variance,), (repairs.type_imports,))
    return Syntax(
        of, TYPES, PATTERNS, PARAMETERS, containers=_CONTAINERS, prepare=_prepare, complete=_complete, repairs=tried
    )


_NAMING = Naming(
    source,
    builtins=BUILTINS,
    common=COMMON,
    importing=frozenset(["require", "import"]),
    invoked="",
    calling=frozenset(["apply", "bind", "call"]),
    by_text=frozenset(["["]),
    constructors=("constructor",),
    missing=missing,
    whole="default",
)
JAVASCRIPT = Language("JavaScript", "javascript", partial(read_tree, _syntax(RULES)), _NAMING, tests=JAVASCRIPT_TESTS)
TYPESCRIPT = Language("TypeScript", "javascript", partial(read_tree, _syntax(TYPED)), _NAMING, tests=JAVASCRIPT_TESTS)
