"""Lists whose columns are set by spaces in plain text: a sheet of people, a price list, the signs of a map.

Lines of the same indent are its rows where their parts, two or more spaces apart, begin below one another (or, of
numbers, end so). Only places are told. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..document import Place
from .lines import FENCE, ITEM, RULE, Line, lines

LEAST = 3
"""Rows of a list of two columns; of a wider one a row less."""
_GAP = re.compile(r" {2,}|[ ]*\t\s*")
_WIDE = 3
"""Spaces that part columns in one of the rows at least: justified text has no more than two."""
_TERM = 3
"""Characters of a sign, a key or the letter of an option, with text behind it."""
_NUMBER = re.compile(r"[$€£¥]?\s?[-+]?\d[\d.,/:-]*\s?[^\W\d]{0,3}[%°]?")
_DATUM = re.compile(r"\d|[@$€£¥]")
_LABELLED = re.compile(r"([^\W\d_]{2,}\.?)[ :]+\+?\d[\d ()/.-]*")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE = re.compile(r"\+?\d[\d ()/-]{6,}\d")
_HEADER_WORDS = 4
_MARKS = re.compile(r"[-=_ \t]+")


@dataclass(frozen=True, slots=True)
class ColumnRow:
    start: int
    end: int
    cells: tuple[Place, ...]
    columns: tuple[int, ...]
    """Which column each cell is in."""


@dataclass(frozen=True, slots=True)
class ColumnList:
    start: int
    end: int
    names: tuple[str, ...]
    """Of the columns, empty where neither a header nor the values tell it."""
    header: Place | None
    rows: tuple[ColumnRow, ...]


@dataclass(frozen=True, slots=True)
class _Split:
    """A line, cut at its gaps; ``end`` is beyond it where it goes on below."""

    line: Line
    cells: tuple[Place, ...]
    gap: int
    end: int

    @property
    def begins(self) -> tuple[int, ...]:
        return tuple(start - self.line.start for start, _ in self.cells)


def column_lists(text: str) -> list[ColumnList]:
    """Finds the lists of a text, in order and apart from one another."""
    if not _GAP.search(text):
        return []
    return [part for run in _runs(text, lines(text)) if (made := _list(text, run)) for part in _apart(text, made)]


def _apart(text: str, whole: ColumnList) -> Iterator[ColumnList]:
    """The list in parts where paragraphs stand between its rows, which say more of the row above them."""
    edges = [at for at, row in enumerate(whole.rows) if not at or text[whole.rows[at - 1].end : row.start].strip()]
    for first, last in pairwise([*edges, len(whole.rows)]):
        rows = whole.rows[first:last]
        header = whole.header if not first else None
        yield replace(whole, start=header[0] if header else rows[0].start, end=rows[-1].end, header=header, rows=rows)


def _runs(text: str, rows: Sequence[Line]) -> Iterator[list[_Split]]:
    """Rows whose parts stand below one another, with the lines on which they go on; blank lines may part them, and
    deeper paragraphs."""
    run = list[_Split]()
    fenced, blank = False, False
    for row in rows:
        fenced ^= FENCE.match(row.text) is not None
        if not row.text:
            blank = True
            continue
        if run and _goes_on(run[-1], row, blank=blank):
            run[-1] = replace(run[-1], end=row.end)
            continue
        if len(run) > 1 and row.indent > run[0].line.indent and len(run[0].cells) == 2:
            blank = True
            continue
        split = None if fenced else _split(text, row)
        ruled = bool(run) and _MARKS.fullmatch(row.text) is not None and len(run) == 1
        if split is not None and run and _is_below(text, split, run):
            run.append(split)
        elif not ruled:
            yield run
            run = [split] if split is not None else []
        blank = False
    yield run


def _goes_on(last: _Split, row: Line, *, blank: bool) -> bool:
    """Whether a line goes on with the last part of the row above: it begins where that does."""
    begin = row.indent - last.line.indent
    return (
        not blank and len(last.cells) == 2 and begin > 0 and begin == last.begins[1] and not _GAP.search(row.text[:2])
    )


def _split(text: str, row: Line) -> _Split | None:
    if ITEM.match(row.text) or RULE.match(row.text) or row.text.startswith(("|", "//", "#!")):
        return None
    cells, at, widest = list[Place](), row.start, 0
    for gap in _GAP.finditer(text, row.start, row.end):
        wide = _WIDE if "\t" in gap[0] else len(gap[0])
        if wide < _WIDE and widest >= _WIDE and cells[0][1] - cells[0][0] <= _TERM:
            continue  # justified text behind a term
        cells.append((at, gap.start()))
        at, widest = gap.end(), max(widest, wide)
    cells.append((at, row.end))
    return _Split(row, tuple(cells), widest, row.end) if len(cells) > 1 else None


def _is_below(text: str, split: _Split, run: Sequence[_Split]) -> bool:
    if split.line.indent != run[0].line.indent:
        return False
    known = max(run, key=lambda one: len(one.cells))
    if set(split.begins) <= set(known.begins) or set(known.begins) <= set(split.begins):
        return True
    if len(split.cells) != len(known.cells):
        return False
    return all(
        one[0] - split.line.start == other[0] - known.line.start
        or (
            one[1] - split.line.start == other[1] - known.line.start
            and _NUMBER.fullmatch(text[slice(*one)]) is not None
        )
        for one, other in zip(split.cells, known.cells, strict=True)
    )


def _list(text: str, run: Sequence[_Split]) -> ColumnList | None:
    width = max((len(one.cells) for one in run), default=0)
    if len(run) < (LEAST if width == 2 else LEAST - 1) or max(one.gap for one in run) < _WIDE:
        return None
    begins = max(run, key=lambda one: len(one.cells)).begins
    if any(len(one.cells) < width and not set(one.begins) <= set(begins) for one in run):
        return None
    headed = _has_header(text, run, width)
    rows = [
        ColumnRow(
            one.line.start,
            one.end,
            (*one.cells[:-1], (one.cells[-1][0], one.end)),
            tuple(range(width)) if len(one.cells) == width else tuple(map(begins.index, one.begins)),
        )
        for one in run
    ]
    if headed:
        names = tuple(text[slice(*place)] for place in rows[0].cells)
    else:
        names = tuple(
            _name(text, [row.cells[row.columns.index(at)] for row in rows if at in row.columns]) for at in range(width)
        )
    header = (rows[0].start, rows[0].end) if headed else None
    return ColumnList(rows[0].start, rows[-1].end, names, header, tuple(rows[1:] if headed else rows))


def _has_header(text: str, run: Sequence[_Split], width: int) -> bool:
    """Whether the first row names the columns: it is of few words without a number, above a column of nothing else."""
    first, *others = run
    if len(first.cells) < width or len(others) < LEAST - 1:
        return False
    titles = [text[slice(*cell)] for cell in first.cells]
    if any(_DATUM.search(title) or len(title.split()) > _HEADER_WORDS or not title[0].isalpha() for title in titles):
        return False
    full = [one for one in others if len(one.cells) == width]
    return len(full) > 1 and any(
        all(_DATUM.search(text[slice(*one.cells[at])]) for one in full) for at in range(1, width)
    )


def _name(text: str, values: Sequence[Place]) -> str:
    """What a column without a title is called by its values: each with the same label, or all of one form."""
    shown = [text[slice(*place)] for place in values]
    labels = {found[1].lower() for value in shown if (found := _LABELLED.fullmatch(value))}
    if len(labels) == 1 and all(map(_LABELLED.fullmatch, shown)):
        return labels.pop()
    if all(map(_ADDRESS.fullmatch, shown)):
        return "email"
    return "phone" if all(map(_TELEPHONE.fullmatch, shown)) else ""
