"""Lexical scopes of one file: which binding a name means, by Python's own rules.

A name of the module stays a name, which the resolver looks up. A local name becomes a *slot* (see ``facts``): one for
all its bindings, or one for each binding where straight-line code tells them apart.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ...expressions import Expression, any_of, to_definition, union

BUILTINS = frozenset(dir(builtins))

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_TRIES = (ast.Try, ast.TryStar)


@dataclass(slots=True, eq=False)
class Bound:
    """How a function binds one of its names."""

    count: int = 0
    mixed: bool = False
    """Bound in a loop, a ``try`` or another function: at no place does the text alone tell which binding is meant."""
    node: ast.AST | None = None
    """The last statement that binds it."""


@dataclass(slots=True, eq=False)
class PythonScope:
    kind: str
    """``module``, ``class``, ``function`` (also lambdas) or ``comprehension``."""
    parent: PythonScope | None
    owner: int
    """Index of the symbol whose body this is."""
    path: str
    """Path of the innermost definition."""
    prefix: str = ""
    """In front of the names of its slots: ``f:``; ``<3>:`` for a lambda or comprehension."""
    bound: dict[str, Bound] = field(default_factory=dict)
    """All names of a function or comprehension; of a class those that were bound so far."""
    current: dict[str, list[Expression]] = field(default_factory=dict)
    """Name -> what it can stand for where the walk is now."""
    versions: dict[str, list[Expression]] = field(default_factory=dict)
    """Name -> all that it stands for anywhere, for functions inside this one."""
    late: set[str] = field(default_factory=set)
    """Names that were read where only all their bindings together can be meant."""
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    receiver: str = ""
    """``@A`` or ``%A``: the first parameter of a method."""

    def slot(self, name: str) -> str:
        """The slot of the binding that is recorded now."""
        bound = self.bound.setdefault(name, Bound(1))
        number = len(self.versions.get(name, ()))
        distinct = bound.count > 1 and not bound.mixed and number
        return f"{self.prefix}{name}#{number + 1}" if distinct else f"{self.prefix}{name}"

    def bind(self, name: str, value: Expression) -> None:
        bound = self.bound.setdefault(name, Bound(1))
        self.versions.setdefault(name, []).append(value)
        self.current[name] = union([*self.current.get(name, ()), value]) if bound.mixed else [value]

    def read(self, name: str, here: bool) -> Expression:
        """``here``: at this place of the function, not later from a function inside it."""
        known = self.current.get(name) if here else None
        if known:
            return known[0] if len(known) == 1 else any_of(known)
        bound = self.bound[name]
        if bound.count == 1 and isinstance(bound.node, _Definition):
            return to_definition(f"{self.path}.{name}")
        if bound.count == 1 and self.versions.get(name):
            return self.versions[name][0]
        self.late.add(name)
        return ["v", f"{self.prefix}{name}~"]

    def home(self) -> str:
        """Path of the class whose method or body this scope lies in, as a chain writes it; empty outside classes."""
        scope: PythonScope | None = self
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        return scope.path.replace(".", "/") if scope else ""


def root(scope: PythonScope) -> PythonScope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def lookup(scope: PythonScope, name: str) -> tuple[PythonScope, bool]:
    """The scope that binds the name, the module's when none does; and whether it runs now, where the walk is."""
    current, here = scope, True
    while current.parent is not None:
        if name in current.globals:
            return root(current), False
        visible = current.kind != "class" or current is scope
        if visible and name in current.bound and name not in current.nonlocals:
            return current, here
        here = here and current.kind == "comprehension"
        current = current.parent
    return current, here


def scan(scope: PythonScope, body: Iterable[ast.stmt], walrus: bool) -> None:
    """Finds every name that a function binds, before its body is walked."""
    for node, mixed in _statements(body, False):
        if isinstance(node, ast.Global):
            scope.globals.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocals.update(node.names)
        for name in bound_names(node, walrus):
            bound = scope.bound.setdefault(name, Bound())
            bound.count, bound.node = bound.count + 1, node
            bound.mixed = bound.mixed or mixed
        if isinstance(node, _Definition):
            for inner in _outer_names(node):
                scope.bound.setdefault(inner, Bound(1)).mixed = True
    for name in scope.globals | scope.nonlocals:
        scope.bound.pop(name, None)


def _outer_names(node: _Definition) -> Iterator[str]:
    for statement, _ in _statements(node.body, False):
        if isinstance(statement, ast.Nonlocal):
            yield from statement.names


def _statements(body: Iterable[ast.stmt], mixed: bool) -> Iterator[tuple[ast.AST, bool]]:
    for node in body:
        inside = mixed or isinstance(node, (ast.For, ast.AsyncFor, ast.While, *_TRIES))
        yield node, inside
        if isinstance(node, _Definition):
            continue
        for part in ("body", "orelse", "finalbody"):
            if part_body := getattr(node, part, None):
                yield from _statements(part_body, inside)
        for holder in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield holder, inside
            yield from _statements(holder.body, inside)


def bound_names(node: ast.AST, walrus: bool) -> Iterator[str]:
    """Names that one statement binds by itself; those of ``:=`` only where the file has any."""
    if isinstance(node, _Definition):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from target_names(target)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from target_names(node.target)
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield from target_names(item.optional_vars)
    elif isinstance(node, ast.ExceptHandler):
        yield from [node.name] if node.name else []
    elif isinstance(node, ast.match_case):
        for part in ast.walk(node.pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            yield from [name] if name else []
    if walrus and isinstance(node, ast.stmt):
        for part in _expressions(node):
            yield from (named.target.id for named in ast.walk(part) if isinstance(named, ast.NamedExpr))


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    if not isinstance(node, _Definition):
        yield from (part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))


def target_names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from target_names(part)
    elif isinstance(target, ast.Starred):
        yield from target_names(target.value)
