"""The statements of the passages that were found, best first, and from the version of a document that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...corpus import words
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...questions.paraphrases import alike
from ...questions.question import Question
from ...retrieval.entries import of_entry_first
from ...retrieval.quoting import Quote, best_sentences
from ..answers import versions
from ..answers.amendments import show_amended
from ..answers.later import heed_next, heed_writing_day, show_corrected, show_later, show_revoked
from ..answers.newer import show_current
from ..answers.passage import EXPLAINED


def read(store: Store, asked: Question, hits: Sequence[Evidence]) -> tuple[Question, list[Quote]]:
    """The question comes back as it was read: one that asks how many may be answered by the list itself."""
    quotes = of_entry_first(asked, best_sentences(store, asked.text, hits, asked=asked))
    if asked.kind == "count" and not _fits(quotes):
        as_list = replace(asked, kind="list")
        listed = best_sentences(store, asked.text, hits, asked=as_list)
        if _fits(listed) and not (listed[0].row and _is_of_others(asked, listed[0])):
            asked, quotes = as_list, listed
    told = bool(quotes) and quotes[0].fit.level != "sure" and not quotes[0].row and asked.kind not in EXPLAINED
    quotes = sorted(quotes, key=lambda quote: (quote.fit.level == "no", told and not _is_sure_cell(quote)))
    quotes = show_revoked(store, asked, versions.prefer(asked, quotes))
    if quotes and quotes[0].instead_of is not None:
        return asked, quotes
    quotes = show_amended(store, asked, show_current(asked, quotes))
    for _ in range(_CHANGES):
        first, quotes = quotes[:1], show_corrected(store, asked, show_later(store, asked, quotes))
        if not quotes or quotes[0].evidence.span == first[0].evidence.span:
            break
    return asked, heed_writing_day(store, asked, heed_next(asked, quotes))


def _is_of_others(asked: Question, row: Quote) -> bool:
    """Whether neither the row, nor its header, nor the heading above its table names what is counted."""
    near = [row.evidence.quote, *(governor.quote for governor in row.evidence.governors[-2:])]
    held = {term for stem in words.stems(" ".join(near)) for term in (stem, *alike(stem))}
    return bool(asked.asked) and held.isdisjoint(term for stem in asked.asked for term in (stem, *alike(stem)))


def _is_sure_cell(quote: Quote) -> bool:
    """Whether it is the cell of a table that the question names by its row and its column: no sentence that lacks a
    word of the question stands before it."""
    return bool(quote.row and quote.cell) and quote.fit.level == "sure"


_CHANGES = 3
"""So many times may something have been changed."""


def _fits(quotes: Sequence[Quote]) -> bool:
    return bool(quotes) and quotes[0].fit.level in ("sure", "likely")
