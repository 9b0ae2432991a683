"""What code refers to, as one file can write it down: chains of names, and lists for what is computed.

Names and attributes that scope alone leads to are *chains*, strings:

    nx.Graph.add_edge       names and attributes; the first name is looked up in the module
    $outer/inner            a definition of this file, by its path
    @Graph.add_edge         ``self`` inside the class with that path; ``%`` for ``cls``
    &Graph.add_edge         ``super()`` there
    !add_edge               the function that is declared here and defined anywhere
    ~Graph:add_edge         the bare name in that class, in languages where it can be a member
    =a/b                    the module a.b, imported
    =a/b:c                  the name c of the module a.b, imported
    \\$x                      the name $x of the module, which begins as one of these
    *.append                an attribute of something that cannot be followed; the empty string is Python's own

All else is a list, whose first item says what it is:

    ["v", slot]             a local variable             [".", of, name]     an attribute
    ["(", n]                the result of call n         ["[", of, key]      an item; the key is empty when computed
    ["b", box]              a container made here        ["*", of]           each element of a container
    ["l", lambda]           a lambda                     ["*v", of]          each value of a mapping
    ["d", path]             a definition, undecorated    ["k", key]          a constant key
    ["o", path]             the object of that variable
    ["i", class]            an instance of it            ["w", of, n]        what ``with`` binds; n calls ``__enter__``
    ["c", class]            it or a subclass             ["?", of, start, t] an attribute of a computed name
    ["|", a, b, …]          one of these                 ["s", of]           a starred argument

A *slot* holds values: ``f:x`` a parameter or local variable of ``f``, ``f()`` what it returns, ``f*`` what it yields,
``f@`` what its decorators make of it, ``A.x`` a field, ``x`` a global, ``[3[`` the elements of box ``[3``, ``[3[key``
one of them, ``{3{`` the keys of a mapping; the box of an object without a class begins with ``o``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Expression = str | list[Any]

MOST = 150
"""Things that a name may stand for at one place, and values of one slot."""

NAME, IMPORT, DEFINITION, SELF, CLS, SUPER, DECLARED, MEMBER, UNKNOWN = "", "=", "$", "@", "%", "&", "!", "~", "*"
"""What a chain starts from, as the text of a chain marks it."""
_MARKS = frozenset([IMPORT, DEFINITION, SELF, CLS, SUPER, DECLARED, MEMBER, UNKNOWN])
RECEIVERS = frozenset([SELF, CLS, SUPER])


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain, taken apart."""

    start: str
    """``NAME``, ``IMPORT``, … ``UNKNOWN``."""
    path: str = ""
    """Of the definition or class, dotted; of the import, as it is written; empty for a name of the module."""
    name: str = ""
    """The name that is imported or looked up; empty where the path says it all."""
    steps: tuple[str, ...] = ()
    """The attributes behind it."""


@lru_cache(maxsize=65_536)
def chain_of(text: str) -> Chain:
    root, *steps = text.split(".")
    start, rest = root[:1], root[1:]
    if start not in _MARKS:
        return Chain(NAME, "", root.removeprefix("\\"), tuple(steps))
    if start == UNKNOWN:
        return Chain(UNKNOWN, "", rest, tuple(steps))
    if start == DECLARED:
        return Chain(DECLARED, "", rest, tuple(steps))
    if start in (IMPORT, MEMBER):
        path, _, name = rest.partition(":")
        return Chain(start, path if start == IMPORT else path.replace("/", "."), name, tuple(steps))
    return Chain(start, rest.replace("/", "."), "", tuple(steps))


def to_name(name: str) -> str:
    """A name of the module, whatever it begins with."""
    return f"\\{name}" if name[:1] in "=$@%&~!*\\" else name


def to_definition(path: str) -> str:
    return f"{DEFINITION}{path.replace('.', '/')}"


def to_self(path: str, start: str = SELF) -> str:
    """The receiver in the class with that path; ``start`` may be ``CLS`` or ``SUPER``."""
    return f"{start}{path.replace('.', '/')}"


def receiver_of(expression: Expression) -> Chain | None:
    """The chain, where it is a receiver and nothing stands behind it."""
    if not isinstance(expression, str) or expression[:1] not in RECEIVERS:
        return None
    chain = chain_of(expression)
    return None if chain.steps else chain


def above_of(expression: Expression) -> Expression:
    """``super()`` where ``expression`` is the receiver."""
    receiver = receiver_of(expression)
    return to_self(receiver.path, SUPER) if receiver is not None and receiver.start != SUPER else "*"


def to_import(path: str, name: str = "") -> str:
    return f"{IMPORT}{path}:{name}" if name else f"{IMPORT}{path}"


def to_declared(name: str) -> str:
    return f"{DECLARED}{name}"


def to_member(path: str, name: str) -> str:
    return f"{MEMBER}{path.replace('.', '/')}:{name}"


def member_of(base: Expression, attr: str) -> Expression:
    if isinstance(base, str):
        return base and f"{base}.{attr}"
    return [".", base, attr]


def parts(target: Expression) -> tuple[Expression, str]:
    """What stands before the last dot, and the attribute after it; the name is empty where there is none."""
    if isinstance(target, str):
        base, _, name = target.rpartition(".")
        return (base, name) if base else (target, "")
    return (target[1], target[2]) if target[0] == "." else (target, "")


def union(values: Iterable[Expression]) -> list[Expression]:
    """The values without repeats; of more than ``MOST`` nothing is said."""
    found: list[Expression] = []
    for value in values:
        if value not in found:
            found.append(value)
            if len(found) > MOST:
                return ["*"]
    return found


def any_of(values: list[Expression]) -> Expression:
    """One expression for several that may be meant."""
    values = union(values) if len(values) > 1 else values
    return values[0] if len(values) == 1 else ["|", *values]


def size(expression: object) -> int:
    """Items of an expression, parts of its parts included."""
    if not isinstance(expression, (list, tuple)) or not expression:
        return 1
    count, waiting = 1, [*expression]
    while waiting:
        part = waiting.pop()
        count += 1
        if isinstance(part, (list, tuple)):
            waiting += part
    return count
