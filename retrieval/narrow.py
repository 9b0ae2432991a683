"""Cuts a passage down to a piece of it that has a place of its own: lines, page, what governs it."""

from __future__ import annotations

import re
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


def below_head(evidence: Evidence, marks: Sequence[Mark], opening: str, named: Sequence[str]) -> Evidence:
    """``evidence`` governed by the line at the head of its document that holds most of ``named``, which neither it nor
    what stands above it says."""
    assert evidence.span is not None
    said = " ".join([evidence.quote, *(one.quote for one in evidence.governors)]).lower()
    named = [thing for thing in named if thing.lower() not in said]
    lines = [(match.start(), match[0]) for match in re.finditer(r"\S[^\n]*", opening)]
    lows = [thing.lower() for thing in named]
    start, line = max(lines, key=lambda line: sum(low in line[1].lower() for low in lows), default=(0, ""))
    if not any(low in line.lower() for low in lows) or evidence.span.start < start + len(line):
        return evidence
    number = opening.count("\n", 0, start) + 1
    span = replace(evidence.span, start=start, end=start + len(line), line=number, end_line=number)
    head = Governor(line, in_original(marks, span))
    return replace(evidence, governors=(head, *evidence.governors))
