"""Classes that several files open: which of the places is the class, to which the others add."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..facts import CLASS
from .values import Unit, is_test

_NUMBER = re.compile(r"#\d+")


def find_homes(units: Iterable[Unit]) -> Mapping[str, str]:
    """Full id of each place but the first -> full id of the first. That is by the paths of the files alone: code before
    tests, the shortest path, as a class that a library is named after lies in the file of that name."""
    places: dict[str, list[tuple[bool, int, str, int, str]]] = {}
    for unit in units:
        for number, symbol in enumerate(unit.facts.symbols):
            if symbol.label == CLASS:
                place = (is_test(unit.id), unit.path.count("/"), unit.path, number, unit.full(symbol.path))
                places.setdefault(_NUMBER.sub("", symbol.path), []).append(place)
    return {place[-1]: min(found)[-1] for found in places.values() for place in found if place != min(found)}
