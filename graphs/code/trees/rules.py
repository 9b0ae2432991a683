"""Rules that many languages share, made from the names of a grammar's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..expressions import Expression, above_of, any_of, member_of
from ..facts import CALL, NEW, WRITTEN, Binding
from .syntax import Rule

if TYPE_CHECKING:
    from tree_sitter import Node

    from .walker import TreeWalker

_POSITIONS = 8
"""Elements of a literal that are known by their position; the others only as elements."""


# Names


def typed_literal(name: str) -> Rule:
    """A literal whose type tells overloads apart."""
    return lambda walker, node: ["i", name]


def name(walker: TreeWalker, node: Node) -> Expression:
    return walker.mention(walker.resolve(walker.text(node)), node)


def plain(walker: TreeWalker, node: Node) -> Expression:
    """A text, a number or the like: nothing of the library."""
    return ""


def literal(walker: TreeWalker, node: Node) -> Expression:
    """A text that may have expressions in it."""
    walker.children(node)
    return ""


def this(walker: TreeWalker, node: Node) -> Expression:
    return walker.this()


def above(walker: TreeWalker, node: Node) -> Expression:
    """``super`` in the body of a class."""
    return above_of(walker.this())


def callee(walker: TreeWalker, node: Node | None) -> Expression:
    """What an expression stands for that is called: a name or a member that is not recorded as mentioned."""
    if node is None:
        return "*"
    kind = node.type
    rule = walker.syntax.rules.get(kind)
    if rule is name:
        return walker.resolve(walker.text(node))
    if isinstance(rule, Member):
        return rule.read(walker, node, mentioned=False)
    return walker.visit(node)


class Member:
    """``object.property``."""

    def __init__(self, of: str, attribute: str) -> None:
        self._of, self._attribute = of, attribute

    def __call__(self, walker: TreeWalker, node: Node) -> Expression:
        return self.read(walker, node, mentioned=True)

    def read(self, walker: TreeWalker, node: Node, *, mentioned: bool) -> Expression:
        base = callee(walker, node.child_by_field_name(self._of))
        attribute = node.child_by_field_name(self._attribute)
        if attribute is None:
            return "*"
        value = "" if base == "" else member_of(base, key(walker.text(attribute)))
        return walker.mention(value, attribute) if mentioned else value

    def parts(self, node: Node) -> tuple[Node | None, Node | None]:
        return node.child_by_field_name(self._of), node.child_by_field_name(self._attribute)


def member(of: str, attribute: str) -> Member:
    return Member(of, attribute)


def key(text: str) -> str:
    """A name as chains write it."""
    return text.partition("<")[0].lstrip("#@").replace(".", "|").replace(":", ";")


def member_parts(walker: TreeWalker, node: Node) -> tuple[Node, str] | None:
    """Object and property of a node that is ``object.property``."""
    rule = walker.syntax.rules.get(node.type)
    if not isinstance(rule, Member):
        return None
    of, attribute = rule.parts(node)
    return (of, key(walker.text(attribute))) if of is not None and attribute is not None else None


# Calls


def arguments_of(walker: TreeWalker, node: Node | None) -> list[Expression]:
    comments = walker.syntax.comments
    return [walker.visit(child) for child in node.named_children if child.type not in comments] if node else []


def call(function: str = "function", arguments: str = "arguments") -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        called = node.child_by_field_name(function)
        target = callee(walker, called)
        given = arguments_of(walker, node.child_by_field_name(arguments))
        return walker.call(CALL, walker.last_line(called) if called else walker.line(node), target, given, [])

    return rule


def new(made: str, arguments: str = "arguments") -> Rule:
    """``new C(…)``, where the class is a type or an expression."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        kind = node.child_by_field_name(made)
        given = arguments_of(walker, node.child_by_field_name(arguments))
        if kind is None:
            return "*"
        holder = walker.syntax.containers.get(walker.text(kind).partition("<")[0])
        if holder:
            return walker.box(
                holder, (), given if holder == "[" and len(given) > 1 else [["*", each] for each in given]
            )
        target = class_of(walker, kind)
        return walker.call(NEW, walker.last_line(kind), target, given, [])

    return rule


def class_of(walker: TreeWalker, node: Node) -> Expression:
    """The class that a type or an expression names."""
    if node.type not in walker.syntax.types:
        return callee(walker, node)
    held = walker.type(node)
    if node.type == "generic_type" and node.named_children:  # what a container holds is no class that it is
        held = walker.type(node.child_by_field_name("name") or node.named_children[0])
    return held[1] if isinstance(held, list) and held[0] == "i" else "*"


# Expressions


