"""Several versions of one document: the answer comes from the one that the question names, or else the newest.

Documents are versions of one another when their names, or their titles, differ in nothing but a year, a version
number, or a word that calls one of them old, replaced or a draft.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...questions.fit import LEVELS
from ...questions.question import Question
from ...questions.standing import standing_word, without_standing
from ...retrieval.quoting import Quote
from .quoted import form_of

AS_MUCH, ANSWERS, NEARLY = 0.6, -1.0, 2.0
"""The share of the best statement's words of the question that one of another version has, and the ranker's log-odds
that it answers, from which on it may overrule it; how much lower than the best's they may be without the words."""
_SIGNS = re.compile(r"[\W_]+")
_ENDING = re.compile(r"\.\w{1,5}$")
_NUMBER = re.compile(r"\d+")
_VERSION = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![^\W\d_])(?:v|ver|version|rev|release)[ ._-]?\d+(?:\.\d+)*", re.I
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATED = re.compile(
    r"\((?=[^()]*\d)[^()]*\)|\b(?:valid |effective |in force )?(?:from|as of|since|stand|gültig ab|ab)\s+"
    rf"(?:\d{{1,2}}\.?\s+)?(?:{_MONTH}\b|(?=\d))",
    re.IGNORECASE,
)
"""What a name tells of the time of a version besides its year: "(valid from 1 Jan 2026)", "as of March 2026"."""


def prefer(asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with the one of the version that is asked for, else of the newest, before those of other versions that
    say something else in the same form, or fit as well, or say as much of what is asked."""
    if not quotes or asked.unit in ("version", "release"):  # which of them says it is what is asked
        return list(quotes)
    best = quotes[0]
    if any(_is_named_so(asked, quote.evidence.name) for quote in quotes):
        return list(quotes)
    of_work = [quote for quote in quotes if quote.evidence.name == best.evidence.name or _same_work(best, quote)]
    wanted = {frozenset(_editions_asked_for(asked) & _numbers_in(quote)) for quote in of_work} - {frozenset()}
    if len(wanted) > 1:  # it compares them
        return list(quotes)
    rivals = [
        quote
        for quote in of_work
        if form_of(quote.evidence.quote) == form_of(best.evidence.quote)
        or LEVELS.index(quote.fit.level) >= LEVELS.index(best.fit.level)
        or _holds_no_more(quote)
        or says_as_much(quote, best)
    ]
    if len({quote.evidence.name for quote in rivals}) < 2:
        return list(quotes)
    chosen = max(
        rivals,
        key=lambda quote: (matching_numbers(asked, quote), not _holds_no_more(quote), _numbers(quote), quote.score),
    )
    if all(_same(chosen, quote) for quote in rivals):
        return list(quotes)
    others = sorted({quote.evidence.name for quote in rivals if not _same(quote, chosen)} - {chosen.evidence.name})
    says = (
        "says"
        if all(form_of(quote.evidence.quote) == form_of(chosen.evidence.quote) for quote in rivals)
        else "may say"
    )
    note = f"another version {says} otherwise: {', '.join(others[:3])}"
    unsure = chosen.fit.level == "sure" and not (asked.current or matching_numbers(asked, chosen))
    level = "likely" if unsure else chosen.fit.level
    first = replace(chosen, fit=replace(chosen.fit, level=level, reasons=(*chosen.fit.reasons, note)))
    return [first, *(quote for quote in quotes if not any(quote is rival for rival in rivals))]


def _is_named_so(asked: Question, name: str) -> bool:
    """Whether the question asks for what a word names that would else call the document old: ``npm outdated``."""
    word = standing_word(name, "")
    return bool(word) and word in asked.text.lower()


def says_as_much(quote: Quote, best: Quote) -> bool:
    """Whether it has as many of the question's words, or is as sure an answer in other words, as the ranker sees it."""
    by_words = quote.own >= AS_MUCH * best.own and quote.rank_odds >= ANSWERS
    return quote.fit.level != "no" and (by_words or quote.rank_odds >= max(0.0, best.rank_odds - NEARLY))


def _editions_asked_for(asked: Question) -> set[str]:
    """The numbers of the versions or years that are asked for."""
    return {*asked.years, *(number for version in asked.versions for number in _NUMBER.findall(version))}


def _numbers_in(quote: Quote) -> set[str]:
    return {number for text in titles(quote) for number in _NUMBER.findall(text)}


def matching_numbers(asked: Question, quote: Quote) -> int:
    """How many numbers of the version or year that is asked for the document's name and title hold."""
    return len(_editions_asked_for(asked) & _numbers_in(quote))


def titles(quote: Quote) -> tuple[str, str]:
    """The texts that may name a version: the document's name, and the first of its headings."""
    return quote.evidence.name, quote.evidence.heading.partition(" > ")[0]


def _same_work(one: Quote, other: Quote) -> bool:
    """Whether name or first heading are the same but for a version or standing that at least one of them tells."""
    (name, heading), (its_name, its_heading) = titles(one), titles(other)
    pairs = ((_ENDING.sub("", name), _ENDING.sub("", its_name)), (heading, its_heading))
    return any(_words(mine) != _words(its) and _plain(mine) == _plain(its) != "" for mine, its in pairs)


def is_edition(name: str) -> bool:
    """Whether the name of a document tells a version, a year, or that it holds no more."""
    return bool(_VERSION.search(name) or standing_word(name, ""))


def replaces(name: str, other: str) -> bool:
    """Whether the document ``name`` is a newer version of the other, or the one that takes the place of an old one."""
    one, its = _ENDING.sub("", name), _ENDING.sub("", other)
    if _words(one) == _words(its) or not _plain(one) == _plain(its) != "" or standing_word(name, ""):
        return False
    number, its_number = (tuple(map(int, _NUMBER.findall(" ".join(_VERSION.findall(text))))) for text in (one, its))
    return number > its_number or (bool(standing_word(other, "")) and number >= its_number)


def work_of(name: str) -> str:
    """The name of a document without what tells its version or standing: that of the others of its work."""
    return _plain(_ENDING.sub("", name))


def _plain(text: str) -> str:
    return _words(_VERSION.sub(" ", without_standing(_DATED.sub(" ", text))))


def _words(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text).split()).lower()


def _holds_no_more(quote: Quote) -> bool:
    name, heading = titles(quote)
    return bool(standing_word(name, heading))


def _same(one: Quote, other: Quote) -> bool:
    return one.evidence.quote.split() == other.evidence.quote.split()


def _numbers(quote: Quote) -> tuple[int, ...]:
    """The numbers of the version, the most significant first."""
    told = next((text for text in titles(quote) if _VERSION.search(text)), "")
    return tuple(int(number[:18]) for number in _NUMBER.findall(told))
