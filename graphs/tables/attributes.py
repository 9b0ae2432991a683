"""What a thing has that stands in several rows: a hotel in low and in high season has its stars once, not twice.

A sum over rows is right where each row is an event of its own (a day, a booking, a match), or says how many pieces
there are. Otherwise a number repeats what was said, or is another one for each row, and then the rows are told.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..english.intent import NEGATIONS
from ..english.words import OF_MONEY, STORES
from .kinds import Column
from .measures import PIECES
from .model import Table, TableModel
from .plan import ColumnReference, RowPlan, to_sql

_MOST = 1_000
"""Rows that are looked at."""
_FEW = 2
"""Columns that are told beside a name and a value."""
_TOGETHER = re.compile(
    r"\b(?:total|sum|combined|altogether|in all|overall|together|all (?:of )?(?:the|its|their))\b", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(?:did|was|were|had|been|(?!named|called)\w{2,}[^\We]ed|won|sold|made|run|taken|given|bought|eaten|driven|lost)\b"
)
"""Words by which a question is about what happened."""
_TIME = re.compile(
    r"(?<!\d)(?:1[89]|20)\d\d(?!\d)|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|"
    r"oct|nov|dec)[a-z]{0,6}\b|\d{1,2}[:./-]\d{1,2}",
    re.IGNORECASE,
)
_TIMES = frozenset("year month week day date time quarter round game match leg lap".split())  # noqa: SIM905
_TEXTS = ("text", "category", "identifier")
_TELLING = (*_TEXTS, "boolean")


def tell_once(model: TableModel, plan: RowPlan, question: str) -> tuple[RowPlan, str]:
    """The plan that tells what a thing has, in place of a sum over its rows; and why a sum is in doubt, if it is."""
    table = model.tables[plan.table]
    summed = plan.measure[1] if plan.measure is not None and plan.measure[0] == "sum" else None
    if summed is None or summed.path or plan.shown or plan.having is not None or plan.absent is not None:
        return plan, ""
    column = next((one for one in table.columns if one.name == summed.column), None)
    thing = _thing_of(table)
    if column is None or not thing or _is_additive(column):
        return plan, ""
    others = [one for one in table.columns if one.name != column.name and (one.kind in _TELLING or _is_time(one))]
    shown = tuple(ColumnReference((), one.name) for one in others)
    rows_of = replace(plan, measure=None, shown=(*shown, summed), distinct=False)
    rows = model.run(*to_sql(rows_of), most=_MOST)
    if len(rows) < 2 or len(rows) == _MOST or _are_events(table, others, rows):
        return plan, ""
    at = [one.name for one in others].index(thing)
    if len({row[at] for row in rows}) > 1:
        return plan, f"rows of one {thing} are added up" if _repeat(rows, at) else ""
    words = set(re.findall(r"\w+", question.casefold()))
    if _TOGETHER.search(question) or _DONE.search(question) or words & (OF_MONEY | NEGATIONS):
        return plan, ""
    if len({row[-1] for row in rows}) == 1:
        return replace(plan, measure=None, shown=(summed,), distinct=True), ""
    apart = [one for place, one in enumerate(shown) if len({row[place] for row in rows}) > 1]
    return replace(plan, measure=None, shown=(*apart, summed), distinct=True), ""


def tell_apart(model: TableModel, plan: RowPlan) -> RowPlan:
    """The plan with the columns beside its names by which rows of one name differ: the season of each price."""
    table = model.tables[plan.table]
    if any(one.path for one in plan.shown) or plan.measure is not None:
        return plan
    *names, value = plan.shown
    others = [ColumnReference((), one.name) for one in table.columns if one.kind in (*_TELLING, "date")]
    others = [one for one in others if one not in plan.shown]
    rows = model.run(*to_sql(replace(plan, shown=(*names, *others, value), distinct=False)), most=_MOST)
    of = {tuple(row[: len(names)]) for row in rows}
    if not names or not others or len(of) == len(rows) or len(rows) == _MOST:
        return plan
    apart = [one for at, one in enumerate(others, start=len(names)) if _differs(rows, len(names), at)]
    return replace(plan, shown=(*names, *apart, value)) if len(apart) <= _FEW else plan


def _differs(rows: list[tuple[object, ...]], names: int, at: int) -> bool:
    """Whether rows of one name have several values there."""
    found: dict[tuple[object, ...], set[object]] = {}
    for row in rows:
        found.setdefault(row[:names], set()).add(row[at])
    return any(len(each) > 1 for each in found.values())


def _repeat(rows: list[tuple[object, ...]], at: int) -> bool:
    """Whether at least half of the things that stand in several rows have the same value in all of theirs."""
    values: dict[object, list[object]] = {}
    for row in rows:
        values.setdefault(row[at], []).append(row[-1])
    several = [each for each in values.values() if len(each) > 1]
    return bool(several) and 2 * sum(len(set(each)) == 1 for each in several) >= len(several)


def _thing_of(table: Table) -> str:
    """The column that says what a row is about: the first one with names in it, where no column identifies the rows."""
    named = next((one.name for one in table.columns if one.kind in _TEXTS), "")
    return "" if table.key == named else named


def _is_additive(column: Column) -> bool:
    return bool((PIECES | STORES) & {*column.name.split("_")})


def _are_events(table: Table, others: list[Column], rows: list[tuple[object, ...]]) -> bool:
    """Whether something tells the rows apart that only events have: a time, or a number of their own."""
    if table.key:
        return True
    cells = [(one, {str(row[place]) for row in rows}) for place, one in enumerate(others)]
    return any(len(each) > 1 and (_is_time(one) or all(map(_TIME.search, each))) for one, each in cells)


def _is_time(column: Column) -> bool:
    numbered = column.kind == "integer" and _TIMES & {*column.name.split("_")}
    return column.kind == "date" or bool(numbered)
