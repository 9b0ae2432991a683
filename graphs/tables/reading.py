"""Tables out of a document's text: separated values, and the pipe tables that sheets of a workbook and tables of a
database become, those with their definition.

A row at a time: a long table is never held whole. Knows nothing of types.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import PurePosixPath

from ...corpus.files.definition import FENCE, FENCE_END, DeclaredColumn, read_definition
from ...corpus.files.formats import PARQUET, SQLITE
from ...corpus.files.sheet import MOST_ROWS
from ...corpus.spans.cells import separator_of
from .margins import drop_margins
from .text_tables import TEXTS, TextTable, text_tables

SEPARATED = ("text/csv", "text/tab-separated-values")
SHEETS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
DEFINED = (SQLITE.media_type, PARQUET.media_type)
"""A definition stands above each of their tables (``corpus/files/definition.py``)."""
OF_TABLES = (*SEPARATED, *SHEETS, *DEFINED)
"""Documents that are made of tables."""
MEDIA_TYPES = (*OF_TABLES, *TEXTS)
"""These, and documents that may hold some."""
MOST_COLUMNS = 300
_MOST_HEADS = 4
"""Rows of a sheet that may become its header. A sheet has ``MOST_ROWS`` at most, and does not say where it was cut."""
_LOOKED_AT = 20
"""Rows in which the header is looked for."""
_LONGEST = 1 << 20
"""Characters of one cell."""
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class RawTable:
    name: str
    header: tuple[str, ...]
    """Distinct, not empty."""
    rows: Iterator[tuple[int, Cells]]
    """Line of the document's text and cells, as many as the header has; must be read before the next table is."""
    declared: tuple[DeclaredColumn, ...] = ()
    """As many as the header has, or none."""
    whole: bool = True
    """Whether the text has all rows."""


def read_tables(text: str, name: str, media_type: str) -> Iterator[RawTable]:
    """``name`` is the document's. What has fewer than two columns is no table."""
    stem = PurePosixPath(name).stem
    if media_type in SEPARATED:
        table = _table(stem, _separated_rows(text))
        if table is not None:
            yield table
    elif media_type in SHEETS:
        yield from _sheets(text, stem)
    elif media_type in DEFINED:
        yield from _database_tables(text, stem if media_type == PARQUET.media_type else "")
    elif media_type in TEXTS:
        for one in text_tables(text):
            yield from _of_text(one, stem)


def _of_text(found: TextTable, stem: str) -> Iterator[RawTable]:
    """Called after the heading above it, or else after the file."""
    rows: list[tuple[int, Cells]] = [(0, found.header), *found.rows]
    table = _table(found.name or stem, iter(rows), headed=True)
    if table is not None:
        yield table


def _separated_rows(text: str) -> Iterator[tuple[int, Cells]]:
    first = next((line for line in islice(io.StringIO(text), _LOOKED_AT) if line.strip()), "")
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(first))
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:  # A cell that is too long, or a zero byte: this row says nothing.
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [" ".join(cell.split()) for cell in cells]


def _sheets(text: str, stem: str) -> Iterator[RawTable]:
    """One for each pipe table; called after its sheet, or after the file where there is only one."""
    lines = text.split("\n")
    sheets = [line[3:].strip() for line in lines if line.startswith("## ")]
    name, at = stem, 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("## "):
            name = line[3:].strip() if len(sheets) > 1 else stem
        if line.startswith("|") and at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1]):
            end = _end_of_rows(lines, at)
            table = _table(name, _pipe_rows(lines, at, end), headed=True)
            if table is not None:
                yield replace(table, whole=end - at < MOST_ROWS - _MOST_HEADS)
            at = end
        else:
            at += 1


def _database_tables(text: str, name: str) -> Iterator[RawTable]:
    """One for each definition with rows below it, called as it says where there is no ``name``."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if lines[at] != FENCE:
            at += 1
            continue
        close = next((end for end in range(at + 1, len(lines)) if lines[end] == FENCE_END), len(lines))
        definition, first = read_definition(lines[at + 1 : close]), close + 2
        at = close + 1
        if definition is None or first + 1 >= len(lines) or not _RULE.fullmatch(lines[first + 1]):
            continue
        at = _end_of_rows(lines, first)
        width = min(len(definition.columns), MOST_COLUMNS)
        header = [one.name or f"column {number}" for number, one in enumerate(definition.columns[:width], start=1)]
        yield RawTable(
            name or definition.name,
            tuple(_distinct(header)),
            (
                (line, [*cells[:width], *[""] * (width - len(cells))])
                for line, cells in islice(_pipe_rows(lines, first, at), 1, None)
            ),
            definition.columns[:width],
            not definition.left_out,
        )


def _end_of_rows(lines: Sequence[str], at: int) -> int:
    """Behind the last row of the table that begins at ``at``."""
    return next((end for end in range(at + 2, len(lines)) if not lines[end].startswith("|")), len(lines))


def _pipe_rows(lines: Sequence[str], at: int, end: int) -> Iterator[tuple[int, Cells]]:
    """The header, and what stands below the line of dashes."""
    return ((number + 1, _pipe_row(lines[number])) for number in (at, *range(at + 2, end)))


def _pipe_row(line: str) -> Cells:
    cells = _BAR.split(line.strip())
    return [" ".join(cell.replace("\\|", "|").split()) for cell in cells[1 : -1 if not cells[-1].strip() else None]]


def _table(name: str, rows: Iterator[tuple[int, Cells]], headed: bool = False) -> RawTable | None:
    """The header is the first row that is as wide as most are and holds no number; remarks above it are passed over."""
    first = list(islice(rows, _LOOKED_AT))
    widths = sorted(len([cell for cell in cells if cell]) for _, cells in first)
    usual = widths[len(widths) // 2] if widths else 0
    if usual < 2:
        return None
    at = 0 if headed else next((at for at, (_, cells) in enumerate(first) if _count_named(cells) >= usual), 0)
    header = list(first[at][1][:MOST_COLUMNS])
    if any(_NUMBER.fullmatch(cell) for cell in header) and not headed:
        header, at = [f"column {number}" for number in range(1, len(header) + 1)], at - 1
    named = _distinct([cell or f"column {number}" for number, cell in enumerate(header, start=1)])
    width = len(named)
    whole = ((line, [*cells[:width], *[""] * (width - len(cells))]) for line, cells in chain(first[at + 1 :], rows))
    return RawTable(name, tuple(named), drop_margins(whole))


def _count_named(cells: Cells) -> int:
    """How many columns a header names: pandas and R leave the first one, the number of the row, without a name."""
    return len(cells) if all(cells[1:]) else sum(map(bool, cells))


def _distinct(names: list[str]) -> list[str]:
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        one, number = name, 1
        while one.casefold() in taken:
            number += 1
            one = f"{name} {number}"
        taken.add(one.casefold())
        found.append(one)
    return found
