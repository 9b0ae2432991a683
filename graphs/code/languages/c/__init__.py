"""C and C++: functions by their linkage, headers by ``#include``, structs with their fields and function pointers;
classes, namespaces and members that are defined outside their class."""

from __future__ import annotations

from functools import partial

from ...resolution.naming import Naming
from ...trees import rules, types
from ...trees.read import read_tree
from ...trees.syntax import ParameterSyntax, Rule, Syntax
from ..language import Language
from ..tests import C_TESTS
from . import declarators, definitions, expressions, paths, repairs, typing
from .names import BUILTINS, COMMON, source

RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "field_identifier": rules.plain,
    **dict.fromkeys(
        ["string_literal", "number_literal", "char_literal", "true", "false", "null", "concatenated_string",
        "system_lib_string",
         "sizeof_expression"], rules.plain),
    "preproc_include": paths.include,
    "preproc_function_def": definitions.macro,
    "preproc_def": definitions.constant,
    "function_definition": definitions.function,
    "struct_specifier": definitions.struct,
    "union_specifier": definitions.struct,
    "enum_specifier": definitions.enum,
    "type_definition": definitions.typedef,
    "declaration": definitions.declaration,
    "field_declaration": definitions.declaration,
    "call_expression": expressions.call,
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
    "return_statement": rules.return_,
}  # fmt: skip
PLUS: dict[str, Rule] = {
    **RULES,
    "this": expressions.this,
    "template_declaration": definitions.template,
    "class_specifier": definitions.struct,
    "namespace_definition": paths.namespace,
    "using_declaration": paths.using,
    "qualified_identifier": paths.qualified_name,
    "new_expression": rules.new("type"),
    "lambda_expression": expressions.lambda_,
    "throw_statement": rules.throw,
    "catch_clause": expressions.catch,
    "for_range_loop": expressions.loop,
}
TYPES: dict[str, Rule] = {
    "type_identifier": typing.type_name,
    "struct_specifier": typing.tag,
    "union_specifier": typing.tag,
    "class_specifier": typing.tag,
    "type_descriptor": types.inner_type("type"),
    "qualified_identifier": typing.qualified_type,
    "template_type": typing.qualified_type,
}
PARAMETERS = {
    "parameter_declaration": ParameterSyntax("declarator", "type"),
    "optional_parameter_declaration": ParameterSyntax("declarator", "type", "default_value"),
}
PATTERNS = {"identifier": rules.single_name, "field_identifier": rules.single_name}
_REPAIRS = (
    (repairs.bare_macros,),
    (repairs.conventions,),
    (repairs.all_branches, repairs.whole_branches, repairs.first_branches),
)
_SYNTAX = Syntax(PLUS, TYPES, PATTERNS, PARAMETERS, implicit=True, declared_name=declarators.name, repairs=_REPAIRS)
_NAMING = Naming(
    source,
    builtins=BUILTINS,
    common=COMMON,
    constructors=(".",),
    shared=True,
    overloads=True,
    implicit=True,
    same=frozenset(["get"]),
)
C = Language("C", "c", partial(read_tree, _SYNTAX), _NAMING, tests=C_TESTS)
CPP = Language("C++", "c", C.read, _NAMING, tests=C_TESTS)
