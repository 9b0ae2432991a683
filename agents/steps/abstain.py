"""The decision to say "not found here", from what the search and the reader make of the best evidence.

A logistic model, fitted by ``benchmarks/not_found.py`` on questions whose documents were in the library or had been
left out; that script prints its risk and coverage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...corpus.document import Span
from ...corpus.spans.lines import ITEM
from ...corpus.spans.units import CODE_KINDS
from ...corpus.store import Store
from ...corpus.words import stems
from ...questions import kinds
from ...questions.headlines import tells_price
from ...questions.negation import says_no
from ...questions.question import Question
from ...questions.question_forms import VALUES
from ...retrieval.entries import is_below_like_question, is_below_question
from ...retrieval.parallel import holds_more, parallel
from ...retrieval.quoting import FEATURES, UNREAD, Quote, above
from ...retrieval.quoting import LEAST_RANKED as LEAST_ODDS
from ...retrieval.reader.retriever import LEAST
from ..answers.items import whole_item
from ..answers.later import held_stems
from ..answers.quoted import CONTEXT_OF_VALUE, in_context

NAMES = ("passage", "own", "answered")
BIAS, WEIGHTS = 0.07, (0.81, 1.43, 0.30)
UNREAD_SHARE = 0.13
"""Of a passage in a language that the reader does not know: the share of the question's weight that it must carry."""
RANKED_FOREIGN = -0.5
"""The log-odds of the ranker for such languages from which on a statement is shown, whatever words it shares."""
LEAST_CONFIDENCE = {"sure": 0.005, "likely": 0.3, "unsure": 0.45, "no": 1.0}
"""By how well the best statement fits the question."""
LEAST_FIT, LEAST_FIT_READ = -4.0, -7.5
"""A statement with several faults is no answer, though each of them alone may be forgiven; more of them where the
confidence is at least ``READ_CONFIDENCE``: search and reader agree, in other words than the question's."""
READ_CONFIDENCE = 0.6


LEAST_RANKED, READ_RANKED, CODE_RANKED = -3.0, -2.0, 4.0
"""The ranker's log-odds below which an unsure statement answers nothing, and from which on one of prose or of code is
shown, whatever share of the question's words it holds. Below the first lie 31 of 53 questions that nothing answers, and
8 of 397 whose best statement is right (``training/questions``, corpora that the ranker was not trained on)."""
SHOWN_RANKED = 2.0
"""The ranker's log-odds from which on a statement is shown as unsure although the rules refuse it. Of 834 questions
over eight corpora that the ranker was not trained on 80 were refused falsely and 39 rightly; 20 and 1 of them reach
this."""
CERTAIN, BY_RANK, BY_LEAD, BY_RANK_LEAD = -1.62, 0.180, 0.181, 0.171
"""Log-odds that the best statement is right: a constant, the weights of the ranker's log-odds, of the lead over the
next statement's score, and of that of the ranker's log-odds over the next ones. Fitted on 834 questions over eight
corpora that the ranker was not trained on, the bounds below so that of 100 questions 3 are answered wrongly as likely
or sure; 18 are answered rightly so."""
MOST_LEAD = 5.0
LEAST_CERTAIN = {"sure": 0.0, "likely": 0.9}
"""Below which a statement that fits by its words and form is called unsure."""
CERTAIN_IN_OTHER_WORDS = 1.0
"""From which on an unsure statement is called likely, where nothing but its words and form speaks against it."""
BESIDE = 400
"""Characters between two sentences that count as one place: of 26 best sentences whose only rivals stood so near, 24
or a neighbour were right."""
_DOUBTFUL = "another statement may answer as well"
_OPPOSITE = "another statement says the opposite"
NEAR_ODDS = 2.0
"""The ranker's log-odds that two statements lie apart at most that answer alike."""
_TOGETHER = "a sentence beside it may say it better"


@dataclass(frozen=True, slots=True)
class Judgement:
    found: bool
    confidence: float
    """Estimated probability that the library answers the question."""


def features(quote: Quote) -> tuple[float, ...]:
    """The values that ``NAMES`` names: log-odds that the passage is the right one, the share of the question's weight
    that the sentence carries, and the log-odds that the passage answers."""
    return quote.features[0], quote.own, max(LEAST, quote.reading.answered)


