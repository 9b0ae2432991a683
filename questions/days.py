"""Days that a question and a text may mean: those of the calendar (``corpus/phrases/dates.py``), and ``03/05/2025``.

Of that form nobody knows whether day or month comes first unless one of them is above twelve: it is both days.
"""

from __future__ import annotations

import re

from ..corpus.phrases.dates import Day, days

_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_LAST_MONTH, _LAST_DAY = 12, 31


def possible_days(text: str) -> set[Day]:
    """The days that a text names; both readings of one whose order nobody knows."""
    found = days(text)
    for one, other, year in ([int(part) for part in match.groups()] for match in _SLASHED.finditer(text)):
        found |= {
            (year, month, day)
            for month, day in ((other, one), (one, other))
            if 0 < month <= _LAST_MONTH and day <= _LAST_DAY
        }
    return found


def doubtful_day(question: str, row: str, beside: str) -> bool:
    """Whether ``row`` is of a day of ``question`` only if its numbers are read in an order that the rows ``beside`` it
    do not tell, or tell otherwise."""
    wanted, plain = possible_days(question), days(row)
    dates = [[int(part) for part in match.groups()] for match in _SLASHED.finditer(row)]
    if not wanted or wanted & plain or not dates or not wanted & possible_days(row):
        return False
    first = _order(beside)
    read = {(year, other, one) if first == "day" else (year, one, other) for one, other, year in dates}
    return not wanted & read if first else any(one != other for one, other, _ in dates)


def _order(text: str) -> str:
    """Whether the ``day`` or the ``month`` comes first in the dates of a text; empty where they do not tell."""
    pairs = [(int(match[1]), int(match[2])) for match in _SLASHED.finditer(text)]
    if any(one > _LAST_MONTH for one, _ in pairs) or re.search(r";[^;\n]*\d,\d+[^;\n]*;", text):
        return "day"  # decimal commas are written where the day comes first
    return "month" if any(other > _LAST_MONTH for _, other in pairs) else ""


def numeric_forms(day: Day) -> list[str]:
    """The ways in which a day is written in numbers alone, as words of a text."""
    year, month, number = day
    return [f"{number:02} {month:02} {year}", f"{number} {month} {year}", f"{year} {month:02} {number:02}"]


def months_of(text: str) -> set[str]:
    """The names of the months that the days of a text lie in."""
    return {MONTHS[month - 1] for _, month, _ in possible_days(text) if 0 < month <= _LAST_MONTH}
