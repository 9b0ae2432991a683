"""Excel workbooks: each sheet under its name as a table, every cell as it is stored (formulas by their last result).

Read with openpyxl row by row: converters that go through a data frame turn whole numbers into fractions where a column
has gaps, and take a minute for what this does in seconds.
"""

from __future__ import annotations

import datetime
from typing import Any

from ...errors import ReadError
from .content import Content, Pages, clean
from .formats import Format
from .office import conversion

_MAX_CELLS = 5_000_000
"""Empty cells between full ones included."""


def read(data: bytes, form: Format) -> Content:
    """Each row is marked with its sheet's name as the label and its number as the line. Raises ``ReadError``."""
    pages = Pages()
    with conversion(data) as stream:
        import openpyxl

        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            _write(pages, clean(sheet.title), _rows(sheet))
        title = clean(workbook.properties.title or "")
        workbook.close()
    return Content(pages.text, form.media_type, title, {"sheets": str(len(workbook.worksheets))}, pages.marks)


def _rows(sheet: Any) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, by number, from the first column in use to the last in that row."""
    # Dimensions that a file claims may be those of the largest sheet there can be.
    sheet.reset_dimensions()
    rows, cells = [], 0
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells += len(values) + 1
        if cells > _MAX_CELLS:
            raise ReadError(f"the sheet {sheet.title} has more than {_MAX_CELLS:,} cells", fix="save it as CSV")
        row = [_cell(value) for value in values]
        while row and not row[-1]:
            row.pop()
        if row:
            rows.append((number, row))
    left = min((next(index for index, cell in enumerate(row) if cell) for _, row in rows), default=0)
    return [(number, row[left:]) for number, row in rows]


def _write(pages: Pages, name: str, rows: list[tuple[int, list[str]]]) -> None:
    if not rows:
        return
    pages.add(f"## {name}\n\n", label=name)
    for index, (number, row) in enumerate(rows):
        pages.add(f"| {' | '.join(row)} |\n", line=number, label=name)
        if index == 0:
            pages.space("|" + " --- |" * len(row) + "\n")
    pages.space("\n")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return str(value.date() if value.time() == datetime.time() else value)
    return " ".join(clean(str(value)).split())
