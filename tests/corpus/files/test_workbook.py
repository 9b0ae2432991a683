"""Excel workbooks: every sheet a table, every cell as it is stored, every row with its place."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest

from evidentia.corpus.files import workbook
from evidentia.corpus.files.formats import Format
from evidentia.errors import ReadError

FORM = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def book(**sheets: dict[str, object]) -> bytes:
    """Sheets by name, cells by their place."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cells in sheets.items():
        sheet = made.create_sheet(name)
        for place, value in cells.items():
            sheet[place] = value
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def test_each_sheet_is_a_table_under_its_name() -> None:
    data = book(
        Prices={"A1": "Item", "B1": "Price", "A2": "Bolt", "B2": 3, "A3": "Nut", "B3": 0.5},
        Empty={},
        Notes={"A1": "Only this"},
    )
    assert workbook.read(data, FORM).text == (
        "## Prices\n\n| Item | Price |\n| --- | --- |\n| Bolt | 3 |\n| Nut | 0.5 |\n\n"
        "## Notes\n\n| Only this |\n| --- |\n\n"
    )


def test_rows_are_marked_with_their_sheet_and_number() -> None:
    content = workbook.read(book(Far={"C5": "Name", "C9": "alpha"}), FORM)
    places = {content.text[mark.start :].split("\n")[0]: (mark.label, mark.line) for mark in content.marks}
    assert places == {"## Far": ("Far", None), "| Name |": ("Far", 5), "| alpha |": ("Far", 9)}


def test_values_are_not_changed_by_the_gaps_around_them() -> None:
    day = datetime.datetime(2026, 1, 31)
    cells = {
        "A1": 1,
        "B1": True,
        "C1": day,
        "D1": day.replace(hour=12),
        "F1": "two\nlines | bar",
        "A3": 1e-7,
        "A4": 12345678901,
    }
    text = workbook.read(book(Sheet=cells), FORM).text
    assert "| 1 | TRUE | 2026-01-31 | 2026-01-31 12:00:00 |  | two lines | bar |" in text
    assert "| 1e-07 |\n| 12345678901 |" in text


def test_a_cell_at_the_end_of_the_largest_sheet_costs_no_more_than_its_rows() -> None:
    assert "| far |" in workbook.read(book(Sheet={"A1": "near", "XFD3": "far"}), FORM).text.replace("|  ", "")


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04", b"hello"])
def test_a_broken_workbook_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError, match="not an Office file, or is cut off"):
        workbook.read(broken, FORM)


def test_a_cut_off_workbook_is_a_read_error() -> None:
    data = book(Sheet={"A1": "x"})
    with pytest.raises(ReadError):
        workbook.read(data[: len(data) // 2], FORM)
