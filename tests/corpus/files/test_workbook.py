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
        "## Prices\n\n| Item | Price |\n| --- | --- |\n| Bolt | 3 |\n| Nut | 0.5 |\n\n## Notes\n\nOnly this\n\n"
    )


def test_rows_are_marked_with_their_sheet_and_number() -> None:
    content = workbook.read(book(Far={"C5": "Name", "D5": "Size", "C6": "alpha", "D6": 3}), FORM)
    places = {content.text[mark.start :].split("\n")[0]: (mark.label, mark.line) for mark in content.marks}
    assert places == {"## Far": ("Far", None), "| Name | Size |": ("Far", 5), "| alpha | 3 |": ("Far", 6)}


def test_a_cell_far_to_the_right_stands_by_itself_under_its_place() -> None:
    assert workbook.read(book(Sheet={"A1": "near", "B1": "by", "A2": 1, "B2": 2, "XFD2": "far"}), FORM).text == (
        "## Sheet\n\n| near | by |\n| --- | --- |\n| 1 | 2 |\n\nXFD2: far\n\n"
    )


def _formatted(value: object, code: str) -> str:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Label", "Value"])
    sheet.append(["it", value])
    sheet["B2"].number_format = code
    return _rows(made)[-1].strip("| ").rpartition("|")[2].strip()


def _rows(made: openpyxl.Workbook) -> list[str]:
    packed = io.BytesIO()
    made.save(packed)
    return [line for line in workbook.read(packed.getvalue(), FORM).text.split("\n") if line.startswith("|")]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.125, "0.0%", "12.5%"),
        (9876.5, '"$"#,##0.00', "$9,876.50"),
        (7, "00000", "00007"),
        (datetime.datetime(2026, 1, 31), "dd.mm.yyyy", "31.01.2026"),
        (datetime.datetime(2026, 1, 31, 6, 5), "yyyy-mm-dd hh:mm", "2026-01-31 06:05"),
        (datetime.timedelta(hours=50, minutes=3), "[h]:mm", "50:03"),
        (12345678901, "General", "12345678901"),
        (True, "General", "TRUE"),
        ("0042", "@", "0042"),
        ("two\nlines | bar", "General", "bar"),
    ],
)
def test_values_are_shown_as_the_program_shows_them(value: object, code: str, shown: str) -> None:
    assert _formatted(value, code) == shown


def test_merged_labels_are_repeated_and_several_header_rows_joined() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (["Crop", "2030", None], [None, "Sown", "Reaped"], ["Rye", 4, 9], [None, 5, 8]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A3:A4")
    assert _rows(made) == [
        "| Crop | 2030 Sown | 2030 Reaped |",
        "| --- | --- | --- |",
        "| Rye | 4 | 9 |",
        "| Rye | 5 | 8 |",
    ]


def test_a_table_without_a_header_gets_letters() -> None:
    assert _rows(_sheet([["a", 1], ["b", 2]]))[0] == "| Column A | Column B |"
    assert _rows(_sheet([["Crop", 2029, 2030], ["Rye", 4, 5]]))[0] == "| Crop | 2029 | 2030 |"


def _sheet(rows: list[list[object]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    return made


def test_what_is_hidden_or_has_no_result_is_counted_and_notes_stand_below() -> None:
    made = _sheet([["Part", "Cost", "Secret"], ["bolt", 3, 8], ["nut", "=B2*2", 9], ["old", 1, 7]])
    sheet = made.active
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["B2"].comment = openpyxl.comments.Comment("Rises in May", "Ada")
    sheet["A2"].hyperlink = "https://parts.example/bolt"
    made.create_sheet("Inner").sheet_state = "hidden"
    packed = io.BytesIO()
    made.save(packed)
    content = workbook.read(packed.getvalue(), FORM)
    assert "| bolt <https://parts.example/bolt> | 3 |\n| nut | =B2*2 |" in content.text
    assert "Rises in May" in content.text.partition("Note on B2 (bolt")[2]
    assert "old" not in content.text
    assert set(content.omitted) == {
        "1 hidden row",
        "1 hidden column",
        "1 hidden sheet",
        "1 formula without a stored result",
    }


def test_blank_rows_part_tables_and_a_single_cell_above_one_is_its_title() -> None:
    made = _sheet([["Stock"], ["Part", "Count"], ["bolt", 3], [], ["Staff", "Hall"], ["Ada", 2]])
    packed = io.BytesIO()
    made.save(packed)
    assert workbook.read(packed.getvalue(), FORM).text == (
        "## Sheet\n\nStock\n\n| Part | Count |\n| --- | --- |\n| bolt | 3 |\n\n"
        "| Staff | Hall |\n| --- | --- |\n| Ada | 2 |\n\n"
    )


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04", b"hello"])
def test_a_broken_workbook_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError, match="not an Office file, or is cut off"):
        workbook.read(broken, FORM)


def test_a_cut_off_workbook_is_a_read_error() -> None:
    data = book(Sheet={"A1": "x"})
    with pytest.raises(ReadError):
        workbook.read(data[: len(data) // 2], FORM)
