"""Java: packages, single and static imports, nested classes, interfaces, overloads, fields and parameters by their
declared types. A name without a receiver is a member of the class around it before it is anything else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ..expressions import Expression, member_of, to_definition, to_import, to_self
from ..facts import CALL, FIELD, IMPORT, NEW
from ..trees import rules, scopes, types
from ..trees.read import read_tree
from ..trees.syntax import ParameterSyntax, Rule, Syntax
from .language import Language
from .packages import naming
from .tests import JAVA_TESTS

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..trees.walker import TreeWalker


def _package(walker: TreeWalker, node: Node) -> Expression:
    walker.facts.namespace = walker.text(node.named_children[-1])
    return "*"


def _import(walker: TreeWalker, node: Node) -> Expression:
    """``a.b.C.D.e`` is the member ``C.D.e`` of the package ``a.b``: packages are written in small letters."""
    name = next((child for child in node.named_children if "identifier" in child.type), None)
    parts = walker.text(name).split(".")
    star = any(child.type == "asterisk" for child in node.named_children)
    at = next((place for place, part in enumerate(parts) if part[:1].isupper()), len(parts) - (not star))
    package, inside = "/".join(parts[:at]), parts[at:]
    if not inside:
        walker.refer(IMPORT, to_import(package), walker.line(node), 0)
        walker.bind("*", to_import(package))
        return "*"
    walker.refer(IMPORT, to_import(package, inside[0]), walker.line(node), 0)
    if not star:
        walker.bind(inside[-1], to_import(package, ".".join(inside)))
    return "*"


def _bases(walker: TreeWalker, node: Node) -> list[Node]:
    found = []
    for child in node.named_children:
        if child.type == "superclass":
            found += child.named_children
        elif child.type in ("super_interfaces", "extends_interfaces"):
            found += [each for part in child.named_children for each in part.named_children]
    return found


def _modifiers(node: Node) -> Node | None:
    return next((child for child in node.named_children if child.type == "modifiers"), None)


def _annotations(walker: TreeWalker, node: Node) -> tuple[str, ...]:
    """Visits what the annotations of a definition name."""
    found = []
    modifiers = _modifiers(node)
    for child in modifiers.named_children if modifiers is not None else ():
        name = child.child_by_field_name("name")
        if name is not None:
            found.append(walker.text(name))
            if walker.text(name) not in _OWN_ANNOTATIONS:
                walker.mention(walker.resolve(walker.text(name)), name)
            walker.children(child)
    return tuple(found)


_OWN_ANNOTATIONS = frozenset(["Override", "Deprecated", "SuppressWarnings", "SafeVarargs", "FunctionalInterface"])


def _class(walker: TreeWalker, node: Node) -> Expression:
    names = _annotations(walker, node)
    value = _plain_class(walker, node)
    index = walker.paths[str(value)[1:].replace("/", ".")]
    walker.facts.symbols[index].decorators = names
    path = walker.facts.symbols[index].path
    for given in walker.parameters(node.child_by_field_name("parameters")):  # of a record
        if given.name is not None:
            walker.assign(FIELD, f"{path}.{walker.text(given.name)}", (walker.line(node), walker.line(node)), "")
            if (held := walker.type(given.type)) not in ("", "*"):
                walker.facts.declared[f"{path}.{walker.text(given.name)}"] = held
    return value


_plain_class = scopes.class_(bases=_bases)


def _method(walker: TreeWalker, node: Node) -> Expression:
    names = _annotations(walker, node)
    static = "static" in walker.text(_modifiers(node)).split()
    name, returns = walker.field(node, "name"), "type"
    index = scopes.define_function(walker, node, name, returns=returns, flags=("static",) if static else ())
    walker.facts.symbols[index].decorators = names
    return "*"


def _call(walker: TreeWalker, node: Node) -> Expression:
    name, of = node.child_by_field_name("name"), node.child_by_field_name("object")
    text = walker.text(name)
    if of is None:
        target = walker.resolve(text)
    else:
        base = rules.above(walker, of) if of.type == "super" else rules.callee(walker, of)
        target = "" if base == "" else member_of(base, text)
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    return walker.call(CALL, walker.line(name or node), target, given, [])


def _new(walker: TreeWalker, node: Node) -> Expression:
    made = _plain_new(walker, node)
    body = next((child for child in node.named_children if child.type == "class_body"), None)
    kind = node.child_by_field_name("type")
    if body is None or kind is None:
        return made
    return ["i", str(scopes.define_class(walker, node, "anonymous", body, [kind]))]


_plain_new = rules.new("type")


def _constructor_call(walker: TreeWalker, node: Node) -> Expression:
    """``super(…)`` and ``this(…)``."""
    given = rules.arguments_of(walker, node.child_by_field_name("arguments"))
    home = walker.home()
    if home is None:
        return "*"
    symbol = walker.facts.symbols[home.owner]
    if walker.field(node, "constructor") == "this":
        return walker.call(CALL, walker.line(node), member_of(to_self(home.path), symbol.name), given, [])
    base = symbol.bases[0] if symbol.bases else "*"
    return walker.call(NEW, walker.line(node), base, given, []) if base != "*" else "*"


def _declaration(walker: TreeWalker, node: Node) -> Expression:
    """Fields and local variables."""
    _annotations(walker, node)
    declared = walker.type(node.child_by_field_name("type"))
    for child in node.children_by_field_name("declarator"):
        value = walker.visit(child.child_by_field_name("value")) if child.child_by_field_name("value") else ""
        walker.declare(walker.field(child, "name"), (walker.line(node), walker.last_line(node)), value, declared)
    return "*"


def _constant(walker: TreeWalker, node: Node) -> Expression:
    home = walker.home()
    path = home.path if home is not None else ""
    slot = walker.declare(walker.field(node, "name"), (walker.line(node), walker.last_line(node)), "")
    walker.facts.declared[slot] = ["i", to_definition(path)]
    walker.children(node)
    return "*"


def _typed_variable(value: str) -> Rule:
    """A variable of a loop, a resource or a pattern."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        source = walker.visit(node.child_by_field_name(value))
        name = node.child_by_field_name("name")
        kind = node.child_by_field_name("type") or node.child_by_field_name("right")
        declared = walker.type(kind)
        if name is not None:
            given = ["*", source] if node.type == "enhanced_for_statement" and source else source
            walker.declare(walker.text(name), (walker.line(node), walker.line(node)), given, declared)
        walker.visit(node.child_by_field_name("body"))
        return "*"

    return rule


