"""What the whole library says about a question: the best of every community, put together within a budget of words.

The map and reduce of GraphRAG's global search (Edge et al., 2024) without a language model: in place of a model that
rates reports, each community is asked for its sentences that are nearest to the question, and those that cover most
without repetition are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...corpus.document import Evidence
from .choosing import Candidates, Encode, choose, readable, relevance, worth_as_said
from .communities import Communities
from .linking import entities_in
from .quotes import Quotes, spread_evenly
from .themes import TITLED, central

POINTS, WORDS = 16, 450
"""Sentences of an answer, and their words together."""
MAPPED = 4
"""Sentences that one community brings forward at least; more where few communities have a say."""
COMPARED = 96
"""Sentences that are compared with the question and with each other by their vectors."""
SPOKEN = 200
"""Sentences that are looked at for one entity of the question."""
LEAST = 0.5
"""Of the best sentence's relevance that another one must have."""


@dataclass(frozen=True, slots=True)
class WholePoint:
    """One sentence of an answer."""

    sentence: int
    community: int
    """-1 where it speaks of no community's entities."""


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    points: tuple[WholePoint, ...]
    """Community by community, the first one that of the best sentence."""
    titles: Mapping[int, str]
    read: int
    """Sentences that were looked at."""
    communities: int
    """That have a say, of all those of the level; those that are quoted are in ``points``."""
    of: int


def ask_whole(
    quotes: Quotes, found: Communities, about: str, hits: Sequence[Evidence], encode: Encode | None, level: int = 0
) -> WholeAnswer:
    """``hits`` are passages that search found for the question, the best first."""
    graph = quotes.graph
    at = found.at(min(level, found.levels - 1))
    member = {entity: one.number for one in at for entity in one.members}
    first = _first_ranks(quotes, about, hits)
    rows = [row for row in first if readable(graph, row)] or list(first)
    groups = {row: _community(quotes, row, member) for row in rows}
    near, _ = relevance(quotes, rows, about, None)
    said = {row: worth_as_said(quotes, row) for row in rows}
    early = {row: said[row] * (near[row] + 1.0 / (1.0 + first[row] / 10.0)) for row in rows}
    kept = _map(quotes, rows, groups, early)
    scores, vectors = relevance(quotes, kept, about, encode)
    scores = {row: early[row] if vectors is None else said[row] * scores[row] for row in kept}
    best = max(scores.values(), default=0.0)
    fitting = [place for place, row in enumerate(kept) if scores[row] >= LEAST * best]
    candidates = Candidates(
        [kept[place] for place in fitting], scores, groups, vectors[fitting] if vectors is not None else None
    )
    chosen = choose(quotes, candidates, POINTS, WORDS)
    order = list(dict.fromkeys(groups[row] for row in chosen))
    points = sorted((WholePoint(row, groups[row]) for row in chosen), key=lambda one: order.index(one.community))
    titled = {one.number: one.members for one in at if one.number in order}
    titles = {
        number: ", ".join(graph.name(entity) for entity in central(graph, members)[:TITLED])
        for number, members in titled.items()
    }
    spoken = {group for group in groups.values() if group >= 0}
    return WholeAnswer(tuple(points), titles, len(rows), communities=len(spoken), of=len(at))


def _first_ranks(quotes: Quotes, about: str, hits: Sequence[Evidence]) -> dict[int, int]:
    """The sentences of the passages, with their ranks, and those that speak of the question's entities."""
    graph = quotes.graph
    found: dict[int, int] = {}
    for rank, hit in enumerate(hits):
        row = quotes.row(hit.span.document) if hit.span else -1
        if row >= 0 and hit.span:
            for sentence in sentences_within(quotes, row, hit.span.start, hit.span.end):
                found.setdefault(sentence, rank)
    for entity, *_ in entities_in(graph, about):
        for sentence in spread_evenly(graph.speaking_of(entity).tolist(), SPOKEN):
            found.setdefault(sentence, len(hits))
    return found


def sentences_within(quotes: Quotes, row: int, start: int, end: int) -> list[int]:
    """The sentences of a stretch of a document."""
    import numpy as np

    rows = quotes.graph.of_document(row)
    begins = quotes.graph.sentences[rows.start : rows.stop, 1]
    first, last = np.searchsorted(begins, [start, end]).tolist()
    return list(range(rows.start + first, rows.start + last))


def _community(quotes: Quotes, row: int, member: Mapping[int, int]) -> int:
    """The one that most of its entities are of; -1 for none."""
    counts = Counter(member[entity] for entity, *_ in quotes.graph.in_sentence(row) if entity in member)
    return min(counts, key=lambda one: (-counts[one], one)) if counts else -1


def _map(quotes: Quotes, rows: Sequence[int], groups: Mapping[int, int], scores: Mapping[int, float]) -> list[int]:
    """The best sentences of each community, one after the other of each, the community of the best one first; a further
    one of a document behind the first ones of others."""
    by_group: dict[int, list[int]] = defaultdict(list)
    seen: Counter[tuple[int, int]] = Counter()
    turns: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (-scores[row], row)):
        by_group[groups[row]].append(row)
        place = groups[row], int(quotes.graph.sentences[row, 0])
        turns[row] = seen[place]
        seen[place] += 1
    most = max(MAPPED, COMPARED // max(1, len(by_group)))
    first = [sorted(own, key=lambda row: (turns[row], -scores[row]))[:most] for own in by_group.values()]
    return [own[turn] for turn in range(most) for own in first if turn < len(own)][:COMPARED]
