"""Days of the calendar in a text, as ``2025-05-03``, ``3 May 2025``, ``May 3, 2025`` or ``3.5.2025``; and periods: a
month or a year alone, where words say that it is one ("in 2019", "March 2021").

A period is a day of which the month or the day may be 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Day = tuple[int, int, int]
"""Year, month, day."""
LAST: Day = (9999, 12, 31)

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


_MONTH = (
    re.compile(rf"\b{_NAME},? (?P<year>(?:1\d|20)\d\d)(?!\d)", re.IGNORECASE),
    re.compile(r"(?<![\d-])(?P<year>(?:1\d|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?![\d-])"),
)
_YEARS = (
    re.compile(
        r"\b(?:in|since|during|until|till|from|through|between|before|after|early|late|mid|year|spring|summer|autumn|fall"
        r"|winter|im|seit|bis|vor|nach|jahr|jahre)[ -](?P<year>(?:1\d|20)\d\d)(?![\d%]|[.,]\d|\s*%)",
        re.IGNORECASE,
    ),
    # Behind these a number may as well count something: "of 2000 customers".
    re.compile(
        r"\b(?:of|by|around|and|to) (?P<year>(?:19|20)\d\d)(?![\d%]|[.,]\d|\s*%|\s+[a-z]+s\b)",
        re.IGNORECASE,
    ),
)
_ALONE = re.compile(r"(?P<year>\d{4})")


def days(text: str) -> set[Day]:
    return {_period(match) for form in _FORMS for match in form.finditer(text)}


def first_day(text: str) -> str:
    """The first day of the calendar in ``text``, verbatim; empty where there is none."""
    found = [match for form in _FORMS if (match := form.search(text))]
    return min(found, key=lambda match: match.start())[0] if found else ""


def month_number(name: str) -> int:
    """1 to 12, for a name or its first three letters, in English or German."""
    return _SHORT[name[:3].lower()]


def periods(text: str) -> Iterator[Day]:
    """Days, months and years in the order of the text, each place once."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Day]] = []
    for form in (*_FORMS, *_MONTH, *_YEARS):
        for match in form.finditer(text):
            start, end = match.span("year")
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
                day = _period(match)
                if day[1] <= 12 and day[2] <= 31:
                    found.append((match.start(), day))
    return (day for _, day in sorted(found))


def period(text: str) -> Day | None:
    """The one that the text is, and nothing else: "2019", "March 2021", "2021-03-05"."""
    bare = " ".join(text.split()).strip(" .,")
    for form in (*_FORMS, *_MONTH, _ALONE):
        if match := form.fullmatch(bare):
            return _period(match)
    return None


def bounds(day: Day) -> tuple[Day, Day]:
    """The first and the last day of a period."""
    year, month, number = day
    return (year, month or 1, number or 1), (year, month or 12, number or 31)


def day_text(day: Day) -> str:
    """``2021``, ``2021-03`` or ``2021-03-05``."""
    year, month, number = day
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{number:02d}" if number else "")


def _period(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    month, name = parts.get("month"), parts.get("name")
    number = int(month) if month else month_number(name) if name else 0
    return int(parts["year"]), number, int(parts.get("day") or 0)
