"""All files together: which definition a name of a module, a member of a class or a dotted chain means.

Answers are pure functions of the files' interfaces, so that the order in which questions are asked cannot matter.
Must not know lines, bodies or the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

from .. import expressions
from ..expressions import chain_of
from ..facts import CLASS, FIELD, FUNCTION, GLOBAL, METHOD
from .classes import Classes
from .homes import find_homes
from .memory import Memory
from .naming import Naming
from .values import FOREIGN, NOT_KNOWN, Meaning, Unit, Value

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_CANDIDATES = 8
_RECEIVERS = {expressions.SELF: "self", expressions.CLS: "cls", expressions.SUPER: "super"}
_STAR_IMPORT = f"*{expressions.IMPORT}"
"""How an import begins that brings names which nobody lists."""


class Program:
    """Files of one family of languages. ``projects``: path -> text of the files that say how imports are found, such as
    ``package.json``."""

    def __init__(self, units: Iterable[Unit], naming: Naming, projects: Mapping[str, str] | None = None) -> None:
        self.units = sorted(units, key=lambda unit: unit.id)
        self.projects = projects or {}
        self.naming = naming
        self.modules = {unit.module: unit for unit in reversed(self.units)} if self.naming.packages else {}
        """By the name under which Python imports a file; empty for other languages."""
        self.files = {unit.path: unit for unit in reversed(self.units)}
        self.by_id = {unit.id: unit for unit in self.units}
        # A package may define a name that one of its modules has, too: the definition is what the name means.
        self.symbols = {
            unit.full(path): (unit, symbol) for unit in reversed(self.units) for path, symbol in unit.symbols.items()
        }
        self.homes = find_homes(self.units) if naming.reopened else {}
        """Full id of a class -> that of the class which it goes on with."""
        self._memory = Memory()
        self.kept: Mapping[Hashable, Any] = self._memory.kept
        """What ``once`` has answered for good; who asks often looks here first."""
        self.classes = Classes(self)
        self.classes.settle()
        self._memory = Memory()  # what was answered while the bases were still being found is not kept
        self.kept = self._memory.kept

    def once(self, key: Hashable, compute: Callable[[], T], default: T) -> T:
        return self._memory.once(key, compute, default)

    def files_by(self, name: str, keys: Callable[[Unit], Iterable[K]]) -> Mapping[K, Sequence[Unit]]:
        """The files under each of their keys; made once, and kept under ``name``."""

        def compute() -> Mapping[K, Sequence[Unit]]:
            found: dict[K, list[Unit]] = {}
            for unit in self.units:
                for key in keys(unit):
                    found.setdefault(key, []).append(unit)
            return found

        return self.once(name, compute, {})

    # Names of a module

    def lookup(self, unit: Unit, name: str) -> Meaning | None:
        """What ``name`` means as an attribute of the module; None when nothing is known of it."""
        key = ("name", unit.id, name)
        if key in self.kept:
            known: Meaning | None = self.kept[key]
            return known
        return self.once(key, partial(self._lookup, unit, name), None)

    def _lookup(self, unit: Unit, name: str) -> Meaning | None:
        values: list[Value] = []
        exact, outside = True, ""
        entries = sorted(
            [*unit.names.get(name, ()), *((p, f"*{t}", c) for p, t, c in unit.names.get("*", ()))], reverse=True
        )
        for _, target, certain in entries:
            starred = target.startswith(_STAR_IMPORT)
            found = self._star_import(unit, target[1:], name) if starred else self.meaning(unit, target)
            if found is None:
                continue
            if starred and found.values[0].kind == "external":
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
            return Meaning((Value("module", inner.id),), True)
        for other in self.naming.beside(self, unit):
            if name in other.names:
                return self._name_of(other, name)
        if others := self.naming.elsewhere(self, unit, name):
            known_there = [self._name_of(other, name) for other in others]
            return self._join(
                (value for each in known_there for value in each.values), all(each.exact for each in known_there)
            )
        known = name in self.naming.builtins
        return Meaning((Value("external", f"{outside}.{name}"),), False) if outside and not known else None

    def _name_of(self, unit: Unit, name: str) -> Meaning:
        return self.once(("own", unit.id, name), partial(self._own_name, unit, name), NOT_KNOWN)

    def _own_name(self, unit: Unit, name: str) -> Meaning:
        """What the bindings in the file say, as another file sees it that needs no import."""
        found = [self.meaning(unit, target) for _, target, _ in unit.names[name][::-1]]
        return self._join((value for each in found for value in each.values), all(each.exact for each in found))

    def _join(self, values: Iterable[Value], exact: bool) -> Meaning:
        distinct = tuple(dict.fromkeys(values))[:_CANDIDATES]
        return Meaning(distinct, exact and len(distinct) == 1) if distinct else NOT_KNOWN

    def _star_import(self, unit: Unit, target: str, name: str) -> Meaning | None:
        """What a star import of ``target`` brings under that name."""
        source, proven = self.naming.source(self, unit, target[1:])
        if source is None or not proven:
            return Meaning((Value("external", _import_path(target[1:])),), False)
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
        return Meaning(found.values, found.exact and sure)

    def import_of(self, unit: Unit, target: str) -> Meaning:
        """What an import stands for, as the text of its chain says; its path may have dots."""
        path, _, name = target.removeprefix(expressions.IMPORT).partition(":")
        return self._import(unit, path, name)

    def _import(self, unit: Unit, path: str, name: str) -> Meaning:
        source, exact = self.naming.source(self, unit, path)
        if source is None:
            shown = name if name != self.naming.whole else ""
            return Meaning((Value("external", f"{_import_path(path)}.{shown}".rstrip(".") if path else shown),), False)
        if not name:
            return Meaning((Value("module", source.id),), exact)
        found = self.lookup(source, name) or self.naming.missing(self, source, name)
        if found is None:
            return Meaning((Value("external", f"{source.module}.{name}"),), False)
        return Meaning(found.values, found.exact and exact)

    # Chains

    def steps(self, unit: Unit, chain: str) -> list[Meaning]:
        """What each dotted part of the chain stands for, by scope and imports alone."""
        if "." not in chain:
            return [self.root(unit, chain)]
        root, *parts = chain.split(".")
        steps = [self.root(unit, root)]
        for part in parts:
            steps.append(self._each(steps[-1], partial(self.attribute, part)))
        return steps

    def meaning(self, unit: Unit, chain: str) -> Meaning:
        return self.steps(unit, chain)[-1] if chain else NOT_KNOWN

    def _each(self, found: Meaning, step: Callable[[Value], Meaning]) -> Meaning:
        results = [step(value) for value in found.values]
        if len(results) == 1 and len(results[0].values) == 1 and (found.exact or not results[0].exact):
            return results[0]
        return self._join(
            (v for result in results for v in result.values), found.exact and all(r.exact for r in results)
        )

    def root(self, unit: Unit, name: str) -> Meaning:
        chain = chain_of(name)
        match chain.start:
            case expressions.NAME:
                name = chain.name
            case expressions.IMPORT:
                return self._import(unit, chain.path, chain.name)
            case expressions.DEFINITION:
                return self._own(unit, chain.path)
            case expressions.SELF | expressions.CLS | expressions.SUPER:
                home = self.class_at(unit, chain.path)
                return Meaning((Value(_RECEIVERS[chain.start], home),), True) if home in self.symbols else NOT_KNOWN
            case expressions.DECLARED:
                return self._join((Value("symbol", each) for each in self._functions.get(chain.name, ())), True)
            case expressions.UNKNOWN if not chain.name:
                return NOT_KNOWN
            case expressions.MEMBER:
                return self._inside(unit, chain.path, chain.name)
        found = self.lookup(unit, name)
        if found is not None or name in self.naming.builtins:
            return found or FOREIGN
        only = self.once(("function", name), lambda: self._find_function(name), None) if self.naming.shared else None
        return only or Meaning((Value("external", name),), False)

    def _inside(self, unit: Unit, home: str, name: str) -> Meaning:
        """A bare name in the body of a class: a member of it or of a class around it, else a name of the file."""
        path = home
        while path:
            found = self.classes.dispatch("self", self.class_at(unit, path), name)
            if found.values[0].kind == "symbol":
                return found
            path = path.rpartition(".")[0]
        return self.root(unit, name)

    def class_at(self, unit: Unit, path: str) -> str:
        """Full id of the class with that path in this file, which may be a part of one that another file defines."""
        if path in unit.symbols:
            full = unit.full(path)
            return self.homes.get(full, full)
        return self.once(("home", unit.id, path), lambda: self._find_home(unit, path), unit.full(path))

    def _find_home(self, unit: Unit, path: str) -> str:
        found = self.meaning(unit, path)
        value = found.values[0]
        known = len(found.values) == 1 and value.kind == "symbol" and self.symbols[value.id][1].label == CLASS
        return value.id if known else unit.full(path)

    def _find_function(self, name: str) -> Meaning | None:
        """The one function of that name in all files."""
        ids = self._functions.get(name, ())
        return Meaning((Value("symbol", ids[0]),), False) if len(ids) == 1 else None

    @cached_property
    def _functions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for unit in self.units:
            for symbol in unit.facts.symbols:
                if symbol.label == FUNCTION and not symbol.parent and "static" not in symbol.flags:
                    found.setdefault(symbol.name, []).append(unit.full(symbol.path))
        return found

    def _own(self, unit: Unit, path: str) -> Meaning:
        parent, _, name = path.rpartition(".")
        holder = unit.symbols.get(parent)
        in_class = holder is not None and holder.label == CLASS
        paths = unit.members.get(parent, {}).get(name, []) if in_class else [path]
        known = [path for path in paths if path in unit.symbols]
        return self.symbols_at(unit, known) if known else NOT_KNOWN

    def symbols_at(self, unit: Unit, paths: list[str]) -> Meaning:
        if len(paths) == 1:
            full = unit.full(paths[0])
            return Meaning(
                (Value("symbol", self.homes.get(full, full)),), "rebound" not in unit.symbols[paths[0]].flags
            )
        rebound = any("rebound" in unit.symbols[path].flags for path in paths)
        ids = [unit.full(path) for path in paths]
        return self._join((Value("symbol", self.homes.get(each, each)) for each in ids), not rebound)

    def attribute(self, name: str, value: Value) -> Meaning:
        if value.kind == "module":
            unit = self.by_id[value.id]
            return self.lookup(unit, name) or Meaning((Value("external", f"{unit.module}.{name}"),), False)
        if value.kind == "external":
            return Meaning((Value("external", f"{value.id}.{name}"),), False)
        if value.kind in ("self", "cls", "super"):
            return self.classes.dispatch(value.kind, value.id, name)
        return self._symbol_attribute(value, name) if value.kind == "symbol" else Meaning((value,), False)

    def _symbol_attribute(self, value: Value, name: str) -> Meaning:
        unit, symbol = self.symbols[value.id]
        if "module" in symbol.flags and name in unit.names and name not in unit.members.get(symbol.path, ()):
            return self.lookup(unit, name) or NOT_KNOWN
        if symbol.label == CLASS or name in unit.members.get(symbol.path, ()):
            return self.classes.member(value.id, name, "class")
        if symbol.label in (FUNCTION, METHOD):
            return NOT_KNOWN if symbol.decorators or "property" in symbol.flags else FOREIGN
        return self._each(self.binding(value), partial(self.attribute, name))

    def binding(self, value: Value) -> Meaning:
        """What a variable is bound to, where the text has one name for it; never another variable."""
        return self.once(("held", value.id), lambda: self._find_held(value), NOT_KNOWN)

    def _find_held(self, value: Value) -> Meaning:
        unit, symbol = self.symbols[value.id]
        return self._each(self.meaning(unit, symbol.value), self._settle)

    def _settle(self, value: Value) -> Meaning:
        return self.binding(value) if self.is_variable(value) else Meaning((value,), True)

    def is_variable(self, value: Value) -> bool:
        return value.kind == "symbol" and self.symbols[value.id][1].label in (FIELD, GLOBAL)


def _import_path(path: str) -> str:
    """The path of an import as people write it."""
    return path.replace("/", ".").replace("|", ".").replace(";", ":")
