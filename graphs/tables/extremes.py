"""The most, the largest, the first: what is measured and ordered by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..english.words import MAKING, SHORT_FORMS, STORES, root
from .amounts import count_of, counting_column
from .draft import LEAST, STEP, Draft, Target, is_count, is_key, unsaid
from .header_groups import group_word
from .kinds import Column
from .measures import sum_for_most
from .model import Table, TableModel
from .money import money_column
from .plan import ColumnReference, Function, RowPlan, to_sql
from .row_nouns import is_sort_of_rows
from .word_links import WordLink

Extreme = tuple[tuple[Function, ColumnReference | None] | None, ColumnReference | None, bool]

"""What is measured, what is ordered by, and whether rows are grouped for it."""


def extreme_of(draft: Draft, target: Target) -> Extreme | None:
    found = _extreme_of(draft, target)
    owner = draft.owner(target.path)
    once = [name for name in target.columns if owner.column(name).kind == "date" or is_key(owner, name)]
    if found is not None and found[0] == ("count", None) and once and _is_each_row(draft, target):
        return None  # of a day that has one row for itself nothing is counted
    return found


def _extreme_of(draft: Draft, target: Target) -> Extreme | None:
    superlative = draft.intent.superlative
    assert superlative is not None
    words = [token.text.casefold() for token in draft.linked.tokens]
    behind = superlative.at + 1
    behind += 2 if superlative.counts and words[behind : behind + 2] in (["number", "of"], ["count", "of"]) else 0
    behind += words[behind : behind + 1] == ["in"] and words[behind + 1 : behind + 2] in ([one] for one in STORES)
    after = [
        one
        for one in draft.linked.links
        if 0 <= one.start - behind <= 2 and one.amount is None and not _ENDS.intersection(words[behind : one.start])
    ]
    if superlative.of:
        return _most_of_groups(draft, target, superlative.of)
    if superlative.rows:
        return (("count", None), None, True) if target.columns or target.path else None
    if superlative.counts and after and _is_measured(draft, target, after[0]):
        draft.use(after[0], 1.0)
        return None, ColumnReference(target.path, target.columns[0]), False
    if superlative.counts:
        before = [one for one in draft.linked.links if 0 <= superlative.at - one.end <= 1 and one.amount is None]
        found = _most(draft, target, after[0]) if after else None
        if found is None and target.columns and behind < len(words):
            noun = draft.linked.tokens[behind]
            if is_sort_of_rows(draft, noun.root):
                draft.used.add(behind)
                return ("count", None), None, True
        if found is None and (measure := sum_for_most(draft, target, next(iter(after or before), None))) is not None:
            return measure, None, True
        return found
    owner = draft.owner(target.path)
    if superlative.deed and not _is_each_row(draft, target):
        return None
    if superlative.by and not superlative.size:
        return by_grade(draft, target, superlative.by)
    ages = [one.name for one in owner.columns if one.kind in ("integer", "number") and "age" in one.name.split("_")]
    if superlative.time and superlative.aged and len(ages) == 1:
        draft.reversed = True  # who was born first has the highest age
        return None, ColumnReference(target.path, ages[0]), False
    kinds = ("date",) if superlative.time else ("integer", "number")
    named = [
        (name.fit - STEP * len(path) - 0.01 * (one.start - superlative.at), one, ColumnReference(path, name.column))
        for one in draft.linked.links
        if one.start >= superlative.at or one.end == superlative.at or superlative.time
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
        births = [one for one in times if _BIRTH.intersection(map(root, one.name.split("_")))]
        people = superlative.aged
        made = [one for one in owner.columns if MAKING & {*one.name.split("_")}]
        others = [one for one in times if one not in births]
        fitting = (births or made) if people else [one for one in times if one.name == "year"] or others or times
        if len(fitting) == 1 and not (target.columns and _is_time(owner, target.columns[0])):
            return None, ColumnReference(target.path, fitting[0].name), False
        if not people and len(made) == 1 and not target.columns:
            return None, ColumnReference(target.path, made[0].name), False
        return None
    numbers = [one for one in owner.columns if one.kind in ("integer", "number") and not is_count(one.name)]
    if superlative.size and len(numbers) == 1 and not target.columns:
        draft.guesses.append(f"the size is {numbers[0].name}")
        return None, ColumnReference(target.path, numbers[0].name), False
    return by_grade(draft, target, superlative.by) if superlative.size and not target.columns else None


_BIRTH = frozenset(map(root, ("birth", "birthday", "born", "dob")))
_SPENT = frozenset(("cost", "costs", "amount", "rate", "charge", "charges"))
"""Of columns of money those that do not say how dear a thing is where another one does."""


_BOUNDS = {
    True: frozenset(("max", "maximum", "high", "highest")),
    False: frozenset(("min", "minimum", "low", "lowest")),
}
"""Words of columns that hold the upper or the lower one of two measures."""
_FEW_RIVALS = 3
"""Columns that an adjective may be measured by alike."""


def is_first_by_all(model: TableModel, plan: RowPlan, columns: Sequence[str]) -> bool:
    """Whether the same row comes first by whichever of the columns."""
    names = tuple(one for one in plan.shown if one.column not in columns)
    plans = [replace(plan, shown=names, order=ColumnReference((), one), limit=1, skip=0) for one in columns]
    first = {tuple(row[: len(names)]) for one in plans for row in model.run(*to_sql(one))}
    return len(first) == 1 and bool(names)


def _is_each_row(draft: Draft, target: Target) -> bool:
    """Whether what is asked for is told once, so that nothing has to be added up for it."""
    owner = draft.owner(target.path)
    return not target.path and all(owner.column(name).distinct >= owner.rows for name in target.columns)


def by_grade(draft: Draft, target: Target, by: Sequence[str]) -> Extreme | None:
    """What an adjective is measured by: the column that the question names, or the one that there is. Where several of
    different names may be meant, which one is a doubt."""
    owner, superlative = draft.owner(target.path), draft.intent.superlative
    roots = {
        one.name: {root(SHORT_FORMS.get(word, word)) for word in one.name.split("_")}
        for one in owner.columns
        if one.kind in ("integer", "number") and not is_key(owner, one.name)
    }
    literal = [[name for name in roots if word in name.split("_")] for word in by]
    fitting = [
        each
        or [name for name, words in roots.items() if root(word) in words and not any(name in one for one in literal)]
        for word, each in zip(by, literal, strict=True)
    ]
    possible = list(dict.fromkeys(name for each in fitting for name in each))
    tokens = draft.linked.tokens
    said = {name: [at for at, token in enumerate(tokens) if token.root in roots[name]] for name in possible}
    most = max(map(len, said.values()), default=0)
    named = [name for name in possible if most and len(said[name]) == most]
    if len(named) == 1:
        draft.used.update(said[named[0]])
        return None, ColumnReference(target.path, named[0]), False
    first = next((each for each in fitting if each), [])
    bounds = [name for name in first if superlative and _BOUNDS[superlative.high] & {*name.split("_")}]
    if len(first) > 1 and len(bounds) == 1:  # the hottest day has the highest of the highest temperatures
        if set(target.columns) & {*first} - {*bounds}:
            return None
        draft.guesses.append(f"compared by {bounds[0]}")
        return None, ColumnReference(target.path, bounds[0]), False
    if 1 < len(first) <= _FEW_RIVALS and not target.path and draft.intent.wanted == "rows":
        draft.rivals = tuple(first)
        return None, ColumnReference((), first[0]), False
    if len(first) != 1:
        return None
    rivals = [name for name in possible if not _SPENT & {*name.split("_")}]
    if len(possible) > 1 and len({*rivals, *first}) > 1:
        draft.doubts.append(f"it may be meant by {', '.join(possible)}")
    return None, ColumnReference(target.path, first[0]), False


def _most_of_groups(draft: Draft, target: Target, function: Function) -> Extreme | None:
    """ "Which category has the highest average price": of each thing that is asked for."""
    assert draft.intent.superlative is not None
    found = [
        (name.fit - STEP * len(path), one, ColumnReference(path, name.column))
        for one in draft.linked.links
        if one.start > draft.intent.superlative.at
        for name in one.columns
        if (path := draft.way(name.table)) == ()
        and name.fit >= LEAST
        and draft.table.column(name.column).kind in ("integer", "number")
        and not is_key(draft.table, name.column)
    ]
    if not found or not (target.columns or target.path):
        return None
    worth, one, of = max(found, key=lambda each: each[0])
    if target.columns == (of.column,) and not target.path:
        return None
    draft.use(one, worth)
    return (function, of), None, True


def _is_measured(draft: Draft, target: Target, link: WordLink) -> bool:
    """Whether the number that is asked for is what there is the most of: "the largest number of nights"."""
    owner = draft.owner(target.path)
    return len(target.columns) == 1 and any(
        (name.table, name.column) == (owner.name, target.columns[0])
        and name.fit >= LEAST
        and owner.column(name.column).kind in ("integer", "number")
        for name in link.columns
    )


_ENDS = frozenset(("at", "in", "on", "of", "for", "by", "from", "to", "with", "during"))
"""Words behind which nothing is counted: "did it rain most at Vik"."""


def _is_time(owner: Table, column: str) -> bool:
    return owner.column(column).kind == "date" or owner.column(column).name == "year"


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
        if (path := draft.way(name.table)) is not None
        and path == target.path
        and (name.fit > 0.9 or not unsaid(draft, draft.model.tables[name.table].column(name.column)))
        and (not target.columns or _is_each_row(draft, target))
        and draft.model.tables[name.table].column(name.column).kind in ("integer", "number")
        and not is_key(draft.model.tables[name.table], name.column)
    ]
    if plain and target.path == ():
        draft.use(link, 0.8)
        return None, ColumnReference(target.path, plain[0].column), False
    if target.columns and is_count(target.columns[0]):
        return None
    called = [one.column for one in link.columns if one.table == draft.table.name and one.fit > 0.9]
    numbers = [name for name in called if draft.table.column(name).kind in ("integer", "number")]
    if numbers and not target.path and root(numbers[0]) == root(draft.table.name):
        draft.use(link, 0.9)  # "the most visitors" of a table of visitors with a column of them
        return ("sum", ColumnReference((), numbers[0])), None, True
    if group_word(draft, link) is not None and target.path:
        return ("count", None), None, True
    held = len(draft.conditions)
    measure = count_of(draft, link, target)
    if len(draft.conditions) > held and link.values:
        draft.doubts += _doubts_of_value(draft, link, target)
    return (measure, None, True) if measure is not None else None


def _doubts_of_value(draft: Draft, link: WordLink, target: Target) -> list[str]:
    """Why rows of a sort ("tip", "violent") may not be what "most" counts: their table has the amount of each, or the
    word is an adjective of what is asked for ("the most violent states")."""
    tokens = draft.linked.tokens
    word = " ".join(token.text for token in tokens[link.start : link.end])
    behind = tokens[link.end].root if link.end < len(tokens) else ""
    asked = {root(part) for name in target.columns for part in name.split("_")}
    asked |= {root(part) for part in draft.owner(target.path).name.split("_")} if target.path else set()
    before = {token.text.casefold() for token in tokens[: link.start]}
    if behind in asked or (not behind and before & {"is", "are", "was", "were"}):
        return [f"{word!r} is a sort of rows, not a degree"]
    amount = money_column(draft.table)
    return [f"rows are counted, not their {amount}"] if amount and not behind else []
