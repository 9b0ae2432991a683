"""Columns that say the same thing of different times: "rent until August 2026" and "rent from September 2026". What the
question says of the time ("before September") chooses among them, whichever of their words it repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ..english.dates import month_number
from ..english.names import name_roots, property_name
from ..english.tokens import QuestionToken
from ..english.words import MONTH
from .model import Table, TableModel
from .word_links import ColumnName, WordLink

_DATE = (
    rf"(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<dotted>\d{{1,2}}\.\d{{1,2}}\.\d{{4}})"
    rf"|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<month>{MONTH})(?:,? (?P<year>\d{{4}}))?"
    r"|(?P<only>(?:19|20)\d\d))"
)
_UNTIL, _BEFORE = frozenset(("until", "till", "to", "through")), frozenset(("before",))
_FROM, _AFTER = frozenset(("from", "since", "starting", "as of", "as from")), frozenset(("after",))
_WITHIN = frozenset(("in", "on", "during", "for"))
_PHRASE = re.compile(
    rf"\b(?P<how>{'|'.join(sorted({*_UNTIL, *_BEFORE, *_FROM, *_WITHIN, *_AFTER}, key=len, reverse=True))})"
    rf" (?:the (?:end|beginning|start) of )?{_DATE}(?![\w-])",
    re.IGNORECASE,
)
_NO_YEAR = 1
"""The year of a date that names none; two dates are compared without years where one of them has none."""


@dataclass(frozen=True, slots=True)
class Period:
    """``how`` stands before the days ``first`` to ``last``; ``start`` and ``end`` are characters of the text."""

    how: str
    first: date
    last: date
    start: int
    end: int

    @property
    def has_year(self) -> bool:
        return self.first.year != _NO_YEAR


def period_in(text: str) -> Period | None:
    """The first time that is told with a word before it: "until August 2026"."""
    for found in _PHRASE.finditer(text.replace("_", " ")):
        try:
            days = _days(found)
        except ValueError:
            continue
        if days is not None:
            return Period(found["how"].casefold(), *days, *found.span())
    return None


def _days(found: re.Match[str]) -> tuple[date, date] | None:
    """Raises ``ValueError`` for a day that no month has."""
    if found["iso"]:
        day = date.fromisoformat(found["iso"])
        return day, day
    if found["dotted"]:
        parts = [int(one) for one in found["dotted"].split(".")]
        day = date(parts[2], parts[1], parts[0])
        return day, day
    if found["only"]:
        return date(int(found["only"]), 1, 1), date(int(found["only"]), 12, 31)
    month, year = month_number(found["month"]), int(found["year"] or _NO_YEAR)
    if not month:
        return None
    if found["day"]:
        day = date(year, month, int(found["day"]))
        return day, day
    behind = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), behind - timedelta(days=1)


def stem_of(title: str) -> str:
    """What a column is called without its time; empty where it has none, or nothing else."""
    found = period_in(title)
    return title[: found.start].strip(" (,-_") if found is not None else ""


@lru_cache(maxsize=1024)
def _stem_and_period(title: str) -> tuple[str, Period] | None:
    stem = stem_of(title)
    found = period_in(title)
    return (stem.casefold(), found) if stem and found is not None else None


def timed_columns(table: Table) -> dict[str, list[str]]:
    """The names of columns that differ in their times alone, two at least, by what they are called without these."""
    found: dict[str, list[str]] = {}
    for column in table.columns:
        if (one := _stem_and_period(column.title)) is not None:
            found.setdefault(one[0], []).append(column.name)
    return {stem: names for stem, names in found.items() if len(names) > 1}


def columns_at(table: Table, names: list[str], asked: Period) -> list[str]:
    """Those of the columns that hold for the time that was asked for."""
    return [
        name
        for name in names
        if (one := _stem_and_period(table.column(name).title)) is not None and _holds(one[1], asked)
    ]


def _holds(told: Period, asked: Period) -> bool:
    plain = told.has_year != asked.has_year
    first, last = (_without_year(one) if plain else one for one in (told.first, told.last))
    for day in _moments(asked):
        one = _without_year(day) if plain else day
        if told.how in _UNTIL:
            holds = one <= last
        elif told.how in _BEFORE:
            holds = one < first
        elif told.how in _AFTER:
            holds = one > last
        else:
            holds = one >= first and (told.how in _FROM or one <= last)
        if not holds:
            return False
    return True


def _moments(asked: Period) -> Iterator[date]:
    """Days for which all must hold: the one before "before September", the one behind "after August"."""
    day = timedelta(days=1)
    if asked.how in _BEFORE:
        yield asked.first - day if asked.first > date.min + day else asked.first
    elif asked.how in _AFTER:
        yield asked.last + day
    elif asked.how in _UNTIL:
        yield asked.last
    elif asked.how in _FROM:
        yield asked.first
    else:
        yield asked.first
        yield asked.last


def _without_year(day: date) -> date:
    return day.replace(year=4)


def links_of_time(model: TableModel, question: str, tokens: Sequence[QuestionToken]) -> Iterator[WordLink]:
    """A time that chooses among columns which are told apart by theirs: "before September"."""
    asked = period_in(question)
    if asked is None:
        return
    said = {token.root for token in tokens}
    columns = tuple(
        ColumnName(table.name, column, 1.0)
        for table in model.tables.values()
        for names in timed_columns(table).values()
        if said.issuperset(roots_without_time(table.column(names[0]).title))
        for column in columns_at(table, names, asked)
    )
    within = [at for at, token in enumerate(tokens) if asked.start <= token.start < asked.end]
    if columns and within:
        yield WordLink(within[0], within[-1] + 1, columns=columns)


@lru_cache(maxsize=16_384)
def roots_without_time(title: str) -> tuple[str, ...]:
    return name_roots(property_name(stem_of(title)))
