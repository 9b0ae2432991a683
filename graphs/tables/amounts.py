"""Numbers, dates and ranks of a question: conditions, and what is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..english.amounts import Operator
from ..english.words import ORDINALS, UNIT_NAMES, kin, number_of, root
from .conditions import add_condition
from .draft import LEAST, STEP, WHOLE, Draft, Target, is_count, is_key, names_said, root_of
from .kinds import Column
from .model import Table
from .money import money_column
from .plan import ColumnReference, Condition, Function
from .ranges import add_range
from .times import cells_of_time, compare, is_month, is_year
from .word_links import WordLink


@dataclass(frozen=True, slots=True)
class _Counted:
    having: tuple[Operator, int] | None = None
    measure: tuple[Function, ColumnReference | None] | None = None


def add_numbers(draft: Draft, owner: Table, target: Target) -> _Counted:
    """Makes conditions of amounts, and of numbers before what is counted ("with 32 teams")."""
    counted = _Counted()
    links = draft.linked.links
    for link in links:
        if link.amount is None:
            continue
        before = next((one for one in reversed(links) if one.end <= link.start and link.start - one.end <= 3), None)
        after = next((one for one in links if 0 <= one.start - link.end <= 1), None)
        value = link.amount.value
        column = _measured_column(draft, before, value) if before is not None else None
        by_unit = _of_unit(draft, link) if not isinstance(value, str) else None
        if by_unit is not None and (column is None or draft.column(column).unit != draft.column(by_unit).unit):
            column, before = by_unit, None
        if column is None and add_range(draft, link, before):
            continue
        if column is None and after is not None and isinstance(value, int):
            column = counting_column(draft, after, target) or _measured_column(draft, after, value)
            if column is not None:
                draft.use(after, 0.9)
            else:
                measure = count_of(draft, after, target)
                if measure is not None and link.amount.upper is None:
                    draft.use(link, 0.8)
                    counted = _Counted((link.amount.operator, value), measure)
                    continue
        elif column is not None and before is not None:
            draft.use(before, 0.9)
        if column is None and is_month(value) and _add_text_time(draft, value):
            draft.use(link, 0.9)
            continue
        if column is None:
            column = _only_time(draft, target, value)
        times = [at for at in range(link.end, link.end + 1) if at < len(draft.linked.tokens)]
        counts = bool(times) and draft.linked.tokens[times[0]].text.casefold() == "times"
        if column is None and isinstance(value, int) and target.path and counts:
            draft.used |= {*times}
            draft.use(link, 0.8)
            counted = _Counted((link.amount.operator, value), ("count", None))
            continue
        if column is not None:
            conditions = compare(draft, column, link.amount)
            draft.conditions += conditions
            if conditions:
                use_unit(draft, link, draft.column(column))
                draft.use(link, 0.9 - STEP * len(column.path))
    for at, token in enumerate(draft.linked.tokens):
        number = number_of(token.text)
        before = next((one for one in links if one.end == at and one.amount is None), None)
        if number is not None and before is not None and not _is_linked(links, at):
            column = _measured_column(draft, before, number, WHOLE)
            if column is not None and draft.column(column).kind != "date":
                draft.conditions.append(Condition(column, "=", (number,)))
                draft.used.add(at)
                draft.use(before, 0.9)
                continue
        after = next((one for one in links if one.start == at + 1), None)
        if isinstance(number, int) and number < 1_000 and after is not None and not _is_linked(links, at):
            column = counting_column(draft, after, target) or _measured_column(draft, after, number, WHOLE)
            if column is not None and draft.intent.limit <= 1 and draft.column(column).kind != "date":
                draft.conditions.append(Condition(column, "=", (number,)))
                draft.used.add(at)
                draft.use(after, 0.9)
    return counted


def _is_linked(links: Sequence[WordLink], at: int) -> bool:
    return any(one.start <= at < one.end for one in links)


def use_unit(draft: Draft, link: WordLink, column: Column) -> None:
    """The unit behind an amount, where it is the column's: "over 50 km/h"."""
    at = link.end
    if at == len(draft.linked.tokens):
        return
    word = draft.linked.tokens[at].text
    if _is_unit(word, column):
        draft.used.add(at)
    elif not column.unit and word.casefold().removesuffix("s") in UNIT_NAMES and column.kind != "date":
        draft.used.add(at)
        draft.guesses.append(f"{word!r} was taken for the unit of {column.name}")


def _is_unit(word: str, column: Column) -> bool:
    plain = word.casefold()
    names = (plain, *UNIT_NAMES.get(plain, ()), *UNIT_NAMES.get(plain.removesuffix("s"), ()))
    return bool(column.unit) and column.unit.casefold() in names


def _of_unit(draft: Draft, link: WordLink) -> ColumnReference | None:
    """The one column of the unit behind an amount; of money the one that is moved."""
    word = draft.linked.tokens[link.end].text if link.end < len(draft.linked.tokens) else ""
    found = [one.name for one in draft.table.columns if word and _is_unit(word, one)]
    money = money_column(draft.table)
    return ColumnReference((), money if money in found else found[0]) if len(found) == 1 or money in found else None


def _fits_value(column: Column, value: float | str) -> bool:
    if column.kind == "date":
        return isinstance(value, str) or is_year(value)
    return column.kind in ("integer", "number") and not isinstance(value, str)


