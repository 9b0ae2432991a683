"""Inheritance across files: method resolution orders, members, and where a call through ``self`` can arrive."""

from __future__ import annotations

import builtins

from .facts import CLASS, METHOD
from .library import FOREIGN, UNKNOWN, Found, Library, Unit, Value, is_test

OUTSIDE = "external:"
_PLAIN = {"object", "abc.ABC", "typing.Generic", "typing.Protocol"}
"""Bases outside the library that bring no members of interest."""


def bases(library: Library, class_id: str) -> tuple[tuple[str, ...], bool]:
    """Ids of the direct bases, ``external:…`` for those outside, and whether all are proven."""
    unit, symbol = library.symbols[class_id]
    found = [_classes(library, library.meaning(unit, chain)) for chain in symbol.bases]
    return tuple(dict.fromkeys(base for names, _ in found for base in names if base != class_id)), all(ok for _, ok in found)


def _classes(library: Library, found: Found) -> tuple[list[str], bool]:
    names: list[str] = []
    for value in found.values:
        if value.kind == "external":
            names.append(OUTSIDE + value.id)
        elif value.kind == "symbol" and library.symbols[value.id][1].label == CLASS:
            names.append(value.id)
        elif library.is_variable(value):
            names += _classes(library, library.held(value))[0]
    outside_only = len(names) == 1 and names[0].startswith(OUTSIDE)
    return (names, found.exact or outside_only) if names else ([OUTSIDE + "*"], True)


def mro(library: Library, class_id: str) -> tuple[str, ...]:
    """The class, then its ancestors in the order Python asks them. ``external:*`` stands for "here something is missing"."""
    return library.once(("mro", class_id), lambda: _mro(library, class_id), (class_id, OUTSIDE + "*"))


def _mro(library: Library, class_id: str) -> tuple[str, ...]:
    parents, proven = library.parents.get(class_id) or bases(library, class_id)
    lines = [list(mro(library, base)) if base in library.symbols else [base] for base in parents]
    merged = _merge([*lines, list(parents)])
    if merged is None or not proven:
        flat = merged or list(dict.fromkeys(name for line in lines for name in line))
        return class_id, OUTSIDE + "*", *(name for name in flat if name not in (class_id, OUTSIDE + "*"))
    return class_id, *merged


def _merge(lines: list[list[str]]) -> list[str] | None:
    """C3 linearization; None when there is none."""
    order: list[str] = []
    while lines := [line for line in lines if line]:
        tails = {name for line in lines for name in line[1:]}
        head = next((line[0] for line in lines if line[0] not in tails), None)
        if head is None:
            return None
        order.append(head)
        lines = [line[1:] if line[0] == head else line for line in lines]
    return order


def find(library: Library, order: tuple[str, ...], name: str) -> Found | None:
    """The member that the first class of ``order`` has; a name of the first outside base when none has it."""
    outside: list[str] = []
    for class_id in order:
        if class_id.startswith(OUTSIDE):
            base = class_id.removeprefix(OUTSIDE)
            if _builtin_has(base, name):
                return FOREIGN
            if base not in _PLAIN and not base.startswith("builtins."):
                outside.append(base)
            continue
        found = own(library, class_id, name)
        if found:
            return Found(found.values, found.exact and not outside)
    named = [base for base in outside if base != "*"]
    return Found((Value("external", f"{named[0]}.{name}"),), False) if named else None


def _builtin_has(base: str, name: str) -> bool:
    return base.startswith("builtins.") and hasattr(getattr(builtins, base.removeprefix("builtins."), None), name)


def own(library: Library, class_id: str, name: str) -> Found | None:
    unit, symbol = library.symbols[class_id]
    paths = unit.members.get(symbol.path, {}).get(name)
    return library.symbols_at(unit, paths) if paths else None


def dispatch(library: Library, kind: str, class_id: str, name: str) -> Found:
    """``self.name``, ``cls.name`` or ``super().name`` in the body of a class: every definition that it can reach, since
    the object may be of a subclass. Exact when there is one."""
    if class_id not in library.symbols:
        return UNKNOWN
    key = ("dispatch", kind == "super", class_id, name)
    return library.once(key, lambda: _dispatch(library, kind == "super", class_id, name), UNKNOWN)


def _dispatch(library: Library, above: bool, class_id: str, name: str) -> Found:
    values: list[Value] = []
    exact = True
    for receiver in (class_id, *descendants(library, class_id)):
        order = mro(library, receiver)
        found = find(library, order[order.index(class_id) + 1:] if above and class_id in order else order, name)
        exact = exact and found is not None and found.exact
        if found and (receiver == class_id or not is_test(receiver)):
            values += (value for value in found.values if value.kind == "symbol" or receiver == class_id)
    distinct = tuple(dict.fromkeys(values))[:12]
    return Found(distinct, exact and len(distinct) == 1) if distinct else UNKNOWN


def descendants(library: Library, class_id: str) -> tuple[str, ...]:
    children = library.once("children", lambda: _children(library), {})
    found: dict[str, None] = {}
    waiting = list(children.get(class_id, ()))
    while waiting:
        name = waiting.pop()
        if name not in found and name != class_id:
            found[name] = None
            waiting += children.get(name, ())
    return tuple(sorted(found))


def _children(library: Library) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for name, (parents, _) in library.parents.items():
        for base in parents:
            children.setdefault(base, []).append(name)
    return children


def only_method(library: Library, unit: Unit, name: str) -> Found | None:
    """The one method of that name in the library, or the one that all others of that name override. Classes of test
    files count in their own file only."""
    here = unit.id if is_test(unit.id) else ""
    return library.once(("only", name, here), lambda: _only_method(library, here, name), None)


def method_owners(library: Library, name: str) -> tuple[str, ...]:
    owners = library.once("owners", lambda: _owners(library), {})
    return tuple(owners.get(name, ()))


def _owners(library: Library) -> dict[str, dict[str, None]]:
    owners: dict[str, dict[str, None]] = {}
    for unit in library.units:
        for symbol in unit.facts.symbols:
            if symbol.label == METHOD:
                owners.setdefault(symbol.name, {})[unit.full(symbol.parent)] = None
    return owners


def _only_method(library: Library, here: str, name: str) -> Found | None:
    owners = [c for c in method_owners(library, name) if not is_test(c) or (here and library.symbols[c][0].id == here)]
    roots = [c for c in owners if not set(mro(library, c)[1:]) & set(owners)]
    found = own(library, roots[0], name) if len(roots) == 1 else None
    return Found(found.values, False) if found else None
