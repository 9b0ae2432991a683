"""One cell as a number or a date, in the forms in which people and programs write them. Knows no columns."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

DecimalMark = Literal[".", ","]
_MONEY = r"(?P<before>[€$£¥%]|(?:eur|usd|gbp|chf|jpy|cny|inr|nok|sek|dkk|pln|czk|aud|cad|nzd|rs\.?)(?![a-z]))?"
"""Of what stands before a number only money is a unit: C1 is a code, and so is Room 12."""
_UNIT = r"(?P<after>[€$£¥%]|[a-zµ°/²³]{1,6})?"
_SPACES = "' \u00a0\u202f’"
_MINUS = "-+−–"


def _number_form(groups: str, mark: str) -> re.Pattern[str]:
    """Also as bookkeepers write what was taken: in brackets, or with the sign behind."""
    digits = rf"(?P<digits>\d{{1,3}}(?:[{groups}{_SPACES}]\d{{3}})+|\d+)(?P<rest>{mark}\d+)?"
    before = rf"(?P<open>\()?(?P<sign>[{_MINUS}])? ?{_MONEY} ?(?P<inner>[{_MINUS}])?"
    return re.compile(rf"{before}{digits}(?P<behind>-)? ?{_UNIT}(?(open)\))", re.IGNORECASE)


_NUMBERS = {".": _number_form(",", r"\."), ",": _number_form(".", ",")}
_TIME = r"(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?:[T ]{_TIME}(?:Z|\+00:?00)?)?")
PARTS = re.compile(
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


def match_number(cell: str, mark: DecimalMark) -> re.Match[str] | None:
    """Where the cell is a number whose decimals stand behind ``mark``."""
    found = _NUMBERS[mark].fullmatch(cell)
    if found is None or (found["sign"] and found["inner"]):
        return None
    return found


def read_number(cell: str, mark: DecimalMark = ".") -> int | float | None:
    """
    >>> read_number("1,234.5"), read_number("-1.234,56 €", ","), read_number("(84.20)"), read_number("R2")
    (1234.5, -1234.56, -84.2, None)
    """
    found = match_number(cell, mark)
    if found is None:
        return None
    digits = re.sub(r"\D", "", found["digits"])
    minus = (found["sign"] or found["inner"] or found["behind"] or "+") != "+" or found["open"]
    value = float(f"{digits}.{found['rest'][1:]}") if found["rest"] else int(digits)
    return -value if minus else value


def read_date(cell: str, day_first: bool) -> str | None:
    """``1966-07-30``, with its time where it has one.

    >>> read_date("31.12.25", True), read_date("Mon, 3 Feb 2025", True), read_date("3/31/2025 9:05", False)
    ('2025-12-31', '2025-02-03', '2025-03-31T09:05')
    """
    if found := _ISO.fullmatch(cell):
        return _iso(found[1], found[2], found[3], found[4])
    if found := PARTS.fullmatch(cell):
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
