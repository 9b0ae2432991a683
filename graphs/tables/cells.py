"""One cell as a number, in the forms in which people and programs write it. Knows no columns."""

from __future__ import annotations

import re
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
