"""Documents of one series, such as minutes and letters, told apart by their day: what a later one changes.

A statement holds until a later document of its series says otherwise. Which of two that speak of the same holds is not
known by rule; so the later is shown as well, first where it tells of a change, and neither is sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...questions.days import Day, days
from ...questions.question import Question
from ...retrieval.quoting import Quote
from . import versions

_CHANGES = re.compile(
    r"\b(?:moved|changed?|cancell?ed|postponed|brought forward|instead|no longer|not|never|withdr[ae]w\w*|replaced"
    r"|corrected"
    r"|correction|now|revised|extended|shortened|raised|lowered|delayed|n't|verschoben|abgesagt|geändert|nicht|statt"
    r"|stattdessen|korrigiert|verlängert)\b|n[’']t\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\b(?:next|latest|most recent|nächste[nrs]?)\b", re.IGNORECASE)
_DAY = re.compile(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{4}")


def show_later(asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with what a later document of the series says of the same beside the best; as they are where the
    question names a time itself."""
    if not quotes or asked.years or days(asked.text) or any(sign.group in _TIMES for sign in asked.deciding):
        return list(quotes)
    best, day = quotes[0], _day_of(quotes[0])
    if day is None:
        return list(quotes)
    later = [
        (other, quote)
        for quote in quotes[1:]
        if versions.says_as_much(quote, best)
        and (other := _day_of(quote)) is not None
        and other > day
        and _series(quote) == _series(best)
    ]
    if not later:
        return list(quotes)
    newest = max(later, key=lambda one: (one[0], one[1].score))[1]
    changes = (
        asked.current or _NEXT.search(asked.text) is not None or _CHANGES.search(newest.evidence.quote) is not None
    )
    first, second = (newest, best) if changes else (best, newest)
    note = f"{'an earlier' if changes else 'a later'} document says more of it: {second.evidence.name}"
    level = "likely" if best.fit.level == "sure" else best.fit.level
    shown = replace(first, fit=replace(first.fit, level=level, reasons=(*first.fit.reasons, note)))
    beside = replace(second, score=max(second.score, shown.score - 0.5), fit=replace(second.fit, level=level))
    return [shown, beside, *(quote for quote in quotes if quote is not newest and quote is not best)]


_TIMES = frozenset(("month", "year", "weekday", "time", "ordinal"))


def _day_of(quote: Quote) -> Day | None:
    """The one day that the document's name or first heading tells."""
    for text in versions.titles(quote):
        found = days(_DAY.sub(lambda day: re.sub("[_.]", "-", day[0]) if day[0][:4].isdigit() else day[0], text))
        if len(found) == 1:
            return next(iter(found))
    return None


def _series(quote: Quote) -> tuple[str, str]:
    """Folder and name without its day."""
    folder, _, name = quote.evidence.name.rpartition("/")
    return folder, " ".join(re.findall(r"[^\W\d_]+", _DAY.sub(" ", name).rpartition(".")[0])).lower()