def judge(quotes: list[Quote]) -> Judgement:
    """A statement that does not fit the question is no answer, however near it is; one that surely does, is."""
    if not quotes or quotes[0].fit.level == "no":
        return Judgement(False, 0.0)
    best = quotes[0].instead_of or quotes[0]
    fitting = best.fit
    if best.cell and fitting.level in ("sure", "likely"):
        return Judgement(True, best.context)
    if best.reading is UNREAD:
        near = best.context >= UNREAD_SHARE or best.rank_odds >= RANKED_FOREIGN
        return Judgement(near or fitting.level in ("sure", "likely"), best.context)
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(best), strict=True))
    confidence = 1 / (1 + math.exp(-logit))
    if best.reading is not UNREAD and best.rank_odds < LEAST_RANKED and fitting.level == "unsure":
        return Judgement(False, confidence)
    enough = CODE_RANKED if best.passage.kind in CODE_KINDS else READ_RANKED
    ranked = best.reading is not UNREAD and best.rank_odds >= enough and best.context > 0
    least = LEAST_FIT_READ if ranked or confidence >= READ_CONFIDENCE else LEAST_FIT
    agreed = fitting.level == "sure" and best.reading is not UNREAD and best.rank_odds >= SHOWN_RANKED
    likely = ranked or agreed or confidence >= LEAST_CONFIDENCE[fitting.level]
    return Judgement(fitting.score > least and likely, confidence)


def ranked_first(quotes: Sequence[Quote]) -> list[Quote]:
    """The statements with the one that the ranker is surest of first, as unsure, where rules alone would refuse them:
    the question may be put in quite other words. Nothing where the ranker is not sure either, or where that statement
    tells of another thing."""
    best = max(quotes, key=lambda quote: quote.rank_odds, default=None)
    if best is None or best.reading is UNREAD or best.rank_odds < SHOWN_RANKED or best.fit.opposed:
        return []
    first = replace(best, fit=replace(best.fit, level="unsure"))
    return [first, *(quote for quote in quotes if quote is not best)]


def doubt(store: Store, asked: Question, quotes: Sequence[Quote], shown: Quote) -> Quote:
    """``shown``, made of the best of ``quotes``, unsure where statements of its kind that fit are wrong too often, and
    likely where those that say it in other words are right often enough; with what stands around it where only its
    neighbours may answer as well."""
    if shown.instead_of is not None:
        return _as_sure_as_before(store, asked, quotes, shown, shown.instead_of)
    level = shown.fit.level
    if level != "no" and not shown.fit.opposed and is_below_question(asked, shown):
        return replace(shown, fit=replace(shown.fit, level="sure", reasons=()))
    by_form = any(shown.features[FEATURES.index(name)] for name in ("cell", "keyed", "termed"))
    one_of_several = asked.kind in ("list", "count") and level == "sure"
    if one_of_several or level == "no" or shown.reading is UNREAD or by_form:
        return shown
    if level in ("sure", "likely") and _is_contradicted(asked, quotes, shown):
        return replace(shown, fit=shown.fit.unsure(_OPPOSITE))
    certain = _certainty(asked, quotes, shown)
    if level == "unsure":
        promoted = (
            (certain >= CERTAIN_IN_OTHER_WORDS or is_below_like_question(asked, shown))
            and shown.fit.worded_otherwise
            and not _is_laid_out(shown)
            and shown.passage.kind not in CODE_KINDS
            and not (asked.kind == "list" and kinds.reason(asked) in shown.fit.reasons)
            and (asked.unit != "money" or tells_price(shown.evidence.quote))
        )
        if promoted:
            return replace(shown, fit=replace(shown.fit, level="likely"))
        lax = shown.fit.worded_otherwise and asked.kind not in VALUES
        among = lax and _certain_among(asked, quotes, shown) >= CERTAIN_IN_OTHER_WORDS
        return _together(store, shown) if among else shown
    if certain >= LEAST_CERTAIN[level] or (level == "sure" and is_below_like_question(asked, shown)):
        return shown
    lax = level == "sure" or asked.kind not in VALUES  # a value of another thing is as near as its own
    if lax and _certain_among(asked, quotes, shown) >= LEAST_CERTAIN[level]:
        return _together(store, shown)
    return replace(shown, fit=replace(shown.fit, level="unsure", reasons=(*shown.fit.reasons, _DOUBTFUL)))


def _is_laid_out(shown: Quote) -> bool:
    """A line of a record or of a list with columns says what it says, and nothing in other words."""
    return shown.row and shown.passage.kind == "section" and not shown.evidence.quote.startswith(("|", "{", "<"))


