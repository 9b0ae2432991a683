"""What a library is about: its communities, each told by sentences of the documents that cover it without repetition.

A report is extractive: the sentences that name most of what is central in a community, each chosen for what the ones
before it do not cover (maximal marginal relevance, Carbonell and Goldstein, 1998). Reports are kept by what they are
made of, so that only those of changed communities are made anew.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ...corpus.document import Evidence
from ...corpus.words import content_words, stems
from ...errors import LibraryLocked
from .communities import Communities, Community
from .facts import NAME
from .graph import Knowledge
from .quotes import GOOD, Quotes, spread_evenly

THEMES = 12
QUOTED = 3
"""Sentences of a report; the first ones are shown."""
TITLED = 4
"""Entities that name a theme."""
SMALLEST = 3
"""Entities of a community that is a theme."""
CANDIDATES = 60
"""Sentences of a community that are read for its report."""


@dataclass(frozen=True, slots=True)
class Theme:
    community: int
    title: str
    members: tuple[int, ...]
    """The most central first."""
    documents: int
    sentences: int
    """That speak of two of them or more."""
    quotes: tuple[Evidence, ...]


def themes(quotes: Quotes, found: Communities, count: int = THEMES, about: str = "", level: int = 0) -> list[Theme]:
    """The communities that most sentences speak of, or those that ``about`` asks for, the first first. Their quotes
    come from as many documents as they can, and no two say the same."""
    graph = quotes.graph
    known = [community for community in found.at(min(level, found.levels - 1)) if len(community.members) >= SMALLEST]
    spoken = {community.number: _members_per_sentence(graph, community) for community in known}
    scored = sorted(known, key=lambda one: (-_score(graph, one, spoken[one.number], about), one.number))
    chosen = [one for one in scored if spoken[one.number]][:count]
    taken: list[int] = []
    used: Counter[int] = Counter()
    told = []
    for community in chosen:
        report = _report(quotes, community, spoken[community.number])
        rows = [row for row in report if not quotes.repeats(row, taken)] or report[:1]
        rows.sort(key=lambda row: used[int(graph.sentences[row, 0])])
        taken += rows
        used.update(int(graph.sentences[row, 0]) for row in rows[:1])
        told.append(_describe(quotes, community, spoken[community.number], rows))
    return told


def _members_per_sentence(graph: Knowledge, community: Community) -> Counter[int]:
    """How many members each sentence speaks of, where it speaks of two or more."""
    import numpy as np

    if not community.members:
        return Counter()
    rows, counts = np.unique(
        np.concatenate([graph.speaking_of(entity) for entity in community.members]), return_counts=True
    )
    return Counter(dict(zip(rows[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True)))


def _score(graph: Knowledge, community: Community, spoken: Mapping[int, int], about: str) -> float:
    """Counts how many sentences in how many documents speak of it; first of all by the words that are asked for."""
    documents = len({int(graph.sentences[row, 0]) for row in spoken})
    asked = set(stems(about)) if about else set()
    fitting = sum(
        math.log1p(float(graph.spread[entity]))
        for entity in community.members
        if asked and asked & set(stems(graph.phrases[graph.head[entity]]))
    )
    return 1e6 * fitting + len(spoken) * math.log1p(documents)


def central(graph: Knowledge, members: Sequence[int]) -> list[int]:
    """The members by how strongly they are tied to the others, names before equals."""
    ties = ties_of(graph, members)
    return sorted(members, key=lambda one: (-ties[one] * (1.5 if graph.kinds[graph.head[one]] == NAME else 1.0), one))


def ties_of(graph: Knowledge, members: Sequence[int]) -> dict[int, float]:
    """The weight of each member's edges to the others, less what it shares with everything else."""
    import numpy as np

    inside = np.zeros(len(graph.phrases), bool)
    inside[list(members)] = True
    found = {}
    for entity in members:
        targets, edges = graph.adjacency.of(entity)
        own = inside[targets] & graph.near[edges]
        total = float(graph.weight[edges].sum()) or 1.0
        tied = float(graph.weight[edges[own]].sum())
        found[entity] = tied * tied / total
    return found


