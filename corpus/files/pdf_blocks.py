"""The way from rows to blocks: headings, paragraphs, list items, code, tables, and what goes on over a page's end."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .pdf_drawing import PdfDrawing
from .pdf_layout import PdfRow, Region
from .pdf_tables import Columns, PdfTable, parts

_STEP = 1.35
"""Times the usual distance of lines, from which a paragraph ends."""
_LARGE = 1.12
"""Times the size of plain text: a heading."""
SMALL = 0.93
"""Times the size of plain text: notes and captions."""
_HEADING_ROWS, _HEADING = 4, 200
"""Rows and characters of a heading, at most."""
_BULLET = re.compile(r"(?:[•‣◦▪●○■□·∗❑➢►✓✔♦◆⁃\uf0b7\uf0a7]|[*–—-](?=\s)|o(?=\s{1}\S))\s*")
_NUMBER = re.compile(r"(\(?(?:\d{1,3}|[a-z]|[ivx]{2,4})[.)]|\[(?!x\])\w{1,10}\])\s+(?=\S)")
_LEADER = re.compile(r"(?:\s?[.·…_]){4,}")
ENDED = re.compile(r"[.!?:;。！？][\"'”’»)\]\u2060-\u2069⁰¹²³⁴-⁹]*(?:\[\w+\])?$")
_SHORT = 60
"""Letters: a longer line ends where the column does."""

PARAGRAPH, HEADING, ITEM, CODE, TABLE = "paragraph", "heading", "item", "code", "table"


@dataclass(frozen=True, slots=True)
class PdfBody:
    """How the document's plain text looks."""

    size: float
    bold: bool = False
    mono: bool = False
    steps: Mapping[float, float] = field(default_factory=dict)
    """The usual distance of lines for each size of letters."""


@dataclass(slots=True)
class PdfLine:
    page: int
    text: str
    broken: bool = False
    """Whether the line ends although the next word would have fitted: people see a new line."""


@dataclass(slots=True)
class PdfBlock:
    kind: str
    lines: list[PdfLine]
    size: float
    x0: float = 0.0
    marker: str = ""
    level: int = 0
    table: PdfTable | None = None
    pages: list[int] = field(default_factory=list)
    """The page of each row of the table."""
    full: bool = False
    """Whether its last line reaches the right edge."""
    first: bool = False
    """Whether its first line is indented."""
    column: float = 0.0
    """Points that its column is wide."""

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def usual_steps(regions: Iterable[Region]) -> dict[float, float]:
    """The most frequent distance of lines for each size; of those that are about as frequent the smallest."""
    counts: defaultdict[float, Counter[float]] = defaultdict(Counter)
    for region in regions:
        for above, below in pairwise(region):
            step = below.y - above.y
            if 0.8 * below.size < step < 2.6 * below.size and abs(above.size - below.size) < 0.3:
                counts[round(below.size)][round(2 * step) / 2] += 1
    return {
        size: min(step for step, count in found.items() if count > 0.5 * max(found.values()))
        for size, found in counts.items()
    }


def body_of(styles: Mapping[tuple[float, bool, bool], int], steps: Mapping[float, float]) -> PdfBody:
    """Finds how the document's plain text looks. ``styles`` counts the letters of each ``(size, bold, mono)``."""
    if not styles:
        return PdfBody(10.0)
    sizes: Counter[float] = Counter()
    for (size, _, _), count in styles.items():
        sizes[round(2 * size) / 2] += count
    total = sum(styles.values())
    return PdfBody(
        max(sizes, key=lambda size: (sizes[size], -size)),
        sum(count for (_, bold, _), count in styles.items() if bold) > 0.6 * total,
        sum(count for (_, _, mono), count in styles.items() if mono) > 0.6 * total,
        steps,
    )


def blocks(
    region: Region, page: int, body: PdfBody, drawn: PdfDrawing, titles: Mapping[str, int], before: Columns | None
) -> Iterator[PdfBlock]:
    """Cuts a page into blocks. ``titles`` are the page's bookmarks with their levels; ``before`` the columns of a table
    that may go on."""
    rows: list[PdfRow] = []
    left, right = min(row.x0 for row in region), max(row.x1 for row in region)
    for part in parts(region, drawn, before):
        if isinstance(part, PdfRow):
            rows.append(part)
            continue
        yield from _Prose(rows, page, body, titles=titles, left=left, right=right).blocks()
        rows = []
        yield from _table(part, page)
    yield from _Prose(rows, page, body, titles=titles, left=left, right=right).blocks()


def _table(table: PdfTable, page: int) -> Iterator[PdfBlock]:
    if table.heads:
        yield PdfBlock(TABLE, [], 0.0, table.columns[0][0], table=table, pages=[page] * len(table.rows))
        return
    lines = [PdfLine(page, " ".join(cell for cell in cells if cell), broken=True) for cells in table.rows]
    yield PdfBlock(PARAGRAPH, lines, 0.0, table.columns[0][0])


