"""Two values set against each other: "How much more did Ann pay than Bob?", "the difference in price between A and B".

Such a question is asked twice, once of each, and what was found is subtracted or divided. Each of the two is a question
that the rows answer by themselves, or there is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..english.words import LESS, MEASURES
from .word_links import Linked, WordLink

Sort = Literal["difference", "ratio"]
_MORE = re.compile(
    r"\bhow (?P<much>much|many)(?P<times> times)? (?P<more>more|less|fewer|as (?:many|much)|(?P<word>[a-z]+)er)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\b(?P<sort>difference|ratio|gap)\b(?: in| of)?(?P<noun>.*?)\b(?:between|of)\b", re.IGNORECASE
)
_AUXILIARIES = frozenset(("did", "does", "do", "has", "have", "was", "is"))
_THAN = frozenset(("than", "as"))


@dataclass(frozen=True, slots=True)
class ValueComparison:
    sort: Sort
    names: tuple[str, str]
    """The one that more is said of first."""
    questions: tuple[tuple[str, str], ...]
    """What may be asked of the two, in the order in which it is tried."""


def may_compare(question: str) -> bool:
    return sets_against(question) or bool(_DIFFERENCE.search(question))


def sets_against(question: str) -> bool:
    """Whether it asks how much more one is than another, which no single condition answers."""
    found = _MORE.search(question)
    return found is not None and bool(re.search(r"\bthan\b|\bas\b", question[found.end() :], re.IGNORECASE))


def read_comparison(linked: Linked, question: str) -> ValueComparison | None:
    """``None`` for questions of another kind."""
    if sets_against(question) and (found := _MORE.search(question)):
        return _with_than(linked, question, found)
    if (found := _DIFFERENCE.search(question)) is not None:
        return _between(linked, question, found)
    return None


def _with_than(linked: Linked, question: str, found: re.Match[str]) -> ValueComparison | None:
    words = [token.text.casefold() for token in linked.tokens]
    at = next(
        (n for n in range(len(words) - 1, -1, -1) if words[n] in _THAN and linked.tokens[n].start > found.end()), None
    )
    pair = _pair(linked, at) if at is not None else None
    if at is None or pair is None:
        return None
    one, other = pair
    tail = question[linked.tokens[other.end - 1].end :].strip(" ?.")
    tail = tail.removeprefix("'s").strip()
    plain = re.sub(r"^(?:did|does|do|has|had|was|is)\b ?", "", tail)
    between = question[found.end() : linked.tokens[at].start]
    name_at = question.index(_text(linked, question, one), found.end()) - found.end()
    before, behind = between[:name_at], between[name_at + len(_text(linked, question, one)) :]
    names = _text(linked, question, one), _text(linked, question, other)
    first = before.strip().split(" ")[0].casefold()
    if found["word"] or first in MEASURES:
        word = (found["word"] or first).casefold()
        nouns = MEASURES.get(word) or MEASURES.get(word[:-1], ())
        asked = tuple(_twice(f"What is the {noun} of {{}}{behind} {plain}?", names) for noun in nouns)
    else:
        aux = before.split()[:1]
        head = "How much" if found["times"] and aux and aux[0].casefold() in _AUXILIARIES else f"How {found['much']}"
        asked = (_twice(f"{question[: found.start()]}{head}{before}{{}}{behind} {plain}?", names),)
    sort: Sort = "ratio" if found["times"] else "difference"
    if found["more"].casefold() in ("less", "fewer") or (found["word"] or "").casefold() in LESS:
        names, asked = names[::-1], tuple(pair[::-1] for pair in asked)
    return ValueComparison(sort, names, asked) if asked else None


def _between(linked: Linked, question: str, found: re.Match[str]) -> ValueComparison | None:
    words = [token.text.casefold() for token in linked.tokens]
    start = found.start("noun")
    at = next(
        (n for n, word in enumerate(words) if word in ("and", "to") and linked.tokens[n].start > found.end()), None
    )
    pair = _pair(linked, at) if at is not None else None
    if pair is None:
        return None
    one, other = pair
    names = _text(linked, question, one), _text(linked, question, other)
    tail = question[linked.tokens[other.end - 1].end :].strip(" ?.")
    noun = question[start : found.end("noun")].strip()
    noun = noun or question[found.end() : linked.tokens[one.start].start].strip()
    noun = re.sub(r"^(?:(?:the|in|of) )+|(?: (?:of|for|the))+$", "", f"{noun} ".strip())
    if not noun:
        return None
    sort: Sort = "ratio" if found["sort"].casefold() == "ratio" else "difference"
    return ValueComparison(sort, names, (_twice(f"What is the {noun} of {{}} {tail}?", names),))


def _twice(form: str, names: tuple[str, str]) -> tuple[str, str]:
    plain = " ".join(form.split()).replace(" ?", "?")
    return plain.replace("{}", names[0]), plain.replace("{}", names[1])


def _pair(linked: Linked, at: int) -> tuple[WordLink, WordLink] | None:
    """The values on both sides of the word, of one column, or of a person's names."""
    after = next((one for one in linked.links if one.start > at and one.values), None)
    if after is None or after.start > at + 4:
        return None
    columns = {(value.table, column) for value in after.values for column in value.columns}
    before = [
        one
        for one in linked.links
        if one.end <= at and columns & {(value.table, column) for value in one.values for column in value.columns}
    ]
    return (before[-1], after) if before else None


def _text(linked: Linked, question: str, link: WordLink) -> str:
    return question[linked.tokens[link.start].start : linked.tokens[link.end - 1].end]


def set_against(values: Sequence[int | float], sort: Sort) -> int | float | None:
    """The first less the second, or by it; ``None`` where there is nothing to divide by."""
    one, other = values
    if sort == "difference":
        return round(one - other, 10) if isinstance(one - other, float) else one - other
    return one / other if other else None
