"""Tables of a PDF: rows of pieces that stand in the same columns, with or without ruled lines around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .pdf_drawing import PdfDrawing
from .pdf_layout import PdfPiece, PdfRow, Region

_ROWS = 3
"""Rows of several cells that make a table where no line is ruled; with ruled lines 2."""
_APART = 2.6
"""Times the font's size: a wider space below a row ends a table without ruled lines."""
_LONG = 200
"""Characters of a cell that may be repeated where cells are merged."""
_MARKER = re.compile(r"[•‣◦▪●○■□·∗*–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\[\w{1,8}\]")
_VALUE = re.compile(r"[^\W\d_]{3}|^\W*\d[\d.,:/%-]*\W*$|^[-–—✓✗]$|[^\W\d_]+[-_]?\d")
"""What a cell holds; single letters and signs are formulas."""
_NUMBER = re.compile(r"[-−+]?[\d.,]+\s?%?")
_LEADER = re.compile(r"(?:\s?[.·…_]){4,}")

Columns = list[tuple[float, float]]


@dataclass(slots=True)
class PdfTable:
    columns: Columns
    """Where each begins and ends."""
    rows: list[list[str]] = field(default_factory=list)
    heads: int = 0
    """How many rows at its beginning are its header."""


def parts(region: Region, drawn: PdfDrawing, before: Columns | None) -> Iterator[PdfRow | PdfTable]:
    """The region's rows, with those that belong to a table as one. ``before`` are the columns of the table with which
    the page before this one ended."""
    index = 0
    while index < len(region):
        end, columns = _extent(region, index, drawn, before if index == 0 else None)
        lead = 0
        if before is None and len(region[index].pieces) > 1:
            lead, end, columns = _with_lead(region, index, drawn, end, columns)
        if end > index:
            yield _table(region[index:end], columns, drawn, lead)
            index = end
        else:
            yield region[index]
            index += 1


def _extent(region: Region, start: int, drawn: PdfDrawing, before: Columns | None) -> tuple[int, Columns]:
    """Where a table that begins with this row ends, and its columns; ``start`` when none does."""
    none: Columns = []
    row = region[start]
    if before is not None and len(row.pieces) > 1 and _fits(row, before):
        columns = [*before]
        end = start
        while end < len(region) and _fits(region[end], columns) and (end == start or _is_near(region, end, drawn)):
            end += 1
        while end > start + 1 and len(region[end - 1].pieces) == 1 and not _is_ruled(region[start:end], drawn):
            end -= 1
        return end, columns
    if len(row.pieces) < 2 or _is_code(row) or _MARKER.fullmatch(row.pieces[0].text):
        return start, none
    columns = _merge([], row)
    end, rows, last = start + 1, 1, start + 1
    while end < len(region) and _is_near(region, end, drawn):
        following = region[end]
        merged = _merge(columns, following)
        several = len(following.pieces) > 1
        if len(merged) < max(2, min(len(columns), len(following.pieces))) or _is_code(following):
            break
        if len(merged) < len(columns) and (rows > 2 or len(merged) < 2):
            break
        if not several and (following.x0 < columns[0][0] - 2 or _ends_table(region, end, columns)):
            break
        columns = merged
        end += 1
        if several:
            rows += 1
            last = end
    ruled = _is_ruled(region[start:last], drawn)
    end = last
    while (
        end < len(region) and ruled and _within_rules(region[end], region[start], drawn) and _fits(region[end], columns)
    ):
        end += 1
    if _is_listing(region[start:last]):
        return start, none
    if rows < (2 if ruled else _ROWS) or _are_items(region[start:last]) or _is_contents(region[start:last]):
        return start, none
    return (end, columns) if _is_regular(region[start:last], columns, ruled=ruled) else (start, none)


def _with_lead(region: Region, index: int, drawn: PdfDrawing, end: int, columns: Columns) -> tuple[int, int, Columns]:
    """1 before the extent where the first row names groups of columns, so that more of them begin a row below."""
    if index + 1 < len(region) and _is_near(region, index + 1, drawn):
        later, finer = _extent(region, index + 1, drawn, None)
        first = region[index]
        inside = finer and finer[0][0] - 5 < first.x0 and first.x1 < finer[-1][1] + 5
        names = len(region[index + 1].pieces) >= len(finer) - 1 > 0 and len(first.pieces) < len(finer)
        if later >= end and later > index + 1 and inside and names and not _fits(first, finer):
            return 1, later, finer
    return 0, end, columns


def _is_code(row: PdfRow) -> bool:
    return all(piece.mono for piece in row.pieces) and len(row.pieces) < 3


