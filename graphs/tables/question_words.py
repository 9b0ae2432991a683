"""What "who", "when", "where" and "how much" may ask for: people, times, places, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..english.names import singular
from ..english.words import PEOPLE, PLACES
from .conditions import is_modifier
from .deeds import doers
from .draft import LEAST, STEP, WHOLE, Draft, Target, is_key, leads_elsewhere
from .header_groups import group_word
from .kinds import Column, holds_full_names
from .model import Table
from .money import money_column
from .ranges import read_cycle
from .word_links import WordLink

_OF_PEOPLE = frozenset(
    ("born", "birth_date", "date_of_birth", "birthday", "gender", "sex", "birth_year", "year_of_birth")
)
"""Columns that only people have."""


def targets_of_word(draft: Draft) -> Iterator[tuple[WordLink | None, Target]]:
    """The things that may be asked for, with the words that name them."""
    asks, table = draft.intent.asks, draft.table
    for name, owner in draft.model.tables.items():
        path = draft.way(name)
        if path is None:
            continue
        if asks == "who" and are_people(owner):
            said = any(one.table == name and one.fit > 0.9 for each in draft.linked.links for one in each.tables)
            yield None, Target(path, (), 0.2 * said - STEP * len(path))
        for link in draft.linked.links:
            if group_word(draft, link) is not None or is_modifier(draft, link):
                continue
            for one in link.columns:
                if one.table == name and one.fit >= LEAST and _is_answer(asks, owner, owner.column(one.column)):
                    yield link, Target(path, (one.column,), one.fit - STEP * len(path))
    if asks == "when":
        yield from _cells_of_day(draft)
    for deed in doers(draft):
        yield WordLink(deed.at, deed.at + 1), Target((), (deed.column,), 0.9)
    if asks == "who" and not are_people(table):
        named = [one.name for one in table.columns if one.name.rpartition("_")[2] in PEOPLE and _is_person(table, one)]
        if len(named) == 1:
            yield None, Target((), (named[0],), 0.0)
        persons = [] if named else [one.name for one in table.columns if _holds_people(table, one)]
        if persons and (draft.intent.superlative is None or len(persons) == 1):
            yield None, Target((), tuple(persons), 0.0, guess=f"who is taken for {' or '.join(persons)}")
    columns = [column for column in table.columns if _may_answer(asks, column)]
    if asks == "much" and (paid := _paid_column(draft)):
        yield None, Target((), (paid,), 0.3)
    if asks == "where" and columns:
        yield None, Target((), tuple(one.name for one in columns[:2]), 0.1)
    if asks == "when" and len(columns) == 1:
        yield None, Target((), (columns[0].name,), 0.0, guess=f"{columns[0].name} is when")


_OPENING = frozenset("open opens opened opening close closes closed closing start starts begin begins end ends".split())  # noqa: SIM905


def _cells_of_day(draft: Draft) -> Iterator[tuple[WordLink, Target]]:
    """ "When does the library open on Thursday", where each day of the week is a column of hours."""
    opening = [at for at, token in enumerate(draft.linked.tokens) if token.text.casefold() in _OPENING]
    named = {one.name for one in draft.table.columns if read_cycle(one.title, "day") is not None}
    links = draft.linked.links
    for link in links if len(opening) == 1 and len(named) > 1 else ():
        first = min(opening[0], link.start)
        between = any(one.values and first < one.start < link.start for one in links)
        for one in link.columns:
            if one.table == draft.table.name and one.column in named and one.fit >= WHOLE and not between:
                yield WordLink(first, link.end), Target((), (one.column,), one.fit)


_PAYING = frozenset("pay pays paid cost costs charge charged".split())  # noqa: SIM905


def _paid_column(draft: Draft) -> str:
    """What is paid where no column of it is named: "what do adults pay", "how much are pears"."""
    pays = any(token.text.casefold() in _PAYING for token in draft.linked.tokens)
    what = draft.intent.question.casefold().lstrip().startswith("what")
    return money_column(draft.table) if (pays and what) or _HOW_MUCH.match(draft.intent.question) else ""


_HOW_MUCH = re.compile(
    r"\W*how much (?:is|are|was|were|will)\b(?! (?:left|due|owed|still|missing|in stock))", re.IGNORECASE
)


def has_people(draft: Draft, table: Table) -> bool:
    """Whether each row has somebody, who is then asked for: an order has a customer."""
    tables = draft.model.tables
    return not are_people(table) and any(are_people(tables[name]) for name in draft.model.paths[table.name])


def is_of_people(table: Table) -> bool:
    """Whether the rows are people themselves, not what they paid or did."""
    called = len(table.shown) == 1 and table.column(table.shown[0]).distinct == table.rows
    named = called and _holds_people(table, table.column(table.shown[0]))
    return named or bool(_OF_PEOPLE & {column.name for column in table.columns})


def are_people(table: Table) -> bool:
    names = len(table.shown) == 2 and table.shown[0] in ("given_name", "first_name")
    words = {*singular(table.name).split("_"), *(word for one in table.shown for word in one.split("_"))}
    people = bool(words & PEOPLE) or bool(_OF_PEOPLE & {column.name for column in table.columns})
    called = len(table.shown) == 1 and table.shown[0].rpartition("_")[2] in ("name", *PEOPLE)
    return names or (people and called)


def _is_answer(asks: str, owner: Table, column: Column) -> bool:
    if leads_elsewhere(owner, column.name):
        return False
    if asks == "when":
        return column.kind == "date" or (column.kind == "integer" and "year" in column.name)
    if asks == "where":
        return any(word in PLACES for word in column.name.split("_"))
    if asks == "who":
        return not column.name.endswith("_name") and _is_person(owner, column)
    return asks == "much" and column.kind in ("integer", "number") and not is_key(owner, column.name)


def _is_person(owner: Table, column: Column) -> bool:
    """No one is called by a number."""
    named = all(one[:1].isalpha() and not any(map(str.isdigit, one)) for one in column.samples)
    return column.kind in ("text", "category") and not leads_elsewhere(owner, column.name) and named


def _holds_people(owner: Table, column: Column) -> bool:
    return _is_person(owner, column) and holds_full_names(column)


def _may_answer(asks: str, column: Column) -> bool:
    if asks == "where":
        return any(word in PLACES for word in column.name.split("_")) and column.kind in ("text", "category")
    return asks == "when" and (column.kind == "date" or column.name == "year")