def _measured_column(draft: Draft, link: WordLink, value: float | str, least: float = LEAST) -> ColumnReference | None:
    """The column of numbers or dates that the words before an amount name."""
    found = [
        (name.fit - STEP * len(path), ColumnReference(path, name.column))
        for name in link.columns
        if (path := draft.way(name.table)) is not None
        and name.fit >= least
        and _fits_value(draft.model.tables[name.table].column(name.column), value)
        and not is_key(draft.model.tables[name.table], name.column)
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def counting_column(draft: Draft, link: WordLink, target: Target) -> ColumnReference | None:
    """A column that counts what the words name: ``count_teams``."""
    found = [
        (STEP * len(path), ColumnReference(path, name.column))
        for name in link.columns
        if (path := draft.way(name.table)) is not None
        and (path == () or path != target.path)
        and is_count(name.column)
        and draft.model.tables[name.table].column(name.column).kind == "integer"
        and name.fit >= 0.9
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def count_of(draft: Draft, link: WordLink, target: Target) -> tuple[Function, ColumnReference | None] | None:
    """What "more than two finals" counts: rows of the table itself, or different things that they lead to."""
    if not target.path and not target.columns:
        return None
    for name in link.tables:
        if name.fit >= 0.9:
            path = draft.way(name.table)
            if path == ():
                draft.use(link, 1.0)
                return "count", None
            if path is not None and path != target.path:
                draft.use(link, 1.0 - STEP * len(path))
                return "count", ColumnReference(path[:-1], path[-1].column)
    named = {(name.table, name.column) for name in link.columns if name.fit >= WHOLE}
    if (
        target.columns
        and target.columns != draft.table.shown
        and len(draft.table.shown) == 1
        and (draft.table.name, draft.table.shown[0]) in named
    ):
        draft.use(link, 0.9)  # what names the rows: "the most items"
        return "count", None
    held = len(draft.conditions)
    add_condition(draft, link, target)
    if len(draft.conditions) > held and not draft.conditions[-1].of.path:
        return "count", None
    del draft.conditions[held:]
    return None


def _only_time(draft: Draft, target: Target, value: float | str) -> ColumnReference | None:
    """The column that says when, where the table has one alone, or one alone that is called as its rows are."""
    if not (isinstance(value, str) or is_year(value)):
        return None
    for path in dict.fromkeys(((), target.path)):  # An event has its time; who took part was born once.
        owner = draft.owner(path)
        times = [one for one in owner.columns if one.kind == "date" or one.name == "year"]
        years = [one for one in times if one.name == "year" and is_year(value)]
        own = [one for one in times if any(_is_kin(word, root_of(owner)) for word in one.name.split("_"))]
        if len(times) == 1 or years or len(own) == 1:
            one = (years or own or times)[0]
            draft.guesses.append(f"the time is {one.name}")
            return ColumnReference(path, one.name)
    return None


def _is_kin(word: str, noun: str) -> bool:
    return any(root(word) == root(part) or kin(root(word), root(part)) for part in noun.split("_"))


def add_years(draft: Draft) -> None:
    """A year that stands alone ("the 1998 final"): of the column of time that the question names, or the nearest."""
    for at, token in enumerate(draft.linked.tokens):
        if at in draft.used or not re.fullmatch(r"1\d{3}|20\d\d", token.text):
            continue
        found = []
        for name, table in draft.model.tables.items():
            path = draft.way(name)
            for column in table.columns if path is not None else ():
                year = column.kind == "integer" and "year" in column.name.split("_")
                said = max((one.fit for one in names_said(draft, name, column.name)), default=0.0)
                if (year or column.kind == "date") and (said >= LEAST or column.name == "year"):
                    found.append((0.5 * said - STEP * len(path or ()), ColumnReference(path or (), column.name)))
        if not found and _add_text_time(draft, int(token.text)):
            draft.used.add(at)
            draft.score += 0.9
            continue
        dates = [one for one in draft.table.columns if one.kind == "date"]
        if not found and len(dates) == 1:
            found = [(-0.1, ColumnReference((), dates[0].name))]
        if found:
            worth, reference = max(found, key=lambda one: one[0])
            year_of = int(token.text)
            if draft.column(reference).kind == "date":
                draft.conditions.append(Condition(reference, ">=", (f"{year_of}-01-01",)))
                draft.conditions.append(Condition(reference, "<", (f"{year_of + 1}-01-01",)))
            else:
                draft.conditions.append(Condition(reference, "=", (year_of,)))
            draft.used.add(at)
            draft.score += 0.9 + worth


def _add_text_time(draft: Draft, time: float | str) -> bool:
    """Makes a condition of a year or a month on the one column of texts that the question names, or says by a verb."""
    tokens = draft.linked.tokens
    for column in draft.table.columns:
        named = names_said(draft, draft.table.name, column.name)
        words = [at for at, token in enumerate(tokens) if any(kin(token.root, root(w)) for w in column.name.split("_"))]
        if (named or words) and (cells := cells_of_time(draft, column, time)):
            draft.conditions.append(Condition(ColumnReference((), column.name), "=", cells))
            draft.used.update(words)
            return True
    return False


def add_rank(draft: Draft, target: Target) -> None:
    """ "Finished first": a column that holds the rank."""
    tokens = draft.linked.tokens
    for at, token in enumerate(tokens[1:], start=1):
        word = token.text.casefold()
        if word in ORDINALS and ORDINALS[word] > 0 and tokens[at - 1].root in _RANKING:
            names = [one.name for one in draft.table.columns if one.kind == "integer" and one.name in _RANKS]
            if len(names) == 1:
                draft.conditions.append(Condition(ColumnReference((), names[0]), "=", (ORDINALS[word],)))
                draft.used |= {at, at - 1}
                draft.score += 0.9


_RANKING = {root(word) for word in ("finished", "came", "ranked", "placed", "ended")}

_RANKS = ("position", "rank", "place", "standing", "ranking")
