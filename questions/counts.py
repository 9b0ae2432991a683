"""Whether the numbers of a statement count what "how many" asks for: "two visitors per bed" counts visitors, no beds.

A number counts the noun of its own phrase ("40 large beds", "12 of the beds"), or stands behind it ("beds: 40"). Word
lists and forms only. What is counted in other words than the question's ("sleeps six") is left to others to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..corpus.languages import ENGLISH, FUNCTION_WORDS
from ..corpus.words import stems
from .assertion import Fault
from .kinds import NUMBER, without_shares
from .paraphrases import alike
from .question import Question
from .question_forms import UNIT_WORDS

_PHRASE = 4
"""Words of a noun with its adjectives."""
_BEFORE = 5
"""Words between a noun and its number behind it."""
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")
_MARKER = re.compile(r"^\s*(?:#+|[-*+•]|\(?\d{1,3}[.)])\s+", re.MULTILINE)
"""What stands before an item of a list, be it a number, or before a heading."""
_TIMES = frozenset(stems("second minute hour day night week fortnight month year decade century"))
_CODE = re.compile(r"\b[^\W\d_]+-\d[\w-]*|\([^\W\d_]+\.? \d+\)")
"""UTF-8, (extension 12): names with numbers in them."""
_GATHERED = frozenset(
    """
    team crew staff group class party family fleet total sum maximum minimum number count capacity membership workforce
    set range list host band pair pack stock average
    """.split()  # noqa: SIM905
)
"""What has so many of something: "a crew of 12"; a score of 45 counts nothing."""
_OF = frozenset("of the these those our your its their more further other us".split())  # noqa: SIM905
_ENDS = frozenset("per a an each every must should shall may might can could will would cannot need needs".split())  # noqa: SIM905
_DUTY = frozenset("must should shall may might can could cannot need needs".split())  # noqa: SIM905
_NO_NUMBERS = frozenset("once twice double triple quarter half third pair".split())  # noqa: SIM905
_IS_THERE = re.compile(
    r"\bhow many .*\b(?:(?:are|is) (?:there|in|on|at)|there (?:are|is)|exist|works?|working|employed|have|has|had"
    r"|got|own|get|supports?)\b",
    re.IGNORECASE,
)
"""It asks how many there are, not how many do or may do something."""
_PART = re.compile(r"\b(?:none|neither|one|each|all|both|some|most|any) of\b", re.IGNORECASE)


def faults(question: Question, text: str, above: Sequence[str], *, row: bool = False) -> list[Fault]:
    """What the numbers of ``text`` count in place of what is asked; nothing where one of them may count it."""
    if question.kind != "count" or question.language != ENGLISH or not question.asked or row:
        return []
    if question.unit.casefold() in {*UNIT_WORDS, "times"}:
        return []
    asked = set(question.asked)
    groups = {group for stem in asked for group in alike(stem)}
    tokens = _TOKEN.findall(_CODE.sub(" ", _MARKER.sub("", without_shares(question, text))))
    lows = [token.lower() for token in tokens]
    kept = [_stem(low) for low in lows]
    counted: list[str] = []
    for at, low in enumerate(lows):
        if not _is_number(low) or (
            low == "no" and lows[at + 1 : at + 2] in (["more"], ["fewer"], ["less"], ["longer"])
        ):
            continue
        phrase = _phrase_behind(lows, at)
        named = {kept[place] for place in phrase}
        if named & asked or any(groups.intersection(alike(stem)) for stem in named):
            return _of_some(question, text, lows, phrase)
        measured = lows[at - 2] if not phrase and at > 1 and lows[at - 1] == "of" else ""
        is_value = measured.isalpha() and measured not in _GATHERED and kept[at - 2] not in asked
        if not phrase and not is_value and not _is_apart(lows, kept, asked, at):
            return []  # what it counts is said before it, or in other words
        counted.append(lows[phrase[-1]] if phrase else measured if is_value else "")
    told = asked & {*kept, *stems(" ".join(above))}
    times = bool(counted) and all(_stem(one) in _TIMES for one in counted)
    if not (asked & set(kept) or (told and counted) or times):
        return []
    other = next(filter(None, counted), "")
    return [("unsure", f"counts {other}, not {question.unit}" if other else f"gives no number of {question.unit}")]


def _is_number(low: str) -> bool:
    return low[0].isdigit() or (low not in _NO_NUMBERS and NUMBER.fullmatch(low) is not None)


def _is_apart(lows: Sequence[str], kept: Sequence[str], asked: set[str], at: int) -> bool:
    """Whether a number that no noun follows is none of what is asked though that is named: it stands far from it, or is
    its label ("level one")."""
    if not asked & set(kept):
        return False
    if at and kept[at - 1] in asked:
        return not lows[at - 1].endswith("s")
    return asked.isdisjoint(kept[max(0, at - _BEFORE) : at])


def _stem(word: str) -> str:
    return next(iter(stems(word)), word)


def _phrase_behind(lows: Sequence[str], at: int) -> list[int]:
    """Places of the words of the noun that a number counts."""
    found: list[int] = []
    place = at + 1
    while place < len(lows) and len(found) < _PHRASE:
        low, behind = lows[place], (*lows, "")[place + 1]
        if low in ("or", "to", "and", "-", "–") and behind and (_is_number(behind) or (found and low == "and")):
            place += 2 if _is_number(behind) else 1
            continue
        if not found and low in _OF:
            place += 1
            continue
        if not low[0].isalpha() or low in _ENDS or low in FUNCTION_WORDS[ENGLISH]:
            break
        found.append(place)
        place += 1
    return found


def _of_some(question: Question, text: str, lows: Sequence[str], phrase: Sequence[int]) -> list[Fault]:
    """That two nurses must check a bag does not say how many nurses there are."""
    if not _IS_THERE.search(question.text):
        return []
    behind = lows[phrase[-1] + 1] if phrase[-1] + 1 < len(lows) else ""
    if behind in _DUTY and behind not in question.text.lower().split():
        return [("unsure", f"says what {question.unit} {behind} do, not how many there are")]
    if _PART.search(text) and not _PART.search(question.text):
        return [("unsure", f"says something of some {question.unit}, not how many there are")]
    return []
