"""Rows that another row of the same table leads to: "Who recommended Ann?", "Who reports to Ann?", "Ann's manager".

Which of the two is asked for is told by the place of the name and by the words around it, so these questions are read
by their form; what has another form is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..english.intent import Intent
from .draft import WHOLE, TableReading
from .model import CellValue, ForeignKey, Table, TableModel
from .plan import ColumnReference, Condition, RowPlan
from .word_links import Linked, WordLink

_PASSIVE, _TOWARDS = re.compile(r"_by(?:_|$)"), re.compile(r"_(?:to|under|for)(?:_|$)")
_ACTING = frozenset(("do", "does", "did", "has", "have", "had"))
_BEHIND = frozenset(("by", "to", "under", "for"))


def read_self_join(model: TableModel, linked: Linked, intent: Intent) -> TableReading | None:
    """``None`` where the question is of another kind, or one of its words is not understood."""
    if intent.superlative is not None or intent.negations or intent.wanted in ("avg", "sum"):
        return None
    found = [
        reading
        for table in model.tables.values()
        for key in table.foreign
        if key.target == table.name
        for reading in _readings(linked, intent, table, key)
    ]
    return found[0] if len(found) == 1 else None


def _readings(linked: Linked, intent: Intent, table: Table, key: ForeignKey) -> Iterator[TableReading]:
    verbs = [
        one
        for one in linked.links
        if any((each.table, each.column) == (table.name, key.column) and each.fit >= WHOLE for each in one.columns)
    ]
    named = [
        (one, value)
        for one in linked.links
        for value in one.values
        if value.table == table.name and value.columns in (table.shown, (table.key,)) and one not in verbs
    ]
    if len(verbs) != 1 or len(named) != 1:
        return
    verb, (name, value) = verbs[0], named[0]
    used = {n for one in (verb, name) for n in range(one.start, one.end)}
    used |= {
        n
        for one in linked.links
        if any(each.table == table.name for each in one.tables)
        for n in range(one.start, one.end)
    }
    if set(range(len(linked.tokens))) - used - intent.used:
        return
    leads_to_named = _names_the_end(linked, key, verb, name)
    if leads_to_named is None or (intent.wanted == "count" and not leads_to_named):
        return
    yield TableReading(_plan(table, key, value, leads_to_named, intent), 9.0, (), (), table.name)


def _names_the_end(linked: Linked, key: ForeignKey, verb: WordLink, name: WordLink) -> bool | None:
    """Whether the named row is the one that the rows asked for lead to; ``None`` where the words do not tell."""
    words = [token.text.casefold() for token in linked.tokens]
    if verb.end <= name.start:
        between = words[verb.end : name.start]
        if "whose" in words[: verb.start]:
            return True
        if not between or between == ["of"] or between == ["the"]:
            return False
        return True if between[-1] in _BEHIND else None
    possessive = linked.tokens[name.end - 1].end < linked.tokens[verb.start].start - 1
    if possessive and name.end == verb.start:  # "Ann's manager"
        return False
    acting = any(word in _ACTING for word in words[: name.start])
    if _TOWARDS.search(key.column):
        return False if acting else None
    return acting


def _plan(table: Table, key: ForeignKey, value: CellValue, leads_to_named: bool, intent: Intent) -> RowPlan:
    shown = tuple(dict.fromkeys([*([table.key] if not table.shown else []), *table.shown]))
    named, asked = ((key,), ()) if leads_to_named else ((), (key,))
    conditions = tuple(
        Condition(ColumnReference(named, column), "=", (one,))
        for column, one in zip(value.columns, value.values, strict=True)
    )
    if intent.wanted == "count":
        return RowPlan(table.name, conditions, measure=("count", None))
    return RowPlan(table.name, conditions, tuple(ColumnReference(asked, column) for column in shown))
