"""Which names can mean something else after some files changed: only files that mention one are resolved again.

Names are compared as plain words, without asking what they mean, which errs on the safe side. Where even that could
miss something, the answer is None: resolve everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .facts import CLASS, Facts

_WORD = re.compile(r"\w+")


def touched_names(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> set[str] | None:
    """``before`` and ``after`` hold the interface of every file, by its unit id."""
    different = [unit for unit in before.keys() | after.keys() if not _same(before.get(unit), after.get(unit))]
    starred = _star_targets(before.values()) | _star_targets(after.values())
    names: set[str] = set()
    for unit in different:
        old, new = before.get(unit), after.get(unit)
        if _in_doubt(unit, old, new, starred):
            return None
        names |= _differences(old or Facts(), new or Facts())
        if old is None or new is None:
            names.add(unit.rpartition(".")[2])
    return (
        _spread(names, [*after.values(), *(before[unit] for unit in different if unit in before)]) if names else names
    )


def touched_definitions(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> set[str]:
    """Full ids of the definitions that are new, gone or other, and of the classes that these are members of."""
    found = set()
    for unit in before.keys() | after.keys():
        old, new = before.get(unit), after.get(unit)
        if not _same(old, new):
            for _, path, *_ in _definitions(old or Facts()) ^ _definitions(new or Facts()):
                found |= {f"{unit}.{path}", f"{unit}.{path.rpartition('.')[0]}"}
            lambdas = (facts.lambdas if facts else {} for facts in (old, new))
            found |= {
                f"{unit}|{name}" for name, _ in set.symmetric_difference(*(set(each.items()) for each in lambdas))
            }
    return found


def _definitions(facts: Facts) -> set[tuple[Any, ...]]:
    return {(s.label, s.path, s.bases, s.value, s.flags, s.parameters, s.decorators) for s in facts.symbols}


def _same(old: Facts | None, new: Facts | None) -> bool:
    return old is new or (old is not None and new is not None and old.interface() == new.interface())


def _star_targets(files: Iterable[Facts]) -> set[str]:
    return {b.target[1:].replace("/", ".") for facts in files for b in facts.bindings if b.name == "*"}


def _in_doubt(unit: str, old: Facts | None, new: Facts | None, starred: set[str]) -> bool:
    """Star imports hide names, and two files of one module name hide each other."""
    stars = [[b for b in facts.bindings if b.name == "*"] if facts else [] for facts in (old, new)]
    if old is None or new is None:
        return "#" in unit or unit in starred or any(stars)
    if unit in starred and _export_kind(old) != _export_kind(new):
        return True
    return any(stars) and old.bindings != new.bindings


def _export_kind(facts: Facts) -> tuple[bool, bool]:
    return facts.exports is None, facts.computed_exports


def _differences(old: Facts, new: Facts) -> set[str]:
    before, after = (_definitions(facts) for facts in (old, new))
    names = {path.rpartition(".")[2].partition("#")[0] for _, path, *_ in before ^ after}
    names |= {name for name, _ in _bindings(old).items() ^ _bindings(new).items()}
    return (names | (set(old.exports or ()) ^ set(new.exports or ()))) - {""}


def _bindings(facts: Facts) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Name -> what it is bound to, in order."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for binding in facts.bindings:
        found.setdefault(binding.name, []).append((binding.target, binding.certain))
    return {name: tuple(bound) for name, bound in found.items()}


def _spread(names: set[str], files: list[Facts]) -> set[str] | None:
    """Adds the names whose own meaning hangs on a touched name: imports under another name, variables, subclasses, and
    the members of touched classes."""
    links = [(name, words) for facts in files for name, words in _links(facts)]
    several = {symbol.name for facts in files for symbol in facts.symbols if len(symbol.bases) > 1}
    users: dict[str, set[str]] = {}
    for name, words in links:
        for word in words:
            users.setdefault(word, set()).add(name)
    waiting = list(names)
    while waiting:
        for name in users.get(waiting.pop(), set()) - names:
            names.add(name)
            waiting.append(name)
    # A class of several bases can change what its ancestors' calls reach, whatever these are called.
    return None if names & several else names


def _links(facts: Facts) -> Iterable[tuple[str, list[str]]]:
    """(name, words it hangs on)."""
    classes = {symbol.path: symbol.name for symbol in facts.symbols if symbol.label == CLASS}
    for symbol in facts.symbols:
        words = _WORD.findall(f"{symbol.value} {' '.join(symbol.bases)}")
        if symbol.parent in classes:
            words.append(classes[symbol.parent])
        if words:
            yield symbol.name, words
    for binding in facts.bindings:
        if binding.name != "*":
            yield binding.name, _WORD.findall(binding.target)
