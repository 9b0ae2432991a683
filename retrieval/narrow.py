"""Cuts a passage down to a piece of it that has a place of its own: lines, page, what governs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..corpus import catalog
from ..corpus.document import Evidence, Governor, Mark, Place, Span
from ..corpus.places import in_original
from ..corpus.spans import sentences
from ..corpus.store import Store


def narrow(store: Store, hit: Evidence, start: int, end: int, above: Sequence[Place] = ()) -> Evidence:
    """``hit`` cut down to characters ``start`` to ``end`` of its quote, with lines and page of its own; ``above`` are
    the places in that quote that govern it, besides what governs the whole hit."""
    marks = catalog.marks(store, hit.span.document) if hit.span else ()
    inner = tuple(Governor(hit.quote[slice(*place)], _span(hit, marks, *place)) for place in above)
    return replace(
        hit, quote=hit.quote[start:end], span=_span(hit, marks, start, end), governors=(*hit.governors, *inner)
    )


def _span(hit: Evidence, marks: Sequence[Mark], start: int, end: int) -> Span:
    assert hit.span is not None
    line = hit.span.line + hit.quote.count("\n", 0, start)
    plain = replace(
        hit.span,
        start=hit.span.start + start,
        end=hit.span.start + end,
        line=line,
        end_line=line + hit.quote.count("\n", start, end),
    )
    return in_original(marks, plain)


def surroundings(store: Store, passage: Evidence, sentence: Evidence, chars: int) -> Evidence:
    """A sentence with its neighbours in its passage, as many as fit into ``chars`` characters."""
    assert passage.span is not None
    assert sentence.span is not None
    places = sentences(passage.quote, 0, len(passage.quote), passage.kind)
    at = sentence.span.start - passage.span.start
    first = last = max(index for index, (start, _) in enumerate(places) if start <= at or not index)
    while True:
        wider = [(first - 1, last), (first, last + 1)]
        fits = [(a, z) for a, z in wider if a >= 0 and z < len(places) and places[z][1] - places[a][0] <= chars]
        if not fits:
            return narrow(store, passage, places[first][0], places[last][1])
        first, last = fits[-1]
