"""Blocks as Markdown, each stretch of text with a mark for the page on which it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from .content import Pages, clean
from .pdf_blocks import CODE, HEADING, ITEM, PARAGRAPH, TABLE, PdfBlock, PdfLine
from .pdf_hyphens import PdfWords

_INDENT = 8.0
"""Points by which a list within a list stands further right."""
_CODE_SIGN = re.compile("`{3,}")


class Writer:
    """Writes blocks as Markdown. ``labels`` say how a page was read where its text was not simply there."""

    def __init__(self, words: PdfWords, labels: Mapping[int, str]) -> None:
        self.pages = Pages()
        self.heading = ""
        """The first heading."""
        self.headings: set[str] = set()
        self._words, self._labels = words, labels
        self._page = 0
        self._kind = ""
        self._stops: list[float] = []
        """Where the open lists begin, outermost first."""
        self._levels: dict[float, Counter[int]] = {}

    def write(self, blocks: Iterable[PdfBlock]) -> None:
        blocks = list(blocks)
        # Bookmarks say the level of a size of headings, else its rank does.
        for block in blocks:
            if block.kind == HEADING:
                levels = self._levels.setdefault(round(block.size * 2) / 2, Counter())
                levels.update([block.level] if block.level else [])
        for block in blocks:
            if self.pages.length:
                close = block.kind == ITEM and self._kind == ITEM
                self.pages.space("\n" if close else "\n\n")
            if block.kind == TABLE:
                self._table(block)
            elif block.kind == CODE:
                self._code(block)
            elif block.kind == HEADING:
                self._heading(block)
            elif block.kind == ITEM:
                depth = self._depth(block)
                self._prose(block.lines, f"{'  ' * depth}{block.marker} ", "  " * (depth + 1))
            else:
                self._prose(block.lines)
            self._kind = block.kind

    def _level(self, block: PdfBlock) -> int:
        size = round(block.size * 2) / 2
        known = self._levels.get(size) or Counter()
        if block.level or known:
            return min(6, block.level or known.most_common(1)[0][0])
        return min(6, 1 + sum(other > size for other in self._levels))

    def _heading(self, block: PdfBlock) -> None:
        text = block.lines[0].text
        for line in block.lines[1:]:
            text = self._words.join(text, line.text)
        self.heading = self.heading or text
        self.headings.add(text.casefold())
        self._add(f"{'#' * self._level(block)} {text}", block.lines[0].page)

    def _prose(self, lines: list[PdfLine], lead: str = "", indent: str = "") -> None:
        """Each page's share of the paragraph has a mark of its own, also where a word is cut by the page's end."""
        text = lead + lines[0].text
        for before, line in pairwise(lines):
            whole = f"{text}\n{indent}{line.text}" if before.broken else self._words.join(text, line.text)
            if line.page == before.page:
                text = whole
                continue
            # What is added on this page ends as the line does.
            size = len(whole) - len(line.text)
            self._add(whole[:size], before.page)
            text = whole[size:]
        self._add(text, lines[-1].page)

    def _depth(self, block: PdfBlock) -> int:
        if self._kind != ITEM:
            self._stops = []
        while self._stops and block.x0 < self._stops[-1] - _INDENT / 2:
            self._stops.pop()
        if not self._stops or block.x0 > self._stops[-1] + _INDENT:
            self._stops.append(block.x0)
        return min(len(self._stops) - 1, 5)

    def _table(self, block: PdfBlock) -> None:
        if block.table is None:
            return
        for number, (cells, page) in enumerate(zip(block.table.rows, block.pages, strict=True)):
            if number:
                self.pages.space("\n")
            filled = (
                cells[: max((index for index, cell in enumerate(cells) if cell), default=0) + 1] if number else cells
            )
            self._add(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in filled)} |", page)
            if not number:
                self.pages.space("\n|" + " --- |" * len(cells))

    def _code(self, block: PdfBlock) -> None:
        longest = max((len(found) for line in block.lines for found in _CODE_SIGN.findall(line.text)), default=2)
        fence = "`" * (longest + 1)
        self._add("\n".join([fence, *(line.text for line in block.lines), fence]), block.lines[0].page)

    def _add(self, text: str, page: int) -> None:
        text = clean(text)
        if page == self._page:
            self.pages.space(text)
        elif text:
            self.pages.add(text, page=page, label=self._labels.get(page, ""))
            self._page = page


def note(text: str, page: int) -> PdfBlock:
    """Writes a paragraph of its own that no other goes on."""
    return PdfBlock(PARAGRAPH, [PdfLine(page, text)], 0.0)