class _Prose:
    """Groups rows that hold no table."""

    def __init__(
        self, rows: list[PdfRow], page: int, body: PdfBody, titles: Mapping[str, int], left: float, right: float
    ) -> None:
        self._rows, self._page, self._body, self._titles = rows, page, body, titles
        self._left, self._right = left, right
        self._own = usual_steps([rows])
        self._code: set[int] = set()
        self._counted = Counter(round(row.size) for row in rows)

        self._code.update(self._code_rows())

    def _usual(self, size: float) -> float:
        """The distance of lines here where there are several, else in the document."""
        key = round(size)
        places = (self._own, self._body.steps) if self._counted[key] > 5 else (self._body.steps, self._own)
        return next((steps[key] for steps in places if key in steps), 1.3 * size)

    def blocks(self) -> Iterator[PdfBlock]:
        groups: list[list[PdfRow]] = []
        for index, row in enumerate(self._rows):
            if not groups or self._begins(groups[-1], row, index):
                groups.append([])
            groups[-1].append(row)
        for group in groups:
            yield self._block(group)

    def _begins(self, group: list[PdfRow], row: PdfRow, index: int) -> bool:
        """Whether the row begins a new block."""
        before = group[-1]
        step, size = row.y - before.y, max(row.size, before.size)
        usual = max(self._usual(size), 1.25 * size if self._stands_out(row) else 0.0)
        if self._is_code(before) or self._is_code(row):
            return self._is_code(before) != self._is_code(row) or step > 3 * usual
        if step < -2 or step > _STEP * usual or abs(row.size - before.size) > 0.08 * size:
            return True
        if _bold(row) != _bold(before):
            return True
        if self._is_marked(group, row, before):
            return True
        if self._stands_out(row) and not _is_centred(row, before):
            return self._fits(before, row)
        return self._is_new_paragraph(group, row, index)

    def _is_new_paragraph(self, group: list[PdfRow], row: PdfRow, index: int) -> bool:
        before, em = group[-1], row.size
        shift = row.x0 - before.x0
        following = self._rows[index + 1] if index + 1 < len(self._rows) else None
        if shift > 0.8 * em:
            if _marker(group[0].text) or _is_centred(row, before):
                return False
            if self._is_term(group, row, following):
                return False
            hanging = len(group) == 1 and following is not None and abs(following.x0 - row.x0) < 1
            return not hanging and shift < 6 * em
        if shift < -0.8 * em and len(group) > 1 and abs(group[-1].x0 - group[-2].x0) < 1:
            return not _is_centred(row, before)
        return bool(self._fits(before, row) and ENDED.search(before.text))

    def _is_term(self, group: list[PdfRow], row: PdfRow, following: PdfRow | None) -> bool:
        """Whether the group is a term, and the row, further right, begins what it means."""
        term, em = group[-1], row.size
        if len(group) > 1 or not 1.2 * em < row.x0 - term.x0 < 8 * em or ENDED.search(term.text):
            return False
        if not self._fits(term, row) or _is_centred(row, term) or _marker(term.text):
            return False
        alone = following is None or following.y - row.y > _STEP * self._usual(em)
        return alone or (following is not None and abs(following.x0 - row.x0) < 1)

    def _stands_out(self, row: PdfRow) -> bool:
        return row.size >= _LARGE * self._body.size or (_bold(row) and not self._body.bold)

    def _is_marked(self, group: list[PdfRow], row: PdfRow, before: PdfRow) -> bool:
        text = row.text
        if _BULLET.match(text):
            return True
        found = _NUMBER.match(text)
        if not found:
            return False
        known = _NUMBER.match(group[0].text)
        if known and abs(row.x0 - group[0].x0) < 12:
            return True
        return bool(ENDED.search(before.text)) or self._fits(before, row)

    def _fits(self, before: PdfRow, row: PdfRow) -> bool:
        """Whether the row's first word would have fitted behind the row before."""
        word = row.text.split(" ", 1)[0]
        width = (row.x1 - row.x0) / max(1, len(row.text)) * (len(word) + 2)
        return before.x1 + width < self._right - 0.3 * row.size

    def _is_code(self, row: PdfRow) -> bool:
        return id(row) in self._code

    def _code_rows(self) -> Iterator[int]:
        """Rows of letters of one width; a single one only where it is set apart, for prose has long names too."""
        if self._body.mono:
            return
        mono = [all(piece.mono for piece in row.pieces) for row in self._rows]
        for index, row in enumerate(self._rows):
            if not mono[index]:
                continue
            above = self._rows[index - 1] if index else None
            with_others = mono[max(0, index - 1) : index + 2].count(True) > 1
            apart = above is None or row.y - above.y > 1.15 * self._usual(row.size) or row.x0 > above.x0 + row.size
            if with_others or apart:
                yield id(row)

    def _block(self, group: list[PdfRow]) -> PdfBlock:
        first, size = group[0], max(row.size for row in group)
        if self._is_code(first) and (len(group) > 1 or first.size <= self._body.size * _LARGE):
            return PdfBlock(CODE, _code(group, self._page, self._usual(size)), size, first.x0)
        lines = [
            PdfLine(self._page, _shorten_leaders(row.text), bool(_LEADER.search(row.text)) or self._breaks(row, below))
            for row, below in zip(group, [*group[1:], None], strict=True)
        ]
        if len(group) > 1 and self._is_term(group[:1], group[1], group[2] if len(group) > 2 else None):
            lines[0].broken, lines[1].text = True, f": {lines[1].text}"
        full = group[-1].x1 > self._right - 0.15 * (self._right - self._left) and len(group[-1].text) > 20
        indented = len(group) > 1 and first.x0 > group[1].x0 + 0.8 * size
        block = PdfBlock(PARAGRAPH, lines, size, first.x0, full=full, first=indented, column=self._right - self._left)
        level = self._titles.get(plain_title(block.text), 0)
        if level or self._is_heading(group, block):
            block.kind, block.level = HEADING, level
            return block
        marker = _marker(lines[0].text)
        if marker is not None:
            block.kind, block.marker = ITEM, marker[0]
            lines[0].text = lines[0].text[marker[1] :]
        return block

    def _breaks(self, row: PdfRow, below: PdfRow | None) -> bool:
        if below is None or row.text.endswith("-"):
            return False
        short = len(row.text) < _SHORT or bool(ENDED.search(row.text))
        return row.alone or below.alone or (short and self._fits(row, below) and not _is_centred(below, row))

    def _is_heading(self, group: list[PdfRow], block: PdfBlock) -> bool:
        text = block.text
        if len(group) > _HEADING_ROWS or len(text) > _HEADING or sum(letter.isalpha() for letter in text) < 2:
            return False
        if " … " in text or _BULLET.match(text):
            return False
        if block.size >= _LARGE * self._body.size and not text.endswith((",", ";")):
            return True
        bold = all(_bold(row) for row in group) and not self._body.bold
        return (
            bold
            and len(group) <= 2
            and len(text) <= 120
            and block.size > SMALL * self._body.size
            and (not re.search(r"[.,:;!]$", text) or bool(re.match(r"\d+(\.\d+)*\.?\s", text)))
        )


