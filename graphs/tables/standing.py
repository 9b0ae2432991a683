"""Rows of what did not take place, or has not yet: cancelled, planned, withdrawn. Where they are counted, summed up or
listed with others, the answer tells how many they are, as a person would."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .model import ROW, TableModel
from .plan import NOTHING, ColumnReference, ComputedColumn, Condition, RowPlan, to_sql

_STATES = {
    "cancelled": r"cancel(?:l?ed|lation)|called off|abgesagt|storniert|annul\w*|did not take place|void(?:ed)?",
    "planned": r"planned|scheduled|upcoming|geplant|vorgesehen|proposed|tentative|prévu|provisional",
    "postponed": r"postponed|verschoben|rescheduled|moved to",
    "withdrawn": r"withdrawn|withdrew|abandoned|aborted|zurückgezogen|abgebrochen|rejected|abgelehnt",
}
_FORMS = {name: re.compile(rf"(?:{form})\b", re.IGNORECASE) for name, form in _STATES.items()}
_ANY = re.compile("|".join(_STATES.values()), re.IGNORECASE)
_SAID = re.compile(rf"\b(?:{'|'.join(_STATES.values())}|off|plan|status)", re.IGNORECASE)
MOST = 20_000
"""Rows that are looked at."""
_KINDS = ("text", "category")


@dataclass(frozen=True, slots=True)
class Standing:
    column: str
    counts: tuple[tuple[str, int], ...]
    """Each state, and how many of the rows have it."""

    def __str__(self) -> str:
        return " and ".join(f"{count:,} {state}" for state, count in self.counts)


def state_of(cell: str) -> str:
    """
    >>> state_of("cancelled: thunderstorm"), state_of("planned"), state_of("Not cancelled"), state_of("planned route")
    ('cancelled', 'planned', '', '')
    """
    for name, form in _FORMS.items():
        found = form.match(cell.strip())
        if found is not None:
            behind = cell.strip()[found.end() :].lstrip()
            if (
                not behind
                or not behind[0].isalpha()
                or re.match(r"(?:by|due|because|for|on|until|to|wegen|am)\b", behind)
            ):
                return name
    return ""


def standing_of(model: TableModel, plan: RowPlan, question: str) -> Standing | None:
    """The states of the rows that the plan is made of; ``None`` where all of them simply are, or where the question
    speaks of the state itself."""
    table = model.tables[plan.table]
    asked = {one.of.column for one in plan.conditions if not one.of.path}
    columns = [
        one.name
        for one in table.columns
        if one.kind in _KINDS and one.name not in asked and _holds_states(model, table.name, one.name)
    ]
    if len(columns) != 1 or _SAID.search(question):
        return None
    states = [state_of(str(cell)) for cell in _cells(model, plan, columns[0])]
    counts = Counter(state for state in states if state)
    if not counts or sum(counts.values()) == len(states):
        return None
    return Standing(columns[0], tuple((state, counts[state]) for state in _STATES if state in counts))


def cells_of_state(model: TableModel, table: str, column: str, word: str) -> tuple[str, ...]:
    """The cells of the column that say what the word says: "cancelled"."""
    name = state_of(word)
    query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL ORDER BY 1 LIMIT {MOST}'  # noqa: S608
    cells = [str(row[0]) for row in model.run(query, most=MOST)] if name else []
    return tuple(cell for cell in cells if state_of(cell) == name)


def _holds_states(model: TableModel, table: str, column: str) -> bool:
    query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL LIMIT {MOST}'  # noqa: S608
    return any(_ANY.match(str(row[0])) and state_of(str(row[0])) for row in model.run(query, most=MOST))


def _cells(model: TableModel, plan: RowPlan, column: str) -> Sequence[object]:
    """The column's cells in the rows that keep the conditions, and have what is measured."""
    conditions = plan.conditions
    measured = plan.measure[1] if plan.measure else plan.order
    if measured is not None and not isinstance(measured, ComputedColumn):
        conditions = (*conditions, Condition(measured, "<>", NOTHING))
    rows = replace(
        plan,
        conditions=conditions,
        shown=(ColumnReference((), ROW), ColumnReference((), column)),
        distinct=False,
        measure=None,
        having=None,
        order=None,
        limit=0,
        skip=0,
    )
    return [row[1] or "" for row in model.run(*to_sql(rows), most=MOST)]


def with_standing(model: TableModel, plan: RowPlan, standing: Standing) -> RowPlan:
    """The plan with the column of the states shown beside its rows, where one of the rows shown has a state."""
    one = ColumnReference((), standing.column)
    if plan.measure is not None or one in plan.shown or any(each.path for each in plan.shown):
        return plan
    shown = replace(plan, shown=(*plan.shown, one))
    return shown if any(state_of(str(row[len(plan.shown)] or "")) for row in model.run(*to_sql(shown))) else plan
