"""PHP: namespaces and their ``use``, classes, interfaces, traits and enums, members of ``$this``, ``self``, ``static``
and ``parent``, types of parameters, properties and results, written or by PHPDoc."""

from __future__ import annotations

from functools import partial

from ...resolution.naming import Naming
from ...trees import scopes, types
from ...trees.read import read_tree
from ...trees.rules import choice, literal, plain, return_, through, throw, yield_
from ...trees.syntax import ParameterSyntax, Rule, Syntax
from ..language import Language
from ..tests import PHP_TESTS
from . import definitions, expressions
from .builtins import BUILTINS, COMMON
from .names import elsewhere, missing, source

RULES: dict[str, Rule] = {
    **dict.fromkeys(["string", "integer", "float", "boolean", "null", "nowdoc"], plain),
    **dict.fromkeys(["encapsed_string", "heredoc", "shell_command_expression"], literal),
    "variable_name": expressions.variable,
    "namespace_definition": definitions.namespace,
    "namespace_use_declaration": definitions.use,
    **dict.fromkeys(
        ["class_declaration", "interface_declaration", "trait_declaration", "enum_declaration"], definitions.class_
    ),
    "method_declaration": definitions.function,
    "function_definition": definitions.function,
    "property_declaration": definitions.properties,
    "const_element": definitions.constant,
    "enum_case": definitions.case,
    "use_as_clause": definitions.alias,
    "attribute": expressions.attribute,
    **dict.fromkeys(
        ["require_expression", "require_once_expression", "include_expression", "include_once_expression"],
        expressions.require,
    ),
    "function_call_expression": expressions.call,
    **dict.fromkeys(["member_call_expression", "nullsafe_member_call_expression"], expressions.member_call),
    "scoped_call_expression": expressions.scoped_call,
    "object_creation_expression": expressions.new,
    **dict.fromkeys(["member_access_expression", "nullsafe_member_access_expression"], expressions.property_),
    "scoped_property_access_expression": expressions.static_property,
    "class_constant_access_expression": expressions.class_constant,
    "subscript_expression": expressions.element,
    "assignment_expression": expressions.assignment,
    "reference_assignment_expression": expressions.assignment,
    "augmented_assignment_expression": expressions.assignment,
    "binary_expression": expressions.binary,
    "conditional_expression": choice("condition", "body", "alternative"),
    "parenthesized_expression": through(),
    "clone_expression": through(),
    "array_creation_expression": expressions.array,
    "array_element_initializer": expressions.array_element,
    "anonymous_function": scopes.lambda_(),
    "anonymous_function_creation_expression": scopes.lambda_(),
    "arrow_function": scopes.lambda_(),
    "return_statement": return_,
    "yield_expression": yield_,
    "foreach_statement": expressions.for_each,
    "catch_clause": expressions.catch,
    "throw_expression": throw,
    "static_variable_declaration": expressions.static_variable,
    "match_expression": expressions.match,
    "name": expressions.name,
    "qualified_name": expressions.name,
    "relative_scope": expressions.scope,
}
TYPES: dict[str, Rule] = {
    **dict.fromkeys(["named_type", "optional_type"], types.inner_type()),
    **dict.fromkeys(["union_type", "intersection_type", "type_list", "disjunctive_normal_form_type"], types.any_type),
    "name": expressions.type_name,
    "qualified_name": expressions.type_name,
}
PARAMETERS = {
    "simple_parameter": ParameterSyntax("name", "type", "default_value"),
    "property_promotion_parameter": ParameterSyntax("name", "type", "default_value"),
    "variadic_parameter": ParameterSyntax("name", "type", rest=True),
}
_SYNTAX = Syntax(
    RULES,
    TYPES,
    {},
    PARAMETERS,
    declared_name=expressions.plain_name,
)
PHP = Language(
    "PHP",
    "php",
    partial(read_tree, _SYNTAX),
    Naming(
        source,
        builtins=BUILTINS,
        common=COMMON,
        invoked="__invoke",
        by_text=frozenset(["v", "[", "*", "n"]),
        constructors=("__construct",),
        elsewhere=elsewhere,
        missing=missing,
        grouped=True,
    ),
    tests=PHP_TESTS,
)
