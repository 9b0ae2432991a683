"""What is shown of a passage that may answer: the statement, what governs it, and the neighbours it is read with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...corpus.spans.kept import kept_statements
from ...corpus.spans.statements import Statement
from ...corpus.store import Store
from ...retrieval.narrow import narrow
from ...retrieval.quoting import Quote, header_row

BESIDE = 2
"""Statements shown before and behind the one that may answer."""
_MAIL_LINE = re.compile(
    r"(?:from|to|cc|bcc|date|sent|subject|reply-to|von|an|datum|gesendet|betreff):\s", re.IGNORECASE
)


def excerpt(store: Store, quote: Quote, chars: int) -> Quote | None:
    """``quote`` with its neighbours below the same heading, question and lead-in, in at most ``chars`` characters;
    ``None`` where its passage is no prose, or a definition."""
    outer, inner = quote.passage.span, (quote.chosen or quote.evidence).span
    if quote.evidence.quote.startswith(": "):
        return None  # a definition is shown with its term
    if quote.row or quote.passage.kind != "section" or outer is None or inner is None:
        return None
    found = kept_statements(quote.passage.quote, quote.passage.kind, header_row(quote.passage))
    at = inner.start - outer.start
    here = next((place for place, one in enumerate(found) if one.start <= at < one.end), None)
    if here is None:
        return None
    start, end = _extent(quote.passage.quote, found, here, chars)
    above = [place for place in found[here].governors if place[1] <= start]
    return quote.wider(narrow(store, quote.passage, start, end, above))


def _extent(text: str, found: Sequence[Statement], here: int, chars: int) -> tuple[int, int]:
    """Where the statements begin and end that are read together with the one at ``here``."""
    first = last = here
    for step in range(1, BESIDE + 1):
        for beside in (here + step, here - step):
            low, high = min(first, beside), max(last, beside)
            near = beside in (first - 1, last + 1) and 0 <= beside < len(found)
            if near and _goes_with(text, found[beside], found[here]) and found[high].end - found[low].start <= chars:
                first, last = low, high
    while last > here and last + 1 < len(found) and _heads(found[last], found[last + 1]):
        last -= 1
    return found[first].start, found[last].end


def _goes_with(text: str, beside: Statement, here: Statement) -> bool:
    same = not beside.label and beside.governors == here.governors
    below = not beside.label and (here.start, here.end) in beside.governors
    return (same or below) and not _MAIL_LINE.match(text, beside.start)


def _heads(one: Statement, following: Statement) -> bool:
    """Whether it is only the title of what follows: "5. **First aid.**"."""
    return any(one.start <= place[0] and place[1] <= one.end for place in following.governors)
