"""Excel workbooks: each sheet under its name as tables, as the program shows it.

Blank rows and wide gaps part tables; a row of one cell above a table is its title; merged cells are repeated, several
header rows joined; a table without a header gets ``Column A``. Hidden sheets are left out and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .content import Content, Pages, clean, count_phrases
from .formats import Format
from .package import open_package
from .sheet import Sheet, column_letters, place_of, read_book, read_sheet

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_GAP = 5
"""Empty columns between two tables that stand side by side."""
_LABEL = 300
"""Characters of a merged cell that are repeated."""
_REPEATS = 200_000
"""Cells that merging may fill in one sheet."""
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MOST_HEADS = 4
_REMARKS = 8
"""Rows above a table that may be remarks."""

Rows = list[tuple[int, dict[int, str]]]


@dataclass(frozen=True, slots=True)
class _Table:
    """``columns`` in use, from left to right."""

    rows: Rows
    columns: list[int]


def read(data: bytes, form: Format) -> Content:
    """Reads the sheets of a workbook as tables in Markdown. Each row is marked with its sheet's name as the label and
    its number as the line. Raises ``ReadError``."""
    pages, lost = Pages(), Counter[str]()
    with open_package(data) as package:
        main = package.main()
        relations = package.relations(main)
        book = read_book(package, main)
        shown = 0
        for entry in package.xml(main).iter("{*}sheet"):
            one = relations.get(entry.get(R + "id", ""))
            if entry.get("state", "visible") != "visible":
                lost["hidden sheet|"] += 1
            elif one is None or one.kind != "worksheet" or not package.has(one.target):
                lost["sheet| that is no table"] += 1
            else:
                sheet = read_sheet(package, one.target, book)
                write_sheet(pages, " ".join(clean(entry.get("name", "")).split()), sheet)
                lost += sheet.lost
                shown += 1
        core = package.xml_if_there("docProps/core.xml")
        title = next((part.text or "" for part in core.iter("{*}title")), "") if core is not None else ""
    return Content(
        pages.text,
        form.media_type,
        clean(title),
        metadata={"sheets": str(shown)},
        marks=pages.marks,
        omitted=count_phrases(lost),
    )


def write_sheet(pages: Pages, name: str, sheet: Sheet) -> None:
    if not sheet.rows and not sheet.notes:
        return
    pages.add(f"## {name}\n\n", label=name)
    _repeat(sheet)
    for table in _tables(sheet.rows):
        _write_table(pages, name, sheet, table)
    rows = dict(sheet.rows)
    for place, text in sheet.notes:
        pages.add(f"Note on {place}{_about(rows, place)}: {text}\n\n", label=name)


def _about(rows: dict[int, dict[int, str]], place: str) -> str:
    """The row's label and the cell that a note hangs on."""
    row, column = place_of(place)
    cells = rows.get(row, {})
    words = dict.fromkeys([*list(cells.values())[:1], *([cells[column]] if column in cells else [])])
    return f" ({', '.join(word[:_LABEL] for word in words)})" if words else ""


def _repeat(sheet: Sheet) -> None:
    """A merged cell's label stands in every row and column that it covers."""
    rows, left = dict(sheet.rows), _REPEATS
    for top, first, bottom, last in sheet.merged:
        label = rows.get(top, {}).get(first, "")
        if not label or len(label) > _LABEL:
            continue
        for row in range(top, min(bottom, top + left) + 1):
            if row in rows:
                for column in range(first, min(last, first + left) + 1):
                    rows[row].setdefault(column, label)
                    left -= 1
        if left < 0:
            return


def _tables(rows: Rows) -> Iterator[_Table]:
    """Runs of rows without a blank one between them, parted again where columns in use lie far apart."""
    run: Rows = []
    for number, cells in rows:
        if run and number > run[-1][0] + 1:
            yield from _beside(run)
            run = []
        run.append((number, cells))
    if run:
        yield from _beside(run)


def _beside(run: Rows) -> Iterator[_Table]:
    used = sorted({column for _, cells in run for column in cells})
    edges = [0, *(at + 1 for at, (one, next_one) in enumerate(pairwise(used)) if next_one - one > _GAP), len(used)]
    for first, last in pairwise(edges):
        columns = used[first:last]
        inside = set(columns)
        rows = [(number, part) for number, cells in run if (part := {c: v for c, v in cells.items() if c in inside})]
        yield _Table(rows, columns)


def _write_table(pages: Pages, name: str, sheet: Sheet, table: _Table) -> None:
    rows = list(table.rows)
    far = table.columns[0] > _GAP + 1 and len(rows) == 1 == len(table.columns)
    if far:
        number, cells = rows[0]
        place = f"{column_letters(table.columns[0])}{number}"
        pages.add(f"{place}: {cells[table.columns[0]]}\n\n", line=number, label=name)
        return
    while (
        rows
        and (len(set(rows[0][1].values())) == 1 or _sparse(rows, sheet))
        and (len(table.columns) > 1 or len(rows) == 1)
    ):
        number, cells = rows.pop(0)
        pages.add(f"{' '.join(dict.fromkeys(cells.values()))}\n\n", line=number, label=name)
    if not rows:
        return
    heads = _heads(rows, sheet, table.columns)
    if heads:
        labels = [
            " ".join(dict.fromkeys(cells[column] for _, cells in rows[:heads] if column in cells))
            for column in table.columns
        ]
        pages.add(_line(labels), line=rows[0][0], label=name)
    else:
        labels = [f"Column {column_letters(column)}" for column in table.columns]
        pages.space(_line(labels))
    pages.space("|" + " --- |" * len(labels) + "\n")
    for number, cells in rows[heads:]:
        pages.add(_line(_trim([cells.get(column, "") for column in table.columns])), line=number, label=name)
    pages.space("\n")


def _sparse(rows: Rows, sheet: Sheet) -> bool:
    """Whether the first row is a remark above the table: with at most half as many cells as a row shortly below it."""
    number, cells = rows[0]
    fullest = max((len(below) for _, below in rows[1:_REMARKS]), default=0)
    return 2 * len(cells) <= fullest and not any(box[0] <= number <= box[2] for box in sheet.merged)


def _heads(rows: Rows, sheet: Sheet, columns: Sequence[int]) -> int:
    """How many rows name the columns: down to the lowest of those that merged labels of the first row lead to; none
    where the first row holds numbers that are no years."""
    first, cells = rows[0]
    wide = [
        box
        for box in sheet.merged
        if box[0] == first and box[1] < box[3] and (box[1] > columns[0] or box[3] < columns[-1])
    ]
    count = 2 if wide else 1
    count = max([count, *(box[2] - first + 1 for box in sheet.merged if box[0] == first and wide)])
    numbers = [cells[column] for column in columns if (first, column) in sheet.numbers and column in cells]
    if any(not _YEAR.match(text) for text in numbers):
        return 0
    return min(count, len(rows) - 1, _MOST_HEADS) if len(rows) > 1 else 1


def _trim(cells: list[str]) -> list[str]:
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
