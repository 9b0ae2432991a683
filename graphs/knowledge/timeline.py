"""Dated claims in the order of time: what the texts say of a thing in a period.

A sentence is dated by the days, months or years that it names, or else by its document's own date: one in its name, its
title or a short line at its head. Which of two claims holds is not decided; both are shown with their dates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.phrases.dates import Day, bounds, days, period, periods
from ...corpus.words import content_words
from .choosing import worth_as_said
from .graph import Knowledge
from .quotes import Quotes, spread_evenly

SHOWN = 12
LOOKED_AT = 6_000
"""Sentences that are read for their dates."""
HEAD, HEADLINE = 500, 120
"""Characters of a document's head in which its date is looked for, and of a line there that may hold it."""
_CHANGE = re.compile(
    r"\b(?:chang|grow|grew|increas|decreas|declin|r[io]se|fell|fall|drop|expand|launch|introduc|announc|acquir|open|clos"
    r"|join|left|leav|appoint|becam|becom|replac|mov|start|began|begin|end|stop|releas|improv|doubl|tripl|exceed"
    r"|surpass|reach|found|establish|merg|sold|bought|sign|adopt|remov|add|rais|lower|extend|cancel|postpon)\w*\b"
    r"|\bno longer\b|\bfor the first time\b|\bnew\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DatedClaim:
    day: Day
    sentence: int
    said: bool
    """The sentence says its date; else the document has it."""


@dataclass(frozen=True, slots=True)
class Timeline:
    claims: tuple[DatedClaim, ...]
    """In order."""
    dated: int
    """Sentences of the period that have a date, of which the claims are some."""
    undated: int
    complete: bool
    """All sentences that speak of it were read."""


def timeline(
    quotes: Quotes, entities: Sequence[int], about: str, since: Day | None, until: Day | None, count: int = SHOWN
) -> Timeline:
    """The claims about all these entities (about anything that changes, where there are none)."""
    graph = quotes.graph
    rows = _rows(graph, entities)
    read = spread_evenly(rows, LOOKED_AT)
    own: dict[int, Day | None] = {}
    first = bounds(since)[0] if since else (0, 0, 0)
    last = bounds(until)[1] if until else (9999, 12, 31)
    wanted = set(content_words(about))
    by_day: dict[Day, list[tuple[float, DatedClaim]]] = defaultdict(list)
    dated = undated = 0
    for row in read:
        text = quotes.text(row)
        said = [day for day in periods(text) if _inside(day, first, last)]
        document = int(graph.sentences[row, 0])
        if not said and document not in own:
            own[document] = document_day(quotes, document)
        day = said[0] if said else own.get(document)
        if day is None:
            undated += 1
        elif _inside(day, first, last):
            changes = len(_CHANGE.findall(text))
            if changes or entities:
                dated += 1
                worth = min(2, changes) + 0.5 * bool(said) + len(wanted & set(content_words(text))) / (len(wanted) or 1)
                worth *= worth_as_said(quotes, row)
                by_day[day].append((worth, DatedClaim(day, row, bool(said))))
    return Timeline(tuple(_spread(quotes, by_day, count)), dated, undated, complete=len(rows) <= LOOKED_AT)


def _rows(graph: Knowledge, entities: Sequence[int]) -> list[int]:
    import numpy as np

    if not entities:
        return list(range(len(graph.sentences)))
    found = graph.speaking_of(entities[0])
    for entity in entities[1:]:
        both = np.intersect1d(found, graph.speaking_of(entity))
        found = both if len(both) else found
    rows: list[int] = found.tolist()
    return rows


def _inside(day: Day, first: Day, last: Day) -> bool:
    begin, end = bounds(day)
    return begin <= last and end >= first


def _spread(quotes: Quotes, by_day: dict[Day, list[tuple[float, DatedClaim]]], count: int) -> list[DatedClaim]:
    """The best claim of each date, the first and the last date in any case; then further ones of the best."""
    ranked = {day: sorted(found, key=lambda one: (-one[0], one[1].sentence)) for day, found in by_day.items()}
    every = sorted(ranked)
    places = [round(at * (len(every) - 1) / max(1, count - 1)) for at in range(count)]
    shown = [every[at] for at in places] if len(every) > count else every
    chosen: list[DatedClaim] = []
    said: set[str] = set()
    for turn in range(count):
        for day in shown:
            if turn < len(ranked[day]) and len(chosen) < count:
                claim = ranked[day][turn][1]
                # What is said alike of two days is two claims; only the very same words say nothing new.
                text = quotes.text(claim.sentence)
                if text not in said:
                    said.add(text)
                    chosen.append(claim)
    return sorted(chosen, key=lambda one: (bounds(one.day), one.sentence))


def document_day(quotes: Quotes, row: int) -> Day | None:
    """The date of a document, by its name, its title or a short line at its head."""
    _, name, title, _ = quotes.document(row)
    stem = name.rpartition("/")[2].rpartition(".")[0].replace("_", "-")
    lines = quotes.whole(row)[:HEAD].splitlines()
    for text in (stem, title, *(line for line in lines if len(line) <= HEADLINE)):
        found = days(text)
        if found:
            return min(found)
        if (day := period(text.partition(":")[2] or text)) is not None:
            return day
    return None
