"""Running headers, footers and page numbers: rows at a page's edge that come again on other pages as high."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .pdf_layout import PdfRow

_EDGE = 4
"""Rows from the top and from the bottom that may be running."""
_ZONE = 0.16
"""Share of the page's height from its edges."""
_SAME = 4.0
"""Points by which heights differ on other pages."""
_TIMES = 3
"""Pages on which a running row stands, at least; both of a document of two."""
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlcdm]{1,8}|[IVXLCDM]{1,8}")
_PAGE = re.compile(
    r"(?:\b(?:page|seite|p\.|pg\.?)\s*)?\b(?:\d{1,5}|[ivxl]{1,7})(?:\s*(?:of|von|de|sur|di|/)\s*\d{1,5})?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class PdfSheet:
    """One page with its rows from top to bottom."""

    number: int
    height: float
    rows: list[PdfRow]
    running: list[PdfRow] = field(default_factory=list)
    """Rows that were taken out."""


@dataclass(frozen=True, slots=True)
class _Place:
    sheet: int
    index: int
    y: float
    pages: int
    """The page's number in the file."""


def take_out(sheets: Sequence[PdfSheet]) -> None:
    """Moves running rows from ``rows`` to ``running``."""
    by_text: defaultdict[tuple[bool, str], list[_Place]] = defaultdict(list)
    by_offset: defaultdict[tuple[bool, int], list[_Place]] = defaultdict(list)
    for number, sheet in enumerate(sheets):
        for index, top in _edges(sheet):
            row = sheet.rows[index]
            place = _Place(number, index, row.y, sheet.number)
            text = row.text
            if not _heads_a_table(sheet.rows, index):
                by_text[top, plain(text)].append(place)
            for value in {int(found) for found in _outer_numbers(text)}:
                by_offset[top, value - sheet.number].append(place)
    needed = 2 if len(sheets) == 2 else _TIMES
    gone: set[tuple[int, int]] = set()
    for groups in (by_text, by_offset):
        for places in groups.values():
            gone.update((place.sheet, place.index) for place in _again(places, needed))
    gone |= _level_with(sheets, gone, needed)
    empty = sum(
        bool(sheet.rows) and all((n, i) in gone for i in range(len(sheet.rows))) for n, sheet in enumerate(sheets)
    )
    if 2 * empty > len(sheets):
        # Pages of a line or two, such as slides: these lines are what they say.
        return
    for number, sheet in enumerate(sheets):
        sheet.running = [row for index, row in enumerate(sheet.rows) if (number, index) in gone]
        sheet.rows = [row for index, row in enumerate(sheet.rows) if (number, index) not in gone]


def _level_with(sheets: Sequence[PdfSheet], gone: set[tuple[int, int]], needed: int) -> set[tuple[int, int]]:
    """Outermost rows as high and as large as running rows of other pages, apart from what follows: chapters' names."""
    known = Counter(_height(sheets[number].rows[index]) for number, index in gone)
    heights = {height for height, count in known.items() if count >= needed}
    found = set()
    for number, sheet in enumerate(sheets):
        last = len(sheet.rows) - 1
        for index, inner in ((0, 1), (last, last - 1)):
            if not 0 <= inner <= last or (number, index) in gone or _height(sheet.rows[index]) not in heights:
                continue
            if abs(sheet.rows[index].y - sheet.rows[inner].y) > 1.5 * sheet.rows[index].size:
                found.add((number, index))
    return found


def _height(row: PdfRow) -> tuple[int, int]:
    return round(row.y / 2), round(row.size)


def plain(text: str) -> str:
    """The row's text with ``#`` for whatever counts pages."""
    text = " ".join(text.split())
    return "#" if _ROMAN.fullmatch(text) else _DIGITS.sub("#", text)


def strip_number(text: str) -> str:
    """The row's text without the page's number before or behind it."""
    text = " ".join(text.split())
    found = _PAGE.match(text)
    if found:
        text = text[found.end() :].lstrip(" -–—|.:")
    ends = [found for found in _PAGE.finditer(text) if found.end() == len(text)]
    return text[: ends[0].start()].rstrip(" -–—|.:,") if ends else text


def _edges(sheet: PdfSheet) -> list[tuple[int, bool]]:
    """Indexes of the rows at the edges, and whether it is the upper one."""
    count = len(sheet.rows)
    top = [index for index in range(min(_EDGE, count)) if sheet.rows[index].y < _ZONE * sheet.height]
    bottom = [
        index for index in range(max(0, count - _EDGE), count) if sheet.rows[index].y > (1 - _ZONE) * sheet.height
    ]
    return [(index, True) for index in top] + [(index, False) for index in bottom]


def _again(places: list[_Place], needed: int) -> list[_Place]:
    """The places at the height where most are, if they are on enough pages."""
    if len(places) < needed:
        return []
    heights = Counter(round(place.y / _SAME) for place in places)
    best = max(heights, key=lambda height: heights[height] + heights[height + 1])
    same = [place for place in places if round(place.y / _SAME) in (best, best + 1)]
    return same if len({place.sheet for place in same}) >= needed else []


def _outer_numbers(text: str) -> list[str]:
    words = text.split()
    return [
        word for word in dict.fromkeys((words[0], words[-1])) if word.isascii() and word.isdigit() and len(word) < 6
    ]


def _heads_a_table(rows: list[PdfRow], index: int) -> bool:
    """A table's header may come again on every page: the row below stands in the same columns."""
    row = rows[index]
    if len(row.pieces) < 2 or index + 1 >= len(rows) or rows[index + 1].y - row.y > 3 * row.size:
        return False
    starts = [piece.x0 for piece in rows[index + 1].pieces]
    ends = [piece.x1 for piece in rows[index + 1].pieces]
    near = sum(
        any(abs(piece.x0 - x) < 3 for x in starts) or any(abs(piece.x1 - x) < 3 for x in ends) for piece in row.pieces
    )
    return near >= 2
