"""What "who", "when", "where" and "how much" may ask for: people, times, places, numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ..english.names import singular
from ..english.words import PEOPLE, PLACES
from .conditions import is_modifier
from .deeds import doers
from .draft import LEAST, STEP, Draft, Target, is_key, leads_elsewhere
from .header_groups import group_word
from .kinds import Column
from .linking import WordLink
from .model import Table
from .money import money_column

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
    for deed in doers(draft):
        yield WordLink(deed.at, deed.at + 1), Target((), (deed.column,), 0.9)
    if asks == "who" and not are_people(table):
        named = [one.name for one in table.columns if one.name.rpartition("_")[2] in PEOPLE and _is_person(table, one)]
        if len(named) == 1:
            yield None, Target((), (named[0],), 0.0)
    columns = [column for column in table.columns if _may_answer(asks, column)]
    if asks == "much" and (paid := _paid_column(draft)):
        yield None, Target((), (paid,), 0.3)
    if asks == "where" and columns:
        yield None, Target((), tuple(one.name for one in columns[:2]), 0.1)
    if asks == "when" and len(columns) == 1:
        yield None, Target((), (columns[0].name,), 0.0, guess=f"{columns[0].name} is when")


_PAYING = frozenset("pay pays paid cost costs charge charged".split())  # noqa: SIM905


def _paid_column(draft: Draft) -> str:
    """What is paid where no column of it is named: "what do adults pay"."""
    at = next((n for n, token in enumerate(draft.linked.tokens) if token.text.casefold() in _PAYING), None)
    money = money_column(draft.table)
    if at is None or not money or not draft.intent.question.casefold().lstrip().startswith("what"):
        return ""
    return money


def has_people(draft: Draft, table: Table) -> bool:
    """Whether each row has somebody, who is then asked for: an order has a customer."""
    tables = draft.model.tables
    return not are_people(table) and any(are_people(tables[name]) for name in draft.model.paths[table.name])


def is_of_people(table: Table) -> bool:
    """Whether the rows are people themselves, not what they paid or did."""
    return bool(_OF_PEOPLE & {column.name for column in table.columns})


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


def _may_answer(asks: str, column: Column) -> bool:
    if asks == "where":
        return any(word in PLACES for word in column.name.split("_")) and column.kind in ("text", "category")
    return asks == "when" and (column.kind == "date" or column.name == "year")