def _catch(walker: TreeWalker, node: Node) -> Expression:
    kinds = next((child for child in node.named_children if child.type == "catch_type"), None)
    declared = types.any_type(walker, kinds) if kinds is not None else "*"
    walker.add_catch(declared, walker.line(node))
    walker.declare(walker.field(node, "name"), (walker.line(node), walker.line(node)), "*", declared)
    return "*"


def _reference(walker: TreeWalker, node: Node) -> Expression:
    """``A::run``."""
    children = node.named_children
    if len(children) < 2:
        return walker.visit(children[0]) if children else "*"
    value = member_of(rules.callee(walker, children[0]), walker.text(children[-1]))
    return walker.mention(value, node)


def _type_name(walker: TreeWalker, node: Node) -> Expression:
    name = walker.text(node)
    if name in ("var", "Object"):
        return "*"
    return ["i", to_import("java/lang", name)] if name in BUILTINS else types.type_name(walker, node)


def _primitive(walker: TreeWalker, node: Node) -> Expression:
    return ["i", to_import("java/lang", walker.text(node))]


RULES: dict[str, Rule] = {
    "identifier": rules.name,
    "this": rules.this,
    "super": rules.above,
    "string_literal": rules.typed_literal("=java/lang:String"),
    "decimal_integer_literal": rules.typed_literal("=java/lang:int"),
    "true": rules.typed_literal("=java/lang:boolean"),
    "false": rules.typed_literal("=java/lang:boolean"),
    "character_literal": rules.typed_literal("=java/lang:char"),
    "class_literal": rules.typed_literal("=java/lang:Class"),
    **dict.fromkeys(["hex_integer_literal", "decimal_floating_point_literal", "null_literal"], rules.plain),
    "package_declaration": _package,
    "import_declaration": _import,
    "class_declaration": _class,
    "interface_declaration": _class,
    "enum_declaration": _class,
    "record_declaration": _class,
    "annotation_type_declaration": _class,
    "method_declaration": _method,
    "constructor_declaration": _method,
    "compact_constructor_declaration": _method,
    "annotation_type_element_declaration": _method,
    "field_declaration": _declaration,
    "constant_declaration": _declaration,
    "local_variable_declaration": _declaration,
    "enum_constant": _constant,
    "field_access": rules.member("object", "field"),
    "array_access": rules.element("array", "index"),
    "method_invocation": _call,
    "object_creation_expression": _new,
    "explicit_constructor_invocation": _constructor_call,
    "assignment_expression": rules.assignment(),
    "cast_expression": rules.cast("value", "type"),
    "ternary_expression": rules.choice("condition", "consequence", "alternative"),
    "parenthesized_expression": rules.through(),
    "lambda_expression": scopes.lambda_(),
    "method_reference": _reference,
    "array_initializer": rules.sequence,
    "block": rules.block,
    "return_statement": rules.return_,
    "enhanced_for_statement": _typed_variable("value"),
    "resource": _typed_variable("value"),
    "instanceof_expression": _typed_variable("left"),
    "catch_formal_parameter": _catch,
    "throw_statement": rules.throw,
}  # fmt: skip
TYPES: dict[str, Rule] = {
    **dict.fromkeys(["integral_type", "floating_point_type", "boolean_type"], _primitive),
    "type_identifier": _type_name,
    "scoped_type_identifier": types.qualified_type(),
    "generic_type": types.generic_type(),
    "array_type": types.container_type("element"),
    "annotated_type": types.inner_type(),
    "type_bound": types.inner_type(),
    "wildcard": types.inner_type(),
}
PARAMETERS = {
    "formal_parameter": ParameterSyntax("name", "type"),
    "spread_parameter": ParameterSyntax(rest=True),
    "identifier": ParameterSyntax(),
}
_CONTAINERS = {
    **dict.fromkeys(
        ["List", "ArrayList", "LinkedList", "Set", "HashSet", "LinkedHashSet", "TreeSet", "Collection", "Iterable",
         "Iterator", "Queue", "Deque", "ArrayDeque", "Stream", "SortedSet", "Vector", "Stack", "PriorityQueue"], "["),
    **dict.fromkeys(["Map", "HashMap", "LinkedHashMap", "TreeMap", "ConcurrentHashMap", "ConcurrentMap",
    "SortedMap"], "{"),
    **dict.fromkeys(["Optional", "Supplier", "ThreadLocal", "Class", "AtomicReference", "WeakReference", "Future"], ""),
}  # fmt: skip
BUILTINS = frozenset(
    """
    String Object Integer Long Double Float Boolean Byte Short Character Number Math System Thread Runnable Class Enum
    Exception RuntimeException Error Throwable IllegalArgumentException IllegalStateException NullPointerException
    IndexOutOfBoundsException UnsupportedOperationException ClassCastException ArithmeticException AssertionError
    InterruptedException CloneNotSupportedException NumberFormatException StackOverflowError OutOfMemoryError
    StringBuilder StringBuffer CharSequence Comparable Iterable Override Deprecated SuppressWarnings SafeVarargs
    FunctionalInterface Void Process Runtime ThreadLocal Record AutoCloseable Cloneable Appendable ClassLoader Package
    """.split()  # noqa: SIM905
)
COMMON = frozenset(
    """
    equals hashCode toString getClass notify notifyAll wait clone finalize
    length charAt substring indexOf lastIndexOf startsWith endsWith contains replace replaceAll split trim toLowerCase
    toUpperCase isEmpty isBlank strip format matches compareTo concat intern getBytes chars append insert reverse
    setLength deleteCharAt codePointAt
    add addAll get set remove removeAll retainAll clear size iterator listIterator toArray stream forEach put putAll
    putIfAbsent containsKey containsValue keySet values entrySet getKey getValue getOrDefault computeIfAbsent next
    hasNext push pop peek poll offer first last sort map filter collect reduce flatMap findFirst anyMatch allMatch
    noneMatch orElse orElseThrow orElseGet isPresent ifPresent of
    intValue longValue doubleValue booleanValue floatValue shortValue byteValue name ordinal getName getSimpleName
    getMessage getCause printStackTrace initCause addSuppressed run call apply accept test close read write flush
    println print printf isInstance cast isAssignableFrom getDeclaredFields getModifiers invoke newInstance start join
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
JAVA = Language(
    "Java",
    "java",
    partial(read_tree, _SYNTAX),
    naming(BUILTINS, COMMON),
    tests=JAVA_TESTS,
)