def _is_near(region: Region, index: int, drawn: PdfDrawing) -> bool:
    above, row = region[index - 1], region[index]
    step = row.y - above.y
    if step <= _APART * max(above.size, row.size):
        return True
    # Tall ruled cells: a line or the box's side runs on between the two rows.
    return step < 12 * row.size and any(top < above.y and bottom > row.y for _, top, bottom in drawn.down)


def _merge(columns: Columns, row: PdfRow) -> Columns:
    spans = sorted([*columns, *((piece.x0, piece.x1) for piece in row.pieces)])
    merged: Columns = []
    for x0, x1 in spans:
        if merged and x0 < merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], x1)
        else:
            merged.append((x0, x1))
    return merged


def _fits(row: PdfRow, columns: Columns) -> bool:
    """Each piece touches one column only, and no two the same."""
    touched = []
    for piece in row.pieces:
        found = [number for number, (x0, x1) in enumerate(columns) if piece.x0 < x1 + 2 and piece.x1 > x0 - 2]
        if len(found) != 1:
            return False
        touched.append(found[0])
    return len(set(touched)) == len(touched)


def _ends_table(region: Region, index: int, columns: Columns) -> bool:
    """A single piece that reaches over all columns' width, stands below the first column's text with an indent (what
    a name above means), or is followed by no row of several."""
    row = region[index]
    wide = columns[-1][1] - columns[0][0]
    if row.x1 - row.x0 > 0.7 * wide or columns[0][0] + 0.5 * row.size < row.x0 < columns[0][1]:
        return True
    return not any(len(other.pieces) > 1 for other in region[index + 1 : index + 5])


def _are_items(rows: Sequence[PdfRow]) -> bool:
    marked = sum(_MARKER.fullmatch(row.pieces[0].text) is not None for row in rows if len(row.pieces) == 2)
    return marked > 0.5 * len(rows)


def _is_listing(rows: Sequence[PdfRow]) -> bool:
    """Lines of code with their numbers: a table has a header above its numbers."""
    firsts = [row.pieces[0].text for row in rows]
    numbers = [int(text) for text in firsts if text.isascii() and text.isdigit() and len(text) < 6]
    return len(numbers) == len(firsts) > 2 and all(0 < below - above < 4 for above, below in pairwise(numbers))


def _is_contents(rows: Sequence[PdfRow]) -> bool:
    """A table of contents: dots lead to the page's number."""
    led = sum(_LEADER.search(row.text) is not None for row in rows)
    return led > 0.4 * len(rows)


def _is_regular(rows: Sequence[PdfRow], columns: Columns, *, ruled: bool) -> bool:
    """Enough of the cells are filled, and cells are not stretched words of one line."""
    several = [row for row in rows if len(row.pieces) > 1]
    filled = median(len(row.pieces) for row in several) / len(columns)
    letters = median(len(piece.text) for row in several for piece in row.pieces)
    alone = sum(len(row.pieces) == 1 and row.x0 < columns[0][1] for row in rows)
    if not ruled and alone > 0.25 * len(rows):
        return False
    cells = [piece.text for row in several for piece in row.pieces]
    if sum(_VALUE.search(cell) is not None for cell in cells) < (0.25 if ruled else 0.5) * len(cells):
        return False
    return len(several) >= 0.4 * len(rows) and filled > (0.3 if ruled else 0.45) and letters < 80


def _is_ruled(rows: Sequence[PdfRow], drawn: PdfDrawing) -> bool:
    if not rows:
        return False
    top, bottom = rows[0].y - 2.5 * rows[0].size, rows[-1].y + 2.5 * rows[-1].size
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    wide = 0.5 * (right - left)
    level = {round(y) for y, x0, x1 in drawn.across if top < y < bottom and min(x1, right) - max(x0, left) > wide}
    upright = {round(x) for x, y0, y1 in drawn.down if y0 < bottom and y1 > top and left - 20 < x < right + 20}
    return len(level) >= 2 or len(upright) >= 2


def _within_rules(row: PdfRow, first: PdfRow, drawn: PdfDrawing) -> bool:
    """Whether a box's side or another level line follows below the row."""
    return any(y0 < first.y and y1 > row.y for _, y0, y1 in drawn.down)


