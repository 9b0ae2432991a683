"""What is laid out by spaces in plain text, records of lines and lists with columns, among the units around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..document import Place
from . import simple_table
from .columns import ColumnList, column_lists
from .labelled import LabelledRecord, labelled_records
from .statement import Statement, StatementCell
from .units import Unit

Layout = LabelledRecord | ColumnList


def layouts(text: str) -> list[Layout]:
    """Finds what is laid out by spaces, in order and apart from one another; tables with borders are told by these."""
    if any(simple_table.BORDER.fullmatch(line.strip()) for line in text.split("\n") if line.lstrip()[:1] == "="):
        return []
    found: list[Layout] = [*labelled_records(text)]
    taken = [(one.start, one.end) for one in found]
    found += [one for one in column_lists(text) if all(one.end <= start or one.start >= end for start, end in taken)]
    return sorted(found, key=lambda one: one.start)


def apart(text: str, laid: Sequence[Layout], parts: Iterable[Unit]) -> Iterator[tuple[Unit, Layout | None]]:
    """The units with each layout as one of its own, and what of them stands outside of all, in order."""
    waiting = list(reversed(laid))
    for start, end, prose in parts:
        at = start
        while waiting and waiting[-1].start < end:
            layout = waiting[-1]
            if at < layout.start:
                yield from _rest(text, at, layout.start, prose=prose)
            if layout.start >= start:
                yield (layout.start, layout.end, False), layout
            at = max(at, layout.end)
            if layout.end > end:
                break
            waiting.pop()
        if at < end:
            yield from _rest(text, at, end, prose=prose)


def _rest(text: str, start: int, end: int, *, prose: bool) -> Iterator[tuple[Unit, None]]:
    stretch = text[start:end]
    if bare := stretch.strip():
        first = start + len(stretch) - len(stretch.lstrip())
        yield (first, first + len(bare), prose), None


def laid_statements(text: str, layout: Layout, above: tuple[Place, ...]) -> Iterator[Statement]:
    """The lines of a record, which its names govern (not their keys, which are properties too), or the
    rows of a list, which are rows with cells where it is known what a column of it is called."""
    if isinstance(layout, LabelledRecord):
        for place in layout.heads:
            yield Statement(*place, "label", above)
        for place in layout.lines:
            names = tuple(name for name in layout.names if not place[0] <= name[0] < place[1])
            yield Statement(*place, "value", (*above, *layout.heads, *names))
        return
    if layout.header is not None:
        yield Statement(*layout.header, "label", above)
        above = (*above, layout.header)
    named = any(layout.names)
    for row in layout.rows:
        cells = tuple(
            StatementCell(layout.names[column], place) for column, place in zip(row.columns, row.cells, strict=True)
        )
        yield Statement(row.start, row.end, "row", above, cells if named else ())
