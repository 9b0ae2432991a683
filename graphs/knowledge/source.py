"""The knowledge graph as nodes and edges for a Cypher engine and for export. Ids begin with the part that they are of.

Names and headings are all there, terms where two sentences or more speak of them. ``SAYS`` joins two names that stand
next to each other in a sentence with a verb between, and two of which an imported index says something; all other
sentences that hold two are counted in ``NEAR``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from ...corpus.store import Store
from ..base import Edge, Node
from .code_names import naming
from .communities import Communities
from .facts import TERM
from .graph import Knowledge
from .index import KnowledgeGraph
from .quotes import LABEL, Quotes, tells
from .statements import Statements
from .themes import TITLED, central

SPOKEN = 2
"""Sentences that a term must be in."""
TEXT = 2_000
"""Characters of a passage that its node holds."""


class KnowledgeSource:
    name = "knowledge"

    def __init__(self, store: Store) -> None:
        self._graph = KnowledgeGraph(store)

    @property
    def version(self) -> str:
        return self._graph.version

    def nodes(self) -> Iterator[Node]:
        return nodes(*self._parts)

    def edges(self) -> Iterator[Edge]:
        return edges(*self._parts)

    @cached_property
    def _parts(self) -> tuple[Quotes, Communities]:
        return self._graph.quotes(), self._graph.communities()


def entity_id(graph: Knowledge, entity: int) -> str:
    return f"entity:{graph.phrases[graph.head[entity]]}"


def projected_entities(graph: Knowledge) -> set[int]:
    """The entities that are projected."""
    named = {*graph.sections[:, 0].tolist(), *graph.imported[:, 0].tolist()}
    return {
        entity
        for entity in graph.entities
        if graph.kinds[graph.head[entity]] != TERM or int(graph.spread[entity]) >= SPOKEN or entity in named
    }


def nodes(quotes: Quotes, found: Communities) -> Iterator[Node]:
    graph, kept = quotes.graph, projected_entities(quotes.graph)
    for entity in sorted(kept):
        properties = {
            "name": graph.name(entity),
            "kind": graph.kind(entity),
            "mentions": graph.count(entity),
            "sentences": int(graph.spread[entity]),
        }
        yield Node("ENTITY", entity_id(graph, entity), properties)
    for phrase, owner in _aliases(graph, kept):
        yield Node(
            "SPELLING", f"spelling:{graph.phrases[phrase]}", {"name": graph.spellings[phrase], "of": graph.name(owner)}
        )
    for community in found.all.values():
        title = ", ".join(graph.name(one) for one in central(graph, community.members)[:TITLED])
        properties = {"name": title, "level": community.level, "size": len(community.members)}
        yield Node("COMMUNITY", f"community:{community.number}", properties)
    for row in range(len(graph.documents)):
        uri, name, title, _ = quotes.document(row)
        parts = quotes.prose(row)
        if not parts:
            continue
        yield Node("DOCUMENT", f"document:{uri}", {"name": name, "title": title})
        for start, end, line, heading in parts:
            text = quotes.slice(row, start, min(end, start + TEXT))
            yield Node(
                "PASSAGE", f"passage:{uri}#{start}", {"name": name, "heading": heading, "line": line, "text": text}
            )
        quotes.forget(row)


def edges(quotes: Quotes, found: Communities, *, code: bool = True) -> Iterator[Edge]:
    """``code``: also those between passages and the symbols that they name, nodes of the code graph."""
    graph, kept = quotes.graph, projected_entities(quotes.graph)
    reasons = {merge.one: merge.reason for merge in graph.merges} | {
        merge.other: merge.reason for merge in graph.merges
    }
    for phrase, owner in _aliases(graph, kept):
        key = graph.phrases[phrase]
        yield Edge("SAME_AS", f"spelling:{key}", entity_id(graph, owner), {"reason": reasons.get(key, "")})
    yield from _near(graph, kept)
    for community in found.all.values():
        for entity in community.members:
            if entity in kept:
                yield Edge("MEMBER_OF", entity_id(graph, entity), f"community:{community.number}")
        if community.parent >= 0:
            yield Edge("WITHIN", f"community:{community.number}", f"community:{community.parent}")
    yield from _in_documents(quotes, kept)
    for passage, symbol in naming(quotes) if code else ():
        yield Edge("MENTIONS", passage, symbol)
        yield Edge("DOCUMENTED_BY", symbol, passage)


def _aliases(graph: Knowledge, kept: set[int]) -> Iterator[tuple[int, int]]:
    """``(phrase, entity)`` of phrases that are shown under another name."""
    for phrase, owner in enumerate(graph.entity.tolist()):
        if graph.head[owner] != phrase and owner in kept:
            yield phrase, owner


def _near(graph: Knowledge, kept: set[int]) -> Iterator[Edge]:
    for at in graph.near.nonzero()[0].tolist():
        one, other = int(graph.ends[0, at]), int(graph.ends[1, at])
        if one in kept and other in kept:
            properties = {"weight": round(float(graph.weight[at]), 4), "sentences": int(graph.together[at])}
            yield Edge("NEAR", entity_id(graph, one), entity_id(graph, other), properties)


def _in_documents(quotes: Quotes, kept: set[int]) -> Iterator[Edge]:
    """What passages mention, and what sentences say and define, document by document."""
    import numpy as np

    graph = quotes.graph
    said: dict[tuple[int, int], tuple[str, str]] = {}
    # Where each document's sentences begin; one more for the end.
    firsts: list[int] = np.searchsorted(graph.sentences[:, 0], np.arange(len(graph.documents) + 1)).tolist()
    for row in range(len(graph.documents)):
        uri, _, _, starts = quotes.document(row)
        mentioned: Counter[tuple[int, int]] = Counter()
        for start, *_ in quotes.prose(row):
            yield Edge("PART_OF", f"passage:{uri}#{start}", f"document:{uri}")
        for sentence in range(firsts[row], firsts[row + 1]):
            found = [one for one in graph.in_sentence(sentence) if one[0] in kept]
            for entity, *_ in found:
                mentioned[int(graph.sentences[sentence, 4]), entity] += 1
            for (one, _, end), (other, start, _) in pairwise(found):
                words = (
                    " ".join(quotes.slice(row, end, start).split()).strip(" ,;:()") if 3 < start - end < LABEL else ""
                )
                if words and one != other and (one, other) not in said and tells(words):
                    said[one, other] = (words, quotes.text(sentence))
        for (part, entity), count in sorted(mentioned.items()):
            yield Edge("MENTIONS", f"passage:{uri}#{starts[part]}", entity_id(graph, entity), {"count": count})
        quotes.forget(row)
    yield from _says(quotes, kept, said)
    yield from _definitions(quotes, kept)
    yield from _headings(quotes, kept)


def _says(quotes: Quotes, kept: set[int], said: dict[tuple[int, int], tuple[str, str]]) -> Iterator[Edge]:
    """One edge for two entities: the words of a sentence, and what a model of an imported index said of both. Its quote
    is a sentence of the library, or nothing."""
    graph, statements = quotes.graph, Statements(quotes)
    told = {(a, b): row for a, b, row in reversed(graph.relations.tolist()) if a in kept and b in kept}
    for one, other in {**said, **told}:
        ends = entity_id(graph, one), entity_id(graph, other)
        label, quote = said.get((one, other), ("", ""))
        statement = statements.relation(one, other, told[one, other]) if (one, other) in told else None
        if statement is None:
            yield Edge("SAYS", *ends, {"label": label, "quote": quote})
        elif statement.description or label:
            quote = quote or (statement.evidence.quote if statement.evidence else "")
            more = {"told": statement.description, "origin": statement.origin, "relation": statement.kind}
            yield Edge("SAYS", *ends, {"label": label, "quote": quote, **more})
        else:
            yield Edge("NEAR", *ends, {"weight": 0.0, "sentences": 0, "origin": statement.origin})


def _headings(quotes: Quotes, kept: set[int]) -> Iterator[Edge]:
    for entity, row, first, last in quotes.graph.sections.tolist():
        if entity in kept:
            uri, _, _, starts = quotes.document(row)
            prose = {start for start, *_ in quotes.prose(row)}
            for start in starts[first : last + 1]:
                if start in prose:
                    yield Edge("HEADS", entity_id(quotes.graph, entity), f"passage:{uri}#{start}")


def _definitions(quotes: Quotes, kept: set[int]) -> Iterator[Edge]:
    graph = quotes.graph
    for mention, start, end in graph.definitions.tolist():
        entity, _, row, _, _, sentence = graph.mentions[mention].tolist()
        if entity in kept:
            uri, _, _, starts = quotes.document(row)
            passage = f"passage:{uri}#{starts[int(graph.sentences[sentence, 4])]}"
            said = " ".join(quotes.slice(row, start, end).split())
            yield Edge("IS", entity_id(graph, entity), passage, {"says": said})
