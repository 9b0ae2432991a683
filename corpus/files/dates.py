"""Dates, times and durations of calendars in words: ``3 June 2025 14:00``."""

from __future__ import annotations

import re
from datetime import date

# fmt: off
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"]
# fmt: on
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_STAMP = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$"
)
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})$")
_MONTH = re.compile(r"(\d{4})-?(\d{2})?$")
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
_UNITS = ("week", "day", "hour", "minute", "second")


def day_of(value: str) -> date | None:
    found = _STAMP.match(value.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def in_words(value: str, zone: str = "", *, weekday: bool = False) -> str:
    """Writes a date, with its time if it has one, and the zone in brackets. What is no date stays as it is."""
    value = value.strip()
    if short := _NO_YEAR.match(value):
        return f"{int(short[2])} {_month(short[1])}"
    if month := _MONTH.match(value):
        return f"{_month(month[2])} {month[1]}" if month[2] else value
    found, day = _STAMP.match(value), day_of(value)
    if found is None or day is None:
        return value
    shown = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    shown = f"{DAYS[day.weekday()]} {shown}" if weekday else shown
    if found[4] is None:
        return shown
    shown += f" {found[4]}:{found[5]}" + (f":{found[6]}" if found[6] not in (None, "00") else "")
    zone = "UTC" if found[7] == "Z" else found[7] or zone
    return f"{shown} ({zone})" if zone else shown


def _month(number: str) -> str:
    return MONTHS[int(number) - 1] if 1 <= int(number) <= 12 else number


def duration(value: str) -> str:
    """``PT1H30M`` is ``1 hour 30 minutes``."""
    found = _DURATION.match(value.strip())
    if found is None:
        return value
    counts = [(part, unit) for part, unit in zip(found.groups()[1:], _UNITS, strict=True) if part and int(part[:6])]
    return " ".join(f"{part} {unit}{'' if part == '1' else 's'}" for part, unit in counts)
