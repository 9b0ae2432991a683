"""Questions that only all rows or figures together answer, "the average", "the dearest", "how many": one of them, which
happens to be nearest to the question's words, is no answer to them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from ...graphs.english.intent import Superlative, intent_of
from ...graphs.english.tokens import tokens_of
from ...graphs.english.words import UNIT_NAMES
from ...questions.question import parse
from ..answer import Answer

_AVERAGE = re.compile(r"\b(?:averages?|mean(?= \w)|median|durchschnitt\w*|im mittel)\b|ø", re.IGNORECASE)
_ASKS_AVERAGE = re.compile(r"\b(?:average|median|durchschnitt\w*)\b|\bthe mean (?!of\b)\w", re.IGNORECASE)
_MONEY = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds?|pence|cents?)\b")
_OF_MONEY = re.compile(r"euro|dollar|pound|penn|pence|cent|coin|note|franc|eur|gbp|usd", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:total(?:s|led|ling)?|sum|altogether|together|in all|overall|combined|insgesamt|gesamt\w*)\b",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"\b(?:most|least|fewest|best|worst|max\w*|min\w*|record|top|highest|lowest|largest|smallest|first|last|latest|newest)\b",
    re.IGNORECASE,
)
_OF_TWO = re.compile(
    r"^\W*(?:is|are|was|were|does|do|did|has|have)\b.+\b(?:more|less|fewer|[a-z]{2,}er)\b.* than (?!\W*\d)",
    re.IGNORECASE,
)
"""One thing is compared with another: the row of one of them does not tell."""
_OF_ALL = re.compile(
    r"^\W*(?:is|are|was|were|does|do|did|has|have)\b.+\b(?:everything|everyone|everybody|all|always|every|each|both)\b",
    re.IGNORECASE,
)
"""A yes or no of all that there is, of which one row tells a part."""


def doubt_single(question: str, answer: Answer) -> Answer:
    """The answer without its headline, and unsure, where it is one figure in place of an average, or an amount of money
    or another unit in place of how many."""
    if answer.status != "quoted" or answer.fit not in ("sure", "likely"):
        return answer
    if _ASKS_AVERAGE.search(question) and not _AVERAGE.search(answer.text):
        return _unsure(answer, "one value is no average")
    asked = parse(question)
    if asked.kind != "count":
        return answer
    if answer.short and _MONEY.search(answer.short) and not _OF_MONEY.search(asked.unit):
        return _unsure(answer, f"says an amount of money, not how many {asked.unit}")
    names = UNIT_NAMES.get(asked.unit.casefold(), UNIT_NAMES.get(asked.unit.casefold().removesuffix("s")))
    if answer.short and names is not None and not _has_unit(answer.text, asked.unit, names):
        return _unsure(answer, f"says nothing in {asked.unit}")
    return answer


def _has_unit(text: str, unit: str, names: Collection[str]) -> bool:
    plain = text.casefold()
    return unit.casefold().removesuffix("s") in plain or any(
        re.search(rf"(?<![a-z]){re.escape(name.casefold())}(?![a-z])", plain) for name in names
    )


def _unsure(answer: Answer, why: str) -> Answer:
    return replace(answer, short="", fit="unsure", reasons=(*answer.reasons, why))


def picks_one(question: str, answer: Answer, tables: Collection[str]) -> bool:
    """Whether the answer shows rows of a table where an extreme of all of them, a number of them or a comparison of two
    is asked for, and the rows do not say that they are it."""
    names = [citation.evidence.name for citation in answer.citations]
    if not names or names[0] not in tables:
        return False
    if len(names) == 1 and (_OF_TWO.search(question) or _OF_ALL.search(question)):
        return True
    tokens = tokens_of(question)
    intent = intent_of(question, tokens)
    if intent.superlative is not None:
        return not _says_so(answer, intent.superlative, tokens[intent.superlative.at].text)
    if intent.wanted == "sum" or _TOGETHER.search(question):
        return bool(_TOGETHER.search(question)) and not _TOGETHER.search(answer.text)
    return intent.wanted == "count" and len(names) > 1


def _says_so(answer: Answer, superlative: Superlative, word: str) -> bool:
    text = answer.citations[0].quote
    return bool(_EXTREME.search(text)) or word.casefold() in text.casefold()


def one_of_many(question: str, answer: Answer) -> Answer:
    """The rows as unsure, without a headline; nothing where an extreme was asked for and all of them are rows."""
    return no_extreme(question, answer) if asks_extreme(question) else _unsure(answer, "some rows are not all of them")


def no_extreme(question: str, answer: Answer) -> Answer:
    """What is said where rows would have to be compared and nothing tells by what."""
    name = answer.citations[0].evidence.name
    text = f"Not found here. The rows of {name} would have to be compared, and no column is known by which."
    return Answer(question, text, "not_found", fit="no", reasons=("no column is known by which rows are compared",))


def asks_extreme(question: str) -> bool:
    return intent_of(question, tokens_of(question)).superlative is not None
