"""Columns of a page: its rows are cut at white strips, and each part is read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .pdf_drawing import Box
from .pdf_layout import PdfPiece, PdfRow, Region, rows_of
from .pdf_page import Page

_GUTTER = 8.0
"""Points between two columns, at least."""
_BIN = 2.0
"""Points: how finely gutters are sought."""
_DEPTH = 8
"""Columns within columns."""
_ROWS = 3
"""Rows that a column has at least."""
_FULL = 12
"""Letters of a line of prose, at least."""
_FILLED, _SHARE = 0.72, 0.5
"""Of its column's width a line of prose fills so much; of a column's letters so many stand in such lines."""
_WIDE, _TALL = 0.12, 0.35
"""Shares of the page: the least width of a table's lines, and the largest distance between two."""
_MAXIMUM_ROWS = 2_000
"""Of a page; more are no columns."""


def regions(rows: list[PdfRow], page: Page) -> list[Region]:
    """The regions of a page, column by column, in the order in which people read."""
    return [region for region in _flow(rows, 0, _ruled_boxes(page)) if region]


def _ruled_boxes(page: Page) -> list[Box]:
    """Left, top, right, bottom between two level lines of one width, one below the other: a table's rows."""
    boxes: list[Box] = []
    above: dict[tuple[int, int], float] = {}
    for y, x0, x1 in sorted(page.drawn.across):
        key = round(x0 / 3), round(x1 / 3)
        if x1 - x0 > _WIDE * page.width:
            if key in above and y - above[key] < _TALL * page.height:
                boxes.append((x0, above[key], x1, y))
            above[key] = y
    return boxes


def turned_regions(page: Page, body: float) -> list[Region]:
    """The regions of text that stands upright only when the page is turned, and of text across the page."""
    found = []
    for turn in sorted({run.turn for run in page.runs} - {page.turn, -1}):
        found += _flow(rows_of(page, body, turn), 0, [])
    return found + [[row] for row in rows_of(page, body, -1)]


def _flow(rows: list[PdfRow], depth: int, ruled: list[Box]) -> list[Region]:
    """Cuts rows at the best gutter: what stands above it, its left, its right, what stands below."""
    if depth == _DEPTH or len(rows) < _ROWS or len(rows) > _MAXIMUM_ROWS:
        return [rows]
    found = _gutter(rows, ruled)
    if found is None:
        return [rows]
    x, first, last = found
    band = rows[first:last]
    left, right = _side(band, lambda piece: piece.x0 < x), _side(band, lambda piece: piece.x0 >= x)
    above, below = rows[:first], rows[last:]
    if _is_prose(left) and _is_prose(right) and not _are_labels(left, right):
        return [
            *_flow(above, depth + 1, ruled),
            *_flow(left, depth + 1, ruled),
            *_flow(right, depth + 1, ruled),
            *_flow(below, depth + 1, ruled),
        ]
    if not above and not below:
        return [rows]
    # No columns, so a table: it stays in the flow of what is around it.
    return _merge([*_flow(above, depth + 1, ruled), band, *_flow(below, depth + 1, ruled)])


def _merge(found: list[Region]) -> list[Region]:
    """Regions that follow one another from top to bottom are one again."""
    merged: list[Region] = []
    for region in found:
        if region and merged and merged[-1][-1].y < region[0].y and _overlap(merged[-1], region):
            merged[-1] = [*merged[-1], *region]
        elif region:
            merged.append(region)
    return merged


def _overlap(above: Region, below: Region) -> bool:
    first, last = min(row.x0 for row in above), max(row.x1 for row in above)
    left, right = min(row.x0 for row in below), max(row.x1 for row in below)
    return min(last, right) - max(first, left) > 0.6 * max(last - first, right - left)


def _side(rows: list[PdfRow], wanted: Callable[[PdfPiece], bool]) -> list[PdfRow]:
    halves = []
    for row in rows:
        pieces = [piece for piece in row.pieces if wanted(piece)]
        if pieces:
            halves.append(PdfRow(pieces, pieces[0].y, max(piece.size for piece in pieces)))
    return halves


def _gutter(rows: list[PdfRow], ruled: list[Box]) -> tuple[float, int, int] | None:
    """``(x, first row, last row exclusive)`` of the white strip with most rows on either side."""
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    if sum(piece.x0 > left + 0.2 * (right - left) for row in rows for piece in row.pieces) < _ROWS:
        return None
    count = int((right - left) / _BIN) + 2
    if count > 4_000:
        return None
    covered = np.zeros((len(rows), count), bool)
    reach = int(_GUTTER / 2 / _BIN)
    before, behind = np.zeros((len(rows), count), bool), np.zeros((len(rows), count), bool)
    for number, row in enumerate(rows):
        for piece in row.pieces:
            start, end = int((piece.x0 - left) / _BIN), int((piece.x1 - left) / _BIN) + 1
            covered[number, max(0, start - reach) : end + reach] = True
            before[number, end:] = True
            behind[number, :start] = True
        for x0, top, x1, bottom in ruled:
            if top < row.y < bottom + 1:
                covered[number, max(0, int((x0 - left) / _BIN)) : max(0, int((x1 - left) / _BIN) + 1)] = True
    lefts, rights = np.zeros(count, np.int32), np.zeros(count, np.int32)
    begun = np.zeros(count, np.int32)
    best: tuple[int, float, int, int] = (_ROWS - 1, 0.0, 0, 0)
    score = np.zeros(count, np.int32)
    ends = np.zeros(count, np.int32)
    starts = np.zeros(count, np.int32)
    for number in range(len(rows)):
        over = covered[number]
        lefts[over] = rights[over] = 0
        begun[over] = number + 1
        lefts += before[number] & ~over
        rights += behind[number] & ~over
        now = np.minimum(lefts, rights)
        better = now > score
        longer = (now == score) & (now > 0) & ~over & (begun == starts)
        score[better] = now[better]
        starts[better] = begun[better]
        ends[better | longer] = number + 1
    top = int(score.max())
    if top <= best[0]:
        return None
    places = np.flatnonzero(score == top)
    middle = int(places[len(places) // 2])
    return left + middle * _BIN, int(starts[middle]), int(ends[middle])


def _is_prose(side: list[PdfRow]) -> bool:
    """Whether most letters stand in lines that fill the column's width; what figures say has few."""
    width = max(row.x1 for row in side) - min(row.x0 for row in side) if side else 0.0
    lines = [len(row.text) for row in side if len(row.pieces) == 1 and row.x1 - row.x0 > _FILLED * width]
    lines = [letters for letters in lines if letters >= _FULL]
    return len(lines) >= _ROWS and sum(lines) > _SHARE * sum(len(row.text) for row in side)


def _are_labels(left: list[PdfRow], right: list[PdfRow]) -> bool:
    """Short names on the left with what belongs to each on the right, beginning on the same line."""
    level = {round(row.y) for row in right}
    beside = sum(round(row.y) in level for row in left) / len(left)
    ends = sum(row.text[-1] in ".:;?!" for row in left) / len(left)
    return len(left) < 0.6 * len(right) and beside > 0.9 and (ends < 0.2 or all(row.text.endswith(":") for row in left))
