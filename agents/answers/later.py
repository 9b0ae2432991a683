"""What a later statement changes of an earlier one: in a later document of the series, such as minutes and letters that
are told apart by their day, or in words that name the old value and the new.

Which of two that speak of the same holds is not known by rule; so both are shown, first the one that tells of a change,
and neither is sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...corpus.phrases.dates import Day, days
from ...questions.assertion import Level
from ...questions.question import Question
from ...retrieval.quoting import UNKNOWN, UNREAD, Quote
from . import versions
from .quoted import FROM_TO, NEAR_BEST

_CHANGES = re.compile(
    r"\b(?:moved|changed?|cancell?ed|postponed|brought forward|instead|no longer|not|never|withdr[ae]w\w*|replaced"
    r"|corrected"
    r"|correction|now|revised|extended|shortened|raised|lowered|delayed|n't|verschoben|abgesagt|geändert|nicht|statt"
    r"|stattdessen|korrigiert|verlängert)\b|n[’']t\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\b(?:next|latest|most recent|nächste[nrs]?)\b", re.IGNORECASE)
_DAY = re.compile(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{4}")


def show_corrected(asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with a statement first that changes a value of the best one: "extended from 30 June to 30 September",
    "8.50, not 7.50"; the best one below it."""
    if not quotes or _EARLIER.search(asked.text):
        return list(quotes)
    best = quotes[0]
    for quote in quotes[1:]:
        beside = quote.reading is not UNREAD and quote.rank_odds < UNKNOWN
        if beside or quote.fit.level == "no" or not _corrects(quote.evidence.quote, best.evidence.quote):
            continue
        level = best.fit.level if quote.fit.level == "sure" else quote.fit.level
        return _put_first(quotes, quote, best, level=level, note=f"it changes what is said in {best.evidence.name}")
    return list(quotes)


def heed_next(asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes``, the best one unsure where the sentence behind it takes it back: "The members voted against it." """
    if not quotes or quotes[0].row or quotes[0].fit.level == "no":
        return list(quotes)
    best = quotes[0]
    outer, inner = best.passage.span, best.evidence.span
    if outer is None or inner is None or not outer.start <= inner.end <= outer.end:
        return list(quotes)
    behind = _SENTENCE.match(best.passage.quote, inner.end - outer.start)
    if behind is None or not _TAKES_BACK.search(behind[0]) or _TAKES_BACK.search(asked.text):
        return list(quotes)
    return [replace(best, fit=best.fit.unsure("the sentence behind it may take it back")), *quotes[1:]]


_SENTENCE = re.compile(
    r"[\s*•-]{0,8}(?:but|however|yet|later|then|again|it|this|that|these|they|the|we|postponed|cancell?ed|update|note"
    r"|es|dies\w*|das|die|der|sie|wir|aber|doch|dann|später)\b[^.!?\n]{4,160}",
    re.IGNORECASE,
)
"""A sentence that may speak of what the one before it says."""
_TAKES_BACK = re.compile(
    r"\b(?:(?:voted|decided) against|(?:was|were|been) (?:rejected|refused|withdrawn|cancell?ed|postponed|put off"
    r"|dropped|reversed)|turned (?:it )?down|called (?:it )?off|postponed again|not (?:approved|accepted|agreed)"
    r"|did not happen|never happened|scrapped|wurde (?:abgelehnt|abgesagt|verschoben)|dagegen gestimmt)\b",
    re.IGNORECASE,
)


def _put_first(quotes: Sequence[Quote], first: Quote, second: Quote, *, level: Level, note: str) -> list[Quote]:
    """The two before all others, near enough to be shown together, and neither of them sure."""
    level = "likely" if level == "sure" else level
    shown = replace(first, fit=replace(first.fit, level=level, reasons=(*first.fit.reasons, note)))
    beside = replace(second, score=max(second.score, shown.score - NEAR_BEST / 2), fit=replace(second.fit, level=level))
    return [shown, beside, *(quote for quote in quotes if quote is not first and quote is not second)]


def _corrects(text: str, said: str) -> bool:
    """Whether ``text`` puts another value in the place of one that ``said`` has, and that tells it."""
    words = " ".join(said.split()).lower()
    for found in (*FROM_TO.finditer(text), *_NOT.finditer(text)):
        old, new = (" ".join(found[name].split()).strip(" .,;").lower() for name in ("old", "new"))
        telling = any(map(str.isdigit, old)) or found["old"].strip()[:1].isupper()
        if telling and len(old) > 2 and old != new and old in words and new not in words:
            return True
    return False


_NOT = re.compile(
    r"(?P<new>[£$€]?\w[\w.:/-]*(?: \w[\w.:/-]*){0,2}),? (?:not|instead of|rather than|no longer|nicht|statt) "
    r"(?P<old>[£$€]?\w[\w.:/-]*(?: \w[\w.:/-]*){0,2})",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:originally|at first|before|previous(?:ly)?|former(?:ly)?|used to|ursprünglich|vorher)\b", re.IGNORECASE
)


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
    return _put_first(quotes, first, second, level=best.fit.level, note=note)


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
