"""Rules of recurrence (RFC 5545, ``RRULE``) in words: ``every 2 weeks on Tuesday until 3 June 2025``."""

from __future__ import annotations

import re

from .dates import DAYS, MONTHS, in_words

_UNITS = {
    "SECONDLY": "second", "MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month",
    "YEARLY": "year",
}  # fmt: skip
_CODES = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), DAYS, strict=True))
_DAY = re.compile(r"([+-]?\d{1,2})?([A-Z]{2})$")
_PLACES = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    -1: "last",
    -2: "second last",
    -3: "third last",
}
_MOST = 40


def in_words_of(rule: str) -> str:
    """Puts a rule of recurrence into words; what is none stays as it is written."""
    parts = dict(part.upper().split("=", 1) for part in rule.strip().split(";") if "=" in part)
    unit = _UNITS.get(parts.get("FREQ", ""))
    if unit is None:
        return rule
    interval = parts.get("INTERVAL", "1")
    count = int(interval) if interval.isdecimal() and len(interval) < 6 else 1
    told = [f"every {unit}" if count == 1 else f"every {count} {unit}s"]
    months = [
        MONTHS[int(number) - 1]
        for number in _list_values(parts, "BYMONTH")
        if number.isdecimal() and len(number) < 3 and 1 <= int(number) <= 12
    ]
    days = [_day(code) for code in _list_values(parts, "BYDAY")]
    places = [_place(number) for number in _list_values(parts, "BYSETPOS")]
    if days == [*DAYS[:5]] and not places:
        told.append("on weekdays (Monday to Friday)")
    elif places and days == [*DAYS[:5]]:
        told.append(f"on the {_join_words(places)} weekday")
    elif places and days:
        told.append(f"on the {_join_words(places)} {_join_words(days)}")
    elif days:
        told.append(f"on {_join_words(days)}")
    if numbers := _list_values(parts, "BYMONTHDAY"):
        shown = ["the last day" if number == "-1" else f"day {number}" for number in numbers]
        told.append(f"on {_join_words(shown)}" + ("" if months and unit == "year" else " of the month"))
    if months:
        of = (days and unit == "year" and places) or any(" " in day for day in days)
        told.append(f"{'of' if of else 'in'} {_join_words(months)}")
    told += [f"in week {_join_words(weeks)}" for weeks in [_list_values(parts, "BYWEEKNO")] if weeks]
    told += [
        f"at {_join_words([f'{hour}:00' for hour in hours])}" for hours in [_list_values(parts, "BYHOUR")] if hours
    ]
    if "COUNT" in parts:
        told.append(f"{parts['COUNT']} times")
    if "UNTIL" in parts:
        told.append(f"until {in_words(parts['UNTIL'])}")
    return " ".join(told)


def _list_values(parts: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in parts.get(name, "").split(",") if part.strip()][:_MOST]


def _day(code: str) -> str:
    found = _DAY.match(code)
    name = _CODES.get(found[2]) if found else None
    if found is None or name is None:
        return code
    return f"the {_place(found[1])} {name}" if found[1] else name


def _place(number: str) -> str:
    value = int(number) if re.fullmatch(r"[+-]?\d{1,3}", number) else 0
    return _PLACES.get(value, f"{value}th")


def _join_words(parts: list[str]) -> str:
    return parts[0] if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"
