"""Values that stand in a statement and are not those that are asked for: a share that a test cost, the price per night
of something else than the night, a number that bounds what "wie viele" counts, the place where a password hangs.
"""

from __future__ import annotations

import re

from ..corpus.words import STOPWORDS, stems
from .assertion import Fault
from .headlines import tells_price
from .question import Question
from .question_forms import SECRET
from .view import View

_COSTS = re.compile(r"\b(?:costs?|price|fee|charge|rent|rate|pay|kostet|kosten|preis|zahlen)\b", re.IGNORECASE)
_COST = re.compile(r"\b(?:costs?|kosten?|kostete|kostet)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\d[\d.,]*\s?(?:days?|nights?|weeks?|months?|years?|hours?|minutes?|tagen?|wochen?|jahren?)\b", re.IGNORECASE
)
_SHARE = re.compile(r"\d[\d.,]*\s?(?:%|per ?cent\b|prozent\b)", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:free|nothing|gratis|included|kostenlos|frei|umsonst)\b|\bno (?:charge|cost|fee)\b", re.IGNORECASE
)
_UNIT = r"(?P<unit>night|day|week|weekend|hour|month|year|person|adult|child|nacht|tag|woche|stunde|monat|jahr)"
_OF_UNIT = re.compile(
    rf"\b(?:what (?:does|do|will|would|is the (?:price|cost) (?:of|for))|how much (?:is|does|do|are|will)|was kostet)"
    rf" (?:an?|one|the|eine?|der|die|das) {_UNIT}\b",
    re.IGNORECASE,
)
_PER = r"(?:per|an?|each|every|je|pro|/)\s?(?:[^\W\d_]+ (?:and|or|und|oder) )?"
_PLAIN = frozenset(
    stems("price rate cost fee charge rent stay room house flat apartment place hire it we you from only")
)
"""What has a price per night that is the price of the night."""
_NUMBER = re.compile(r"\d[\d.,]*")
_BOUND = re.compile(
    r"(?:\b(?:über|unter|ab|bis|von|seit|mehr als|weniger als|älter als|jünger als|mindestens|höchstens|max\.|min\."
    r"|nr\.?|abs\.|art\.)|§)\s*$",
    re.IGNORECASE,
)
_TOLD_ELSEWHERE = re.compile(
    r"\W*(?:(?:of|for|to|von|zum|zur|für)\b[^.;:]{0,30}?)?"
    r"\b(?:is|are|hangs?|stands?|lies|can be|will be|comes?|ist|steht|hängt|liegt|wird|kommt)\b"
    r"(?! (?:now |still |jetzt )?[`\"'“„]?\w*\d)(?! [`\"'“„])(?P<where>[^.;]*)",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\s*(?:(?:posted|written|kept|printed|known|noted|shown|available|given|told|stored|pinned|hinterlegt|notiert|zu"
    r"|finden|aufgehängt) )*(?:on|in|at|by|with|from|next|behind|under|above|near|beside|not|never|only"
    r"|auf|an|am|im|bei|beim|per|neben|hinter|unter|nicht|nur)\b",
    re.IGNORECASE,
)


def faults(question: Question, own: View, *, row: bool) -> list[Fault]:
    """What makes a value of the statement another one than the question's; nothing for the rows of a table, whose
    columns tell what their values are."""
    if row:
        return []
    found: list[Fault] = []
    of_price = question.unit == "money" or _COSTS.search(question.text) is not None
    if question.unit == "money" and _COST.search(question.text) and _tells_share(own.text):
        found.append(("unsure", "tells a share, not an amount of money"))
    if of_price and (unit := _OF_UNIT.search(question.text)) and tells_price(own.text):
        found += _of_other_thing(unit["unit"].lower(), own)
    if question.kind == "count" and question.language == "de" and _counts_none(question, own):
        found.append(("unsure", f"gives no number of {question.unit}"))
    if (secret := SECRET.search(question.text)) and _is_told_elsewhere(secret["secret"], own.text):
        found.append(("unsure", "says where it is told, not what it is"))
    return found


def _tells_share(text: str) -> bool:
    """Whether a share stands there, and no number but those of lengths of time."""
    rest = _SHARE.sub(" ", _TIME.sub(" ", text))
    return rest != text and _SHARE.search(text) is not None and not (_NUMBER.search(rest) or _FREE.search(text))


def _of_other_thing(unit: str, own: View) -> list[Fault]:
    """A price per ``unit`` of what the words before it name."""
    per = re.search(rf"\b{_PER}{unit}s?\b", own.text, re.IGNORECASE)
    if per is None:
        return []
    before = own.text[: per.start()]
    things = [
        word
        for word in re.findall(r"[^\W\d_]{3,}", before)
        if word.lower() not in STOPWORDS and not _PLAIN.issuperset(stems(word)) and not tells_price(f"1 {word}")
    ]
    if not things or re.search(rf"\b{unit}\b", before, re.IGNORECASE):
        return []
    return [("unsure", f"may tell what something else costs per {unit}")]


def _counts_none(question: Question, own: View) -> bool:
    """Whether each number of the statement only bounds or numbers something."""
    numbers = [match.start() for match in _NUMBER.finditer(own.text)]
    asked = set(question.asked)
    return bool(numbers and asked & own.stems) and all(_BOUND.search(own.text[:at]) for at in numbers)


def _is_told_elsewhere(secret: str, text: str) -> bool:
    at = re.search(rf"\b{re.escape(secret)}\b", text, re.IGNORECASE)
    told = _TOLD_ELSEWHERE.match(text, at.end()) if at else None
    return told is not None and _WHERE.match(told["where"]) is not None
