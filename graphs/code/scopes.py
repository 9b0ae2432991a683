"""Lexical scopes of one file: which binding a name means, by Python's own rules, and what that binding is known to be.

Must not know other files: a name of the module stays a name, and the resolver looks it up.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass, field

SIGILS = "$@%&=~"
BUILTINS = frozenset(dir(builtins))
_ROOT = re.compile(r"[^.(]*")


@dataclass(slots=True, eq=False)
class Scope:
    kind: str
    """``module``, ``class`` or ``function`` (also lambdas and comprehensions)."""
    parent: Scope | None
    owner: int
    """Index of the symbol whose body this is."""
    path: str
    """Path of the innermost definition."""
    names: dict[str, list[str]] = field(default_factory=dict)
    """Name -> the chains it is bound to here; ``*`` for a binding that says nothing."""
    module_names: set[str] = field(default_factory=set)
    outer_names: set[str] = field(default_factory=set)
    receiver: str = ""
    """The name of the first parameter (``self``, ``cls``) where this is a method's body."""

    def bind(self, name: str, value: str = "*") -> None:
        known = self.names.setdefault(name, [])
        if value not in known or value == "*":
            known.append(value)

    def class_path(self) -> str:
        """Path of the class whose method or body this scope lies in, as a chain writes it; empty outside classes."""
        scope: Scope | None = self
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        return scope.path.replace(".", "/") if scope else ""


def resolve(scope: Scope, chain: str, seen: tuple[tuple[Scope, str], ...] = ()) -> str:
    """The chain with its first name replaced by what this file knows of it; empty when nothing can come of it."""
    if not chain or chain[0] in SIGILS:
        if chain[:1] == "&" and (chain == "&" or chain[1] in ".("):
            home = scope.class_path()
            return f"&{home}{chain[1:]}" if home else f"*{chain[1:]}"
        return chain
    match = _ROOT.match(chain)
    root = match.group() if match else chain
    rest = chain[len(root) :]
    if root == "*":
        return chain
    home_scope, values = _find(scope, root)
    if home_scope is None or home_scope.kind == "module":
        unknown_builtin = not values and root in BUILTINS
        return "" if unknown_builtin and not (home_scope and "*" in home_scope.names) else chain
    if home_scope.kind == "class":
        return f"${home_scope.path.replace('.', '/')}/{root}{rest}"
    if len(values) != 1 or (home_scope, root) in seen or len(seen) > 8:
        return f"*{rest}"
    value = values[0]
    if value[:1] in "$@%=" and value:
        return value + rest
    meaning = resolve(home_scope, value.removeprefix("~"), (*seen, (home_scope, root)))
    if not meaning or meaning[0] == "*":
        return meaning and meaning + rest
    return f"~{meaning.removeprefix('~').replace('|', '')}|{rest}"


def _find(scope: Scope, name: str) -> tuple[Scope | None, list[str]]:
    start, current = scope, scope
    while True:
        if current.kind == "module":
            return current, current.names.get(name, [])
        if name in current.module_names:
            current = root(current)
            continue
        visible = current.kind != "class" or current is start
        if visible and name in current.names and name not in current.outer_names:
            return current, current.names[name]
        if current.parent is None:
            return None, []
        current = current.parent


def root(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope
