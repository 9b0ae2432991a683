"""Truth values that some rows leave empty: an invoice with nothing under *paid* may be paid or not.

Rows that say no are listed together with those that say nothing, the cells beside them; of a number it is told how many
say nothing.
"""

from __future__ import annotations

from dataclasses import replace

from .model import TableModel
from .plan import NOTHING, ColumnReference, Condition, RowPlan, to_sql


def with_blanks(model: TableModel, plan: RowPlan) -> tuple[RowPlan, str, str]:
    """The plan with the rows that leave empty what others answer with no; what is to be said of them, be it of a number
    of those that say yes, and why a number of those that say no is in doubt."""
    table = model.tables[plan.table]
    asked = [
        one
        for one in plan.conditions
        if not one.of.path and one.operator == "=" and one.values in ((0,), (1,))
        if any(column.name == one.of.column and column.kind == "boolean" and column.missing for column in table.columns)
    ]
    if len(asked) != 1 or plan.absent is not None or (asked[0].values == (1,) and plan.measure is None):
        return plan, "", ""
    told = asked[0]
    others = tuple(one for one in plan.conditions if one != told)
    silent = (*others, Condition(told.of, "=", NOTHING))
    rows = RowPlan(plan.table, silent, (), measure=("count", None))
    count = model.run(*to_sql(rows))[0][0]
    if not count:
        return plan, "", ""
    said = f"{count} {'row leaves' if count == 1 else 'rows leave'} {told.of.column} empty"
    if told.values == (1,):
        return plan, said, ""
    if plan.measure is not None or plan.order is not None:
        return plan, "", said
    shown = (*(one for one in plan.shown if one != told.of), ColumnReference((), told.of.column))
    return replace(plan, conditions=(*others, replace(told, or_blank=True)), shown=shown), said, ""