def _as_sure_as_before(store: Store, asked: Question, quotes: Sequence[Quote], shown: Quote, before: Quote) -> Quote:
    """``shown``, which takes the place of ``before``, with the other sentences of its bullet; likely where that one
    would have been likely at least."""
    taken = {before.evidence.span, quotes[0].evidence.span}
    level = doubt(store, asked, [before, *(one for one in quotes if one.evidence.span not in taken)], before).fit.level
    level = "likely" if level in ("sure", "likely") and shown.fit.level != "no" else "unsure"
    return replace(whole_item(store, shown), fit=replace(shown.fit, level=level), together=True)


def _is_contradicted(asked: Question, quotes: Sequence[Quote], shown: Quote) -> bool:
    """Whether of two statements that answer a yes-or-no question one says yes, the other no, and speaks of as much."""
    if asked.kind != "yes_no":
        return False
    no = says_no(asked, shown.evidence.quote, above(shown.evidence))
    return any(
        one.fit.level in ("sure", "likely")
        and one.rank_odds >= shown.rank_odds - NEAR_ODDS
        and not _within(one, shown)
        and held_stems(asked, shown) <= held_stems(asked, one)
        and says_no(asked, one.evidence.quote, above(one.evidence)) != no
        for one in quotes[1:]
    )


def _certain_among(asked: Question, quotes: Sequence[Quote], shown: Quote) -> float:
    """Log-odds that ``shown`` or a sentence near it is right; none for a row, an item or code, whose neighbours tell of
    other things."""
    here = shown.evidence.span
    if shown.row or shown.passage.kind in ("table", "data", *CODE_KINDS) or ITEM.match(shown.evidence.quote):
        return -math.inf
    if _holds_elsewhere(asked.text, shown.evidence.quote):
        return -math.inf
    assert here is not None
    apart = [one for one in quotes[1:] if (place := one.evidence.span) and not _beside(here, place)]
    return _certainty(asked, [quotes[0], *apart], shown)


def _holds_elsewhere(question: str, said: str) -> bool:
    """Whether the question ends in a place or case that ``said`` lacks, and has another one in its stead: "… on sand?",
    told "on moist soil"."""
    last = _LAST_CASE.search(question)
    if last is None or set(stems(last["what"])) & set(stems(said)):
        return False
    return re.search(rf"\b{last['where']} (?:the |an? )?[^\W\d_]{{3,}}", said, re.IGNORECASE) is not None


_LAST_CASE = re.compile(
    r"\b(?P<where>on|in|at|with|without|for|under|during|from|by|near|inside|outside) (?:the |an? )?"
    r"(?P<what>[\w-]+)\s*\??$",
    re.IGNORECASE,
)


def _beside(one: Span, other: Span) -> bool:
    return one.document == other.document and abs(one.start - other.start) < BESIDE


def _together(store: Store, shown: Quote) -> Quote:
    fit = replace(shown.fit, level="likely", reasons=(*shown.fit.reasons, _TOGETHER))
    return replace(in_context(store, shown, CONTEXT_OF_VALUE), fit=fit, together=True)


def _certainty(asked: Question, quotes: Sequence[Quote], shown: Quote) -> float:
    """Log-odds that ``shown`` is right."""
    best = quotes[0]
    others = [quote for quote in quotes if not _within(quote, shown)]
    rivals = (
        quote.score
        for quote in others
        if quote.fit.level != "no" and not _says_less(asked, quote.evidence.quote, best.evidence.quote)
    )
    lead = min(MOST_LEAD, best.score - next(rivals, -math.inf))
    rank_lead = best.rank_odds - max((quote.rank_odds for quote in others), default=LEAST_ODDS)
    return CERTAIN + BY_RANK * best.rank_odds + BY_LEAD * lead + BY_RANK_LEAD * rank_lead


def _within(quote: Quote, shown: Quote) -> bool:
    inner, outer = quote.evidence.span, shown.evidence.span
    assert inner is not None
    assert outer is not None
    return inner.document == outer.document and outer.start <= inner.start and inner.end <= outer.end


def _says_less(asked: Question, other: str, said: str) -> bool:
    """Whether ``other`` has the form of ``said`` and lacks a word of the question that ``said`` has."""
    return parallel(said, other, asked.language) and holds_more(asked.text, said, other, asked.language)
