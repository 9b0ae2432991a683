"""Dates as people write them, as ISO 8601 has them."""

from __future__ import annotations

import re
from datetime import date

_TIME = r"(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:[T ]{_TIME}(?:Z|\+00:?00)?)?")
DAY_AND_MONTH = re.compile(
    rf"(?:(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}})|(\d\d?)(/)(\d\d?)/(\d\d)|(\d\d)(\.)(\d\d)\.(\d\d))(?:,? {_TIME})?"
)
"""Days, months and years of which only the column tells the order."""
_DAY_NAME = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? ", re.IGNORECASE)
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[. -]{0,2}(?:of )?([a-z]{3,9})\.?,?[ -](\d{4}|\d\d)", re.IGNORECASE)
_WORDS_US = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_PIVOT = 69
"""Years of two digits from here on are of the last century, as POSIX has it."""


def read_date(cell: str, day_first: bool) -> str | None:
    """``1966-07-30``, with its time where it has one.

    >>> read_date("31.12.25", True), read_date("Mon, 3 Feb 2025", True), read_date("3/31/2025 9:05", False)
    ('2025-12-31', '2025-02-03', '2025-03-31T09:05')
    """
    if found := _ISO.fullmatch(cell):
        return _iso(found[1], found[2], found[3], found[4])
    if found := DAY_AND_MONTH.fullmatch(cell):
        first, _, second, year = [one for one in found.groups()[:-1] if one is not None]
        day, month = (first, second) if day_first else (second, first)
        return _iso(year, month, day, found[13])
    cell = _DAY_NAME.sub("", cell, count=1)
    if (found := _WORDS.fullmatch(cell)) and (month_of := month_number(found[2])):
        return _iso(found[3], str(month_of), found[1])
    if (found := _WORDS_US.fullmatch(cell)) and (month_of := month_number(found[1])):
        return _iso(found[3], str(month_of), found[2])
    return None


def read_compact_date(cell: str) -> str | None:
    """``20250331``, which only the name of a column tells from a number."""
    found = _COMPACT.fullmatch(cell)
    return _iso(found[1], found[2], found[3]) if found else None


def month_number(word: str) -> int:
    """0 for what is no month, and no short form of one."""
    plain = word.casefold().rstrip(".")
    fitting = [at for at, month in enumerate(_MONTHS, start=1) if month.startswith(plain)]
    return fitting[0] if len(fitting) == 1 and len(plain) >= 3 else 9 if plain == "sept" else 0


def _iso(year: str, month: str, day: str, time: str | None = None) -> str | None:
    whole = int(year) + (0 if len(year) > 2 else 1900 if int(year) >= _PIVOT else 2000)
    try:
        found = date(whole, int(month), int(day)).isoformat()
    except ValueError:
        return None
    return f"{found}T{time:0>5}" if time and len(time) < 6 else f"{found}T{time:0>8}" if time else found
