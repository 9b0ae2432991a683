"""What the library says about some entities: they, their neighbourhood, and the passages that search finds for them.

The local search of GraphRAG (Edge et al., 2024) without a language model: the entities of a question, those that are
tied to them most, and the sentences that speak of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.document import Evidence
from .choosing import Candidates, Encode, choose, relevance, worth_as_said
from .facts import DATE
from .quotes import Quotes, spread_evenly
from .whole import sentences_within

NEIGHBOURS = 12
"""Of each entity, the most strongly tied."""
POINTS, WORDS = 8, 260
LOOKED_AT = 300
"""Sentences that speak of one entity."""
COMPARED = 64
NAMED, TIED = 0.5, 0.04
"""What an entity of the question, and a neighbour, add to a sentence's relevance."""


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    sentences: tuple[int, ...]
    ties: tuple[tuple[int, int, int], ...]
    """``(entity, neighbour, sentence)`` of each tie that a chosen sentence speaks of."""


def ask_around(
    quotes: Quotes, entities: Sequence[int], about: str, hits: Sequence[Evidence], encode: Encode | None
) -> LocalAnswer:
    """``hits`` are passages that search found for the question, the best first."""
    graph = quotes.graph
    asked = set(entities)
    tied = {
        link.target
        for entity in asked
        for link in [one for one in graph.links(entity) if one.together][:NEIGHBOURS]
        if graph.kinds[graph.head[link.target]] != DATE
    } - asked
    named: dict[int, set[int]] = {}
    for entity in asked:
        for row in spread_evenly(graph.speaking_of(entity).tolist(), LOOKED_AT):
            named.setdefault(row, set()).add(entity)
    ranks: dict[int, int] = {}
    for rank, hit in enumerate(hits):
        row = quotes.row(hit.span.document) if hit.span else -1
        if row >= 0 and hit.span:
            for sentence in sentences_within(quotes, row, hit.span.start, hit.span.end):
                ranks.setdefault(sentence, rank)
    rows = sorted({*named, *ranks})
    inside = {row: {entity for entity, *_ in graph.in_sentence(row)} for row in rows}
    shared, _ = relevance(quotes, rows, about, None)

    def early(row: int) -> float:
        search = 1.0 / (1.0 + ranks[row] / 5.0) if row in ranks else 0.0
        own = NAMED * len(named.get(row, ())) + TIED * len(inside[row] & tied) + search + shared[row]
        return own * worth_as_said(quotes, row)

    kept = sorted(rows, key=lambda row: (-early(row), row))[:COMPARED]
    scores, vectors = relevance(quotes, kept, about, encode)
    whole = {
        row: worth_as_said(quotes, row)
        * (scores[row] + NAMED * len(named.get(row, ())) / len(asked) + TIED * min(3, len(inside[row] & tied)))
        for row in kept
    }
    # A sentence of a passage that search found, and that names nothing of what is asked, is about something else.
    fitting = [place for place, row in enumerate(kept) if row in named]
    chosen = choose(
        quotes,
        Candidates([kept[place] for place in fitting], whole, {}, vectors[fitting] if vectors is not None else None),
        POINTS,
        WORDS,
    )
    ties = [
        (entity, other, row)
        for row in chosen
        for entity in sorted(named.get(row, ()))
        for other in sorted(inside[row] & (tied | asked))
        if other != entity and graph.link(entity, other) is not None
    ]
    unique = {(min(one, other), max(one, other)): row for one, other, row in reversed(ties)}
    return LocalAnswer(tuple(chosen), tuple((one, other, row) for (one, other), row in sorted(unique.items())))
