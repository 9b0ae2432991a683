"""When something opens and closes, begins and ends: the hours of a statement that hold for the day asked about, and the
end of them that is asked for. "When do you close on Wednesdays?" is answered by "on Wednesdays 13:00–20:00": 20:00.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..corpus.document import Place
from .opposites import each

_WEEKDAYS = (
    "monday mondays mon montag montags mo", "tuesday tuesdays tue tues dienstag dienstags di",
    "wednesday wednesdays wed mittwoch mittwochs mi", "thursday thursdays thu thur thurs donnerstag donnerstags do",
    "friday fridays fri freitag freitags fr", "saturday saturdays sat samstag samstags sa sonnabend sonnabends",
    "sunday sundays sun sonntag sonntags so",
)  # fmt: skip
_NUMBER_OF = {word: place for place, words in enumerate(_WEEKDAYS) for word in words.split()}
_CAPITAL_ONLY = frozenset(each("mo di mi do fr sa so mon tue tues wed thu thur thurs fri sat sun"))
"""Short names, which are other words in small letters."""
_DAY = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})\b\.?", re.IGNORECASE)
_THROUGH = re.compile(r"\s*(?:to|until|till|through|bis|[-–—])\s*", re.IGNORECASE)
_EVERY_DAY = re.compile(r"\b(?:daily|every day|each day|all week|täglich|jeden tag)\b", re.IGNORECASE)
_CLOCK = (
    r"(?:\d{1,2}[:.][0-5]\d(?:\s?(?:[ap]\.m\.|[ap]m\b|uhr\b))?|\d{1,2}\s?(?:[ap]\.m\.|[ap]m\b|uhr\b|o['’]clock)"
    r"|noon|midday|midnight)"
)
_HOURS = re.compile(
    rf"(?P<begin>{_CLOCK}|\b\d{{1,2}}(?=\s?[-–—]\s?\d))\s?(?:to|until|till|through|bis|and|und|[-–—])\s?"
    rf"(?P<end>{_CLOCK}|\d{{1,2}}\b(?![.:,]?\d|\s?[%€$£]))",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d+\s?[-–—]\s?\d+")
"""Two numbers that are hours only beside a day: "3-5" may be pages."""
_ACCESS = re.compile(
    r"\b(?:open\w*|clos\w*|shut\w*|hours|öffn\w*|geöffnet|offen|schließ\w*|geschlossen)\b", re.IGNORECASE
)
_END = re.compile(
    r"\b(?:clos(?:e|es|ed|ing)|shuts?|ends?|finish(?:es)?|stops?|until when|till when|how late|how long|schließ(?:t|en)"
    r"|endet|enden|bis wann|macht .* zu)\b",
    re.IGNORECASE,
)
_BEGIN = re.compile(
    r"\b(?:opens?|open up|starts?|begins?|from when|how early|öffne[tn]|beginn(?:t|en)|fängt|ab wann|macht .* auf)\b",
    re.IGNORECASE,
)
OF_HOURS, TELLING = frozenset({"access", "power"}), "open close shut begin start end finish stop time hour clock late"
"""Groups of deciding words, and words, that hours tell without naming them."""
_WHEN = re.compile(r"\b(?:when|what times?|how late|how early|how long|hours|wann|um wie ?viel uhr)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hours:
    """``begin`` and ``end`` are places in the statement; ``days`` are weekdays from 0, none where none are told."""

    days: frozenset[int]
    begin: Place
    end: Place


def told_hours(statement: str) -> list[Hours]:
    """All hours of a statement, each with the weekdays before it, or behind it where none stand before."""
    found, last = list[Hours](), 0
    matches = list(_HOURS.finditer(statement))
    for place, match in enumerate(matches):
        following = matches[place + 1].start() if place + 1 < len(matches) else len(statement)
        days = _days(statement[last : match.start()]) or _days(statement[match.end() : following])
        if days or not _BARE.fullmatch(match[0]):
            found.append(Hours(days, match.span("begin"), match.span("end")))
        last = match.end()
    return found


def asked_hours(question: str, statement: str, above: Sequence[str] = ()) -> Place | None:
    """The place in ``statement`` of the time that ``question`` asks for: when something opens or begins, closes or
    ends, or both, on the day that it names. None where it asks for no such time, or several hours would do.
    ``above`` governs the statement, and may be what tells that these are opening hours."""
    if not _WHEN.search(question):
        return None
    of_access = _ACCESS.search(question) is not None
    if not (of_access or _END.search(question) or _BEGIN.search(question)):
        return None
    if of_access and not any(_ACCESS.search(text) for text in (statement, *above)):
        return None
    days = _days(question)
    fitting = [one for one in told_hours(statement) if not days or not one.days or days <= one.days]
    if days and any(one.days for one in fitting):
        fitting = [one for one in fitting if one.days]
    if len(fitting) != 1:
        return None
    begin, end = fitting[0].begin, fitting[0].end
    if _END.search(question):
        return end
    named_begin = _BEGIN.search(question) is not None and not re.search(r"\b(?:is|are|be) .*\bopen\b", question, re.I)
    return begin if named_begin else (begin[0], end[1])


def _days(text: str) -> frozenset[int]:
    if _EVERY_DAY.search(text):
        return frozenset(range(7))
    days = [
        day for day in _DAY.finditer(text) if day[0].lower().rstrip(".") not in _CAPITAL_ONLY or day[0][0].isupper()
    ]
    found = set[int]()
    for place, day in enumerate(days):
        number = _NUMBER_OF[_name(day)]
        found.add(number)
        following = days[place + 1] if place + 1 < len(days) else None
        if following is not None and _THROUGH.fullmatch(text, day.end(), following.start()):
            last = _NUMBER_OF[_name(following)]
            found.update((number + step) % 7 for step in range((last - number) % 7 + 1))
    return frozenset(found)


def _name(day: re.Match[str]) -> str:
    return day[0].lower().rstrip(".")
