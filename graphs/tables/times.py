"""A number, a date or a month compared with a column, as conditions on its values."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ..english.amounts import Operator
from ..english.dates import month_number
from .draft import Draft
from .kinds import Column
from .periods import AmountBounds, Bound
from .plan import ColumnReference, Condition

FEW_DATES = 200
"""Dates of a column that one month of any year may stand for."""
_DAY_LETTERS = 24
"""Characters of a cell that is a time and no sentence."""
_FULL_DAY = 10
"""Characters of a date without its time."""


def is_year(value: Bound) -> bool:
    return isinstance(value, int) and 1000 <= value <= 2100


def is_month(value: Bound) -> bool:
    return isinstance(value, str) and value.startswith("--") and len(value) == len("--11")


def compare(draft: Draft, of: ColumnReference, amount: AmountBounds) -> list[Condition]:
    """None where the column cannot be compared so."""
    bounds = [(amount.operator, amount.value), *([amount.upper] if amount.upper else [])]
    column = draft.column(of)
    if column.kind != "date":
        return (
            [] if isinstance(amount.value, str) else [Condition(of, operator, (value,)) for operator, value in bounds]
        )
    if str(amount.value).startswith("--"):
        return _month_conditions(draft, of, str(amount.value))
    return [one for operator, value in bounds for one in _date_conditions(column, of, operator, value)]


def _date_conditions(column: Column, of: ColumnReference, operator: Operator, value: Bound) -> list[Condition]:
    """A year means its first day, or the first of the next; a day all of its hours."""
    if isinstance(value, str):
        if not any(":" in sample for sample in column.samples) or len(value) > _FULL_DAY:
            return [Condition(of, operator, (value,))]
        first, behind = value, (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    else:
        first, behind = f"{value:04.0f}-01-01", f"{value + 1:04.0f}-01-01"
    if operator == "=":
        return [Condition(of, ">=", (first,)), Condition(of, "<", (behind,))]
    later = operator in (">", "<=")
    kept: Operator = {">": ">=", "<=": "<"}.get(operator, operator)  # type: ignore[assignment]
    return [Condition(of, kept, (behind if later else first,))]


def cells_of_time(draft: Draft, column: Column, time: Bound) -> tuple[str, ...]:
    """The cells of a column of texts that tell of a year or a month, where most of its cells are times: "30 July", or
    dates with "cancelled" among them."""
    if column.kind not in ("text", "category"):
        return ()
    query = f'SELECT DISTINCT "{column.name}" FROM "{draft.table.name}" WHERE "{column.name}" IS NOT NULL'  # noqa: S608
    cells = [str(row[0]) for row in draft.model.run(query, most=FEW_DATES + 1)]
    times = [(cell, _year_and_month(cell)) for cell in cells if len(cell) <= _DAY_LETTERS]
    place = 1 if is_month(time) else 0
    told = [(cell, found[place]) for cell, found in times if found[place]]
    if len(cells) > FEW_DATES or 2 * len(told) <= len(cells):
        return ()
    wanted = int(str(time)[2:]) if is_month(time) else time
    return tuple(cell for cell, found in told if found == wanted)


def _year_and_month(cell: str) -> tuple[int, int]:
    """Zeros where none is told."""
    year = re.search(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", cell)
    iso = re.search(r"(?<!\d)\d{4}-(\d\d)(?!\d)", cell)
    named = next((number for word in re.findall(r"[^\W\d_]{3,}", cell) if (number := month_number(word))), 0)
    return int(year[0]) if year else 0, int(iso[1]) if iso else named or 0


def _month_conditions(draft: Draft, of: ColumnReference, month: str) -> list[Condition]:
    """The dates of the column that lie in the month, or on the day of it, of whichever year."""
    table = draft.owner(of.path).name
    query = f'SELECT DISTINCT "{of.column}" FROM "{table}" WHERE substr("{of.column}", 5, ?) = ? ORDER BY 1'  # noqa: S608
    found = [str(row[0]) for row in draft.model.run(query, (len(month) - 1, month[1:]), most=FEW_DATES + 1)]
    years = sorted({one[:4] for one in found})
    if not found or len(found) > FEW_DATES:
        return []
    if len(years) > 1:
        draft.guesses.append(f"the time is that of {', '.join(years)}")
    return [Condition(of, "=", tuple(found))]
