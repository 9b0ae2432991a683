"""Days of the calendar in a text, as ``2025-05-03``, ``3 May 2025``, ``May 3, 2025``, ``3.5.2025`` or ``03/05/2025``.

Of the last form nobody knows whether day or month comes first unless one of them is above twelve: it is both days.
"""

from __future__ import annotations

import re

Day = tuple[int, int, int]
"""Year, month, day."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january januar",
            "february februar",
            "march märz",
            "april",
            "may mai",
            "june juni",
            "july juli",
            "august",
            "september",
            "october oktober",
            "november",
            "december dezember",
        ],
        start=1,
    )
    for name in names.split()
}
_SHORT = {name[:3]: number for name, number in _MONTHS.items()}
_NAME = rf"(?P<name>{'|'.join(sorted({*_MONTHS, *_SHORT, 'sept'}, key=len, reverse=True))})\.?"
_FORMS = (
    re.compile(r"(?<![\d-])(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?![\d])"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? (?:of )?{_NAME},? (?P<year>\d{{4}})(?!\d)", re.I),
    re.compile(rf"\b{_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)", re.I),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)"),
)


_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_LAST_MONTH, _LAST_DAY = 12, 31


def days(text: str) -> set[Day]:
    found = {_day(match) for form in _FORMS for match in form.finditer(text)}
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
    wanted, plain = days(question), {_day(match) for form in _FORMS for match in form.finditer(row)}
    dates = [[int(part) for part in match.groups()] for match in _SLASHED.finditer(row)]
    if not wanted or wanted & plain or not dates or not wanted & days(row):
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
    return {MONTHS[month - 1] for _, month, _ in days(text) if 0 < month <= _LAST_MONTH}


def month_number(name: str) -> int:
    """1 to 12, for a name or its first three letters, in English or German."""
    return _SHORT[name[:3].lower()]


def _day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    month = parts.get("month")
    return int(parts["year"]), int(month) if month else month_number(parts["name"]), int(parts["day"])
