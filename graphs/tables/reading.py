"""Tables out of a document's text: separated values, and the pipe tables that sheets of a workbook become.

A row at a time: a long table is never held whole. Knows nothing of types.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePosixPath

from ...corpus.spans.cells import separator_of

SEPARATED = ("text/csv", "text/tab-separated-values")
SHEETS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
MEDIA_TYPES = (*SEPARATED, *SHEETS)
"""Documents that are made of tables."""
MOST_COLUMNS = 300
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


def read_tables(text: str, name: str, media_type: str) -> Iterator[RawTable]:
    """``name`` is the document's. What has fewer than two columns is no table."""
    stem = PurePosixPath(name).stem
    if media_type in SEPARATED:
        table = _table(stem, _separated_rows(text))
        if table is not None:
            yield table
    elif media_type in SHEETS:
        yield from _sheets(text, stem)


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
            end = at + 2
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            body = ((number + 1, _pipe_row(lines[number])) for number in (at, *range(at + 2, end)))
            table = _table(name, body, headed=True)
            if table is not None:
                yield table
            at = end
        else:
            at += 1


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
    at = 0 if headed else next((at for at, (_, cells) in enumerate(first) if sum(map(bool, cells)) >= usual), 0)
    header = list(first[at][1][:MOST_COLUMNS])
    if any(_NUMBER.fullmatch(cell) for cell in header) and not headed:
        header, at = [f"column {number}" for number in range(1, len(header) + 1)], at - 1
    named = _distinct([cell or f"column {number}" for number, cell in enumerate(header, start=1)])
    width = len(named)
    whole = ((line, [*cells[:width], *[""] * (width - len(cells))]) for line, cells in chain(first[at + 1 :], rows))
    return RawTable(name, tuple(named), whole)


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
