"""Tables that lie on their side: the first column holds the names of the fields, and each other column is one thing.

    Name,        Heron,        Kestrel
    Length (m),  10.4,         8.2
    Inspected,   2025-03-02,   2024-11-19

They are known by their cells: numbers, dates and truth values fill rows, and no column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice

from ..english.dates import read_date
from .cells import read_number
from .kinds import MISSING, is_truth
from .reading import Cells, RawTable

_MOST_FIELDS = 60
_LEAST_THINGS = 2


def upright(table: RawTable) -> RawTable:
    """The table with a row for each thing, where it lies on its side; as it is where it does not."""
    first = list(islice(table.rows, _MOST_FIELDS + 1))
    if len(first) > _MOST_FIELDS or table.declared or not _lies([cells for _, cells in first], table.header):
        return replace(table, rows=chain(first, table.rows))
    header = (table.header[0], *(cells[0] for _, cells in first))
    line = first[0][0]
    things = ((line, [name, *(cells[at] for _, cells in first)]) for at, name in enumerate(table.header) if at)
    return replace(table, header=header, rows=things)


def _lies(rows: Sequence[Cells], header: Sequence[str]) -> bool:
    """Whether more rows are of one sort (numbers, dates, truth values) than of several, no column is, and the first
    column and the header are names."""
    names = [cells[0] for cells in rows]
    if len(rows) < _LEAST_THINGS or len(header) <= _LEAST_THINGS:
        return False
    if len(set(names)) < len(names) or any(_sort(name) != "text" for name in (*names, *header[1:])):
        return False
    body = [[_sort(cell) for cell in cells[1:]] for cells in rows]
    fields = [{*row} - {""} for row in body]
    columns = [{*column} - {""} for column in zip(*body, strict=True)]
    typed = sum(len(sorts) == 1 and sorts != {"text"} for sorts in fields)
    mixed = sum(len(sorts) > 1 for sorts in fields)
    whole = any(len(sorts) == 1 and sorts != {"text"} for sorts in columns)
    return mixed < typed and not whole and any(len(sorts) > 1 for sorts in columns)


def _sort(cell: str) -> str:
    """Nothing for a cell that says nothing."""
    if cell.casefold() in MISSING:
        return ""
    if read_number(cell) is not None:
        return "number"
    if is_truth(cell):
        return "truth"
    return "date" if read_date(cell, True) else "text"
