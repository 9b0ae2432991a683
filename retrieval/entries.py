"""Entries of answers to common questions: below the question that is asked stands its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..corpus.words import words
from ..questions.common_questions import asks_alike
from ..questions.question import Question
from .quoting import Quote

NEARLY = 4.0
"""How much lower the score of the best statement of an entry may be than that of a statement elsewhere, where the
question of the entry is put in other words."""
_DECIDES = re.compile(r"\W*(?:yes|no|ja|nein|doch)\b(?!\s+(?:one|other|longer|more|matter)\b)", re.IGNORECASE)


def of_entry_first(asked: Question, found: Sequence[Quote]) -> list[Quote]:
    """``found``, best first, with the statement first that answers below the question itself; where that is answered
    by yes or no, the one that begins so."""
    entry = [quote for quote in found if is_below_question(asked, quote)]
    if not entry:
        alike = [quote for quote in found if not quote.row and is_below_like_question(asked, quote)]
        entry = [quote for quote in alike if alike[0].score >= found[0].score - NEARLY]
    if not entry:
        return list(found)
    best = entry[0]
    beside = [quote for quote in entry if _question_above(quote) == _question_above(best)]
    if asked.kind == "yes_no":
        best = next((quote for quote in beside if decides(quote.evidence.quote)), best)
        if decides(best.evidence.quote) and not best.fit.opposed and is_below_question(asked, best):
            best = replace(best, fit=replace(best.fit, level="sure", reasons=()))
    return [best, *(quote for quote in found if quote is not entry[0] and quote is not best)]


def decides(said: str) -> bool:
    """Whether it begins with yes or no."""
    return _DECIDES.match(said) is not None


def is_below_question(asked: Question, quote: Quote) -> bool:
    """Whether the statement stands below the question itself, word for word: in a list of answers."""
    above = _question_above(quote)
    return above.rstrip("*_ ").endswith("?") and words(above) == words(asked.text)


def is_below_like_question(asked: Question, quote: Quote) -> bool:
    """Whether the statement stands below a question that asks for the same: an entry of answers to common questions."""
    above = _question_above(quote)
    return bool(above) and asks_alike(asked, above)


def _question_above(quote: Quote) -> str:
    above = quote.evidence.governors
    return above[-1].quote if above else ""
