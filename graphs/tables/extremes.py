"""The most, the largest, the first: what is measured and ordered by."""

from __future__ import annotations

from ..english.words import MAKING, root
from .amounts import count_of, counting_column
from .draft import LEAST, STEP, Draft, Target, is_count, is_key
from .kinds import Column
from .linking import WordLink
from .plan import ColumnReference, Function

Extreme = tuple[tuple[Function, ColumnReference | None] | None, ColumnReference | None, bool]

"""What is measured, what is ordered by, and whether rows are grouped for it."""


def extreme_of(draft: Draft, target: Target) -> Extreme | None:
    superlative = draft.intent.superlative
    assert superlative is not None
    after = [one for one in draft.linked.links if 0 <= one.start - superlative.at - 1 <= 2 and one.amount is None]
    if superlative.counts:
        return _most(draft, target, after[0]) if after else None
    owner = draft.owner(target.path)
    if superlative.by:
        columns = [one for one in owner.columns if one.kind in ("integer", "number")]
        named_so = [one for one in columns if set(superlative.by) & set(one.name.split("_"))]
        return (None, ColumnReference(target.path, named_so[0].name), False) if len(named_so) == 1 else None
    kinds = ("date",) if superlative.time else ("integer", "number")
    named = [
        (name.fit - STEP * len(path) - 0.01 * (one.start - superlative.at), one, ColumnReference(path, name.column))
        for one in draft.linked.links
        if one.start >= superlative.at or superlative.time
        for name in one.columns
        if (path := draft.way(name.table)) is not None
        and name.fit >= LEAST
        and (
            draft.model.tables[name.table].column(name.column).kind in kinds
            or (superlative.time and _is_year(draft.model.tables[name.table].column(name.column)))
        )
        and not is_key(draft.model.tables[name.table], name.column)
    ]
    if named:
        worth, one, reference = max(named, key=lambda each: each[0])
        if target.columns != (reference.column,):
            draft.use(one, worth)
            return None, reference, False
        if target.path == reference.path:
            draft.use(one, worth)
            return None, reference, False
    if superlative.time:
        times = [one for one in owner.columns if one.kind == "date" or one.name == "year"]
        births = [one for one in times if root("birth") in map(root, one.name.split("_"))]
        word = draft.linked.tokens[superlative.at].text.casefold()
        people = word in ("oldest", "youngest")
        made = [one for one in owner.columns if MAKING & {*one.name.split("_")}]
        fitting = (births or made) if people else [one for one in times if one.name == "year"] or times
        if len(fitting) == 1 and not target.columns:
            return None, ColumnReference(target.path, fitting[0].name), False
        return None
    numbers = [one for one in owner.columns if one.kind in ("integer", "number") and not is_count(one.name)]
    if superlative.size and len(numbers) == 1 and not target.columns:
        draft.guesses.append(f"the size is {numbers[0].name}")
        return None, ColumnReference(target.path, numbers[0].name), False
    return None


def _is_year(column: Column) -> bool:
    years = [sample for sample in column.samples if len(sample) == 4 and sample[:2] in ("17", "18", "19", "20")]
    return "year" in column.name or (column.kind == "integer" and len(years) == len(column.samples) > 0)


def _most(draft: Draft, target: Target, link: WordLink) -> Extreme | None:
    """ "The most goals": a column that counts them, or how many rows there are for each thing that is asked for."""
    counting = counting_column(draft, link, target)
    if counting is not None and counting.path == target.path:
        draft.use(link, 1.0)
        return None, counting, False
    plain = [
        name
        for name in link.columns
        if name.fit > 0.9
        and (path := draft.way(name.table)) is not None
        and path == target.path
        and not target.columns
        and draft.model.tables[name.table].column(name.column).kind in ("integer", "number")
        and not is_key(draft.model.tables[name.table], name.column)
    ]
    if plain and target.path == ():
        draft.use(link, 0.8)
        return None, ColumnReference(target.path, plain[0].column), False
    if target.columns and is_count(target.columns[0]):
        return None
    measure = count_of(draft, link, target)
    return (measure, None, True) if measure is not None else None
