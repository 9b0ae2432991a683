"""The check of a written text: each of its sentences is carried by a statement of the evidence, or it is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...corpus.document import Evidence
from ...corpus.spans import sentences
from ...corpus.spans.kept import kept_statements
from ...corpus.store import Store
from ...retrieval.narrow import narrow
from ...retrieval.quoting import header_row, may_answer
from ..support.exact import rows_carry
from ..support.verdict import open_judge, verdicts

CUT = " …"
"""Ends a text that its model was given no room to finish."""
Checked = tuple[str, Evidence | None]
"""A sentence, and the evidence that carries it, or ``None``."""


def check_sentences(store: Store, question: str, text: str, passages: Sequence[Evidence]) -> Iterator[Checked]:
    """Pairs each sentence with the statement that carries it. An unfinished one has none: what follows might turn it
    round."""
    places = sentences(text, 0, len(text))
    for number, (start, end) in enumerate(places, 1):
        half = number == len(places) and text.endswith(CUT)
        yield text[start:end], None if half else carrier(store, question, text[start:end], passages)


def carrier(store: Store, question: str, sentence: str, passages: Sequence[Evidence]) -> Evidence | None:
    """The statement of the passages, with what governs it, or the rows of a query, that carries ``sentence``: of
    several the one that does so most surely."""
    if not may_answer(sentence, question):
        return None
    rows = next((passage for passage in passages if passage.span is None and rows_carry(passage, sentence)), None)
    if rows is not None:
        return rows
    said = [one for passage in passages if passage.span is not None for one in statements_of(store, passage)]
    found = verdicts(sentence, [(one.quote, governors_of(one)) for one in said], open_judge(store.cache))
    carrying = [number for number, verdict in enumerate(found) if verdict.carried]
    return said[max(carrying, key=lambda number: found[number].score)] if carrying else None


def statements_of(store: Store, passage: Evidence) -> Iterator[Evidence]:
    """Each statement of a passage, with what governs it."""
    for one in kept_statements(passage.quote, passage.kind, header_row(passage)):
        if not one.label:
            yield narrow(store, passage, one.start, one.end, one.governors)


def governors_of(evidence: Evidence) -> tuple[str, ...]:
    """The texts above a statement that the check reads with it: its governors, or else the heading of its passage."""
    return tuple(governor.quote for governor in evidence.governors) or tuple(filter(None, (evidence.heading,)))
