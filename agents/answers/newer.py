"""Passages of newer documents beside those that were found: of the later minutes of a series, of the version that takes
the place of an old one. What is decided last often says it in other words than the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...corpus import catalog
from ...corpus.document import Evidence
from ...corpus.phrases.dates import days
from ...corpus.store import Store
from ...corpus.words import stems
from ...questions.question import Question
from ...questions.question_forms import LIGHT
from ...questions.standing import standing_word
from ...retrieval.lexical import LexicalRetriever
from ...retrieval.quoting import Quote
from . import versions

ALIKE = 2
"""Words that a statement of a later document shares with the one it is put before."""
FIRST, ADDED, LOOKED_AT, QUERY = 3, 2, 100, 400
"""Passages of which newer documents are looked for; how many are added; of how many passages that share words with
them; characters of a passage that are searched for."""
_DAY = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_.](?P<month>0[1-9]|1[0-2])(?:[-_.](?P<day>[0-3]\d))?(?!\d)"
    r"|(?<!\d)(?P<day_first>[0-3]?\d)[-_.](?P<its_month>[01]?\d)[-_.](?P<its_year>(?:19|20)\d\d)(?!\d)"
)
_NAMES_TIME = re.compile(
    r"\b(?:originally|at first|previous(?:ly)?|former(?:ly)?|used to|old|in (?:january|february|march|april|may|june"
    r"|july|august|september|october|november|december)|ursprünglich|vorher|früher)\b",
    re.IGNORECASE,
)
"""A question for what was, or at a time that it names."""


def with_newer(store: Store, asked: Question, hits: Sequence[Evidence]) -> list[Evidence]:
    """``hits`` with the nearest passages of newer documents of the same series or work right behind the first ones."""
    if names_time(asked):
        return list(hits)
    first = [hit for hit in hits[:FIRST] if hit.span and (_DAY.search(hit.name) or versions.is_edition(hit.name))]
    if not first:
        return list(hits)
    names = [(row.name, row.uri) for row in catalog.document_rows(store)]
    near = {hit.span.document for hit in hits[:FIRST] if hit.span}
    added: dict[int, list[Evidence]] = {}
    for hit in first:
        newer = {uri for name, uri in names if uri not in near and is_newer(name, hit.name)}
        room = ADDED - sum(map(len, added.values()))
        if not newer or not room:
            continue
        found: dict[str, Evidence] = {}
        for other in LexicalRetriever(store).search(f"{asked.text} {hit.quote[:QUERY]}", LOOKED_AT):
            if other.span and other.span.document in newer:
                found.setdefault(other.span.document, other)
        added[hit.key] = [replace(one, score=hit.score, why=f"newer than {hit.name}") for one in found.values()][:room]
        near |= set(found)
    new = {one.key for several in added.values() for one in several}
    kept = [hit for hit in hits if hit.key not in new]
    return [one for hit in kept for one in (hit, *added.get(hit.key, ()))]


def names_time(asked: Question) -> bool:
    """Whether it asks for a year, a day, a version, or for what was."""
    return bool(asked.years or asked.versions or days(asked.text) or _NAMES_TIME.search(asked.text))


def is_newer(name: str, than: str) -> bool:
    """Whether the document ``name`` is of the series or work of the other, and later, or takes its place."""
    day, its_day = _day_of(name), _day_of(than)
    if day and its_day:
        return day > its_day and _DAY.sub(" ", name).split() == _DAY.sub(" ", than).split()
    return versions.replaces(name, than)


def _day_of(name: str) -> tuple[int, ...]:
    found = _DAY.search(name)
    if found is None:
        return ()
    if found["year"]:
        return int(found["year"]), int(found["month"]), int(found["day"] or 0)
    return int(found["its_year"]), int(found["its_month"]), int(found["day_first"])


def show_current(asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes``, before the best one of a document that calls itself old the best one of the document that takes its
    place, and before an unsure one of a series what a later document of it says of the same. Both are unsure: what
    they say may be said in quite other words than the question's."""
    if not quotes or names_time(asked):
        return list(quotes)
    best = quotes[0]
    newer = [quote for quote in quotes[1:] if is_newer(quote.evidence.name, best.evidence.name)]
    if _is_old(best, asked):
        current = [quote for quote in newer if not _is_old(quote, asked)]
    elif best.fit.level == "unsure":
        current = [quote for quote in newer if not quote.row and _count_common(quote, best) >= ALIKE]
        most = max((_count_common(quote, best) for quote in current), default=0)
        current = [quote for quote in current if _count_common(quote, best) == most]
    else:
        return list(quotes)
    if not current:
        return list(quotes)
    first = max(current, key=lambda quote: quote.score)
    note = f"an earlier document says more of it: {best.evidence.name}"
    fit = replace(first.fit, level="unsure", reasons=(*first.fit.reasons, note), worded_otherwise=False)
    below = replace(best, fit=best.fit.unsure())
    return [replace(first, fit=fit), below, *(quote for quote in quotes[1:] if quote is not first)]


def _count_common(quote: Quote, other: Quote) -> int:
    """How many words of some weight two statements share."""
    one, its = (set(stems(each.evidence.quote)) - LIGHT for each in (quote, other))
    return len(one & its)


def _is_old(quote: Quote, asked: Question) -> bool:
    word = standing_word(*versions.titles(quote))
    return bool(word) and word not in asked.text.lower()
