"""Ruby: classes and modules that any file may open again, constants by nesting, mixed-in modules, methods of objects
and of classes, blocks. A name without a receiver that is no local variable is a method of the object itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...resolution.naming import Naming
from ...trees.read import read_tree
from ...trees.rules import literal, plain, sequence, through
from ...trees.syntax import Rule, Syntax
from ..language import Language
from ..tests import RUBY_TESTS
from . import calls, definitions, expressions, statements
from .builtins import BUILTINS, COMMON
from .names import elsewhere, source

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker


def _prepare(walker: TreeWalker, tree: Node) -> None:
    """Functions of the outermost level are seen inside classes, too."""
    walker.class_like = frozenset(
        walker.field(child, "name") for child in tree.named_children if child.type == "method"
    )


RULES: dict[str, Rule] = {
    **dict.fromkeys(
        ["integer", "float", "rational", "complex", "nil", "true", "false", "simple_symbol", "character",
         "string_array", "symbol_array", "hash_key_symbol", "global_variable", "file", "line", "encoding"], plain),
    **dict.fromkeys(
        ["string", "chained_string", "regex", "subshell", "delimited_symbol", "heredoc_body", "heredoc_beginning",
         "range"], literal),
    "class": definitions.class_,
    "module": definitions.module,
    "singleton_class": definitions.of_class,
    "method": definitions.method,
    "singleton_method": definitions.singleton_method,
    "alias": calls.alias,
    "call": calls.call,
    "identifier": expressions.identifier,
    "constant": expressions.name_of_constant,
    "scope_resolution": expressions.name_of_constant,
    "instance_variable": expressions.variable_of_object,
    "class_variable": expressions.variable_of_object,
    "self": expressions.this,
    "super": expressions.above,
    "yield": expressions.yield_,
    "block": expressions.block,
    "do_block": expressions.block,
    "lambda": expressions.lambda_,
    "hash": expressions.hash_,
    "array": sequence,
    "element_reference": expressions.element,
    "binary": expressions.binary,
    "unary": literal,
    "assignment": expressions.assignment,
    "operator_assignment": expressions.operator_assignment,
    "right_assignment_list": sequence,
    **dict.fromkeys(
        ["body_statement", "block_body", "then", "else", "ensure", "begin", "do", "parenthesized_statements"],
        statements.body),
    **dict.fromkeys(["if", "unless", "elsif", "conditional"], statements.branches("consequence", "alternative")),
    **dict.fromkeys(["if_modifier", "unless_modifier"], statements.branches("body")),
    "rescue_modifier": statements.branches("body", "handler"),
    "case": statements.cases,
    "case_match": statements.cases,
    "when": statements.when,
    "in_clause": statements.when,
    "rescue": statements.rescue,
    "return": statements.return_,
    "for": statements.for_in,
    "pattern": through(),
}  # fmt: skip
_SYNTAX = Syntax(RULES, {}, {}, {}, receiver="self", prepare=_prepare)
RUBY = Language(
    "Ruby",
    "ruby",
    partial(read_tree, _SYNTAX),
    Naming(
        source,
        builtins=BUILTINS,
        common=COMMON,
        invoked="call",
        constructors=("initialize",),
        elsewhere=elsewhere,
        is_plain=lambda base: base in BUILTINS,
        # What every object has, whatever its class inherits from.
        has_member=lambda base, name: name in BUILTINS,
        reopened=True,
        implicit=True,
        shared=True,
    ),
    tests=RUBY_TESTS,
)
