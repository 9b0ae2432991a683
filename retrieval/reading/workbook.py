"""Excel workbooks: each sheet under its name as a table, every cell as it is stored (formulas by their last result).

Read with openpyxl row by row: converters that go through a data frame turn whole numbers into fractions where a column
has gaps, and take a minute for what this does in seconds.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from ...errors import ReadError
from .content import Content, Pages, clean
from .formats import Format
from .office import conversion

_MAX_CELLS = 2_000_000


def read(data: bytes, form: Format) -> Content:
    """Each sheet is marked with its name, each row with its number as the line. Raises ``ReadError``."""
    pages = Pages()
    with conversion(data) as stream:
        import openpyxl

        workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            _write(pages, sheet)
        title = clean(workbook.properties.title or "")
        workbook.close()
    return Content(pages.text, form.media_type, title, {"sheets": str(len(workbook.worksheets))}, pages.marks)
