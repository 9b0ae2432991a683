"""Who or what a row is: "Who is Omar Haddad?" is answered by what the other columns of his row say."""

from __future__ import annotations

import re

from .draft import TableReading
from .model import TableModel
from .plan import ColumnReference, Condition, RowPlan
from .word_links import Linked

_ASKED = re.compile(r"\W*who(?:'s|’s| is| was) (?!the\b|an?\b|in\b|on\b)(?P<name>[^?]+?)\W*", re.IGNORECASE)
_MOST = 4
"""Columns that are shown, those that say what somebody does before others."""
_OF_WORK = frozenset("role position function job title office post duty department occupation profession".split())  # noqa: SIM905


def read_person(model: TableModel, linked: Linked, question: str) -> TableReading | None:
    """``None`` for any other question, and where the name does not tell one row of one table."""
    asked = _ASKED.fullmatch(question)
    values = [one for link in linked.links for one in link.values]
    if asked is None or len(values) != 1 or len(linked.links) != 1:
        return None
    value = values[0]
    name = " ".join(map(str, value.values))
    table = model.tables[value.table]
    if value.rows != 1 or name.casefold() != asked["name"].strip().casefold() or table.shown != value.columns:
        return None
    others = [column.name for column in table.columns if column.name not in value.columns and column.name != table.key]
    others.sort(key=lambda one: not _OF_WORK & {*one.split("_")})
    if not others or not _OF_WORK & {*others[0].split("_")}:
        return None
    conditions = tuple(
        Condition(ColumnReference((), column), "=", (part,))
        for column, part in zip(value.columns, value.values, strict=True)
    )
    shown = tuple(ColumnReference((), one) for one in others[:_MOST])
    return TableReading(RowPlan(table.name, conditions, shown), float(len(linked.tokens)), ())
