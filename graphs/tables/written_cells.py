"""The cell that a row was asked for, as its document writes it: "6 January 2026", not 2026-01-06."""

from __future__ import annotations

from dataclasses import replace
from sqlite3 import Connection

from ...corpus.spans.cells import pipe_cells, separator_of, value_cells
from ...corpus.texts import text_of
from .answering import TableAnswer
from .kinds import read_cell
from .model import LINE, TableModel
from .plan import ColumnReference, ComputedColumn, RowPlan, to_sql
from .text_tables import without_marks


def written_cell(connection: Connection, model: TableModel, found: TableAnswer) -> str:
    """Empty where more than one cell of one row was asked for, or where the row's line does not hold its value."""
    shown = found.plan.shown[:1]
    if not found.plain or len(found.plan.shown) != 1 or isinstance(shown[0], ComputedColumn) or _joins(found.plan):
        return ""
    rows = model.run(*to_sql(replace(found.plan, distinct=False, shown=(ColumnReference((), LINE),))), most=1)
    table = model.tables[found.plan.table]
    at = next(at for at, column in enumerate(table.columns) if column.name == shown[0].column)
    text = text_of(connection, table.uri) or ""
    lines = text.split("\n", rows[0][0]) if rows else []
    if len(lines) < (rows[0][0] if rows else 1):
        return ""
    line = lines[rows[0][0] - 1].rstrip("\r")
    places = (
        pipe_cells(line, 0, len(line))
        if line.lstrip().startswith("|")
        else value_cells(line, 0, len(line), separator_of(text.lstrip().partition("\n")[0]))
    )
    cells = [without_marks(line[slice(*place)]) for place in places]
    same = at < len(cells) and read_cell(cells[at], table.columns[at]) == found.rows[0][0]
    return cells[at] if same else ""


def _joins(plan: RowPlan) -> bool:
    return any(one.of.path for one in plan.conditions) or any(one.path for one in plan.shown)
