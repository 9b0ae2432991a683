"""Rows at the margin of a table, "Total", "Average", "Summe": they say what the rows above them make, and are no datum.

Told by their label, with nothing else beside it but numbers; where a table has no other cells that are no numbers, the
numbers must be those that the rows above make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .cells import read_number

_LABEL = re.compile(
    r"""(?:grand\s|sub[\s-]?|over-?all\s|the\s|all\s|in\s|net\s|gross\s)?
    (?:totals?|sums?|averages?|mean|altogether|overall
    |(?:zwischen|end|gesamt)?summen?|gesamt|insgesamt|durchschnitt|mittelwert|total\sgénéral|moyenne|totale?|suma|media)
    (?:\s(?:amount|sum|value|fees?|cost|costs|paid|due|betrag|(?:of|for|per|in)\s.{1,30}))?(?:\s\(.{1,12}\))?\s?[:=.]?""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 50
"""Characters of a label."""
_CLOSE = 0.006
"""Of a number, by which what is rounded may be off."""


def drop_margins(rows: Iterator[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    """Passes on the rows, each a line and its cells, that are data."""
    wordy = False
    sums: list[float] = []
    seen = 0
    for line, cells in rows:
        at = _label(cells)
        if at is not None and seen and (wordy or _are_made_of(cells, sums, seen)):
            continue
        yield line, cells
        if not wordy:
            seen += 1
            wordy = seen > 1 and sum(1 for cell in cells if cell and _number(cell) is None) > 1
            sums += [0.0] * (len(cells) - len(sums))
            for column, cell in enumerate(cells):
                sums[column] += _number(cell) or 0.0


def _label(cells: Sequence[str]) -> int | None:
    """The place of the label in a row that has no other cells than it and numbers."""
    found = None
    for at, cell in enumerate(cells):
        if not cell:
            continue
        if found is None and len(cell) <= _LONGEST and _LABEL.fullmatch(cell):
            found = at
        elif _number(cell) is None:
            return None
    return found


def _are_made_of(cells: Sequence[str], sums: Sequence[float], rows: int) -> bool:
    """Whether a number of the row is what the rows above it make together, or on the average."""
    found = [(value, total) for cell, total in zip(cells, sums, strict=False) if (value := _number(cell)) is not None]
    return any(abs(value - one) <= _CLOSE * abs(one) and one for value, total in found for one in (total, total / rows))


def _number(cell: str) -> int | float | None:
    return read_number(cell, ".") if read_number(cell, ".") is not None else read_number(cell, ",")
