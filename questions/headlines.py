"""Whether the few words that would stand above an answer are of the kind that the question asks for, and belong to it:
no price where one asks how many, no day where one asks how long, nothing that holds for the other case.
"""

from __future__ import annotations

import re

from ..corpus.words import stems
from .kinds import MONTH_OR_DAY, exact_date
from .question import Question
from .question_forms import UNIT_WORDS
from .ranges import UNITS_ALIKE

_AMOUNT = re.compile(
    r"[£$€¥₹]\s?\d|\d[\d.,]*\s?(?:[£$€¥₹]|(?:euros?|dollars?|pounds?|pence|cents?|eur|gbp|usd|chf)\b)", re.IGNORECASE
)
_SHARE = re.compile(r"\d\s?(?:%|per ?cent\b|prozent\b)", re.IGNORECASE)
_RANK = re.compile(r"(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|last)$", re.IGNORECASE)
_LENGTH_OF_TIME = re.compile(
    r"\b(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|fortnights?|months?|years?|terms?|quarters?"
    r"|decades?|sekunden?|minuten?|stunden?|tagen?|wochen?|monate?n?|jahren?|(?:un)?til|bis|forever|indefinitely"
    r"|unlimited|lifetime|ever|from .+ to|overnight)\b|\d\s?(?:ms|s|h|d|min)\b|\d\s?[-–]\s?\d",
    re.IGNORECASE,
)
_UNIT_BEHIND = re.compile(r"[\s-]*([^\W\d_]+|[%°])")
_MEASURED = re.compile(
    r"\d\s?(?:mm|cm|m|km|ft|kg|g|mg|ml|l|litres?|liters?|grams?|kilos?|metres?|meters?|miles?|°|kwh?|w|v)\b",
    re.IGNORECASE,
)


def tells_price(said: str) -> bool:
    """Whether an amount of money stands in ``said``."""
    return _AMOUNT.search(said) is not None


def suits(question: Question, found: str, said: str, around: str = "") -> bool:
    """Whether ``found``, a few words of the statement ``said``, are a quantity of the kind asked for; ``around`` is
    what governs the statement."""
    money, share = _AMOUNT.search(found), _SHARE.search(found)
    if question.unit == "money":
        return not (share or (MONTH_OR_DAY.search(found) and not money) or (_MEASURED.search(found) and not money))
    if question.kind == "date":
        return not ((money or share) and not exact_date(found))
    if question.kind == "duration":
        day = MONTH_OR_DAY.search(found) is not None
        return not money and not share and (not day or _LENGTH_OF_TIME.search(found) is not None)
    if question.kind == "count":
        other = money or _MEASURED.search(found) or (share and not _SHARE_ASKED.search(question.text))
        return not (other or MONTH_OR_DAY.search(found) or _RANK.fullmatch(found.strip()))
    if question.kind == "number" and question.unit in UNIT_WORDS:
        return _has_unit(question.unit, found, said, around)
    return True


_SHARE_ASKED = re.compile(r"%|\bper ?cent|\bpercentage|\bshare|\bproportion", re.IGNORECASE)


def _has_unit(unit: str, found: str, said: str, around: str) -> bool:
    """Whether the number is one of the unit that is asked for: told by it or right before it, or by a header."""
    at = said.find(found)
    behind = _UNIT_BEHIND.match(said, at + len(found)) if at >= 0 else None
    told = re.findall(r"[^\W\d_]+|[€$£%°]", found.lower()) + ([behind[1].lower()] if behind else [])
    wanted = UNITS_ALIKE.get(unit, unit)
    if any(UNITS_ALIKE.get(word, word) == wanted or stems(word) == stems(unit) for word in told):
        return True
    if any(UNITS_ALIKE.get(word, word) == wanted for word in re.findall(r"[^\W\d_]+|[€$£%°]", around.lower())):
        return True
    return behind is None and not re.search(r"[^\W\d_]", found)
