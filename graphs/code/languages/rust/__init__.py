"""Rust: crates by ``Cargo.toml``, modules by ``mod``, paths, traits and their implementations; pointers, options and
results are seen through."""

from __future__ import annotations

from functools import partial

from ...resolution.naming import Naming
from ...trees import rules, scopes, types
from ...trees.read import read_tree
from ...trees.syntax import ParameterSyntax, Rule, Syntax
from ..language import Language
from ..tests import RUST_TESTS
from . import definitions, expressions, paths, patterns
from .names import BUILTINS, COMMON, SAME, source

RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "self": rules.this,
    "scoped_identifier": paths.scoped_name,
    **dict.fromkeys(
        ["string_literal", "raw_string_literal", "char_literal", "integer_literal", "float_literal", "boolean_literal"],
        rules.plain,
    ),
    "use_declaration": paths.use,
    "mod_item": paths.module,
    "struct_item": definitions.class_,
    "union_item": definitions.class_,
    "enum_item": definitions.class_,
    "trait_item": definitions.class_,
    "type_item": definitions.alias,
    "associated_type": rules.plain,
    "impl_item": definitions.impl,
    "field_declaration": definitions.field,
    "enum_variant": definitions.variant,
    "function_item": definitions.function,
    "function_signature_item": definitions.function,
    "macro_definition": definitions.macro,
    "macro_invocation": expressions.macro_call,
    "call_expression": expressions.call,
    "field_expression": rules.member("value", "field"),
    "index_expression": expressions.element,
    "struct_expression": expressions.struct,
    "let_declaration": patterns.let,
    "let_condition": patterns.condition,
    "static_item": definitions.static,
    "const_item": definitions.static,
    "assignment_expression": rules.assignment(),
    "reference_expression": rules.through("value"),
    "unary_expression": rules.through(),
    "try_expression": rules.through(),
    "await_expression": rules.through(),
    "parenthesized_expression": rules.through(),
    "type_cast_expression": rules.cast("value", "type"),
    "array_expression": rules.sequence,
    "tuple_expression": rules.sequence,
    "closure_expression": scopes.lambda_(),
    "block": expressions.block,
    "if_expression": expressions.branches,
    "match_expression": expressions.match_,
    "for_expression": rules.for_each("pattern", "value"),
    "return_expression": rules.return_,
}  # fmt: skip
TYPES: dict[str, Rule] = {
    "type_identifier": expressions.type_name,
    "scoped_type_identifier": expressions.type_name,
    "generic_type": types.generic_type("type"),
    "reference_type": types.inner_type("type"),
    "pointer_type": types.inner_type("type"),
    "abstract_type": types.inner_type("trait"),
    "dynamic_type": types.inner_type("trait"),
    "bounded_type": types.inner_type(),
    "trait_bounds": types.inner_type(),
    "array_type": types.container_type("element"),
    "slice_type": types.container_type("element"),
}
PATTERNS = {
    **dict.fromkeys(["identifier", "shorthand_field_identifier"], rules.single_name),
    "tuple_struct_pattern": patterns.variant,
    "struct_pattern": patterns.struct,
    "tuple_pattern": patterns.tuple_,
    "slice_pattern": patterns.inner,
    "reference_pattern": patterns.inner,
    "ref_pattern": patterns.inner,
    "mut_pattern": patterns.inner,
    "captured_pattern": patterns.inner,
    "or_pattern": patterns.inner,
}
PARAMETERS = {"parameter": ParameterSyntax("pattern", "type"), "identifier": ParameterSyntax()}
_CONTAINERS = {
    **dict.fromkeys(["Vec", "VecDeque", "HashSet", "BTreeSet", "LinkedList", "Iter", "IntoIter", "BinaryHeap"], "["),
    **dict.fromkeys(["HashMap", "BTreeMap", "IndexMap"], "{"),
    **dict.fromkeys(
        ["Option", "Box", "Rc", "Arc", "RefCell", "Cell", "Mutex", "RwLock", "Cow", "Pin", "Weak", "Ref"], ""
    ),
}
_SYNTAX = Syntax(RULES, TYPES, PATTERNS, PARAMETERS, containers=_CONTAINERS, receiver="self")
RUST = Language(
    "Rust",
    "rust",
    partial(read_tree, _SYNTAX),
    Naming(source, builtins=BUILTINS, common=COMMON, same=SAME),
    tests=RUST_TESTS,
)
