"""Dates as people write them, as ISO 8601 has them."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?:Z|\+00:?00)?)?")
DAY_AND_MONTH = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_WORDS = re.compile(r"(\d{1,2})\.? ([a-z]{3,9})\.?,? (\d{4})", re.IGNORECASE)
_WORDS_US = re.compile(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_date(cell: str, day_first: bool) -> str | None:
    """``1966-07-30``, with its time where it has one."""
    if found := _ISO.fullmatch(cell):
        return _iso(found[1], found[2], found[3], found[4])
    if found := DAY_AND_MONTH.fullmatch(cell):
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
        return _iso(found[4], month, day)
    if (found := _WORDS.fullmatch(cell)) and (month := month_number(found[2])):
        return _iso(found[3], str(month), found[1])
    if (found := _WORDS_US.fullmatch(cell)) and (month := month_number(found[1])):
        return _iso(found[3], str(month), found[2])
    return None


def month_number(word: str) -> int:
    """0 for what is no month."""
    short = word.casefold()[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _iso(year: str, month: str, day: str, time: str | None = None) -> str | None:
    try:
        found = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
    return f"{found}T{time}" if time else found
