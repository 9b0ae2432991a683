"""Rules for what opens a scope: functions, lambdas and classes, made from the names of a grammar's fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..expressions import CLS, SELF, Expression, to_definition, to_self
from ..facts import BASE, CLASS, FUNCTION, METHOD
from .rules import block, class_of, key
from .syntax import Rule
from .walker import Given, TreeScope

if TYPE_CHECKING:
    from tree_sitter import Node

    from .walker import TreeWalker


def function(
    *,
    name: str = "name",
    parameters: str = "parameters",
    body: str = "body",
    returns: str = "return_type",
    flags: Callable[[TreeWalker, Node], tuple[str, ...]] = lambda walker, node: (),
) -> Rule:
    def rule(walker: TreeWalker, node: Node) -> Expression:
        named = walker.field(node, name)
        if not named:
            return lambda_(parameters, body, returns)(walker, node)
        define_function(
            walker, node, key(named), parameters=parameters, body=body, returns=returns, flags=flags(walker, node)
        )
        return "*"

    return rule


def define_function(
    walker: TreeWalker,
    node: Node,
    named: str,
    parameters: str = "parameters",
    body: str = "body",
    returns: str = "return_type",
    flags: tuple[str, ...] = (),
    *,
    outline: Node | None = None,
    owner: str = "",
    label: str = "",
    documented: Callable[[TreeWalker, str, tuple[str, ...]], None] | None = None,
) -> int:
    """A function or method and all that is in it. ``outline``: the node that is the whole definition, where that is
    more than ``node``. ``owner``: the path of the class or object that it belongs to, where the walk is not in it.
    ``documented`` reads what the comment above says of types."""
    content = node.child_by_field_name(body)
    found = walker.parameters(node.child_by_field_name(parameters))
    names = walker.parameter_names(found)
    holder = owner or (walker.scope.path if walker.scope.kind == "class" else "")
    bound = bool(holder) and "static" not in flags
    index = walker.define(
        label or (METHOD if holder else FUNCTION),
        named,
        outline if outline is not None else node,
        body=content,
        path=f"{owner}.{named}" if owner else "",
        parameters=(walker.syntax.receiver, *names) if bound else names,
        flags=(*flags, *walker.type_flags(found, node.child_by_field_name(returns) if returns else None)),
    )
    if not owner:
        walker.bind_definition(index, named)
    path = walker.facts.symbols[index].path
    receiver = to_self(holder, SELF if bound else CLS) if holder else "*"
    scope = TreeScope("function", walker.scope, index, path, f"{path}:", receiver=receiver)
    with walker.inside(scope):
        walker.type_parameters(scope, node)
        walker.bind_parameters(scope, found, names)
        declared = walker.type(node.child_by_field_name(returns)) if returns else "*"
        if declared not in ("", "*"):
            walker.facts.declared[f"{path}()"] = declared
        if documented is not None and walker.comments.above:
            documented(walker, path, names)
        body_of(walker, content)
    return index


def body_of(walker: TreeWalker, content: Node | None) -> None:
    """Statements, or an expression that is returned."""
    if content is None:
        return
    if content.type in walker.syntax.rules and walker.syntax.rules[content.type] is not block:
        walker.flow(f"{walker.function}()", walker.visit(content))
    else:
        walker.children(content)


def lambda_(
    parameters: str = "parameters", body: str = "body", returns: str = "return_type", *, own_this: bool = False
) -> Rule:
    """A function without a name. ``own_this``: what ``this`` is in it nobody knows."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        number = f"<{walker.number()}>"
        scope = TreeScope("function", walker.scope, walker.scope.owner, walker.scope.path, f"{number}:")
        scope.receiver = "*" if own_this else ""
        if itself := walker.field(node, "name"):
            scope.names[itself] = ["l", number]
        holder = node.child_by_field_name(parameters)
        found = walker.parameters(holder)
        names = walker.parameter_names(found)
        if not found and holder is not None and not holder.named_child_count and "identifier" in holder.type:
            found, names = [Given(holder, holder, None, None, False)], (walker.text(holder),)  # x => …
        walker.facts.lambdas[number] = names
        with walker.inside(scope):
            walker.type_parameters(scope, node)
            walker.bind_parameters(scope, found, names)
            body_of(walker, node.child_by_field_name(body))
        return ["l", number]

    return rule


Bases = Callable[["TreeWalker", "Node"], Sequence["Node"]]


def class_(*, name: str = "name", body: str = "body", bases: Bases = lambda walker, node: ()) -> Rule:
    """A class, interface or the like. ``bases``: the nodes that name what it extends."""

    def rule(walker: TreeWalker, node: Node) -> Expression:
        named = key(walker.field(node, name).partition("<")[0]) or "default"
        return define_class(walker, node, named, node.child_by_field_name(body), bases(walker, node))

    return rule


def define_class(walker: TreeWalker, node: Node, named: str, body: Node | None, bases: Sequence[Node]) -> Expression:
    with walker.block():
        walker.type_parameters(walker.scope, node)
        above = [(base, class_of(walker, base)) for base in bases]
    chains = [(base, value if isinstance(value, str) and value else "*") for base, value in above]
    index = walker.define(CLASS, named, node, body=body, bases=tuple(value for _, value in chains))
    path = walker.facts.symbols[index].path
    for base, value in chains:
        walker.refer(BASE, value, walker.line(base), index)
    walker.bind_definition(index, named)
    with walker.inside(TreeScope("class", walker.scope, index, path, f"{path}:", receiver=to_self(path))):
        walker.type_parameters(walker.scope, node)
        if body is not None:
            walker.children(body)
    return to_definition(path)
