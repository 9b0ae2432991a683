"""Which of two rows is dearer, older, heavier: "Is the canoe or the kayak dearer?", "Which is longer, A or B?". Both
rows are shown, the one that is asked for first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..english.grades import Grade, comparative_grade, grade_behind, verb_grade
from ..english.intent import Superlative
from .draft import WHOLE, Draft
from .model import CellValue
from .plan import ColumnReference, Condition
from .word_links import WordLink

_ASKS = re.compile(r"^\W*(?:which|what|who|whose|is|are|was|were|does|do|did|has|have)\b", re.IGNORECASE)
_JOINING = frozenset(("or", "than", "and"))
_MORE = frozenset(("more", "less", "fewer", "higher", "lower", "larger", "smaller"))
_LIGHT = frozenset(("one", "ones", "two", "more", "less", "either", "than", "or", "compared", "of", "both"))


def drafts_with_choice(draft: Draft) -> Iterator[Draft]:
    """The draft with the two rows as its condition, put in order by what the adjective says."""
    if draft.intent.superlative is not None or draft.intent.wanted != "rows" or not _ASKS.match(draft.intent.question):
        return
    words = [token.text.casefold() for token in draft.linked.tokens]
    graded = _grade(words) or _more_of_column(draft, words)
    pair = _pair(draft, words) if graded is not None else None
    if graded is None or pair is None:
        return
    at, grade = graded
    (one, other), column, values = pair
    used = {*range(one.start, one.end), *range(other.start, other.end), at}
    used |= {n for n, word in enumerate(words) if word in _LIGHT or verb_grade(word)}
    high = grade.high if not grade.aged else not grade.high
    superlative = Superlative(
        at, high, counts=False, time=grade.aged, aged=grade.aged, by=grade.by, size=grade.sized and not grade.by
    )
    rest = tuple(link for link in draft.linked.links if used.isdisjoint(range(link.start, link.end)))
    yield replace(
        draft,
        linked=replace(draft.linked, links=rest),
        intent=replace(
            draft.intent, asks="", superlative=superlative, limit=0, used=draft.intent.used | used, target=at
        ),
        conditions=[Condition(ColumnReference((), column), "=", values)],
        understood=frozenset(used),
        score=1.0 * len(used & {*range(one.start, one.end), *range(other.start, other.end), at}),
        whole_rows=True,
        guesses=[],
        doubts=[],
    )


def _grade(words: Sequence[str]) -> tuple[int, Grade] | None:
    for at, word in enumerate(words):
        if (found := comparative_grade(word)) is not None:
            return at, found
        if at and (found := grade_behind(words[at - 1], word)) is not None:
            return at, found
        verbs = [one for one in map(verb_grade, words[:at]) if one is not None]
        if word in ("more", "less") and verbs:
            return at, Grade(verbs[-1].by, word == "more")
    return None


def _more_of_column(draft: Draft, words: Sequence[str]) -> tuple[int, Grade] | None:
    """ "More horsepower than": a column of numbers of the table behind the word."""
    for link in draft.linked.links:
        for name in link.columns:
            numeric = name.table == draft.table.name and draft.table.column(name.column).kind in ("integer", "number")
            if link.start and words[link.start - 1] in _MORE and name.fit >= WHOLE and numeric:
                by = tuple(reversed(name.column.split("_")))
                return link.start - 1, Grade(by, words[link.start - 1] in ("more", "higher", "larger"))
    return None


def _pair(draft: Draft, words: Sequence[str]) -> tuple[tuple[WordLink, WordLink], str, tuple[str | int, ...]] | None:
    """Two values of one column of the table, with a word between that sets them against each other."""
    found = [
        (link, value)
        for link in draft.linked.links
        for value in link.values
        if value.table == draft.table.name and (len(value.columns) == 1 or draft.table.key)
    ]
    for first, one in found:
        for second, other in found:
            if first.end > second.start or one.columns != other.columns or one.values == other.values:
                continue
            if _JOINING & {*words[first.end : second.start]} and _are_single(found, one, other):
                if len(one.columns) == 1:
                    return (first, second), one.columns[0], (*one.values, *other.values)
                return (first, second), draft.table.key, (*_key_of(draft, one), *_key_of(draft, other))
    return None


def _key_of(draft: Draft, value: CellValue) -> tuple[str | int, ...]:
    """The key of the row that two columns name."""
    tests = " AND ".join(f'"{column}" = ?' for column in value.columns)
    query = f'SELECT "{draft.table.key}" FROM "{draft.table.name}" WHERE {tests}'  # noqa: S608
    return tuple(row[0] for row in draft.model.run(query, value.values))


def _are_single(found: Sequence[tuple[WordLink, CellValue]], *pair: CellValue) -> bool:
    """Whether the two are the only values of their column that the question has, and each is of one row."""
    same = {value.values for _, value in found if value.columns == pair[0].columns}
    return len(same) == len(pair) and all(one.rows == 1 for one in pair)