def plain_title(text: str) -> str:
    """Letters and digits alone, without the number in front, to compare a row with a bookmark."""
    return re.sub(
        r"[\W_]+", "", re.sub(r"^(?:chapter|section|appendix)?\s*[\dA-Z]?(?:\.?\d+)*[.:]?\s", "", text)
    ).lower()


def _shorten_leaders(text: str) -> str:
    return " ".join(_LEADER.sub(" … ", text).split()) if "." in text or "…" in text else text


def _bold(row: PdfRow) -> bool:
    return all(piece.bold for piece in row.pieces)


def _is_centred(row: PdfRow, before: PdfRow) -> bool:
    return abs((row.x0 + row.x1) - (before.x0 + before.x1)) < 4 and abs(row.x0 - before.x0) > 2


def _marker(text: str) -> tuple[str, int] | None:
    """The item's number as people see it, or ``-``, and where its text begins."""
    found = _BULLET.match(text)
    if found and len(text) > found.end():
        return "-", found.end()
    found = _NUMBER.match(text)
    if not found:
        return None
    mark = found.group(1)
    return (mark, found.end()) if re.fullmatch(r"\d+[.)]", mark) else ("-", 0)


def _code(group: Sequence[PdfRow], page: int, usual: float) -> list[PdfLine]:
    """Every letter has the same width, so that columns can be counted."""
    left = min(row.x0 for row in group)
    pieces = [piece for row in group for piece in row.pieces if len(piece.text) > 1]
    width = max((piece.x1 - piece.x0) / len(piece.text) for piece in pieces) if pieces else group[0].size * 0.6
    lines: list[PdfLine] = []
    for number, row in enumerate(group):
        if number and row.y - group[number - 1].y > 1.7 * min(usual, 1.4 * row.size):
            lines.append(PdfLine(page, "", broken=True))
        text = ""
        for piece in row.pieces:
            gap = round((piece.x0 - left) / width) - len(text)
            text += " " * max(gap, 1 if text else 0) + piece.text
        lines.append(PdfLine(page, text, broken=True))
    return lines