def _report(quotes: Quotes, community: Community, spoken: Counter[int]) -> list[int]:
    """Rows of sentences; from the store where the community is what it was."""
    graph, store = quotes.graph, quotes.store
    key = _digest(quotes, community, spoken)
    places = {tuple(graph.sentences[row, :3].tolist()): row for row in spoken}
    kept = store.connection.execute("SELECT report FROM knowledge_reports WHERE community = ?", (key,)).fetchone()
    if kept is not None:
        rows = [places.get((quotes.row(uri), start, end), -1) for uri, start, end in json.loads(kept[0])]
        if rows and min(rows) >= 0:
            return rows
    rows = _choose_rows(quotes, community, spoken)
    report = [[quotes.uri(row[0]), row[1], row[2]] for row in (graph.sentences[at].tolist() for at in rows)]
    _keep(quotes, key, json.dumps(report))
    return rows


def _keep(quotes: Quotes, key: str, report: str) -> None:
    """Nothing is lost where somebody else writes: the report is made again."""
    if quotes.store.read_only:
        return
    try:
        with quotes.store.writing():
            quotes.store.connection.execute("INSERT OR REPLACE INTO knowledge_reports VALUES (?, ?)", (key, report))
    except LibraryLocked:
        return


def _digest(quotes: Quotes, community: Community, spoken: Iterable[int]) -> str:
    graph = quotes.graph
    whole = hashlib.sha256()
    for entity in community.members:
        whole.update(f"{graph.phrases[entity]}\0".encode())
    for row in sorted(spoken):
        document, start, end = graph.sentences[row, :3].tolist()
        whole.update(f"{quotes.uri(document)}\0{start}\0{end}\0".encode())
    return whole.hexdigest()


def _choose_rows(quotes: Quotes, community: Community, spoken: Counter[int]) -> list[int]:
    graph = quotes.graph
    ties = ties_of(graph, community.members)
    rows = sorted(spoken, key=lambda row: (-spoken[row], row))[: 4 * CANDIDATES]
    rows = [row for row in rows if GOOD[0] <= graph.sentences[row, 2] - graph.sentences[row, 1] <= GOOD[1]] or rows
    rows = spread_evenly(rows, CANDIDATES)
    members = {row: {entity for entity, *_ in graph.in_sentence(row) if entity in ties} for row in rows}
    chosen: list[int] = []
    covered: set[int] = set()
    while rows and len(chosen) < QUOTED:
        best = max(rows, key=lambda row: (_gain(quotes, row, members[row] - covered, ties, chosen), -row))
        rows.remove(best)
        if not quotes.repeats(best, chosen):
            chosen.append(best)
            covered |= members[best]
    return chosen


def _gain(quotes: Quotes, row: int, fresh: set[int], ties: Mapping[int, float], chosen: Sequence[int]) -> float:
    """What a sentence adds for its length, less where its document is quoted already."""
    sentences = quotes.graph.sentences
    words = len(content_words(quotes.text(row)))
    again = any(sentences[row, 0] == sentences[other, 0] for other in chosen)
    gain = sum(math.sqrt(ties[entity]) for entity in fresh) / math.sqrt(8 + words)
    return gain * (0.3 if again else 1.0)


def _describe(quotes: Quotes, community: Community, spoken: Counter[int], rows: Sequence[int]) -> Theme:
    graph = quotes.graph
    members = central(graph, community.members)
    title = ", ".join(graph.name(entity) for entity in members[:TITLED])
    evidence = tuple(quotes.evidence(row, f"theme: {title}") for row in rows)
    documents = len({int(graph.sentences[row, 0]) for row in spoken})
    return Theme(community.number, title, tuple(members), documents=documents, sentences=len(spoken), quotes=evidence)
