"""What a later statement changes of an earlier one: in a later document, such as minutes, letters and mails that tell
their day, or in words that name the old value and the new.

Which of two that speak of the same holds is not known by rule; so both are shown, first the one that tells of a change,
and neither is sure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...corpus import catalog, words
from ...corpus.phrases.dates import Day, days, periods
from ...corpus.store import Store
from ...questions import kinds
from ...questions.assertion import Level
from ...questions.fit import LEVELS
from ...questions.question import Question
from ...questions.question_forms import LIGHT
from ...questions.ranges import asked_magnitudes, day_of_year
from ...retrieval.quoting import UNKNOWN, UNREAD, Quote, above
from . import versions
from .quoted import FROM_TO, NEAR_BEST

_OFF = "(?:is|are|was|were|called|put) off|on hold|scrapped|dropped"
_CHANGES = re.compile(
    r"\b(?:mov(?:e|es|ed|ing)|changed?|new (?:date|time|price|rate|number|address|deadline|amount)s?|cancell?ed"
    r"|postponed|brought forward|instead|no longer|not|never|withdr[ae]w\w*|replaced|corrected|correction|now|revised"
    r"|extended|shortened|raised|lowered|delayed|n't"
    rf"|{_OFF}|verschoben|abgesagt|geändert|nicht|statt"
    r"|stattdessen|korrigiert|verlängert)\b|n[’']t\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\b(?:next|latest|most recent|nächste[nrs]?)\b", re.IGNORECASE)
_DAY = re.compile(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{4}")


def show_corrected(store: Store, asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with a statement first that changes a value of the best one: "extended from 30 June to 30 September",
    "8.50, not 7.50"; the best one below it."""
    if not quotes or _EARLIER.search(asked.text):
        return list(quotes)
    best = quotes[0]
    for quote in quotes[1:]:
        beside = quote.reading is not UNREAD and quote.rank_odds < UNKNOWN
        if beside or quote.fit.level == "no" or not _corrects(quote.evidence.quote, best.evidence.quote):
            continue
        days_told = _day_of(store, quote), _day_of(store, best)
        if days_told[0] and days_told[1] and days_told[0] < days_told[1]:
            continue
        level = best.fit.level if quote.fit.level == "sure" else quote.fit.level
        note = f"it changes what is said in {best.evidence.name}"
        return _put_first(quotes, quote, best, level=level, note=note, instead=True)
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


