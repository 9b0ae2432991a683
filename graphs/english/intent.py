"""What a question wants of rows: a list, a number of them, a value, an extreme, a mean; by its English alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus.words import STOPWORDS
from .grades import Grade, grade_behind, superlative_grade, verb_grade
from .tokens import QuestionToken
from .words import (
    ASKING,
    DECIDING,
    DEGREES,
    EARLY,
    HIGH,
    LATE,
    LIGHT,
    LOW,
    MEASURES,
    NO_RANKS,
    NUMBERS,
    OF_MONEY,
    ORDINALS,
    OWING,
    SIZE,
    WORDS_BEHIND,
    number_of,
)

Wanted = Literal["rows", "count", "avg", "sum"]
_NO_CALL = "".join(f"(?<!{word} )" for word, behind in WORDS_BEHIND.items() if behind == "number")
_COUNT = re.compile(rf"\b(?:how many|{_NO_CALL}number of|count (?:of|the|all))\b", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:average|mean)(?: number of| amount of)?\b", re.IGNORECASE)
_SUM = re.compile(r"\b(?:total|sum|combined|altogether|in all|overall)\b(?! number)", re.IGNORECASE)
_MOST = re.compile(r"\b(most|fewest|least)\b(?! (?:of|recent|recently|\d))", re.IGNORECASE)
_AT = re.compile(r"\bat (?:most|least)\b", re.IGNORECASE)
_WHAT_SUM = re.compile(
    r"^\W*what (?:do|does|did|will|would|must|should|have|has) .+ (?:pay|paid|cost|costs|charge|charged)\b(?! with)",
    re.IGNORECASE,
)
_TOP = re.compile(r"\btop[ -](\w+)\b", re.IGNORECASE)
_FREQUENT = frozenset(("common", "commonly", "frequent", "frequently", "often"))
_MADE: dict[str, Literal["avg", "sum", ""]] = {
    "average": "avg",
    "mean": "avg",
    "total": "sum",
    "combined": "sum",
    "overall": "sum",
}
_EACH = frozenset(("each", "every", "per"))
NEGATIONS = frozenset(
    ("not", "no", "without", "never", "n't", "non", "except", "excluding", "unlike", "neither", "nor")
)


@dataclass(frozen=True, slots=True)
class Superlative:
    at: int
    """Its place among the words."""
    high: bool
    counts: bool
    """"The most goals", not "the largest"."""
    time: bool = False
    """By a date: earliest, last, oldest."""
    aged: bool = False
    """By an age: oldest, newest; ``high`` is of the date."""
    size: bool = False
    by: tuple[str, ...] = ()
    """What the columns that it is measured by may be called, the likeliest first."""
    of: Literal["avg", "sum", ""] = ""
    """"The highest average", "the largest total": what is made of each group before it is compared."""
    deed: bool = False
    """Said of what each thing did: "cost the most"."""
    rows: bool = False
    """"The most common": what stands in the most rows."""
    rank: int = 1
    """"The second largest" is 2."""


@dataclass(frozen=True, slots=True)
class Intent:
    question: str
    wanted: Wanted
    asks: str
    """"who", "when", "where", "much" or nothing."""
    target: int
    """The word from which on the thing that is asked for is named."""
    superlative: Superlative | None
    limit: int
    negated: frozenset[int]
    """Words behind a "not"."""
    negations: frozenset[int]
    used: frozenset[int]
    """Words that this has understood, or that say nothing."""
    group: int | None = None
    """The word from which on it is named what there is one result for: "how many … in each town"."""


def is_code_letter(tokens: Sequence[QuestionToken], at: int) -> bool:
    """Whether a word is one capital letter within the question, "discipline A": a code, and no article."""
    text = tokens[at].text
    return at > 0 and len(text) == 1 and text.isupper() and text != "I"


def intent_of(question: str, tokens: Sequence[QuestionToken], named: Collection[int] = ()) -> Intent:
    """``named`` are words within names of several words, which are no superlatives and no ordinals."""
    lower = [token.text.casefold() for token in tokens]

    def place(at: int) -> int:
        return next((n for n, token in enumerate(tokens) if token.end > at), 0)

    silent = (STOPWORDS | LIGHT | ASKING) - DECIDING
    used = {n for n, word in enumerate(lower) if word in silent and not is_code_letter(tokens, n)}
    asks = next((word for word in lower[:4] if word in ("who", "whom", "when", "where")), "").replace("whom", "who")
    target = next((n + 1 for n, word in enumerate(lower) if word in ("which", "what", "who", "when", "where")), 0)
    wanted: Wanted = "rows"
    superlative = _superlative(question, tokens, lower, named)
    if superlative is not None and (superlative.of or superlative.counts):
        pass  # an average of each group is no average of all
    elif found := _MEAN.search(question):
        wanted, target = "avg", place(found.end())
    elif found := _COUNT.search(question):
        wanted, target = "count", place(found.end())
    elif (found := _SUM.search(question)) and superlative is None:
        wanted, target = "sum", place(found.end())
    if wanted == "rows" and not asks and "how much" in question.casefold():
        if superlative is None and (OF_MONEY | OWING).intersection(lower):
            wanted, target = "sum", next(n + 1 for n, word in enumerate(lower) if word == "much")
        else:
            asks = "much"
    if wanted == "rows" and not asks and superlative is None and _WHAT_SUM.search(question):
        asks = "much"
    if wanted == "rows" and lower[:1] == ["how"] and len(lower) > 1 and lower[1] in (*MEASURES, *DEGREES):
        asks = "much"
        used |= {1} if lower[1] in DEGREES else set()
    if superlative is not None:
        used |= {superlative.at, superlative.at + 1} if superlative.of else {superlative.at}
        used |= {superlative.at - 1} if superlative.rank > 1 else set()
        used |= {
            n for n in range(max(0, superlative.at - 2), superlative.at) if superlative.deed and verb_grade(lower[n])
        }
    limit = 1 if superlative else 0
    if superlative and (counted := _limit(question, lower, superlative.at)):
        limit, at = counted
        used.add(at)
    negations = {n for n, word in enumerate(lower) if word in NEGATIONS or word.endswith(("n't", "n’t"))}
    group = None
    if wanted != "rows" or superlative is not None:
        group = next((n + 1 for n, word in enumerate(lower[:-1]) if word in _EACH), None)
        used -= {n for n, word in enumerate(lower) if word in _EACH}
    negated = {n + step for n in negations for step in (1, 2, 3)}
    return Intent(
        question,
        wanted,
        asks,
        target=target,
        superlative=superlative,
        limit=limit,
        negated=frozenset(negated),
        negations=frozenset(negations),
        used=frozenset(used - negations),
        group=group,
    )


def _superlative(
    question: str, tokens: Sequence[QuestionToken], lower: Sequence[str], named: Collection[int]
) -> Superlative | None:
    bounds = [found.span() for found in _AT.finditer(question)]
    for found in _MOST.finditer(question):
        if not any(start <= found.start() < end for start, end in bounds):
            at = next(n for n, token in enumerate(tokens) if token.start == found.start())
            if (*lower, "")[at + 1] in _FREQUENT:
                return Superlative(at + 1, found[1].casefold() == "most", counts=True, rows=True)
            if grade := grade_behind(found[1], (*lower, "")[at + 1]):
                return _superlative_of_grade(at + 1, grade)
            if (by := _measured_verb(lower, at)) is not None:
                return Superlative(at, found[1].casefold() == "most", counts=False, by=by, deed=True)
            return Superlative(at, found[1].casefold() == "most", counts=True)
    for at, word in enumerate(lower):
        if any(start <= tokens[at].start < end for start, end in bounds):
            continue
        if at in named or (*lower, "")[at + 1] in NO_RANKS.get(word, ()):
            continue
        if word in EARLY | LATE and not (
            at and lower[at - 1] in ("at", "finished", "finish", "came", "ranked", "placed")
        ):
            return Superlative(at, word in LATE, counts=False, time=True)
        rank = max(1, ORDINALS.get(lower[at - 1], 1)) if at else 1
        if word in HIGH | LOW:
            behind = (*lower, "", "")[at + 1 : at + 3]
            if behind in (("number", "of"), ("count", "of")):
                return Superlative(at, word in HIGH, counts=True, rank=rank)
            made = _MADE.get(behind[0], "")
            size = word in SIZE and not made
            by = grade.by if size and (grade := superlative_grade(word)) else ()
            return Superlative(at, word in HIGH, counts=False, size=size, by=by, of=made, rank=rank)
        if word == "longest" and "been" in lower[:at]:  # since when, not how long
            return Superlative(at, False, counts=False, time=True, rank=rank)
        if grade := superlative_grade(word):
            return _superlative_of_grade(at, grade, rank)
    return None


def _measured_verb(lower: Sequence[str], at: int) -> tuple[str, ...] | None:
    """ "Cost the most", "weighs least": of what nothing stands behind, the verb says what is measured."""
    behind = (*lower, "")[at + 1]
    before = at - 2 if at and lower[at - 1] == "the" else at - 1
    ends = not behind or behind in ("in", "of", "to", "per", "at", "on", "for", "last", "this", "and")
    grade = verb_grade(lower[before]) if before >= 0 and ends else None
    return grade.by if grade is not None else None


def _superlative_of_grade(at: int, grade: Grade, rank: int = 1) -> Superlative:
    if grade.aged:
        return Superlative(at, not grade.high, counts=False, time=True, aged=True, rank=rank)
    return Superlative(at, grade.high, counts=False, by=grade.by, size=grade.sized, rank=rank)


def _limit(question: str, lower: Sequence[str], at: int) -> tuple[int, int] | None:
    """ "Which three …", "the five largest", "top 10": the number and its place."""
    for n, word in enumerate(lower):
        number = number_of(word) if word in NUMBERS or word.isdigit() else None
        before = lower[n - 1] if n else ""
        near = n == at - 1 or (before in ("which", "what", "top", "the") and abs(n - at) < 8)
        if isinstance(number, int) and 1 < number <= 100 and near:
            return number, n
    return None
