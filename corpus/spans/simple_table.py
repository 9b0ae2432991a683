"""Simple tables of reStructuredText: rows between borders of ``=``, which say where each column begins.

Source: the docutils reStructuredText specification, "Simple Tables".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..document import Place
from .lines import lines
from .units import Unit

BORDER = re.compile(r"=+(?:[ \t]+=+)+$")
_RULED = re.compile(r"[-=]+(?:[ \t]+[-=]+)*$")
"""A border, or a line below columns that are joined."""


@dataclass(frozen=True, slots=True)
class TableUnit:
    """A unit of a table."""

    columns: tuple[int, ...]
    """Where they begin, in characters of the line."""
    header: Place | None
    """``None`` for the header itself and where there is none."""
    body: bool


def table_parts(text: str, parts: Sequence[Unit]) -> dict[int, TableUnit]:
    """Finds the units that stand between the borders of tables, by their place among ``parts``."""
    found: dict[int, TableUnit] = {}
    borders = [at for at, (start, end, _) in enumerate(parts) if BORDER.match(text[start:end])]
    while len(borders) > 1:
        first, second, *rest = borders
        indent = _column(text, parts[first][0])
        columns = tuple(indent + match.start() for match in re.finditer("=+", _text(text, parts[first])))
        headed = bool(rest) and second == first + 2 and "\n" not in _text(text, parts[first + 1])
        header = parts[first + 1][:2] if headed else None
        last = rest[0] if headed else second
        if headed:
            found[first + 1] = TableUnit(columns, None, body=False)
        found |= {at: TableUnit(columns, header, body=True) for at in range((second if headed else first) + 1, last)}
        borders = [at for at in borders if at > last]
    return found


def rows(text: str, start: int, end: int, columns: Sequence[int]) -> Iterator[tuple[Place, tuple[Place, ...]]]:
    """Yields rows with their cells; one that goes on over several lines has none, for no cell of it is one stretch of
    text."""
    held: list[Place] = []
    for line in lines(text, start, end):
        if not line.text or _RULED.match(line.text):
            continue
        if held and _column(text, line.start) >= columns[1]:
            held.append((line.start, line.end))
            continue
        if held:
            yield _row(text, held, columns)
        held = [(line.start, line.end)]
    if held:
        yield _row(text, held, columns)


def cells(text: str, place: Place, columns: Sequence[int]) -> tuple[Place, ...]:
    begin = text.rfind("\n", 0, place[0]) + 1
    edges = [begin + column for column in columns] + [max(place[1], begin + columns[-1])]
    edges[0] = min(edges[0], place[0])
    return tuple(_bare(text, min(a, place[1]), min(z, place[1])) for a, z in pairwise(edges))


def _row(text: str, held: Sequence[Place], columns: Sequence[int]) -> tuple[Place, tuple[Place, ...]]:
    whole = (held[0][0], held[-1][1])
    return whole, cells(text, whole, columns) if len(held) == 1 else ()


def _text(text: str, unit: Unit) -> str:
    return text[unit[0] : unit[1]]


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _bare(text: str, start: int, end: int) -> Place:
    stretch = text[start:end]
    bare = stretch.strip()
    first = start + len(stretch) - len(stretch.lstrip()) if bare else start
    return first, first + len(bare)
