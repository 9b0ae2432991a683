"""The cells of a table of AsciiDoc: columns as ``cols`` says, spans, header row; also as separated values."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field

from .layout import Cell

_SPEC = (
    r"(?:(?P<wide>\d{1,3})?(?:\.(?P<tall>\d{1,3}))?(?P<sign>[+*]))?"
    r"(?P<align>(?:[<^>]|\.[<^>]){0,2})(?P<kind>[adehlmsv])?"
)
_WIDEST = 500
"""Columns."""


@dataclass
class AsciidocTable:
    rows: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    heads: int | None = None


@dataclass
class _Cell:
    line: int
    text: list[str]
    columns: int = 1
    rows: int = 1
    kind: str = ""
    first: bool = False
    """Whether it is the first of its line."""


def table_of(
    lines: list[str], line: int, cols: str, options: str, form: str, separator: str, sign: str
) -> AsciidocTable:
    """Reads a table. ``line`` is that of the first of ``lines``; ``sign`` the character that begins the table's own
    line."""
    kinds = _columns(cols)
    heads = 1 if "header" in options else 0 if "noheader" in options else None
    if heads is None and len(lines) > 1 and lines[0].strip() and not lines[1].strip():
        heads = 1
    if form in ("csv", "dsv", "tsv"):
        return _separate_cells(lines, line, separator or {"csv": ",", "dsv": ":", "tsv": "\t"}[form], heads)
    mark = separator if len(separator) == 1 else "!" if sign == "!" else "|"
    cells = _cells(lines, line, mark)
    width = len(kinds) or _width(cells)
    table = AsciidocTable(heads=heads)
    below: dict[int, int] = {}
    """Rows that a cell above still covers, by column."""
    row: list[Cell] = []
    column = 0
    for cell in cells:
        if not row:
            table.lines.append(cell.line)
            while below.get(column, 0) > 0 and column < width:
                column += 1
        kind = cell.kind or (kinds[column] if column < len(kinds) else "")
        text = "\n".join(part for part in cell.text).strip()
        row.append(Cell(_flat(text) if kind == "a" else text, cell.columns, cell.rows, kind == "h"))
        for _ in range(cell.columns):
            below[column] = max(below.get(column, 0), cell.rows)
            column += 1
        while below.get(column, 0) > 0 and column < width:
            column += 1
        if column >= width:
            table.rows.append(row)
            row, column = [], 0
            below = {place: left - 1 for place, left in below.items() if left > 1}
    if row:
        table.rows.append(row)
    if heads is None and kinds:
        table.heads = None
    return table


def _columns(cols: str) -> list[str]:
    """The kind of each column: ``1,2a,3*`` has five, the second of AsciiDoc."""
    found: list[str] = []
    for part in re.split(r"[,;]", cols) if cols.strip() else []:
        times = re.match(r"\s*(\d{1,3})\*", part)
        kind = re.search(r"([adehlmsv])\s*$", part)
        found += [kind[1] if kind else ""] * min(int(times[1]) if times else 1, _WIDEST)
    return found[:_WIDEST]


def _cells(lines: list[str], line: int, mark: str) -> list[_Cell]:
    bar = re.compile(rf"(?:^|(?<=[ \t])){_SPEC}{re.escape(mark)}|(?<!\\){re.escape(mark)}")
    cells: list[_Cell] = []
    for number, text in enumerate(lines, start=line):
        if text.startswith("//"):
            continue
        done, first = 0, True
        for found in bar.finditer(text):
            if found.start() and text[found.start() - 1] == "\\":
                continue
            if cells:
                cells[-1].text.append(_unescape(text[done : found.start()], mark))
            cells += _make_cells(found, number, first)
            done, first = found.end(), False
        if cells:
            cells[-1].text.append(_unescape(text[done:], mark))
    return cells


def _make_cells(found: re.Match[str], number: int, first: bool) -> list[_Cell]:
    wide, tall, sign = int(found["wide"] or 1), int(found["tall"] or 1), found["sign"]
    kind = found["kind"] or ""
    if sign == "*":
        cells = [_Cell(number, [], kind=kind, first=first and not at) for at in range(min(wide, _WIDEST))]
        for cell in cells[1:]:
            cell.text = cells[0].text
        return cells
    return [_Cell(number, [], min(max(wide, 1), _WIDEST), rows=max(tall, 1), kind=kind, first=first)]


def _width(cells: list[_Cell]) -> int:
    """The columns of the first line that has cells."""
    width = 0
    for cell in cells:
        if cell.line != cells[0].line:
            break
        width += cell.columns
    return max(width, 1)


def _separate_cells(lines: list[str], line: int, separator: str, heads: int | None) -> AsciidocTable:
    table = AsciidocTable(heads=heads)
    for number, text in enumerate(lines, start=line):
        if text.strip():
            cells = next(csv.reader([text], delimiter=separator[0]), []) if len(text) < 100_000 else [text]
            table.rows.append([Cell(cell.strip()) for cell in cells])
            table.lines.append(number)
    return table


def _flat(text: str) -> str:
    """Items of a list in a cell, one after the other."""
    return "; ".join(re.sub(r"^(?:[*.-]+|\d+\.)\s+", "", row) for row in text.split("\n") if row.strip() and row != "+")


def _unescape(text: str, mark: str) -> str:
    return text.replace(f"\\{mark}", mark)
