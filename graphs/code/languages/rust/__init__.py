"""Rust: crates by ``Cargo.toml``, modules by ``mod``, paths, traits and their implementations; pointers, options and
results are seen through."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...expressions import Expression, any_of, member_of
from ...facts import BASE, CALL, CLASS, FUNCTION, IMPORT
from ...resolution.naming import Naming
from ...trees import rules, types
from ...trees.read import read_tree
from ...trees.syntax import Parameter, Rule, Syntax
from ...trees.walker import SIGNATURE, TreeScope
from ..language import Language
from .names import BUILTINS, COMMON, SAME, source

if TYPE_CHECKING:
    from tree_sitter import Node

    from ...trees.walker import TreeWalker

_ROOTS = ("lib.rs", "main.rs", "mod.rs")


# Paths


def _path(walker: TreeWalker, node: Node | None) -> Expression:
    """``a::b::c`` as a chain."""
    if node is None:
        return "*"
    if node.type == "scoped_identifier" or node.type == "scoped_type_identifier":
        inner = node.child_by_field_name("path")
        base = _path(walker, inner) if inner is not None else "=crate"
        name = walker.field(node, "name")
        if isinstance(base, str) and base == "=super" and name == "super":
            return "=super/super"
        return member_of(base, name)
    if node.type in ("generic_type", "generic_type_with_turbofish"):
        return _path(walker, node.child_by_field_name("type"))
    if node.type == "bracketed_type":
        return _path(walker, node.named_children[0] if node.named_children else None)
    if node.type == "qualified_type":
        return _path(walker, node.child_by_field_name("type"))
    text = walker.text(node)
    if text in ("crate", "super", "self"):
        return _relative(walker, text)
    return walker.resolve(text)


def _relative(walker: TreeWalker, word: str) -> str:
    """``super`` in a module that stands in a file is what is around it."""
    space = _space(walker)
    if word == "crate" or space is None:
        return f"={word}"
    path = space.path if word == "self" else space.path.rpartition(".")[0]
    return f"${path.replace('.', '/')}" if path else "=self"


def _space(walker: TreeWalker) -> TreeScope | None:
    scope: TreeScope | None = walker.scope
    while scope is not None and scope.kind != "space":
        scope = scope.parent
    return scope


def _scoped(walker: TreeWalker, node: Node) -> Expression:
    return walker.mention(_path(walker, node), node)


def _use(walker: TreeWalker, node: Node) -> Expression:
    argument = node.child_by_field_name("argument")
    if argument is not None:
        _used(walker, argument, "")
    return "*"


def _used(walker: TreeWalker, node: Node, before: str) -> None:
    kind = node.type
    if kind == "use_as_clause":
        path = node.child_by_field_name("path")
        _bind(walker, walker.field(node, "alias"), _joined(walker, path, before), node)
    elif kind == "scoped_use_list":
        path = node.child_by_field_name("path")
        base = _joined(walker, path, before) if path is not None else before
        for child in (node.child_by_field_name("list") or node).named_children:
            _used(walker, child, base)
    elif kind == "use_list":
        for child in node.named_children:
            _used(walker, child, before)
    elif kind == "use_wildcard":
        base = _joined(walker, node.named_children[0], before) if node.named_children else before
        if base and base != "=self" and "." not in base:
            walker.bind("*", base)
        elif base.startswith("=") and walker.at_top:
            walker.bind("*", f"={base[1:].replace('.', '/')}")
    elif kind == "self":
        _bind(walker, before.rpartition(".")[2].lstrip("="), before, node)
    else:
        chain = _joined(walker, node, before)
        name = walker.field(node, "name") or walker.text(node)
        _bind(walker, name, chain, node)


def _bind(walker: TreeWalker, name: str, chain: str, node: Node) -> None:
    if name not in ("_", "") and chain:
        walker.refer(IMPORT, chain, walker.line(node), 0)
        walker.bind(name, chain)


def _joined(walker: TreeWalker, node: Node | None, before: str) -> str:
    if node is None:
        return before
    if before:
        return f"{before}.{walker.text(node).replace('::', '.')}"
    first, *rest = walker.text(node).split("::")
    if first == "self" and rest and rest[0] in walker.modules:  # a function may have the name of its module
        return ".".join([walker.modules[rest[0]], *rest[1:]])
    if first in ("crate", "super", "self"):
        base = _relative(walker, first)
        while base.endswith("super") and rest and rest[0] == "super":
            base, rest = f"{base}/super", rest[1:]
    else:
        base = f"={first}"
    return ".".join([base, *rest])


def _module(walker: TreeWalker, node: Node) -> Expression:
    name, body = walker.field(node, "name"), node.child_by_field_name("body")
    if body is None:
        file = walker.file
        folder, _, last = file.rpartition("/")
        home = folder if last in _ROOTS else file.removesuffix(".rs")
        chain = f"=/{home}/{name}".replace(".", "|")
        walker.refer(IMPORT, chain, walker.line(node), 0)
        walker.bind(name, chain)
        walker.modules[name] = chain
        return "*"
    index = walker.define(CLASS, name, node, body=body, flags=("module",))
    path = walker.facts.symbols[index].path
    walker.bind_definition(index, name)
    with walker.inside(TreeScope("space", walker.scope, index, path, f"{path}:")):
        walker.children(body)
    return "*"


# Types and what they hold


def _class(walker: TreeWalker, node: Node) -> Expression:
    bounds = node.child_by_field_name("bounds")
    bases = [child for child in bounds.named_children if child.type in TYPES] if bounds is not None else []
    chain = rules.define_class(walker, node, walker.field(node, "name"), node.child_by_field_name("body"), bases)
    if isinstance(chain, str) and node.type in ("struct_item", "union_item"):
        body = node.child_by_field_name("body")
        for position, child in enumerate(body.named_children if body is not None else ()):
            if body is not None and body.type == "ordered_field_declaration_list":
                held = walker.type(child)
                if held not in ("", "*"):
                    walker.facts.declared[f"{chain[1:].replace('/', '.')}.{position}"] = held
    return chain


def _alias(walker: TreeWalker, node: Node) -> Expression:
    kind = node.child_by_field_name("type")
    bases = (
        [kind]
        if kind is not None and kind.type in ("type_identifier", "scoped_type_identifier", "generic_type")
        else []
    )
    return rules.define_class(walker, node, walker.field(node, "name"), None, bases)


def _impl(walker: TreeWalker, node: Node) -> Expression:
    """Methods go to the type, wherever it is defined; a trait becomes its base."""
    kind, trait, body = (node.child_by_field_name(name) for name in ("type", "trait", "body"))
    with walker.block():
        walker.type_parameters(walker.scope, node)
        chain, above = _path(walker, _plain(kind)), _path(walker, _plain(trait)) if trait is not None else ""
    if not isinstance(chain, str) or body is None or chain[:1] in ("*", "&"):
        return "*"
    own = chain[1:].replace("/", ".") if chain.startswith("$") else chain
    path = own if own in walker.paths or "=" not in own else own.rpartition(".")[2]
    space = _space(walker)
    path = path if space is None or path in walker.paths else f"{space.path}.{path}"
    index = walker.paths.get(path, 0)
    if isinstance(above, str) and above not in ("", "*"):
        walker.refer(BASE, above, walker.line(node), index)
        if index:
            walker.facts.symbols[index].bases += (above,)
        else:
            walker.facts.extended.setdefault(path, []).append(above)
    slashed = path.replace(".", "/")
    scope = TreeScope("class", walker.scope, index or walker.scope.owner, path, f"{path}:", receiver=f"@{slashed}")
    scope.names["Self"] = f"${slashed}" if index else chain
    with walker.inside(scope):
        walker.type_parameters(scope, node)
        walker.children(body)
    return "*"


def _plain(node: Node | None) -> Node | None:
    while node is not None and node.type in ("reference_type", "generic_type", "pointer_type"):
        node = node.child_by_field_name("type")
    return node


def _field(walker: TreeWalker, node: Node) -> Expression:
    declared = walker.type(node.child_by_field_name("type"))
    walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), "", declared)
    return "*"


def _variant(walker: TreeWalker, node: Node) -> Expression:
    home = walker.home()
    slot = walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), "")
    if home is not None:
        walker.facts.declared[slot] = ["i", f"${home.path.replace('.', '/')}"]
    body = node.child_by_field_name("body")
    for position, child in enumerate(body.children_by_field_name("type") if body is not None else ()):
        if (held := walker.type(child)) not in ("", "*"):
            walker.facts.declared[f"{slot}.{position}"] = held
    return "*"


# Functions and calls


def _function(walker: TreeWalker, node: Node) -> Expression:
    listed = node.child_by_field_name("parameters")
    bound = listed is not None and any(child.type == "self_parameter" for child in listed.named_children)
    flags = () if bound else ("static",)
    if node.type == "function_signature_item":
        flags = (*flags, SIGNATURE)
    in_class = walker.scope.kind == "class"
    owner = walker.scope.path if in_class and walker.scope.path not in walker.paths else ""
    if in_class and not bound:  # ``Self`` is known, ``self`` is not
        rules.define_function(walker, node, walker.field(node, "name"), flags=flags, owner=owner)
    else:
        rules.define_function(walker, node, walker.field(node, "name"), flags=flags if in_class else (), owner=owner)
    return "*"


def _macro(walker: TreeWalker, node: Node) -> Expression:
    index = walker.define(FUNCTION, walker.field(node, "name"), node)
    walker.bind_definition(index, walker.field(node, "name"))
    return "*"


def _macro_call(walker: TreeWalker, node: Node) -> Expression:
    macro = node.child_by_field_name("macro")
    walker.call(CALL, walker.line(node), _path(walker, macro), [], [])
    for child in node.named_children:
        if child.type == "token_tree":
            _tokens(walker, child, 0)
    return ""


def _tokens(walker: TreeWalker, node: Node, depth: int) -> None:
    """What a macro is given is not parsed: a name or a path with parentheses behind it is taken for a call."""
    chain: Expression = "*"
    link = ""
    for child in node.children:
        kind = child.type
        if kind in (".", "::"):
            link = kind
            continue
        if kind == "token_tree":
            if walker.text(child).startswith("(") and chain not in ("", "*"):
                chain = walker.call(CALL, walker.line(child), chain, [], [])
            else:
                chain = "*"
            if depth < 20:
                _tokens(walker, child, depth + 1)
        elif kind in ("identifier", "self", "crate", "super", "primitive_type"):
            if link and chain != "*":
                chain = member_of(chain, walker.text(child)) if chain else ""
            elif not link:
                chain = walker.this() if kind == "self" else _path(walker, child)
            else:
                chain = "*"
        else:
            chain = "*"
        link = ""


def _call(walker: TreeWalker, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    if called is not None and called.type == "generic_function":
        called = called.child_by_field_name("function")
    if called is not None and called.type == "scoped_identifier":
        target = _path(walker, called)
    else:
        target = rules.callee(walker, called)
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    name = walker.text(called)
    if name in ("Some", "Ok", "Box::new", "Rc::new", "Arc::new", "RefCell::new", "Mutex::new", "Cell::new"):
        return given[0] if given else ""
    return walker.call(CALL, walker.last_line(called) if called else walker.line(node), target, given, [])


def _struct(walker: TreeWalker, node: Node) -> Expression:
    chain = _path(walker, node.child_by_field_name("name"))
    body = node.child_by_field_name("body")
    value: Expression = ["i", chain] if isinstance(chain, str) and chain not in ("", "*") else "*"
    if isinstance(chain, str):
        walker.mention(chain, node)
    for child in body.named_children if body is not None else ():
        name, inner = walker.field(child, "field"), child.child_by_field_name("value")
        if child.type == "shorthand_field_initializer":
            name, inner = walker.text(child), child.named_children[0]
        held = walker.visit(inner)
        if name and value != "*":
            walker.store(value, name, held, (walker.line(child), walker.last_line(child)))
    return value


def _let(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("value"))
    declared = walker.type(node.child_by_field_name("type"))
    pattern = node.child_by_field_name("pattern")
    if pattern is not None:
        walker.bind_pattern(pattern, value, declared)
    walker.visit(node.child_by_field_name("alternative"))
    return "*"


def _static(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("value"))
    declared = walker.type(node.child_by_field_name("type"))
    walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), value, declared)
    return "*"


def _block(walker: TreeWalker, node: Node) -> Expression:
    """Its last expression is its value."""
    value: Expression = "*"
    with walker.block():
        for child in node.named_children:
            value = walker.visit(child) if child.type not in walker.syntax.comments else value
    last = node.named_children[-1] if node.named_children else None
    return value if last is not None and last.type not in ("expression_statement", "let_declaration") else ""


def _branches(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        walker.visit(node.child_by_field_name("condition"))
        values = [walker.visit(node.child_by_field_name("consequence"))]
    other = node.child_by_field_name("alternative")
    if other is not None:
        values += walker.each(other.named_children)
    return any_of([value for value in values if value not in ("", "*")] or ["*"])


def _match(walker: TreeWalker, node: Node) -> Expression:
    subject = walker.visit(node.child_by_field_name("value"))
    values: list[Expression] = []
    body = node.child_by_field_name("body")
    for arm in body.named_children if body is not None else ():
        with walker.block():
            pattern = arm.child_by_field_name("pattern")
            for child in pattern.named_children if pattern is not None else ():
                if child.type in PATTERNS:
                    walker.bind_pattern(child, subject)
                else:
                    walker.visit(child)
            values.append(walker.visit(arm.child_by_field_name("value")))
    return any_of([value for value in values if value not in ("", "*")] or ["*"])


def _condition(walker: TreeWalker, node: Node) -> Expression:
    value = walker.visit(node.child_by_field_name("value"))
    pattern = node.child_by_field_name("pattern")
    if pattern is not None:
        walker.bind_pattern(pattern, value)
    return "*"


def _variant_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    """``Some(x)`` and ``Ok(x)`` hold what they wrap; a variant of the library what it declares."""
    kind = node.child_by_field_name("type")
    name = walker.text(kind)
    chain = _path(walker, kind) if name not in ("Some", "Ok", "Err") else ""
    for position, child in enumerate(child for child in node.named_children if child != kind):
        held = value if name in ("Some", "Ok") else "*"
        if isinstance(chain, str) and chain not in ("", "*"):
            held = f"{chain}.{position}"
        walker.bind_pattern(child, held)


def _struct_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    chain = _path(walker, node.child_by_field_name("type"))
    for child in node.named_children:
        if child.type == "field_pattern":
            inner = child.child_by_field_name("pattern")
            name = walker.field(child, "name")
            held: Expression = [".", ["i", chain], name] if isinstance(chain, str) and chain else "*"
            if inner is not None:
                walker.bind_pattern(inner, held)
            else:
                walker.declare(name, (walker.line(child), walker.line(child)), held)


def _tuple_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    for position, child in enumerate(node.named_children):
        walker.bind_pattern(child, ["[", value, str(position)] if value not in ("", "*") else value)


def _inner_pattern(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    for child in node.named_children:
        walker.bind_pattern(child, value, declared)


def _type(walker: TreeWalker, node: Node) -> Expression:
    chain = _path(walker, node)
    if not isinstance(chain, str) or chain in ("", "*"):
        return chain if isinstance(chain, list) and chain[0] == "i" else "*"
    walker.mention(chain, node)
    return ["i", chain]


RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "self": rules.this,
    "scoped_identifier": _scoped,
    **dict.fromkeys(
        ["string_literal", "raw_string_literal", "char_literal", "integer_literal", "float_literal", "boolean_literal"],
        rules.plain,
    ),
    "use_declaration": _use,
    "mod_item": _module,
    "struct_item": _class,
    "union_item": _class,
    "enum_item": _class,
    "trait_item": _class,
    "type_item": _alias,
    "associated_type": rules.plain,
    "impl_item": _impl,
    "field_declaration": _field,
    "enum_variant": _variant,
    "function_item": _function,
    "function_signature_item": _function,
    "macro_definition": _macro,
    "macro_invocation": _macro_call,
    "call_expression": _call,
    "field_expression": rules.member("value", "field"),
    "index_expression": rules.through(),
    "struct_expression": _struct,
    "let_declaration": _let,
    "let_condition": _condition,
    "static_item": _static,
    "const_item": _static,
    "assignment_expression": rules.assignment(),
    "reference_expression": rules.through("value"),
    "unary_expression": rules.through(),
    "try_expression": rules.through(),
    "await_expression": rules.through(),
    "parenthesized_expression": rules.through(),
    "type_cast_expression": rules.cast("value", "type"),
    "array_expression": rules.sequence,
    "tuple_expression": rules.sequence,
    "closure_expression": rules.lambda_(),
    "block": _block,
    "if_expression": _branches,
    "match_expression": _match,
    "for_expression": rules.for_each("pattern", "value"),
    "return_expression": rules.returned,
}  # fmt: skip
TYPES: dict[str, Rule] = {
    "type_identifier": _type,
    "scoped_type_identifier": _type,
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
    **dict.fromkeys(["identifier", "shorthand_field_identifier"], rules.named),
    "tuple_struct_pattern": _variant_pattern,
    "struct_pattern": _struct_pattern,
    "tuple_pattern": _tuple_pattern,
    "slice_pattern": _inner_pattern,
    "reference_pattern": _inner_pattern,
    "ref_pattern": _inner_pattern,
    "mut_pattern": _inner_pattern,
    "captured_pattern": _inner_pattern,
    "or_pattern": _inner_pattern,
}
PARAMETERS = {"parameter": Parameter("pattern", "type"), "identifier": Parameter()}
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
)
