"""The paragraphs and tables of one story of an RTF file (its text, a note, a header), written as blocks."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from .docx import _UNNUMBERED
from .docx_inline import _join_pieces
from .layout import Cell, Layout, head_rows

_NEAR = 90
"""Twips by which edges of cells may differ that stand below one another."""
_MOST_COLUMNS = 200
_BULLETS = frozenset("·•◦▪■□●○o§üØ–—-*→➢✓")


@dataclass(frozen=True, slots=True)
class CellEdge:
    """How a row's cell is drawn."""

    right: int
    """Twips."""
    goes_on: bool = False
    """It is one with the cell to its left."""
    from_above: bool = False
    """It is one with the cell above."""


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    edges: list[CellEdge]
    head: bool


@dataclass(frozen=True, slots=True)
class CellPlace:
    """What a paragraph is."""

    heading: int = 0
    """Its level from 1; 0 for none."""
    level: int = 0
    """Of a list."""
    in_table: bool = False


@dataclass
class RtfStory:
    layout: Layout = field(default_factory=Layout)
    furniture: bool = False
    """Whether it is a header or a footer."""
    pieces: list[tuple[str, str]] = field(default_factory=list)
    """Raised, lowered or plain text of the open paragraph."""
    label: str = ""
    """The number or bullet of the open paragraph."""
    numbered: bool = False
    """Whether the number of a page stands in it."""
    anchored: list[str] = field(default_factory=list)
    """Notes, comments and text boxes of the open paragraph."""
    waiting: list[str] = field(default_factory=list)
    """Those of paragraphs before: their place is below the list or table that is open."""
    edges: list[CellEdge] = field(default_factory=list)
    head: bool = False
    """Whether the open row is one of the table's header."""
    _cell: list[str] = field(default_factory=list)
    _cells: list[str] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)

    def paragraph(self, place: CellPlace) -> None:
        """Ends the open paragraph."""
        # Halves of characters beyond the first plane are put together.
        text = _join_pieces(self.pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        label = " ".join(self.label.split())
        if label and (label in _BULLETS or not any(map(str.isalnum, label))):
            label = "-"
        dropped = self.furniture and self.numbered and sum(map(str.isalpha, text)) <= _UNNUMBERED
        self.pieces, self.label, self.numbered = [], "", False
        anchored, self.anchored = self.anchored, []
        if place.in_table:
            if not (self._rows or self._cells or self._cell):
                self.settle()
            self.waiting += anchored
            if text and not dropped:
                self._cell.append(f"{label} {text}" if label not in ("", "-") else text)
            return
        self.table()
        if text and not dropped:
            if not label or place.heading:
                self.settle()
            if place.heading:
                self.layout.heading(place.heading, f"{label.strip('-')} {text}")
            elif label:
                self.layout.item(place.level, label, text)
            else:
                self.layout.add(text)
        self.waiting += anchored

    def cell(self) -> None:
        self.paragraph(CellPlace(in_table=True))
        self._cells.append(" ".join(self._cell))
        self._cell = []

    def row(self) -> None:
        if self._cells:
            self._rows.append(_Row(self._cells, list(self.edges), self.head))
        self._cells = []

    def table(self) -> None:
        """Writes the table that ends here, if there is one."""
        if self._cell or self._cells:
            self.cell()
            self.row()
        rows, self._rows = self._rows, []
        if rows and max(len(row.cells) for row in rows) <= 1:
            for row in rows:
                self.layout.add(row.cells[0])
        elif rows:
            told = _span_cells(rows)
            heads = next((number for number, row in enumerate(rows) if not row.head), 0)
            self.layout.table(told, heads or head_rows(told))
            self.settle()

    def settle(self) -> None:
        """Writes what waits."""
        waiting, self.waiting = self.waiting, []
        for text in waiting:
            self.layout.add(text)

    def end(self, place: CellPlace) -> None:
        self.paragraph(place if self.pieces else CellPlace(in_table=bool(self._cell or self._cells)))
        self.table()
        self.settle()


def _span_cells(rows: list[_Row]) -> list[list[Cell]]:
    """Cells with the columns and rows that they cover, as the edges of all rows say; plain where these do not fit."""
    columns = _columns(rows)
    plain = [[Cell(text) for text in row.cells] for row in rows]
    if not columns:
        return plain
    told: list[list[Cell]] = []
    open_: dict[int, tuple[int, int]] = {}
    """Row and place in it of the cell that reaches down, by its right edge."""
    for row in rows:
        cells: list[Cell] = []
        reached: dict[int, tuple[int, int]] = {}
        left = -1
        for text, edge in zip(row.cells, row.edges, strict=True):
            at = bisect_left(columns, edge.right - _NEAR)
            wide, left = max(1, at - left), at
            if edge.goes_on and cells:
                before = cells[-1]
                cells[-1] = Cell(f"{before.text} {text}".strip(), before.columns + wide, before.rows)
            elif edge.from_above and at in open_:
                line, place = open_[at]
                above = told[line][place]
                told[line][place] = Cell(f"{above.text} {text}".strip(), above.columns, above.rows + 1)
                reached[at] = open_[at]
            else:
                cells.append(Cell(text, wide))
                reached[at] = len(told), len(cells) - 1
        told.append(cells)
        open_ = reached
    return told


def _columns(rows: list[_Row]) -> list[int]:
    """Right edges of all columns, from left to right; none where rows do not say them, or say too many."""
    if any(len(row.cells) != len(row.edges) for row in rows):
        return []
    found: list[int] = []
    for right in sorted({edge.right for row in rows for edge in row.edges}):
        if not found or right > found[-1] + _NEAR:
            found.append(right)
    return found if len(found) <= _MOST_COLUMNS else []