def through(*fields: str) -> Rule:
    """What a node only wraps: the value of its fields, or of its first child."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        if not fields:
            children = [child for child in node.named_children if child.type not in walker.syntax.comments]
            return walker.each(children)[0] if children else "*"
        return any_of(walker.each(child for name in fields if (child := node.child_by_field_name(name)) is not None))

    return rule


def last(walker: TreeWalker, node: Node) -> Expression:
    """The value of the last child."""
    values = walker.each(child for child in node.named_children if child.type not in walker.syntax.comments)
    return values[-1] if values else "*"


def choice(condition: str, *ways: str) -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        walker.visit(node.child_by_field_name(condition))
        return through(*ways)(walker, node)

    return rule


def cast(value: str, type_: str) -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        given, held = walker.visit(node.child_by_field_name(value)), walker.type(node.child_by_field_name(type_))
        return held if held not in ("", "*") else given

    return rule


def element(of: str, index: str = "") -> Rule:
    """``object[index]``."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        base = walker.visit(node.child_by_field_name(of))
        at = node.child_by_field_name(index) if index else None
        walker.visit(at)
        constant = key(walker.text(at).strip("\"'`")) if at is not None and not at.type.endswith("identifier") else ""
        known = constant if constant.isalnum() else ""
        return base if base in ("", "*") else ["[", base, known]

    return rule


def sequence(walker: TreeWalker, node: Node) -> Expression:
    """A list that is written out."""
    values = arguments_of(walker, node)
    if values and not any(values):
        return ""
    return walker.box("[", values[:_POSITIONS], values)


def block(walker: TreeWalker, node: Node) -> Expression:
    with walker.block():
        walker.children(node)
    return "*"


def return_(walker: TreeWalker, node: Node) -> Expression:
    for child in node.named_children:
        walker.flow(f"{walker.function}()", walker.visit(child))
    return "*"


def yield_(walker: TreeWalker, node: Node) -> Expression:
    for child in node.named_children:
        walker.flow(f"{walker.function}*", walker.visit(child))
    return "*"


def throw(walker: TreeWalker, node: Node) -> Expression:
    """``throw new C(…)``"""
    walker.add_raise(last(walker, node), walker.line(node))
    return "*"


# Variables


def variable(name: str = "name", value: str = "value", type_: str = "type", *, outer: bool = False) -> Rule:
    """A variable that is declared. ``outer``: its type stands in the node around it."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        holder = node.parent if outer else node
        declared = walker.type(holder.child_by_field_name(type_)) if type_ and holder is not None else "*"
        given = walker.visit(node.child_by_field_name(value)) if value else "*"
        pattern = node.child_by_field_name(name)
        if pattern is not None:
            walker.bind_pattern(pattern, given, declared)
        return "*"

    return rule


def single_name(walker: TreeWalker, node: Node, value: Expression, declared: Expression) -> None:
    """The pattern that is a single name."""
    walker.declare(walker.text(node).lstrip("$"), (walker.line(node), walker.last_line(node)), value, declared)


def assignment(left: str = "left", right: str = "right") -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        value = walker.visit(node.child_by_field_name(right))
        target = node.child_by_field_name(left)
        if target is not None:
            assign(walker, target, value)
        return value

    return rule


def assign(walker: TreeWalker, target: Node, value: Expression) -> None:
    """``target = value`` for what exists already."""
    parts = member_parts(walker, target)
    if parts is not None:
        base, attribute = parts
        walker.store(callee(walker, base), attribute, value, (walker.line(target), walker.last_line(target)))
        return
    if walker.syntax.rules.get(target.type) is name:
        held = walker.resolve(walker.text(target))
        if isinstance(held, str):
            walker.refer(WRITTEN, held, walker.line(target))
    else:
        held = walker.visit(target)
    if isinstance(held, list) and held[0] == "v":
        walker.flow(held[1], value)
    elif isinstance(held, list) and held[0] == "[":
        box = held[1]
        if (isinstance(box, list) and box[0] == "v") or isinstance(box, str):
            walker.protocol(box, "__setitem__", walker.line(target), [["k", held[2]], value])
    elif isinstance(held, str) and held in walker.paths:
        walker.flow(held, value)


def for_each(left: str = "left", right: str = "right", body: str = "body") -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        source = walker.visit(node.child_by_field_name(right))
        with walker.block():
            pattern = node.child_by_field_name(left)
            if pattern is not None:
                walker.bind_pattern(pattern, "" if source == "" else ["*", source])
            walker.visit(node.child_by_field_name(body))
        return "*"

    return rule


# Bindings


def certain_binding(name: str, target: str) -> Binding:
    return Binding(name, target, True)


def star(target: str) -> Binding:
    return certain_binding("*", target)
