"""Blocks of a markup of lines (AsciiDoc, Org, LaTeX, roff) written as Markdown, each line marked with its own.

Texts come with the line breaks of the file, so that every line is known; a paragraph is written as one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .content import Pages, clean
from .html_table import HtmlGrid
from .layout import Cell

_TICKS = re.compile(r"`{3,}")
_NUMBER = re.compile(r"\d")
_DEEPEST = 20
"""Lists inside one another that are shown."""
_SPARE = 200_000
"""Characters that merged cells may add."""


class MarkdownBlocks:
    """Writes blocks as Markdown. ``depth`` is that of the list in which a block stands, from 0: outside of lists."""

    def __init__(self) -> None:
        self.pages = Pages()
        self.first_heading = ""
        self.budget = _SPARE
        self._kind = ""

    def heading(self, level: int, text: str, line: int) -> None:
        text = " ".join(clean(text).split())
        if text:
            self.first_heading = self.first_heading or text
            self._lines(text, line, f"{'#' * min(max(level, 1), 6)} ", "")

    def paragraph(self, text: str, line: int, depth: int = 0) -> None:
        self._lines(text, line, _indent(depth), "part" if depth else "")

    def item(self, text: str, line: int, label: str = "-", depth: int = 1) -> None:
        """Writes an item of a list at ``depth``, which begins at 1."""
        self._lines(text, line, f"{_indent(depth - 1)}{label} ", "item")

    def term(self, text: str, line: int, depth: int = 0) -> None:
        """Writes a term, which its definition follows."""
        self._lines(" ".join(text.split()), line, _indent(depth), "term")

    def definition(self, text: str, line: int, depth: int = 0) -> None:
        self._lines(text, line, f"{_indent(depth)}: ", "definition")

    def field(self, name: str, value: str, line: int) -> None:
        """Writes what a form says under a name."""
        if value.strip():
            self.item(f"{name}: {value}", line)

    def code(self, rows: Sequence[str], line: int, language: str = "", depth: int = 0) -> None:
        """Writes a block of code. ``line`` is that of the first of ``rows``."""
        self.numbered_code([(row, number) for number, row in enumerate(rows, start=line)], language, depth)

    def numbered_code(self, rows: Sequence[tuple[str, int]], language: str = "", depth: int = 0) -> None:
        """Writes a block of code, each row with its line."""
        told = [(clean(row).replace("\n", " ").rstrip(), line) for row, line in rows]
        filled = [number for number, (row, _) in enumerate(told) if row]
        if not filled:
            return
        told = told[filled[0] : filled[-1] + 1]
        fence = "`" * max([3, *(len(ticks) + 1 for row, _ in told for ticks in _TICKS.findall(row))])
        indent = _indent(depth)
        self._begin("part" if depth else "")
        self.pages.add(f"{indent}{fence}{language}", line=told[0][1])
        for row, line in told:
            self.pages.space("\n")
            self.pages.add(f"{indent}{row}" if row else "", line=line)
        self.pages.space(f"\n{indent}{fence}")

    def table(self, rows: Sequence[Sequence[Cell]], lines: Sequence[int], heads: int | None = None) -> None:
        """Writes a table. ``lines`` are those of the rows; ``heads`` of them are the header, which the cells tell when
        it is None."""
        rows = [row if any(cell.text.strip() for cell in row) else [] for row in rows]
        heads = header_rows(rows) if heads is None else heads
        grid = HtmlGrid(self.budget)
        for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
            if not row:
                continue
            grid.begin_row(line, header=number < heads)
            for place, cell in enumerate(row):
                label = cell.head or (not heads and not place)
                text = " ".join(clean(cell.text).split())
                grid.add(text, head=label, columns=cell.columns, rows=cell.rows)
            grid.end_row()
        self.budget = grid.budget
        for kind, line, text in grid.lines():
            self._begin("row" if kind == "row" else "")
            self.pages.add(text, line=line)
            self._kind = "row" if kind == "header" else self._kind
        self._kind = ""

    def _lines(self, text: str, line: int, lead: str, kind: str) -> None:
        pieces = [(" ".join(piece.split()), number) for number, piece in enumerate(clean(text).split("\n"), start=line)]
        pieces = [(piece, number) for piece, number in pieces if piece]
        if not pieces:
            return
        self._begin(kind)
        for at, (piece, number) in enumerate(pieces):
            self.pages.space(" " if at else "")
            self.pages.add(piece if at else lead + piece, line=number)

    def _begin(self, kind: str) -> None:
        """Items and parts of one list stand close, and a definition below its term; all else is set apart."""
        before, self._kind = self._kind, kind
        close = kind == "definition" or (kind in ("item", "part", "row") and before in ("item", "part", "row"))
        if self.pages.length:
            self.pages.space("\n" if close else "\n\n")


def _indent(depth: int) -> str:
    return "  " * min(depth, _DEEPEST)


def header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """1 where the first row looks like the names of columns: words over rows of which some have numbers, or more
    than two columns of words; 0 where it looks like the others."""
    filled = [row for row in rows if row]
    if len(filled) < 2 or any(not cell.text.strip() for cell in filled[0][1:]):
        return 0
    if any(_NUMBER.search(cell.text) for cell in filled[0]):
        return 0
    return int(len(filled[0]) > 2 or (any(_NUMBER.search(row[-1].text) for row in filled[1:]) and len(filled) > 2))
