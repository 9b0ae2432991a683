"""One walk over a tree-sitter tree that collects the same facts as the walk over Python's (see ``facts``).

This file holds scopes, definitions and names; a language's rules say which node is what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..expressions import Expression, to_definition, to_member, to_name
from ..facts import FIELD, GLOBAL, LOAD, MODULE, Binding, Facts, SymbolFact
from ..recorder import Lines, Recorder
from .comments import Comments, last_line, one_line
from .syntax import Syntax

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 100
"""Rules inside one another, after which nothing more is followed: each takes a few of Python's frames."""
_TYPE = re.compile(r"<.*|\[\]|\s+|[&*?]|\bconst\b|\bfinal\b", re.DOTALL)
_HOLDING = frozenset(["module", "class", "space"])
"""Scopes whose variables are symbols."""
_OUTLINE = 240
"""Characters of a signature."""


SIGNATURE = "signature"
"""Flag of a function that is declared without a body: the one with a body takes its place."""


@dataclass(slots=True, eq=False)
class TreeScope:
    kind: str
    """``module``, ``class``, ``space`` (a namespace in the file), ``function`` (also of lambdas) or ``block``."""
    parent: TreeScope | None
    owner: int
    path: str
    prefix: str = ""
    """In front of the names of its slots."""
    names: dict[str, Expression] = field(default_factory=dict)
    receiver: Expression = ""
    """What ``this`` is; empty where that of the scope around is meant."""


