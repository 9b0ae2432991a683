"""The answer in the documents' own words, in the form that its kind of question asks for."""

from __future__ import annotations

from collections.abc import Sequence

from ...corpus.document import Evidence
from ...corpus.store import Store
from ...questions.question import Question
from ...retrieval.quoting import Quote
from ..answer import Answer
from ..answers import listing
from ..answers.items import whole_steps
from ..answers.passage import whole_passage
from ..answers.quoted import nearest, quote_best


def whole(store: Store, asked: Question, quote: Quote) -> Quote:
    """The quote in the form that the kind of question asks for: its steps, the list that it is in, or its passage."""
    steps = whole_steps(store, asked, quote)
    if steps is not quote:
        return steps
    listed = listing.whole_list(store, asked, quote)
    return listed if listed is not quote else whole_passage(store, asked, quote)


def quote_answer(store: Store, asked: Question, quotes: Sequence[Quote], hits: Sequence[Evidence]) -> Answer:
    """A counted list, the best statements, or, where none surely fits, the nearest places. It has no citations when no
    quote equals the stored text any more."""
    if asked.kind in ("list", "count") and (counted := listing.every(store, asked.text, asked, quotes[0])):
        return counted
    if rows := listing.alike_rows(store, asked.text, asked, quotes):
        return rows
    if quotes[0].fit.level == "unsure":
        return nearest(store, asked.text, quotes, hits)
    return quote_best(store, asked.text, quotes)
