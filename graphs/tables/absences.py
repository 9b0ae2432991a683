"""Rows to which no row of another table leads: "Which patients have never had a visit?", "Who has no orders?".

Read before anything else, since a negation about another table turns the question around: all words must be understood
as the thing that is asked for, the rows that are not there, and words that say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..english.intent import Intent
from ..english.words import root
from .draft import WHOLE, TableReading, root_of
from .linking import Linked
from .model import ForeignKey, Table, TableModel
from .plan import Absence, ColumnReference, RowPlan

_DENIALS = frozenset(("never", "no", "not", "without", "any", "anything", "ever", "yet", "single", "none", "n't"))
_LIGHT = frozenset(
    """
    had have has having been made done received placed with there at all paid bought got seen used taken given
    """.split()  # noqa: SIM905
)
_NAMES = ("given_name", "first_name", "name", "full_name", "last_name", "family_name")


def read_absence(model: TableModel, linked: Linked, intent: Intent) -> TableReading | None:
    """``None`` where the question is of another kind, or one of its words is not understood."""
    words = [token.text.casefold() for token in linked.tokens]
    at = next((n for n in sorted(intent.negations) if words[n] != "nor"), None)
    if at is None or intent.superlative is not None or intent.wanted in ("avg", "sum"):
        return None
    for target, named in _targets(model, linked, intent):
        for other, key in _leading_to(model, target):
            said = [n for n in range(at + 1, min(at + 5, len(words))) if linked.tokens[n].root == root(root_of(other))]
            if not said or said[0] in named:
                continue
            also = {root(root_of(model.tables[one.target])) for one in other.foreign}
            unused = [
                n
                for n, token in enumerate(linked.tokens)
                if n not in intent.used | intent.negations | named | {said[0]}
                and words[n] not in _DENIALS | _LIGHT
                and not (token.root in also and n > said[0])
            ]
            if unused:
                continue
            shown = tuple(ColumnReference((), name) for name in _telling_columns(target))
            measure = ("count", None) if intent.wanted == "count" else None
            plan = RowPlan(
                target.name,
                shown=() if measure else shown,
                distinct=measure is not None,
                measure=measure,  # type: ignore[arg-type]
                absent=Absence(other.name, key),
            )
            return TableReading(plan, score=9.0, unused=(), target=target.name)
    return None


def _targets(model: TableModel, linked: Linked, intent: Intent) -> Iterator[tuple[Table, frozenset[int]]]:
    """The tables whose rows may be asked for, each with the words that name it."""
    if intent.asks == "who":
        yield from ((one, frozenset()) for one in model.tables.values() if {*_NAMES} & {c.name for c in one.columns})
        return
    for link in linked.links:
        for one in link.tables:
            if one.fit >= WHOLE and link.start >= intent.target:
                yield model.tables[one.table], frozenset(range(link.start, link.end))


def _leading_to(model: TableModel, target: Table) -> Iterator[tuple[Table, ForeignKey]]:
    for other in model.tables.values():
        keys = [key for key in other.foreign if key.target == target.name]
        if len(keys) == 1 and other.whole:
            yield other, keys[0]


def _telling_columns(table: Table) -> list[str]:
    telling = [one.name for one in table.columns if one.kind in ("text", "category") and one.name != table.key]
    speaks = bool(table.key) and table.column(table.key).kind in ("text", "category")
    told = [*table.shown] if speaks or set(table.shown) - {table.key} else telling[:1]
    return list(dict.fromkeys([*([table.key] if table.key else []), *told])) or [table.columns[0].name]
