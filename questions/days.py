"""Days of the calendar in a text, as ``2025-05-03``, ``3 May 2025``, ``May 3, 2025`` or ``3.5.2025``."""

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


def days(text: str) -> set[Day]:
    return {_day(match) for form in _FORMS for match in form.finditer(text)}


def month_number(name: str) -> int:
    """1 to 12, for a name or its first three letters, in English or German."""
    return _SHORT[name[:3].lower()]


def _day(match: re.Match[str]) -> Day:
    parts = match.groupdict()
    month = parts.get("month")
    return int(parts["year"]), int(month) if month else month_number(parts["name"]), int(parts["day"])