def _table(rows: Sequence[PdfRow], columns: Columns, drawn: PdfDrawing, lead: int) -> PdfTable:
    """``lead`` rows at its beginning name groups of columns."""
    top, bottom = rows[0].y - rows[0].size, rows[-1].y + rows[-1].size
    left, right = columns[0][0] - 20, columns[-1][1] + 20
    sides = sorted({round(x, 1) for x, y0, y1 in drawn.down if y0 < bottom and y1 > top and left < x < right})
    columns = _ruled_columns(sides, columns) or columns
    levels = _levels(drawn, rows, columns)
    table = PdfTable(columns)
    last_band = -1
    last_y = rows[0].y
    steps = [below.y - above.y for above, below in pairwise(rows)]
    usual = min(steps, default=0.0)
    bands = len({sum(level < row.y - 0.3 * row.size for level in levels) for row in rows})
    full = sum(all(_cells(row.pieces, columns)) for row in rows)
    banded = (1 < bands >= 0.9 * full) or (len(sides) > 1 and 3 < bands > 0.45 * full)
    heads = max(lead + 1, _header_rows(rows, levels)) if lead else _header_rows(rows, levels)
    for number, row in enumerate(rows):
        band = sum(level < row.y - 0.3 * row.size for level in levels)
        cells = _group_names(row.pieces, columns) if number < lead else _cells(row.pieces, columns)
        same_cell = banded and band == last_band and number > 0
        goes_on = not banded and number > 0 and not cells[0] and row.y - last_y < 1.3 * max(usual, row.size)
        if table.rows and (number < heads or same_cell or (goes_on and _hangs(cells, table.rows[-1]))):
            table.rows[-1] = [f"{above} {cell}".strip() for above, cell in zip(table.rows[-1], cells, strict=True)]
        else:
            table.rows.append(cells)
        last_band, last_y = band, row.y
    labels = sum(bool(cells[0]) and cells[0].endswith(":") for cells in table.rows)
    table.heads = 0 if len(table.columns) == 2 and labels > 0.6 * len(table.rows) else 1
    return table


def _header_rows(rows: Sequence[PdfRow], levels: Sequence[float]) -> int:
    """How many rows stand above the first line that crosses the table, where few do and more follow."""
    below = next((level for level in levels if level > rows[0].y), None)
    if below is None:
        return 1
    count = sum(row.y < below for row in rows)
    numbers = any(_NUMBER.fullmatch(piece.text) for row in rows[1:count] for piece in row.pieces)
    return count if count <= 4 and count < len(rows) and not numbers else 1


def _group_names(pieces: Sequence[PdfPiece], columns: Columns) -> list[str]:
    """Each column but the first has the nearest name, if it is not far."""
    middles = [(piece.x0 + piece.x1) / 2 for piece in pieces]
    reach = min((right - left for left, right in pairwise(middles)), default=0.0) / 2
    cells = []
    for x0, x1 in columns:
        far, piece = min((abs(middle - (x0 + x1) / 2), number) for number, middle in enumerate(middles))
        over = pieces[piece].x0 < x1 and pieces[piece].x1 > x0
        cells.append(pieces[piece].text if over or far <= reach + 1 else "")
    return cells


def _ruled_columns(sides: list[float], columns: Columns) -> Columns | None:
    """The columns between upright lines, where there is one between any two."""
    distinct: list[float] = []
    for x in sides:
        if not distinct or x - distinct[-1] > 4:
            distinct.append(x)
    if len(distinct) < 2:
        return None
    edges = [x for x in distinct if columns[0][0] < x < columns[-1][1]]
    if len(edges) + 1 < len(columns):
        return None
    bounds = [min(columns[0][0], distinct[0]), *edges, max(columns[-1][1], distinct[-1])]
    return list(pairwise(bounds))


def _levels(drawn: PdfDrawing, rows: Sequence[PdfRow], columns: Columns) -> list[float]:
    """Heights of the level lines that cross most of the table."""
    wide = columns[-1][1] - columns[0][0]
    top, bottom = rows[0].y - 3 * rows[0].size, rows[-1].y + 3 * rows[-1].size
    spans: dict[int, float] = {}
    for y, x0, x1 in drawn.across:
        if top < y < bottom:
            spans[round(y)] = spans.get(round(y), 0.0) + max(0.0, min(x1, columns[-1][1]) - max(x0, columns[0][0]))
    levels: list[float] = []
    for y in sorted(spans):
        if spans[y] > 0.6 * wide and (not levels or y - levels[-1] > 4):
            levels.append(float(y))
    return levels


def _cells(pieces: Sequence[PdfPiece], columns: Columns) -> list[str]:
    cells = [""] * len(columns)
    for piece in pieces:
        touched = [
            number
            for number, (x0, x1) in enumerate(columns)
            if min(piece.x1, x1) - max(piece.x0, x0) > 0.3 * min(piece.x1 - piece.x0, x1 - x0)
        ]
        if not touched:
            middle = (piece.x0 + piece.x1) / 2
            touched = [min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - middle))]
        for number in touched if len(piece.text) <= _LONG else touched[:1]:
            cells[number] = f"{cells[number]} {piece.text}".strip()
    return cells


def _hangs(cells: list[str], above: list[str]) -> bool:
    """The row goes on with cells of the one above: none of them stands where that one has nothing. One that fills all
    columns but the first is a row of its own."""
    filled = sum(map(bool, cells))
    return (filled < 2 or filled < len(cells) - 1) and all(above[number] for number, cell in enumerate(cells) if cell)
