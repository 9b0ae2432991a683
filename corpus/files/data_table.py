"""Tables of a database, or of a file of columns, as text: each under its name, its definition as SQL, then its rows.

A document holds so much text and no more, so each table gets an equal share of what those before it have left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from .content import Pages, clean, count_phrases
from .definition import TableDefinition, write_definition
from .sheet import MOST_ROWS

MOST_CHARACTERS = 18_000_000
"""Of all rows of a file: a document may hold 20 million."""
LONGEST = 100_000
"""Characters of one cell."""
_SPACE = re.compile(r"\s+")


class DataTables:
    """The text so far, and what it lacks. ``tables`` is how many will be written."""

    def __init__(self, tables: int) -> None:
        self.pages = Pages()
        self._waiting = tables
        self._lost: Counter[str] = Counter()
        self._others: list[str] = []

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the text does not have, a phrase each."""
        return (*self._others, *count_phrases(self._lost))

    def leave_out(self, what: str) -> None:
        """Notes a phrase of what the text does not have."""
        self._others.append(what)

    def write(
        self,
        definition: TableDefinition,
        rows: Iterable[Sequence[object]],
        count: Callable[[], int],
        heading: str = "",
    ) -> None:
        """``count`` tells how many rows there are, and is asked only where they are too many."""
        room = (MOST_CHARACTERS - self.pages.length) // max(1, self._waiting)
        self._waiting -= 1
        lines: list[str] = []
        cut = False
        for row in rows:
            line = table_line([self._cell(value) for value in row])
            room -= len(line)
            cut = room < 0 or len(lines) >= MOST_ROWS
            if cut:
                break
            lines.append(line)
        if cut:
            left = max(1, count() - len(lines))
            definition = replace(definition, left_out=left)
            of = f" of {heading}" if heading else ""
            self._others.append(f"{left:,} row{'s' if left > 1 else ''}{of} beyond the first {len(lines):,}")
        if heading:
            self.pages.add(f"## {heading}\n\n", label=heading)
        self.pages.add(f"{write_definition(definition)}\n\n", label=heading)
        names = [column.name for column in definition.columns]
        body = "".join(lines)
        self.pages.add(f"{table_line(names)}|{' --- |' * len(names)}\n{body}\n", label=heading)

    def _cell(self, value: object) -> str:
        if isinstance(value, str):
            if len(value) > LONGEST:
                self._lost[f"text| cut after {LONGEST:,} characters"] += 1
            return one_line(value[:LONGEST])
        if isinstance(value, float):
            return plain_number(value)
        if isinstance(value, bytes):
            self._lost["binary value|"] += 1
            return ""
        return "" if value is None else str(value)


def table_line(cells: Sequence[str]) -> str:
    """A row of pipes; it begins and ends with one."""
    kept = list(cells)
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in kept)} |\n"


def one_line(text: str) -> str:
    return _SPACE.sub(" ", clean(text)).strip()


def plain_number(value: float) -> str:
    """Without an exponent where that can be read.

    >>> plain_number(1e-05), plain_number(5.0), plain_number(1e300)
    ('0.00001', '5.0', '1e+300')
    """
    short = repr(value)
    return format(Decimal(short), "f") if "e" in short and 1e-9 < abs(value) < 1e18 else short