def heed_writing_day(store: Store, asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes``, the best one unsure where the question asks what was and the statement names a day that lay ahead
    when its document was written: a plan."""
    if not quotes or not _WHAT_WAS.match(asked.text):
        return list(quotes)
    best, day = quotes[0], _day_of(store, quotes[0])
    named = [one for one in asked_magnitudes(best.evidence.quote) if one.kind == "day"]
    if day is None or not day[2] or not named or str(day[0] + 1) in best.evidence.quote:
        return list(quotes)
    if not all(one.value > day_of_year(day[1], day[2]) for one in named):
        return list(quotes)
    return [replace(best, fit=best.fit.unsure("was written before that day: a plan")), *quotes[1:]]


_WHAT_WAS = re.compile(r"(?:[\w ]+ )?(?:did|was|were|has|have|had|wurde|wurden|hat|haben|war|waren)\b", re.IGNORECASE)
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


def _put_first(
    quotes: Sequence[Quote], first: Quote, second: Quote, *, level: Level, note: str, instead: bool
) -> list[Quote]:
    """The two before all others, near enough to be shown together, and neither of them sure. ``instead``: the first
    takes the place of the second."""
    level = "likely" if level == "sure" else level
    changed = replace(first.fit, level=level, reasons=(*first.fit.reasons, note), worded_otherwise=False)
    shown = replace(first, fit=changed, instead_of=second if instead else None)
    below = replace(second.fit, level=level, worded_otherwise=False)
    beside = replace(second, score=max(second.score, shown.score - NEAR_BEST / 2), fit=below)
    return [shown, beside, *(quote for quote in quotes if quote is not first and quote is not second)]


def _corrects(text: str, said: str) -> bool:
    """Whether ``text`` puts another value in the place of one that ``said`` has, and that tells it."""
    words = " ".join(said.split()).lower()
    for found in (*FROM_TO.finditer(text), *_NOT.finditer(text)):
        old, new = (" ".join(found[name].split()).strip(" .,;").lower() for name in ("old", "new"))
        telling = any(map(str.isdigit, old)) or found["old"].strip()[:1].isupper()
        held = old in words or not _days_in(old).isdisjoint(_days_in(words))
        if telling and len(old) > 2 and old != new and held and new not in words:
            return True
    return False


def _days_in(text: str) -> set[float]:
    """The days that a text names, in any form, without their years."""
    named = {one.value for one in asked_magnitudes(text) if one.kind == "day"}
    return named | {day_of_year(month, day) for _, month, day in days(text)}


_NOT = re.compile(
    r"(?P<new>[£$€]?\w[\w.:/-]*(?: \w[\w.:/-]*){0,2}),? (?:not|instead of|rather than|no longer|nicht|statt) "
    r"(?P<old>[£$€]?\w[\w.:/-]*(?: \w[\w.:/-]*){0,2})",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:originally|at first|before|previous(?:ly)?|former(?:ly)?|used to|ursprünglich|vorher)\b", re.IGNORECASE
)


def show_later(store: Store, asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with what a later document says of the same beside the best; as they are where the question names a
    time itself. Which of two holds is never sure, and of documents of two series not even likely, unless the later one
    tells of a change or the question asks for what holds now."""
    if not quotes or asked.years or days(asked.text) or any(sign.group in _TIMES for sign in asked.deciding):
        return list(quotes)
    best, day = quotes[0], _day_of(store, quotes[0])
    if day is None:
        return list(quotes)
    later = [
        (other, quote)
        for quote in quotes[1:]
        if (versions.says_as_much(quote, best) or _tells_change(quote, best))
        and (_series(quote) == _series(best) or _answers_too(asked, quote, best))
        and (other := _day_of(store, quote)) is not None
        and other > day
    ]
    if not later:
        return list(quotes)
    telling = [one for one in later if _CHANGES.search(one[1].evidence.quote)]
    newest = max(telling or later, key=lambda one: (one[0], one[1].score))[1]
    of_series = _series(newest) == _series(best)
    fits_as_well = of_series and LEVELS.index(newest.fit.level) >= LEVELS.index(best.fit.level)
    changes = bool(telling) or fits_as_well or asked.current or _NEXT.search(asked.text) is not None
    first, second = (newest, best) if changes else (best, newest)
    note = f"{'an earlier' if changes else 'a later'} document says more of it: {second.evidence.name}"
    known = changes or of_series
    return _put_first(quotes, first, second, level=best.fit.level if known else "unsure", note=note, instead=changes)


def show_revoked(store: Store, asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with a statement first that says, in a later document, that what the best one announces is off."""
    announced = bool(quotes) and not quotes[0].row and _ANNOUNCED.search(quotes[0].evidence.quote) is not None
    revoking = [quote for quote in quotes[1:] if announced and _revokes(asked, quote, quotes[0])]
    day = _day_of(store, quotes[0]) if revoking else None
    dated = [(other, quote) for quote in revoking if day and (other := _day_of(store, quote)) and other > day]
    if not dated:
        return list(quotes)
    best, newest = quotes[0], max(dated, key=lambda one: (one[0], one[1].score))[1]
    note = f"it takes back what is said in {best.evidence.name}"
    return _put_first(quotes, newest, best, level=best.fit.level, note=note, instead=True)


def _revokes(asked: Question, quote: Quote, best: Quote) -> bool:
    """Whether a statement says that what the best one announces is off, or stays as it was: both speak of the same, by
    two words at least or by more than half of the later one's."""
    if quote.row or not _REVOKED.search(quote.evidence.quote):
        return False
    told = _topic_words(quote)
    shared = told & _topic_words(best)
    named = not shared.isdisjoint(words.stems(asked.text, asked.language)) and 2 * len(shared) > len(told)
    return named or (len(shared) >= _SHARED and any(not stem[0].isdigit() for stem in shared))


def _topic_words(quote: Quote) -> set[str]:
    """The stems of a statement with its label, without those of days and of changing."""
    label = [one.quote for one in quote.evidence.governors[-1:] if not one.quote.startswith("#")]
    return set(words.stems(_NO_TOPIC.sub(" ", " ".join([*label, quote.evidence.quote]))))


_SHARED = 2
_REVOKED = re.compile(
    rf"\b(?:postponed|{_OFF}|(?:will not|won['’]t) (?:happen|come|go)|withdrawn|reversed|cancell?ed"
    r"|(?:stays?|remains?) (?:at|on|in|as|where|the same)\b|after all"
    r"|verschoben|abgesagt|zurückgenommen|bleibt (?:bei|beim|am|in|im|es))",
    re.IGNORECASE,
)
"""What was announced does not come, or not now."""
_ANNOUNCED = re.compile(
    r"\b(?:will|going to|goes|go|moves?|rises?|rising|falls?|increases?|drops?|starts?|begins?|ends?|closes?|opens?"
    r"|changes?|planned|from|by|steigt|sinkt|wird|werden|zieht|beginnt|endet|ab|zum)\b",
    re.IGNORECASE,
)
_NO_TOPIC = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|will|goes?|up|down|stays?|moves?|until|from|after|all|now|new|the|per|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
"""What two statements share that are about different things."""


def _tells_change(quote: Quote, best: Quote) -> bool:
    """Whether a statement that speaks of the same less plainly says that something is otherwise now."""
    near = quote.rank_odds >= max(_SPEAKS_OF_IT, best.rank_odds - _LESS_PLAINLY)
    return quote.fit.level != "no" and near and _CHANGES_PLAINLY.search(quote.evidence.quote) is not None


_SPEAKS_OF_IT, _LESS_PLAINLY = 2.0, 4.0
"""The ranker's log-odds, and how much lower than the best's they may be."""
_CHANGES_PLAINLY = re.compile(
    r"\b(?:mov(?:e|ed) (?:to|from)|changed?|new (?:date|time|price|rate|number|address|deadline|amount)s?|cancell?ed"
    r"|postponed|brought forward|no longer|withdr[ae]w\w*|replaced|corrected|now|revised|extended|shortened|raised"
    rf"|{_OFF}|lowered|delayed|verschoben|abgesagt|geändert|korrigiert|verlängert|nicht mehr|jetzt|nun)\b",
    re.IGNORECASE,
)


def _answers_too(asked: Question, quote: Quote, best: Quote) -> bool:
    """Whether a statement of another series has what is asked for, in words of its own, and something else."""
    return (
        quote.evidence.name != best.evidence.name
        and quote.own > 0
        and not quote.row
        and kinds.holds(asked, quote.evidence.quote, True) is not False
        and _names_as_much(asked, quote, best)
        and _HEADER.match(quote.evidence.quote) is None
        and " ".join(quote.evidence.quote.split()) != " ".join(best.evidence.quote.split())
    )


def held_stems(asked: Question, quote: Quote) -> set[str]:
    """The stems of the question's telling words that a statement or what governs it has."""
    said = words.stems(" ".join([quote.evidence.quote, *above(quote.evidence)]), asked.language)
    return set(words.stems(asked.text, asked.language)).intersection(said) - LIGHT


def _names_as_much(asked: Question, quote: Quote, best: Quote) -> bool:
    """Whether a statement of another series has every name and number of the question that the best one has, and of its
    other words all but one, or of a row's all: what was decided for one patient changes no rule for all."""
    mine, its = (held_stems(asked, each) for each in (quote, best))
    firm = {stem for thing in (*asked.names, *asked.identifiers) for stem in words.stems(thing, asked.language)}
    lost = its - mine
    return not lost if best.row else not lost & firm and len(lost) < 2 and (not lost or len(its) > 2)


_HEADER = re.compile(r"\s*(?:date|sent|from|to|cc|subject|datum|gesendet|von|an|betreff):", re.IGNORECASE)


_TIMES = frozenset(("month", "year", "weekday", "time", "ordinal"))


def _day_of(store: Store, quote: Quote) -> Day | None:
    """The one day that the document's name, its first heading or the lines at its head tell; its month with day 0, its
    year with month 0."""
    head = catalog.opening(store, quote.evidence.span.document) if quote.evidence.span else ""
    lines = [line.strip() for line in head.split("\n")[:_HEAD]]
    dated = "\n".join(line for line in lines if _DATES_ALL.match(line) or days(line[-_AT_END:]))
    for text in (*versions.titles(quote), dated):
        found = days(_DAY.sub(lambda day: f" {re.sub('[_.]', '-', day[0]) if day[0][:4].isdigit() else day[0]} ", text))
        if not found:
            found = {(int(year), int(month), 0) for year, month in _YEAR_MONTH.findall(text)}
        if not found:
            found = {one for one in periods(re.sub(r"[-_./]", " ", text)) if one[1]}
        if len(found) == 1:
            return next(iter(found))
    years = set(_YEAR.findall(" ".join(versions.titles(quote))))
    return (int(years.pop()), 0, 0) if len(years) == 1 else None


_HEAD, _AT_END = 14, 24
"""Lines at the head of a document that may date it; characters at the end of a line that are a day."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?![-_.]?\d)")
_DATES_ALL = re.compile(
    r"(?:date|datum|sent|gesendet|issued|published|updated|last (?:updated|modified|changed)|stand)\b"
    r"|.*\b(?:in force|valid|effective|gültig|as of|version|edition)\b|[^\n]{0,40}\d{4}[^\n]{0,4}$",
    re.IGNORECASE,
)
"""A line that dates the whole document: a mail's header, the day of a letter, since when it is in force."""


def _series(quote: Quote) -> tuple[str, str]:
    """Folder and name without its day."""
    folder, _, name = quote.evidence.name.rpartition("/")
    words_of = re.findall(r"[^\W\d_]+", _DAY.sub(" ", name).rpartition(".")[0].lower())
    return folder, " ".join(word for word in words_of if not kinds.MONTH_OR_DAY.fullmatch(word))
