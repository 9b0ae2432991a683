"""All files together: which definition a name of a module, a member of a class or a dotted chain means.

Answers are pure functions of the files' interfaces, so that the order in which questions are asked cannot matter.
Must not know lines, bodies or the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from .facts import CLASS, FIELD, FUNCTION, GLOBAL, METHOD, Facts, SymbolFact
from .memory import Memory
from .scopes import BUILTINS

T = TypeVar("T")

_CANDIDATES = 8
_TEST = re.compile(r"(^|\.)(tests?|conftest|test_\w*|\w*_test)(\.|#|$)")


class Value(NamedTuple):
    """What a chain stands for: ``symbol``, ``module``, ``instance`` of a class, ``self``/``cls``/``super`` inside a class,
    ``external`` (a dotted name outside the library), ``foreign`` (surely nothing of the library) or ``unknown``."""

    kind: str
    id: str


class Found(NamedTuple):
    values: tuple[Value, ...]
    exact: bool
    """True when scope and imports alone prove it."""


UNKNOWN, FOREIGN = Found((Value("unknown", ""),), False), Found((Value("foreign", ""),), False)


@dataclass(slots=True, eq=False)
class Unit:
    """One file as the others see it."""

    id: str
    """The module's name, with ``#2`` where another file has the same."""
    module: str
    document: int
    facts: Facts
    symbols: dict[str, SymbolFact] = field(default_factory=dict)
    members: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Path of a definition -> name -> paths of what it holds under that name."""
    names: dict[str, list[tuple[int, str, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for symbol in self.facts.symbols:
            self.symbols[symbol.path] = symbol
            if symbol.path:
                self.members.setdefault(symbol.parent, {}).setdefault(symbol.name, []).append(symbol.path)
        for position, binding in enumerate(self.facts.bindings):
            self.names.setdefault(binding.name, []).append((position, binding.target, binding.certain))

    def full(self, path: str) -> str:
        return f"{self.id}.{path}" if path else self.id


def is_test(name: str) -> bool:
    return _TEST.search(name) is not None


class Library:
    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = sorted(units, key=lambda unit: unit.id)
        self.modules = {unit.module: unit for unit in reversed(self.units)}
        self.symbols = {unit.full(path): (unit, symbol) for unit in self.units for path, symbol in unit.symbols.items()}
        self._memory = Memory()
        self.parents: dict[str, tuple[tuple[str, ...], bool]] = {}
        """Class -> ids of its direct bases, and whether they are proven; see ``classes``."""
        self.parents = dict(self._find_parents())
        self._memory = Memory()

    def _find_parents(self) -> Iterator[tuple[str, tuple[tuple[str, ...], bool]]]:
        from .classes import bases

        for name, (_, symbol) in self.symbols.items():
            if symbol.label == CLASS:
                yield name, bases(self, name)

    def once(self, key: Hashable, compute: Callable[[], T], default: T) -> T:
        return self._memory.once(key, compute, default)

    # Names of a module

    def lookup(self, unit: Unit, name: str) -> Found | None:
        """What ``name`` means as an attribute of the module; None when nothing is known of it."""
        return self.once(("name", unit.id, name), lambda: self._lookup(unit, name), None)

    def _lookup(self, unit: Unit, name: str) -> Found | None:
        values: list[Value] = []
        exact, outside = True, ""
        entries = sorted([*unit.names.get(name, ()), *((p, f"*{t}", c) for p, t, c in unit.names.get("*", ()))], reverse=True)
        for _, target, certain in entries:
            found = self._starred(unit, target[1:], name) if target.startswith("*=") else self.meaning(unit, target)
            if found is None:
                continue
            if target.startswith("*=") and found.values[0].kind == "external":
                exact, outside = False, outside or found.values[0].id
                continue
            values += (value for value in found.values if value.kind != "unknown")
            exact = exact and found.exact
            if certain:
                break
        if values or (entries and name in unit.names):
            return self._join(values, exact)
        inner = self.modules.get(f"{unit.module}.{name}")
        if inner is not None:
            return Found((Value("module", inner.id),), True)
        return Found((Value("external", f"{outside}.{name}"),), False) if outside and name not in BUILTINS else None

    def _join(self, values: Iterable[Value], exact: bool) -> Found:
        distinct = tuple(dict.fromkeys(values))[:_CANDIDATES]
        return Found(distinct, exact and len(distinct) == 1) if distinct else UNKNOWN

    def _starred(self, unit: Unit, target: str, name: str) -> Found | None:
        """What a star import of ``target`` brings under that name."""
        module = target[1:].replace("/", ".")
        source = self.modules.get(module)
        if source is None:
            return Found((Value("external", module),), False)
        facts = source.facts
        listed = name in (facts.exports or ())
        if not listed and ((facts.exports is not None and not facts.computed_exports) or name.startswith("_")):
            return None
        found = self.lookup(source, name)
        if found is None or found.values[0].kind == "external":
            return None
        sure = listed or not facts.computed_exports
        if name not in source.names and found.values[0] == Value("module", f"{source.id}.{name}"):
            # A submodule is an attribute of its package only once somebody has imported it.
            path = f"={source.module}.{name}".replace(".", "/")
            sure = any(re.match(rf"{path}\b", binding.target) for binding in facts.bindings)
        return Found(found.values, found.exact and sure)

    def imported(self, unit: Unit, target: str) -> Found:
        """``=a/b`` or ``=a/b:c``."""
        path, _, name = target[1:].partition(":")
        dotted = path.replace("/", ".")
        source, exact = self.modules.get(dotted), True
        if source is None:
            # A script finds the files beside it, wherever its folder is.
            beside = f"{unit.module.rpartition('.')[0]}.{dotted}".strip(".")
            source, exact = self.modules.get(beside), False
        if source is None:
            return Found((Value("external", f"{dotted}.{name}".rstrip(".")),), False)
        if not name:
            return Found((Value("module", source.id),), exact)
        found = self.lookup(source, name) or self._submodule(source, name)
        return Found(found.values, found.exact and exact)

    def _submodule(self, unit: Unit, name: str) -> Found:
        inner = self.modules.get(f"{unit.module}.{name}")
        return Found((Value("module", inner.id),), True) if inner else Found((Value("external", f"{unit.module}.{name}"),), False)

    # Chains

    def steps(self, unit: Unit, chain: str) -> list[Found]:
        """What each dotted part of the chain stands for, before the part is called."""
        guess, parts = chain.startswith("~"), chain.removeprefix("~").replace("|", "").split(".")
        found = self._root(unit, parts[0].partition("(")[0])
        steps = [Found(found.values, found.exact and not guess)]
        for before, part in zip(parts, parts[1:], strict=False):
            found = self._called(steps[-1], before.count("()"))
            steps.append(self._each(found, lambda value, name=part.partition("(")[0]: self.attribute(value, name)))
        return steps

    def meaning(self, unit: Unit, chain: str) -> Found:
        if not chain:
            return UNKNOWN
        return self._called(self.steps(unit, chain)[-1], chain.rpartition(".")[2].count("()"))

    def _called(self, found: Found, times: int) -> Found:
        for _ in range(times):
            found = self._each(found, self._call)
        return found

    def _each(self, found: Found, step: Callable[[Value], Found]) -> Found:
        results = [step(value) for value in found.values]
        return self._join((v for result in results for v in result.values), found.exact and all(r.exact for r in results))

    def _root(self, unit: Unit, name: str) -> Found:
        sigil, path = name[:1], name[1:].replace("/", ".")
        if sigil == "=":
            return self.imported(unit, name)
        if sigil == "$":
            return self._own(unit, path)
        if sigil in ("@", "%", "&"):
            return Found((Value({"@": "self", "%": "cls", "&": "super"}[sigil], unit.full(path)),), True)
        if name == "*":
            return UNKNOWN
        found = self.lookup(unit, name)
        return found or (FOREIGN if name in BUILTINS else Found((Value("external", name),), False))

    def _own(self, unit: Unit, path: str) -> Found:
        parent, _, name = path.rpartition(".")
        paths = unit.members.get(parent, {}).get(name, []) if unit.symbols.get(parent, _NO_SYMBOL).label == CLASS else [path]
        known = [p for p in paths if p in unit.symbols]
        return self.symbols_at(unit, known) if known else UNKNOWN

    def symbols_at(self, unit: Unit, paths: list[str]) -> Found:
        rebound = any("rebound" in unit.symbols[path].flags for path in paths)
        return self._join((Value("symbol", unit.full(path)) for path in paths), not rebound)

    def attribute(self, value: Value, name: str) -> Found:
        if value.kind == "module":
            unit = self.symbols[value.id][0]
            return self.lookup(unit, name) or Found((Value("external", f"{unit.module}.{name}"),), False)
        if value.kind == "external":
            return Found((Value("external", f"{value.id}.{name}"),), False)
        if value.kind in ("self", "cls", "super"):
            return self.dispatch(value.kind, value.id, name)
        if value.kind == "instance":
            found = self.member(value.id, name)
            return Found(found.values, False)
        return self._symbol_attribute(value, name) if value.kind == "symbol" else Found((value,), False)

    def _symbol_attribute(self, value: Value, name: str) -> Found:
        unit, symbol = self.symbols[value.id]
        if symbol.label == CLASS:
            return self.member(value.id, name)
        if symbol.label in (FUNCTION, METHOD) and "property" not in symbol.flags:
            return UNKNOWN if symbol.decorators else FOREIGN
        return self._each(self.held(value), lambda held: self.attribute(held, name))

    def held(self, value: Value) -> Found:
        """What a variable holds or a function or property returns, as far as its text says; never another variable."""
        return self.once(("held", value.id), lambda: self._held(value), UNKNOWN)

    def _held(self, value: Value) -> Found:
        unit, symbol = self.symbols[value.id]
        found = self._each(self.meaning(unit, symbol.value), lambda v: self.held(v) if self.is_variable(v) else Found((v,), True))
        return Found(found.values, found.exact and symbol.label in (FIELD, GLOBAL))

    def is_variable(self, value: Value) -> bool:
        return value.kind == "symbol" and self.symbols[value.id][1].label in (FIELD, GLOBAL)

    def _call(self, value: Value) -> Found:
        if value.kind == "cls":
            return Found((Value("self", value.id),), False)
        if value.kind == "external":
            return FOREIGN
        if value.kind != "symbol":
            return FOREIGN if value.kind == "foreign" else UNKNOWN
        symbol = self.symbols[value.id][1]
        if symbol.label == CLASS:
            return Found((Value("instance", value.id),), False)
        if self.is_variable(value):
            return self._each(self.held(value), self._call)
        return UNKNOWN if "property" in symbol.flags else self.held(value)

    # Classes: the rest of this type's questions are answered there.

    def member(self, class_id: str, name: str) -> Found:
        from .classes import find, mro

        return find(self, mro(self, class_id), name) or UNKNOWN

    def dispatch(self, kind: str, class_id: str, name: str) -> Found:
        from .classes import dispatch

        return dispatch(self, kind, class_id, name)


_NO_SYMBOL = SymbolFact("", "", 0, 0)
