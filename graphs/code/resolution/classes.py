"""Inheritance across files: method resolution orders, members, and where a call through ``self`` can arrive."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING

from ..facts import CLASS, METHOD
from .circles import circular
from .values import FOREIGN, NOT_KNOWN, OUTSIDE, Meaning, Unit, Value, is_test, singleton

if TYPE_CHECKING:
    from .program import Program

_MISSING = f"{OUTSIDE}*"
"""Stands in a resolution order for "here something is not known"."""

_CANDIDATES = 64
_ANCESTORS = 200
"""Of one class; what is further up is not known."""
_LOOKS = 20_000
"""Classes that are looked at for what a call through ``self`` reaches: with more below, nothing of it is exact."""

_Bases = tuple[tuple[str, ...], bool]


class Classes:
    """Everything that hangs on who inherits from whom. Classes go by full id, those outside as ``external:…``."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._bases: dict[str, _Bases] = {}
        self._children: dict[str, list[str]] = {}
        self._owners: dict[str, list[str]] = {}
        self._members: dict[tuple[str, str, bool], Meaning] = {}
        self._implementing: dict[str, list[str]] = {}
        self._parts: dict[str, list[tuple[Unit, str]]] = {}
        """Class -> where else it is gone on with, as file and path."""
        self._holders: dict[str, set[str]] = {}
        """Name -> classes with a member of that name, which are few of any order."""
        for unit in program.units:
            for path, names in unit.members.items():
                self._hold(unit.full(path), names)
        self._below_of: dict[tuple[str, int], tuple[str, ...]] = {}
        self._settled = False

    def _hold(self, class_id: str, names: Iterable[str]) -> None:
        for name in names:
            self._holders.setdefault(name, set()).add(class_id)

    def _add_part(self, class_id: str, unit: Unit, path: str) -> None:
        self._parts.setdefault(class_id, []).append((unit, path))
        self._hold(class_id, unit.members.get(path, ()))

    def settle(self) -> None:
        """Finds all bases, then what follows from them. Until then, a base that hangs on other classes' bases is found
        by following these one by one."""
        program = self._program
        self._find_parts()
        found = (name for name, (_, symbol) in program.symbols.items() if symbol.label == CLASS)
        ids = [name for name in found if name not in program.homes]
        self._bases = {name: self._find_bases(name) for name in ids}
        for name in circular({name: bases for name, (bases, _) in self._bases.items()}):
            self._bases[name] = (_MISSING,), True
        for name, (parents, _) in self._bases.items():
            for parent in parents:
                self._children.setdefault(parent, []).append(name)
        for unit in program.units:
            for owner, name in dict.fromkeys((s.parent, s.name) for s in unit.facts.symbols if s.label == METHOD):
                home = program.class_at(unit, owner)
                if home in program.symbols:
                    self._owners.setdefault(name, []).append(home)
        if program.naming.structural:
            self._find_implementing(ids)
        self._settled = True

    def _find_implementing(self, ids: list[str]) -> None:
        """Types below the interfaces whose methods they have."""
        methods: dict[str, set[str]] = {}
        for name, owners in self._owners.items():
            for owner in owners:
                methods.setdefault(owner, set()).add(name)
        interfaces = {name for name in ids if "interface" in self._program.symbols[name][1].flags}
        whole = {
            name: frozenset(method for each in self.order(name) for method in methods.get(each, ())) for name in ids
        }
        for name in sorted(interfaces):
            if wanted := whole[name]:
                rarest = min(wanted, key=lambda method: (len(self._owners.get(method, ())), method))
                near = {owner for owner in self._owners.get(rarest, ()) if owner not in interfaces}
                below = {each for owner in near for each in (owner, *self._below([owner]))}
                found = [each for each in sorted(below) if each in whole and wanted <= whole[each]]
                self._implementing[name] = [each for each in found if each not in interfaces]
        for name, found in self._implementing.items():
            self._children.setdefault(name, []).extend(found)

    def _find_parts(self) -> None:
        """Methods and bases that files add to the classes of others."""
        for unit in self._program.units:
            for path in dict.fromkeys([*unit.members, *unit.facts.extended]):
                if path and path not in unit.symbols:
                    home = self._program.class_at(unit, path)
                    if home in self._program.symbols:
                        self._add_part(home, unit, path)
        for opened, home in self._program.homes.items():
            unit, symbol = self._program.symbols[opened]
            self._add_part(home, unit, symbol.path)

    def _find_bases(self, class_id: str) -> _Bases:
        """Ids of the direct bases, and whether all are proven."""
        unit, symbol = self._program.symbols[class_id]
        found = [self._class_names(self._program.meaning(unit, chain), chain) for chain in symbol.bases]
        for other, path in (*self._parts.get(class_id, ()), (unit, symbol.path)):
            opened = other.symbols.get(path)
            above = opened.bases if opened is not None and opened is not symbol else ()
            chains = (*above, *other.facts.extended.get(path, ()))
            found += [self._class_names(self._program.meaning(other, chain), chain) for chain in chains]
        names = dict.fromkeys(name for names, _ in found for name in names if name != class_id)
        return tuple(names), all(proven for _, proven in found)

    def _class_names(self, found: Meaning, chain: str = "") -> tuple[list[str], bool]:
        names: list[str] = []
        for value in found.values:
            if value.kind == "external":
                names.append(OUTSIDE + value.id)
            elif value.kind == "symbol" and self._program.symbols[value.id][1].label == CLASS:
                names.append(value.id)
            elif value.kind == "foreign" and chain:
                names.append(f"{OUTSIDE}{chain.rpartition(':')[2]}")  # a class of the language's own
            elif self._program.is_variable(value):
                names += self._class_names(self._program.binding(value))[0]
        outside_only = len(names) == 1 and names[0].startswith(OUTSIDE)
        return (names, found.exact or outside_only) if names else ([_MISSING], True)

    def order(self, class_id: str) -> tuple[str, ...]:
        """The class, then its ancestors in the order Python asks them (C3). Where that is not certain, ``external:*``
        follows the class."""
        if self._settled:
            if ("order", class_id) in self._program.kept:
                known: tuple[str, ...] = self._program.kept["order", class_id]
                return known
            for ancestor in self._waiting_ancestors(class_id):
                self._known_order(ancestor)
        return self._known_order(class_id)

    def _known_order(self, class_id: str) -> tuple[str, ...]:
        return self._program.once(("order", class_id), lambda: self._order(class_id), (class_id, _MISSING))

    def _waiting_ancestors(self, class_id: str) -> list[str]:
        """Ancestors whose order nobody has asked for, each after its own: however long a line of classes is, no order
        waits for more than those of its bases."""
        found: list[str] = []
        seen: set[str] = set()
        waiting = [(class_id, False)]
        while waiting:
            name, done = waiting.pop()
            if done:
                found.append(name)
            elif name not in seen and name in self._bases and ("order", name) not in self._program.kept:
                seen.add(name)
                waiting += [(name, True), *((base, False) for base in self._bases[name][0])]
        return found[:-1]

    def _order(self, class_id: str) -> tuple[str, ...]:
        parents, proven = self._bases.get(class_id) or self._find_bases(class_id)
        if len(parents) > _ANCESTORS:
            parents, proven = parents[:_ANCESTORS], False
        lines = [list(self.order(base)) if base in self._program.symbols else [base] for base in parents]
        merged = _merge([*lines, list(parents)])
        if merged is None or not proven or len(merged) > _ANCESTORS:
            flat = merged or list(dict.fromkeys(name for line in lines for name in line))
            known = [name for name in flat if name not in (class_id, _MISSING)]
            return class_id, _MISSING, *known[:_ANCESTORS]
        return class_id, *merged

    def is_enum(self, class_id: str) -> bool:
        """Not one whose own text is in no file: a field of it may be all that a file of methods shows."""
        return class_id in self._program.symbols and self._program.once(
            ("enum", class_id), lambda: any(base.startswith(f"{OUTSIDE}enum.") for base in self.order(class_id)), False
        )

    def metaclass_members(self, class_id: str, name: str) -> list[Value]:
        """Members of the class's own metaclass, which stands where it or an ancestor names it."""
        for ancestor in self.order(class_id):
            if ancestor in self._program.symbols:
                unit, symbol = self._program.symbols[ancestor]
                if symbol.value:
                    found = self._program.meaning(unit, symbol.value).values
                    return [
                        member
                        for value in found
                        if value.kind == "symbol" and self._program.symbols[value.id][1].label == CLASS
                        for member in self.member(value.id, name).values
                        if member.kind == "symbol"
                    ]
        return []

    def member(self, class_id: str, name: str, access: str = "new") -> Meaning:
        """``access``: what the member is asked of, an object of the class (``new``) or the class."""
        own = access == "class"
        if not self._settled:
            return self._find_for(own, self.order(class_id), name) or NOT_KNOWN
        known = self._members.get((class_id, name, own))
        if known is None:
            known = self._find_for(own, self.order(class_id), name) or NOT_KNOWN
            self._members[class_id, name, own] = known
        return known

    def _find_for(self, own: bool, order: tuple[str, ...], name: str) -> Meaning | None:
        """``own``: of the class itself, where its objects have other methods. Those of modules may be extended into
        it, and constants are always its own."""
        naming = self._program.naming
        if not (own and naming.reopened) or name[:1].isupper() or name in naming.constructors:
            return self.find(order, name)
        found = self.find(order, singleton(name))
        if found is not None and found.values[0].kind == "symbol":
            return found
        symbols = self._program.symbols
        modules = tuple(each for each in order if each not in symbols or "mixin" in symbols[each][1].flags)
        return self.find(modules, name)

    def find(self, order: tuple[str, ...], name: str) -> Meaning | None:
        """The member that the first class of ``order`` has; a name of the first outside base when none has it."""
        naming, outside = self._program.naming, list[str]()
        holders = self._holders.get(name, ())
        for class_id in order:
            if class_id not in holders:
                if class_id.startswith(OUTSIDE):
                    base = class_id.removeprefix(OUTSIDE)
                    if naming.has_member(base, name):
                        return FOREIGN
                    if not naming.is_plain(base):
                        outside.append(base)
                continue
            found = self._own(class_id, name)
            if found and self._is_own_field(found) and self._has_property(order, class_id, name):
                continue
            if found:
                return Meaning(found.values, found.exact and not outside)
        # A variable of the object (``@x``) is made where it is assigned.
        named = [base for base in outside if base != "*" and not name.startswith("@")]
        return Meaning((Value("external", f"{named[0]}.{name}"),), False) if named else None

    def _own(self, class_id: str, name: str) -> Meaning | None:
        unit, symbol = self._program.symbols[class_id]
        paths = unit.members.get(symbol.path, {}).get(name)
        found = self._program.symbols_at(unit, paths) if paths else None
        for other, path in self._parts.get(class_id, ()):
            if more := other.members.get(path, {}).get(name):
                added = self._program.symbols_at(other, more)
                found = added if found is None else _both(found, added)
        return found

    def _is_own_field(self, found: Meaning) -> bool:
        return all("own" in self._program.symbols[value.id][1].flags for value in found.values)

    def _has_property(self, order: tuple[str, ...], class_id: str, name: str) -> bool:
        """``self.x = …`` in a class makes no field where an ancestor's property takes the value."""
        holders = self._holders.get(name, ())
        above = [base for base in order[order.index(class_id) + 1 :] if base in holders]
        members = [found for base in above if (found := self._own(base, name))]
        flags = self._program.symbols[members[0].values[0].id][1].flags if members else ()
        return "property" in flags

    def is_masked(self, class_id: str, name: str) -> bool:
        """Whether a field of this class is really a property of an ancestor."""
        order = self.order(class_id)
        found = self._own(class_id, name)
        return found is not None and self._is_own_field(found) and self._has_property(order, class_id, name)

    def dispatch(self, kind: str, class_id: str, name: str) -> Meaning:
        """``self.name``, ``cls.name`` or ``super().name`` in the body of a class: every definition that it can reach,
        since the object may be of a subclass. Exact when there is one."""
        if class_id not in self._program.symbols:
            return NOT_KNOWN
        above, own = kind == "super", kind == "cls"
        key = ("dispatch", above, own, class_id, name)
        if key in self._program.kept:
            known: Meaning = self._program.kept[key]
            return known
        return self._program.once(key, partial(self._dispatch, above, own, class_id, name), NOT_KNOWN)

    def _dispatch(self, above: bool, own: bool, class_id: str, name: str) -> Meaning:
        values: list[Value] = []
        most = _LOOKS // len(self.order(class_id))
        constant = self._program.naming.reopened and name[:1].isupper()
        below = () if constant else self._nearest(class_id, most)
        exact = len(below) < most
        for receiver in (class_id, *below):
            order = self.order(receiver)
            asked = order[order.index(class_id) + 1 :] if above and class_id in order else order
            found = self._find_for(own, asked, name) or (self._find_for(True, asked, name) if above else None)
            exact = exact and found is not None and found.exact
            if found and (receiver == class_id or is_test(class_id) or not is_test(receiver)):
                values += (value for value in found.values if value.kind == "symbol" or receiver == class_id)
        distinct = tuple(dict.fromkeys(values))[:_CANDIDATES]
        return Meaning(distinct, exact and len(distinct) == 1) if distinct else NOT_KNOWN

    def _nearest(self, class_id: str, most: int) -> tuple[str, ...]:
        """Classes below this one, in the order of their names."""
        known = self._below_of.get((class_id, most))
        if known is None:
            known = tuple(sorted(self._below([class_id], most) - {class_id}))
            if self._settled:
                self._below_of[class_id, most] = known
        return known

    def descendants(self, class_id: str) -> tuple[str, ...]:
        return tuple(sorted(self._below([class_id]) - {class_id}))

    def _below(self, class_ids: Iterable[str], most: int | None = None) -> set[str]:
        """``most``: of the nearest ones."""
        found: set[str] = set()
        waiting = deque(child for class_id in class_ids for child in self._children.get(class_id, ()))
        while waiting and (most is None or len(found) < most):
            name = waiting.popleft()
            if name not in found:
                found.add(name)
                waiting += self._children.get(name, ())
        return found

    def relatives_of(self, names: Collection[str]) -> set[str]:
        """``relatives`` of all of them."""
        classes = [name for name in names if self._is_class(name)]
        return self._below(classes) | {ancestor for name in classes for ancestor in self.order(name)}

    def _is_class(self, name: str) -> bool:
        return name in self._program.symbols and self._program.symbols[name][1].label == CLASS

    def member_names(self, class_id: str, start: str) -> list[str]:
        """Names of methods of the class, its ancestors and descendants, that begin so."""
        units = (self._program.symbols[name] for name in self.relatives(class_id) if name in self._program.symbols)
        names = {name for unit, symbol in units for name in unit.members.get(symbol.path, ()) if name.startswith(start)}
        return sorted(names)

    def relatives(self, class_id: str) -> tuple[str, ...]:
        """The class's ancestors and descendants; none for what is no class."""
        if not self._is_class(class_id):
            return ()
        return (*self.order(class_id), *self.descendants(class_id))

    def owners(self, name: str) -> tuple[str, ...]:
        """Classes that define a method of that name."""
        return tuple(self._owners.get(name, ()))

    def only_method(self, unit: Unit, name: str) -> Meaning | None:
        """The one method of that name in the library, or the one that all others of that name override. Classes of test
        files count in their own file only."""
        here = unit.id if is_test(unit.id) else ""
        return self._program.once(("only", name, here), lambda: self._only_method(here, name), None)

    def _only_method(self, here: str, name: str) -> Meaning | None:
        symbols = self._program.symbols
        owners = [c for c in self.owners(name) if not is_test(c) or (here and symbols[c][0].id == here)]
        roots = [c for c in owners if not set(self.order(c)[1:]) & set(owners)]
        found = (self._own(roots[0], name) or self._own(roots[0], singleton(name))) if len(roots) == 1 else None
        return Meaning(found.values, False) if found else None


def _both(found: Meaning, added: Meaning) -> Meaning:
    values = tuple(dict.fromkeys((*found.values, *added.values)))
    return Meaning(values, found.exact and added.exact and len(values) == 1)


def _merge(lines: list[list[str]]) -> list[str] | None:
    """C3 linearization, as far as it is wanted; None when there is none. Takes time in proportion to the names, times
    the number of lines."""
    order: list[str] = []
    left = [line[::-1] for line in lines if line]
    behind = Counter(name for line in left for name in line[:-1])
    while left:
        head = next((line[-1] for line in left if not behind[line[-1]]), None)
        if head is None:
            return None
        order.append(head)
        if len(order) > _ANCESTORS:
            return order
        for line in left:
            if line[-1] == head:
                line.pop()
                if line:
                    behind[line[-1]] -= 1
        left = [line for line in left if line]
    return order
