"""Parts of a date that stand in columns of their own: a day of the month is no day, and neither is a Saturday.

Where a question asks for a day, and the table has the month and the year, or the date, beside it, these are told too;
what is counted or added up for a mere part of a date puts many days together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .kinds import Column
from .model import Table, TableModel
from .plan import ColumnReference, RowPlan
from .ranges import read_cycle

_WEEKDAY = re.compile(r"\bweek ?days?\b|\bdays? of (?:the|a) week\b", re.IGNORECASE)
_LAST_DAY, _LAST_MONTH = 31, 12
_WEEK = 7
_COUNTED = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class DateColumns:
    """The names of a table's columns that tell parts of one date; empty for those that it lacks."""

    year: str = ""
    month: str = ""
    day: str = ""
    weekday: str = ""
    date: str = ""
    """The one column of whole dates."""


def date_columns(model: TableModel, table: Table) -> DateColumns:
    def only(word: str, last: int) -> str:
        found = [one for one in table.columns if word in one.name.split("_") and _tells(model, table, one, last)]
        return found[0].name if len(found) == 1 else ""

    dates = [one.name for one in table.columns if one.kind == "date"]
    years = [one.name for one in table.columns if one.name.split("_")[-1] == "year" and one.kind == "integer"]
    return DateColumns(
        years[0] if len(years) == 1 and table.column(years[0]).distinct > 1 else "",
        only("month", _LAST_MONTH),
        only("day", _LAST_DAY),
        next((one.name for one in table.columns if _are_weekdays(model, table, one)), ""),
        dates[0] if len(dates) == 1 else "",
    )


def _tells(model: TableModel, table: Table, column: Column, last: int) -> bool:
    """Whether its cells are numbers from 1 to ``last``, or names of months."""
    if column.kind == "integer":
        low, high = model.run(f'SELECT min("{column.name}"), max("{column.name}") FROM "{table.name}"')[0]  # noqa: S608
        return low is not None and low >= 1 and high <= last
    names = last == _LAST_MONTH and 0 < column.distinct <= last and column.kind in ("text", "category")
    return names and all(read_cycle(sample, "month") is not None for sample in column.samples)


def _are_weekdays(model: TableModel, table: Table, column: Column) -> bool:
    if column.kind not in ("text", "category") or not 0 < column.distinct <= _WEEK:
        return False
    cells = model.run(f'SELECT DISTINCT "{column.name}" FROM "{table.name}" WHERE "{column.name}" IS NOT NULL')  # noqa: S608
    days = [read_cycle(str(cell), "day") for (cell,) in cells]
    return all(one is not None and len(one) == 1 for one in days)


def tell_whole_dates(model: TableModel, plan: RowPlan, question: str) -> tuple[RowPlan, str]:
    """The plan with the other parts of the dates that it tells, and why it is in doubt, if it is."""
    table = model.tables[plan.table]
    own = {one.column for one in plan.shown if not one.path}
    counted = plan.measure[1] if plan.measure is not None and plan.measure[0] in ("count", "sum") else None
    if plan.absent is not None or not (own or counted):
        return plan, ""
    parts = date_columns(model, table)
    if counted is not None and not counted.path and counted.column in _COUNTED:
        if counted.column in (parts.day, parts.month):
            return _count_dates(model, plan, table, parts)
        return replace(plan, measure=("count", counted)), ""  # the numbers of years are not added up
    fixed = {one.of.column for one in plan.conditions if one.operator == "=" and len(one.values) == 1}
    if parts.year in own and parts.month and question.casefold().lstrip().startswith("when "):
        behind = [ColumnReference((), one) for one in (parts.month, parts.day) if one and one not in own]
        return replace(plan, shown=(*plan.shown, *behind)), ""
    if parts.day in own and parts.month:
        return _show(plan, [one for one in (parts.year, parts.month) if one not in fixed]), ""
    if parts.month in own:
        several = parts.year and parts.year not in fixed
        doubt = "each month of each year is told for itself" if several and plan.measure is not None else ""
        if plan.order is not None and (parts.day or parts.date):
            doubt = "one day decides, not the month"
        return _show(plan, [parts.year] if several else []), doubt
    if parts.weekday in own and parts.date and not _WEEKDAY.search(question):
        if plan.measure is not None:
            return plan, f"the days of one name are put together, though {parts.date} tells each"
        return _show(plan, [parts.date]), ""
    return plan, ""


def _show(plan: RowPlan, names: list[str]) -> RowPlan:
    wanted = [ColumnReference((), name) for name in names if name]
    return replace(plan, shown=(*(one for one in wanted if one not in plan.shown), *plan.shown))


def _count_dates(model: TableModel, plan: RowPlan, table: Table, parts: DateColumns) -> tuple[RowPlan, str]:
    """Days are counted by their rows where each row is one; different days of the month, or months of a year, are
    fewer."""
    day = plan.measure is not None and plan.measure[1] == ColumnReference((), parts.day)
    names = [one for one in (parts.year, parts.month, parts.day if day else "") if one]
    if len(names) < 2:
        return replace(plan, measure=("count", ColumnReference((), names[0]))), ""
    listed = ", ".join(f'"{name}"' for name in names)
    count = model.run(f'SELECT count(*) FROM (SELECT DISTINCT {listed} FROM "{table.name}")')[0][0]  # noqa: S608
    if count == table.rows:
        return replace(plan, measure=("count", None)), ""
    plan = replace(plan, measure=("count", ColumnReference((), names[-1])))
    return plan, f"{names[-1]} is counted without {' and '.join(names[:-1])}"
