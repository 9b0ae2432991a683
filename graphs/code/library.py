"""All files together: which definition a name of a module, a member of a class or a dotted chain means.

Answers are pure functions of the files' interfaces, so that the order in which questions are asked cannot matter.
Must not know lines, bodies or the database.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import TypeVar

from .classes import Classes
from .facts import CLASS, FIELD, FUNCTION, GLOBAL, METHOD
from .memory import Memory
from .scopes import BUILTINS
from .values import FOREIGN, NOT_KNOWN, Found, Unit, Value

T = TypeVar("T")

_CANDIDATES = 8


class Library:
    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = sorted(units, key=lambda unit: unit.id)
        self.modules = {unit.module: unit for unit in reversed(self.units)}
        self.by_id = {unit.id: unit for unit in self.units}
        # A package may define a name that one of its modules has, too: the definition is what the name means.
        self.symbols = {
            unit.full(path): (unit, symbol) for unit in reversed(self.units) for path, symbol in unit.symbols.items()
        }
        self._memory = Memory()
        self.classes = Classes(self)
        self.classes.settle()
        self._memory = Memory()  # what was answered while the bases were still being found is not kept

    def once(self, key: Hashable, compute: Callable[[], T], default: T) -> T:
        return self._memory.once(key, compute, default)

    def is_kept(self, key: Hashable) -> bool:
        """Whether ``once`` has its answer for good."""
        return self._memory.is_kept(key)

    # Names of a module

    def lookup(self, unit: Unit, name: str) -> Found | None:
        """What ``name`` means as an attribute of the module; None when nothing is known of it."""
        return self.once(("name", unit.id, name), lambda: self._lookup(unit, name), None)

    def _lookup(self, unit: Unit, name: str) -> Found | None:
        values: list[Value] = []
        exact, outside = True, ""
        entries = sorted(
            [*unit.names.get(name, ()), *((p, f"*{t}", c) for p, t, c in unit.names.get("*", ()))], reverse=True
        )
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
        return Found(distinct, exact and len(distinct) == 1) if distinct else NOT_KNOWN

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
        if source is None and dotted.partition(".")[0] not in sys.stdlib_module_names:
            source, exact = self._beside(unit, dotted), False
        if source is None:
            return Found((Value("external", f"{dotted}.{name}".rstrip(".")),), False)
        if not name:
            return Found((Value("module", source.id),), exact)
        found = self.lookup(source, name) or self._submodule(source, name)
        return Found(found.values, found.exact and exact)

    def _beside(self, unit: Unit, dotted: str) -> Unit | None:
        """A script finds the files beside it, wherever its folder is; a module of a package does not."""
        folder = unit.module.rpartition(".")[0]
        return None if folder in self.modules else self.modules.get(f"{folder}.{dotted}".strip("."))

    def _submodule(self, unit: Unit, name: str) -> Found:
        dotted = f"{unit.module}.{name}"
        inner = self.modules.get(dotted)
        return Found((Value("module", inner.id),), True) if inner else Found((Value("external", dotted),), False)

    # Chains

    def steps(self, unit: Unit, chain: str) -> list[Found]:
        """What each dotted part of the chain stands for, by scope and imports alone."""
        root, *parts = chain.split(".")
        steps = [self.root(unit, root)]
        for part in parts:
            steps.append(self._each(steps[-1], partial(self.attribute, part)))
        return steps

    def meaning(self, unit: Unit, chain: str) -> Found:
        return self.steps(unit, chain)[-1] if chain else NOT_KNOWN

    def _each(self, found: Found, step: Callable[[Value], Found]) -> Found:
        results = [step(value) for value in found.values]
        return self._join(
            (v for result in results for v in result.values), found.exact and all(r.exact for r in results)
        )

    def root(self, unit: Unit, name: str) -> Found:
        sigil, path = name[:1], name[1:].replace("/", ".")
        if sigil == "=":
            return self.imported(unit, name)
        if sigil == "$":
            return self._own(unit, path)
        if sigil in ("@", "%", "&"):
            return Found((Value({"@": "self", "%": "cls", "&": "super"}[sigil], unit.full(path)),), True)
        if name == "*":
            return NOT_KNOWN
        found = self.lookup(unit, name)
        return found or (FOREIGN if name in BUILTINS else Found((Value("external", name),), False))

    def _own(self, unit: Unit, path: str) -> Found:
        parent, _, name = path.rpartition(".")
        holder = unit.symbols.get(parent)
        in_class = holder is not None and holder.label == CLASS
        paths = unit.members.get(parent, {}).get(name, []) if in_class else [path]
        known = [path for path in paths if path in unit.symbols]
        return self.symbols_at(unit, known) if known else NOT_KNOWN

    def symbols_at(self, unit: Unit, paths: list[str]) -> Found:
        rebound = any("rebound" in unit.symbols[path].flags for path in paths)
        return self._join((Value("symbol", unit.full(path)) for path in paths), not rebound)

    def attribute(self, name: str, value: Value) -> Found:
        if value.kind == "module":
            unit = self.by_id[value.id]
            return self.lookup(unit, name) or Found((Value("external", f"{unit.module}.{name}"),), False)
        if value.kind == "external":
            return Found((Value("external", f"{value.id}.{name}"),), False)
        if value.kind in ("self", "cls", "super"):
            return self.classes.dispatch(value.kind, value.id, name)
        return self._symbol_attribute(value, name) if value.kind == "symbol" else Found((value,), False)

    def _symbol_attribute(self, value: Value, name: str) -> Found:
        symbol = self.symbols[value.id][1]
        if symbol.label == CLASS:
            return self.classes.member(value.id, name)
        if symbol.label in (FUNCTION, METHOD):
            return NOT_KNOWN if symbol.decorators or "property" in symbol.flags else FOREIGN
        return self._each(self.held(value), partial(self.attribute, name))

    def held(self, value: Value) -> Found:
        """What a variable is bound to, where the text has one name for it; never another variable."""
        return self.once(("held", value.id), lambda: self._held(value), NOT_KNOWN)

    def _held(self, value: Value) -> Found:
        unit, symbol = self.symbols[value.id]
        return self._each(self.meaning(unit, symbol.value), self._settled)

    def _settled(self, value: Value) -> Found:
        return self.held(value) if self.is_variable(value) else Found((value,), True)

    def is_variable(self, value: Value) -> bool:
        return value.kind == "symbol" and self.symbols[value.id][1].label in (FIELD, GLOBAL)
