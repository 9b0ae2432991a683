"""A table of HTML as rows of Markdown, each complete: merged cells are repeated, header rows joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

_WIDEST = 1_000
"""Columns; HTML's own bound for ``colspan``."""
_LABEL = 300
"""Characters of a cell that may be repeated: labels are short."""


@dataclass
class HtmlRow:
    line: int
    header: bool
    """Whether it stands in the table's head."""
    cells: list[str] = field(default_factory=list)
    heads: list[bool] = field(default_factory=list)
    """For each cell whether it is a label (``th``)."""
    own: int = 0
    """Cells of its own, apart from those that reach into it from above."""


@dataclass
class _Span:
    text: str
    head: bool
    rows: int
    """How many more rows it covers."""


class HtmlGrid:
    """A table of a page. ``budget`` bounds the characters that spans may add."""

    def __init__(self, budget: int) -> None:
        self.rows: list[HtmlRow] = []
        self.budget = budget
        self._reach: dict[int, _Span] = {}

    def begin_row(self, line: int, *, header: bool) -> None:
        self.rows.append(HtmlRow(line, header))

    def end_row(self) -> None:
        """Adds what still reaches into the row from above, behind its last cell."""
        if self.rows:
            row = self.rows[-1]
            while self._reach and len(row.cells) <= max(self._reach):
                if not self._from_above(row):
                    self._put(row, "", head=False)
            self._reach = {column: span for column, span in self._reach.items() if span.rows > 0}

    def add(self, text: str, *, head: bool, columns: int, rows: int) -> None:
        """Adds a cell. ``columns`` and ``rows`` are what the page says: any number from 0 up; 0 rows are all that
        follow."""
        row = self.rows[-1]
        while self._from_above(row):
            pass
        row.own += 1
        text = text.replace("|", "\\|")
        wide = max(1, min(columns, _WIDEST - len(row.cells)))
        label = text if len(text) <= _LABEL else ""
        for number in range(wide):
            if number:
                self.budget -= len(label) + 3
                if self.budget < 0:
                    break
            if rows != 1:
                self._reach[len(row.cells)] = _Span(label, head, (rows or _WIDEST * _WIDEST) - 1)
            self._put(row, text if not number else label, head=head)

    def _from_above(self, row: HtmlRow) -> bool:
        span = self._reach.get(len(row.cells))
        if span is None or span.rows <= 0:
            return False
        span.rows -= 1
        self.budget -= len(span.text) + 3
        if self.budget < 0:
            self._reach.clear()
            return False
        self._put(row, span.text, head=span.head)
        return True

    @staticmethod
    def _put(row: HtmlRow, text: str, *, head: bool) -> None:
        row.cells.append(text)
        row.heads.append(head)

    def lines(self) -> Iterator[tuple[str, int, str]]:
        """Yields ``(kind, line of the file, text)``; kinds: ``title``, ``header``, ``row``. A single cell across a
        table's whole width is a title above it in its head, and a row of one cell below."""
        rows = [row for row in self.rows if row.own and any(row.cells)]
        width = max((len(_trim(row.cells)) for row in rows), default=0)
        while rows and width > 1 and rows[0].own == 1 and len(set(rows[0].cells)) == 1 and len(rows[0].cells) == width:
            yield "title", rows[0].line, rows[0].cells[0].replace("\\|", "|")
            rows = rows[1:]
        count = _heads(rows)
        if rows:
            labels = _join_rows(rows[:count]) if count else [""] * width
            yield "header", rows[0].line, f"{_row(labels)}\n|{' --- |' * max(1, len(labels))}"
        for row in rows[count:]:
            whole = width > 1 and row.own == 1 and len(row.cells) == width and len(set(row.cells)) == 1
            yield "row", row.line, _row(row.cells[:1] if whole else _trim(row.cells))


def _heads(rows: list[HtmlRow]) -> int:
    """How many rows are the header: those of ``thead`` or of ``th`` alone; none where every row begins with its own
    label; else the first."""
    count = 0
    while count < len(rows) and (rows[count].header or all(rows[count].heads)):
        count += 1
    if count == len(rows) and count > 1 and not all(row.header for row in rows):
        return 1
    if not count and rows and rows[0].heads[0] and not all(rows[0].heads):
        return 0
    return max(1, count) if rows else 0


def _join_rows(rows: list[HtmlRow]) -> list[str]:
    columns = max(len(row.cells) for row in rows)
    labels = []
    for column in range(columns):
        parts = dict.fromkeys(row.cells[column] for row in rows if column < len(row.cells) and row.cells[column])
        labels.append(" ".join(parts))
    return _trim(labels) if len(rows) > 1 else labels


def _trim(cells: list[str]) -> list[str]:
    last = len(cells)
    while last > 1 and not cells[last - 1]:
        last -= 1
    return cells[:last]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
