"""The sheets of an OpenDocument spreadsheet as they show themselves: the text of a cell is the value that people see.

Read piece by piece, as Excel's (``sheet.py``). A row or cell that is repeated a million times, as programs write the
empty rest of a sheet, costs nothing where it is empty and is bounded where it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ...errors import ReadError
from .content import clean
from .odf_inline import OdfInline
from .odf_styles import DRAW, OFFICE, TABLE, TEXT, OdfStyles, whole
from .package import Package
from .sheet import MOST_CELLS, MOST_ROWS, Sheet, column_letters

_REPEATS = 1_000
"""Times that a row or a cell with content is repeated, at most."""
_LAST_COLUMN = 16_384
_NUMBERS = frozenset({"float", "percentage", "currency", "date", "time"})
_VALUES = tuple(OFFICE + name for name in ("string-value", "date-value", "time-value", "boolean-value", "value"))
_GONE = frozenset({"collapse", "filter"})


def sheets(package: Package, common: list[Any], lost: Counter[str]) -> Iterator[tuple[str, Sheet]]:
    """Yields name and cells of each sheet that is shown. ``common`` holds the file's common styles; hidden sheets are
    counted in ``lost``. Raises ``ReadError`` for more than ``MOST_CELLS`` cells."""
    styles = OdfStyles(common)
    reading: _Sheet | None = None
    depth, cost = 0, 0
    with package.stream("content.xml") as stream:
        walked = etree.iterparse(stream, events=("start", "end"), resolve_entities=False, no_network=True)
        for event, element in walked:
            tag = element.tag
            if event == "start":
                if tag == TABLE + "table":
                    depth += 1
                    reading = _Sheet(styles, element) if depth == 1 else reading
                continue
            if tag == OFFICE + "automatic-styles":
                styles = OdfStyles([*common, element])
            elif tag == TABLE + "table":
                depth -= 1
                if depth == 0 and reading is not None:
                    if reading.hidden and not reading.foreign:
                        lost["hidden sheet|"] += 1
                    elif not reading.foreign:
                        yield reading.name, reading.finish()
                    reading = None
                    element.clear()
            elif reading is None or depth != 1:
                continue
            elif tag == TABLE + "table-row":
                cost += reading.row(element, MOST_CELLS - cost)
                _forget(element)
            elif tag == TABLE + "table-column":
                reading.column(element)
            elif tag == TABLE + "table-source":
                reading.foreign = True
            elif tag == TABLE + "shapes":
                reading.shapes(element)


def _forget(element: Any) -> None:
    """Frees a row and what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


class _Sheet:
    def __init__(self, styles: OdfStyles, table: Any) -> None:
        self.name = " ".join(clean(table.get(TABLE + "name", "")).split())
        style = table.get(TABLE + "style-name", "")
        self.hidden = styles.property("table", style, "table-properties", TABLE + "display") == "false"
        self.foreign = False
        """Whether it is the kept copy of a sheet of another file, which no program shows."""
        self._sheet = Sheet()
        self._inline = OdfInline(styles, self._sheet.lost)
        self._row, self._column = 0, 0
        self._gone: set[int] = set()
        """Columns that are not shown."""
        self._missed: set[int] = set()
        """Those of them that hold something."""

    def finish(self) -> Sheet:
        if self._missed:
            self._sheet.lost["hidden column|"] += len(self._missed)
        return self._sheet

    def column(self, element: Any) -> None:
        times = max(1, whole(element.get(TABLE + "number-columns-repeated"), 1))
        if element.get(TABLE + "visibility") in _GONE:
            self._gone |= set(range(self._column + 1, min(self._column + times, _LAST_COLUMN) + 1))
        self._column += times

    def shapes(self, element: Any) -> None:
        lost = self._sheet.lost
        for frame in element.iter(DRAW + "frame"):
            if frame.find(DRAW + "object") is not None:
                lost["chart|"] += 1
            elif frame.find(DRAW + "image") is not None:
                lost["picture| without text"] += 1

    def row(self, element: Any, left: int) -> int:
        """Reads one row; returns how many cells it cost. Raises ``ReadError`` for more than are ``left``."""
        sheet, number = self._sheet, self._row + 1
        times = max(1, whole(element.get(TABLE + "number-rows-repeated"), 1))
        self._row += times
        cells = self._cells(element, number) if not self.hidden and len(element) <= left else {}
        if not cells and len(element) <= left:
            return len(element)
        if element.get(TABLE + "visibility") in _GONE:
            sheet.lost["hidden row|"] += times
            return len(element)
        kept = min(times, _REPEATS, max(0, MOST_ROWS - len(sheet.rows)))
        cost = len(element) + len(cells) * kept
        if cost > left:
            raise ReadError(f"the sheets have more than {MOST_CELLS:,} cells", fix="save them as CSV")
        sheet.rows += [(number + more, dict(cells)) for more in range(kept)]
        if times > kept:
            sheet.lost[f"row| repeated, or beyond the first {MOST_ROWS:,} of a sheet"] += times - kept
        return cost

    def _cells(self, element: Any, number: int) -> dict[int, str]:
        cells: dict[int, str] = {}
        column = 0
        gone = element.get(TABLE + "visibility") in _GONE
        for cell in element:
            times = max(1, whole(cell.get(TABLE + "number-columns-repeated"), 1))
            first, column = column + 1, column + times
            if cell.tag != TABLE + "table-cell":
                continue
            text = self._text(cell)
            if not text and not len(cell):
                continue
            places = range(first, min(column, first + _REPEATS - 1, _LAST_COLUMN) + 1)
            self._missed |= {place for place in places if text and place in self._gone}
            cells |= {place: text for place in places if text and place not in self._gone}
            if cell.get(OFFICE + "value-type") in _NUMBERS and len(self._sheet.rows) < 100:
                self._sheet.numbers |= {(number, place) for place in places}
            if not gone and first not in self._gone:
                self._span(cell, number, first)
                self._notes(cell, number, first)
        return cells

    def _span(self, cell: Any, row: int, column: int) -> None:
        wide = whole(cell.get(TABLE + "number-columns-spanned"), 1)
        tall = whole(cell.get(TABLE + "number-rows-spanned"), 1)
        if wide > 1 or tall > 1:
            self._sheet.merged.append((row, column, row + max(tall, 1) - 1, column + max(wide, 1) - 1))

    def _notes(self, cell: Any, row: int, column: int) -> None:
        for note in cell.iterfind(OFFICE + "annotation"):
            text = " ".join(" ".join("".join(part.itertext()) for part in note.iter(TEXT + "p")).split())
            if text:
                self._sheet.notes.append((f"{column_letters(column)}{row}", clean(text)))

    def _text(self, cell: Any) -> str:
        shown = [
            (part.text or "") if not len(part) else self._inline.line(part).text for part in cell.iterfind(TEXT + "p")
        ]
        text = " ".join(clean(" ".join(shown)).split())
        if text or shown:
            return text
        stored = next((value for name in _VALUES if (value := cell.get(name))), "")
        if not stored and (formula := cell.get(TABLE + "formula")):
            self._sheet.lost["formula| without a stored result"] += 1
            stored = f"={formula.partition('=')[2]}"
        return " ".join(clean(stored).split())