def _type_name(text: str) -> str:
    return _TYPE.sub("", text).rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter."""

    node: Node
    name: Node | None
    type: Node | None
    value: Node | None
    rest: bool


class TreeWalker(Recorder):
    def __init__(self, syntax: Syntax, path: str, module: str, source: bytes) -> None:
        super().__init__()
        self.syntax, self.file, self.module, self.source = syntax, path, module, source
        self.scope: TreeScope = TreeScope("module", None, 0, "", ":")
        self.root = self.scope
        self.modules: dict[str, str] = {}
        """Other files that this one declares to be parts of it, and the chains that lead to them."""
        self.class_like: frozenset[str] = frozenset()
        """Functions that are used as classes."""
        self.comments = Comments(self.text, syntax.comments)
        self.cut = 0
        """1-based line where the nesting was too deep to follow; 0 for nowhere."""
        self._rules = syntax.rules
        self._depth = 0
        self._slots: set[str] = set()

    def walk(self, tree: Node) -> Facts:
        self.facts.symbols.append(
            SymbolFact(MODULE, "", 1, self.source.count(b"\n") + 1, doc=self.comments.heading(tree))
        )
        if self.syntax.prepare is not None:
            self.syntax.prepare(self, tree)
        self.children(tree)
        if self.syntax.complete is not None:
            self.syntax.complete(self)
        return self.finish()

    # Text and places

    def text(self, node: Node | None) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace") if node is not None else ""

    def field(self, node: Node, name: str) -> str:
        return self.text(node.child_by_field_name(name))

    def line(self, node: Node) -> int:
        return node.start_point.row + 1

    def last_line(self, node: Node) -> int:
        return last_line(node)

    # Walking

    def visit(self, node: Node | None) -> Expression:
        if node is None:
            return "*"
        rule = self._rules.get(node.type)
        if rule is None:
            self.children(node)
            return "*"
        if self._depth >= _DEEPEST:
            self.cut = self.cut or self.line(node)
            return "*"
        self._depth += 1
        value = rule(self, node)
        self._depth -= 1
        return value

    def children(self, node: Node, skip: Sequence[str] = ()) -> None:
        """Visits all nodes below that have a rule, in their order; without recursion where they have none."""
        rules, comments = self._rules, self.syntax.comments
        waiting = node.named_children[::-1]
        while waiting:
            child = waiting.pop()
            kind = child.type
            if kind in skip:
                continue
            if kind in rules:
                self.visit(child)
            elif kind in comments:
                self.comments.add(child)
            elif child.named_child_count:
                waiting += child.named_children[::-1]

    def each(self, nodes: Iterable[Node]) -> list[Expression]:
        return [self.visit(node) for node in nodes]

    @contextmanager
    def inside(self, scope: TreeScope) -> Iterator[None]:
        outer, count = self.scope, self._count
        self.scope = scope
        if scope.path != outer.path:
            self._count = 0
        yield
        if scope.path != outer.path:
            self._count = count
        self.scope = outer

    @contextmanager
    def block(self) -> Iterator[None]:
        scope = self.scope
        self.scope = TreeScope("block", scope, scope.owner, scope.path, scope.prefix)
        yield
        self.scope = scope

    # Names

    def resolve(self, name: str) -> Expression:
        scope: TreeScope | None = self.scope
        home = None
        while scope is not None:
            value = scope.names.get(name)
            if value is not None:
                return value
            if scope.kind == "class":
                around, _, own = scope.path.rpartition(".")
                if own == name and self.syntax.implicit:  # the class around, not its constructor
                    return to_member(around, name) if around else to_name(name)
                home = home or scope.path
            scope = scope.parent
        if home is not None and self.syntax.implicit:
            return to_member(home, name)
        return to_name(name)

    def this(self) -> Expression:
        scope: TreeScope | None = self.scope
        while scope is not None:
            if scope.receiver:
                return scope.receiver
            scope = scope.parent
        return "*"

    def home(self) -> TreeScope | None:
        """The class that the walk is in."""
        scope: TreeScope | None = self.scope
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        return scope

    def around(self) -> TreeScope:
        """The innermost scope that is more than a block."""
        scope = self.scope
        while scope.kind == "block" and scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def function(self) -> str:
        """What stands in front of the slots of what the innermost function or lambda returns and yields."""
        return self.around().prefix[:-1]

    @property
    def at_top(self) -> bool:
        """Whether names that are declared here belong to the module."""
        return self.scope.kind == "module"

    def mention(self, value: Expression, node: Node) -> Expression:
        self.refer(LOAD, value, self.line(node))
        return value

    def bind(self, name: str, target: Expression) -> None:
        """A name of the scope that the walk is in."""
        if self.at_top:
            self.facts.bindings.append(Binding(name, target if isinstance(target, str) else "*", True))
        else:
            self.scope.names[name] = target

    # Declarations

    def declare(
        self, name: str, lines: Lines, value: Expression = "*", declared: Expression = "*", hoisted: bool = False
    ) -> str:
        """A variable or field; returns its slot. ``hoisted``: it belongs to the whole function, not to a block."""
        scope = self.around() if hoisted else self.scope
        if scope.kind in _HOLDING:
            path = f"{scope.path}.{name}" if scope.path else name
            if path not in self.paths or self.facts.symbols[self.paths[path]].label in (FIELD, GLOBAL):
                self.assign(FIELD if scope.kind == "class" else GLOBAL, path, lines, value)
            if scope.kind != "class":
                self.bind(name, to_definition(path))
            slot = path
        else:
            slot = self.slot(scope, name)
            scope.names[name] = ["v", slot]
            self.flow(slot, value)
        if declared not in ("", "*"):
            self.facts.declared[slot] = declared
        return slot

    def slot(self, scope: TreeScope, name: str) -> str:
        plain = slot = f"{scope.prefix}{name}"
        number = 1
        while slot in self._slots and scope.names.get(name) != ["v", slot]:
            number += 1
            slot = f"{plain}#{number}"
        self._slots.add(slot)
        return slot

    def define(
        self,
        label: str,
        name: str,
        node: Node,
        *,
        body: Node | None = None,
        path: str = "",
        parameters: tuple[str, ...] = (),
        flags: tuple[str, ...] = (),
        bases: tuple[str, ...] = (),
        decorators: tuple[str, ...] = (),
    ) -> int:
        """Index of a new symbol. ``path`` where it is no member of what the walk is in."""
        first = self.line(node)
        end = body.start_byte if body is not None else node.end_byte
        outline = self.source[node.start_byte : min(end, node.start_byte + _OUTLINE * 4)].decode("utf-8", "replace")
        symbol = SymbolFact(
            label,
            path or self.path(name),
            first,
            end_line=self.last_line(node),
            signature=one_line(outline, _OUTLINE),
            doc=self.comments.doc_above(first - 1),
            decorators=decorators,
            bases=bases,
            flags=flags,
            parameters=parameters,
        )
        known = self.paths.get(symbol.path)
        earlier = self.facts.symbols[known].flags if known is not None else ()
        if known is None or not (SIGNATURE in earlier or ("property" in earlier and "property" in flags)):
            return self.add(symbol)
        if SIGNATURE not in flags and "property" not in flags:
            before = self.facts.symbols[known]
            symbol.line, symbol.doc = before.line, before.doc or symbol.doc
            self.facts.symbols[known] = symbol
        return known

    def bind_definition(self, index: int, name: str) -> None:
        """The name now means the definition, where the walk is; a member is no name of its own."""
        if self.scope.kind != "class":
            self.bind(name, to_definition(self.facts.symbols[index].path))

    def bind_pattern(self, node: Node, value: Expression, declared: Expression = "*") -> None:
        binder = self.syntax.patterns.get(node.type)
        if binder is not None:
            binder(self, node, value, declared)

    def parameters(self, node: Node | None) -> list[Given]:
        """The parameters below a node; where one declaration has several names, one for each."""
        found: list[Given] = []
        for child in node.named_children if node is not None else ():
            kind = self.syntax.parameters.get(child.type)
            if kind is not None:
                named = child.children_by_field_name(kind.name) if kind.name else [child]
                for holder in named or (None,):
                    inner = self.syntax.declared_name
                    name = inner(holder) if inner is not None and holder is not None else holder
                    type_ = child.child_by_field_name(kind.type) if kind.type else None
                    value = child.child_by_field_name(kind.value) if kind.value else None
                    found.append(Given(child, name, type_, value, kind.rest))
        return found

    def parameter_names(self, found: Iterable[Given]) -> tuple[str, ...]:
        """The names as ``SymbolFact.parameters`` writes them; a pattern without a name of its own goes by its
        number."""
        names = []
        for number, given in enumerate(found):
            plain = given.name is not None and not given.name.named_child_count
            name = self.text(given.name).lstrip("$&*@") if plain else f"{{{number}}}"
            names.append(f"*{name}" if given.rest else name)
        return tuple(names)

    def type_flags(self, found: Iterable[Given], returns: Node | None) -> tuple[str, ...]:
        """Flags with the names of the types that are taken and given, where these tell overloads apart."""
        if not self.syntax.overloads:
            return ()
        taken = ",".join(_type_name(self.text(given.type)) or "?" for given in found)
        return (f"takes {taken}", *([f"gives {_type_name(self.text(returns))}"] if returns is not None else []))

    def bind_parameters(self, scope: TreeScope, found: Sequence[Given], names: Sequence[str]) -> None:
        """Call it inside the function's scope."""
        for given, name in zip(found, names, strict=True):
            plain = name.lstrip("*")
            slot = f"{scope.prefix}{plain}"
            self._slots.add(slot)
            declared = self.type(given.type)
            if given.value is not None:
                self.flow(slot, self.visit(given.value))
            if name.startswith("*"):
                self.facts.flows[slot] = [["b", slot]]
                if declared not in ("", "*"):
                    self.facts.declared[f"{slot}["] = declared
            elif declared not in ("", "*"):
                self.facts.declared[slot] = declared
            if plain.startswith("{"):
                if given.name is not None:
                    self.bind_pattern(given.name, ["v", slot])
            else:
                scope.names[plain] = ["v", slot]

    def type_parameters(self, scope: TreeScope, node: Node) -> None:
        """A type parameter in ``scope`` is what bounds it, or anything."""
        holder = node.child_by_field_name("type_parameters") or next(
            (child for child in node.named_children if child.type == "type_parameter_list"), None
        )
        for child in holder.named_children if holder is not None else ():
            name = child.child_by_field_name("name") or next(iter(child.named_children), child)
            bound = child.child_by_field_name("constraint") or child.child_by_field_name("bounds")
            scope.names[self.text(name)] = self.type(bound) or "*"

    def type(self, node: Node | None) -> Expression:
        """What a thing declared so can hold; ``*`` where that says nothing that can be followed."""
        if node is None or self._depth >= _DEEPEST:
            return "*"
        rule = self.syntax.types.get(node.type)
        if rule is None:
            return "*"
        self._depth += 1
        value = rule(self, node)
        self._depth -= 1
        return value
