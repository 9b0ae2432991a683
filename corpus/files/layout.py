"""Blocks written one below the other as Markdown: headings, paragraphs, lists as people see them, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .content import Pages, clean
from .html_table import HtmlGrid

_SIGN = re.compile(r"-|\d{1,3}[.)]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})\)")
"""What a list of Markdown may begin its items with."""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    columns: int = 1
    rows: int = 1
    head: bool = False
    """Whether it is a label."""


class Layout:
    def __init__(self) -> None:
        self.pages = Pages()
        self.heading_1st = ""
        """The first heading."""
        self.budget = 2_000_000
        """Characters that merged cells may add."""
        self._kind = ""
        self._levels: list[int] = []
        """Levels of the open list's items, outermost first."""

    def add(self, text: str, kind: str = "", **place: Any) -> None:
        """Adds a block. ``kind`` is ``item`` or ``row`` for what stands close to others of its kind. ``place`` is that
        of a mark."""
        text = clean(text).strip("\n")
        if not text.strip():
            return
        if self.pages.length:
            self.pages.space("\n" if kind and kind == self._kind else "\n\n")
        if kind != "item":
            self._levels.clear()
        self._kind = kind
        self.pages.add(text, **place)

    def heading(self, level: int, text: str, **place: Any) -> None:
        text = " ".join(text.split())
        if text:
            self.heading_1st = self.heading_1st or text
            self.add(f"{'#' * min(max(level, 1), 6)} {text}", **place)

    def item(self, level: int, label: str, text: str, **place: Any) -> None:
        """Adds an item of a list; one whose label Markdown has no list for is a paragraph. ``level`` is that of the
        file, from 0: the depth shown is that within the list."""
        if not text.strip():
            return
        if self._kind != "item":
            self._levels.clear()
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        if not self._levels and not _SIGN.fullmatch(label):
            self.add(f"{label} {text}".strip(), **place)
            return
        indent = "  " * len(self._levels)
        self._levels.append(level)
        lines = text.strip().split("\n")
        self.add(f"{indent}{label} " + f"\n{indent}  ".join(line.strip() for line in lines), "item", **place)

    def table(self, rows: list[list[Cell]], heads: int = 0, **place: Any) -> None:
        """Adds a table. ``heads`` rows at the top are its header; 0 lets the cells say so, or the first row be it."""
        grid = HtmlGrid(self.budget)
        for number, row in enumerate(rows):
            grid.begin_row(number, header=number < heads)
            for cell in row:
                grid.add(" ".join(cell.text.split()), head=cell.head, columns=cell.columns, rows=cell.rows)
            grid.end_row()
        self.budget = grid.budget
        for kind, _, text in grid.lines():
            self.add(text, "row" if kind == "row" else "", **place)
            self._kind = "row" if kind == "header" else self._kind
        self._kind = ""


def head_rows(rows: list[list[Cell]]) -> int:
    """How many rows the header has where the first one has merged cells; 0 where it has none."""
    first = rows[0] if rows else []
    width = sum(cell.columns for cell in first)
    if not any(1 < cell.columns < width for cell in first):
        return 0
    return min(max(2, *(cell.rows for cell in first)), len(rows) - 1, 4)
