"""One entity on one card: what it is, where it is mentioned, and its strongest relations, each with a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ...corpus.document import Evidence
from .facts import DATE
from .graph import Knowledge
from .quotes import Quotes
from .statements import ImportedStatement, Statements

RELATIONS = 8
REPEATED = 2
"""How many relations may rest on one sentence."""
_DEFINITIONS, _SECTIONS, _SAID = 2, 3, 2


@dataclass(frozen=True, slots=True)
class EntityRelation:
    target: int
    label: str
    sentences: int
    """That speak of both."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Card:
    entity: int
    name: str
    kind: str
    aliases: tuple[tuple[str, str], ...]
    """Other spellings, each with the reason why it means the same."""
    mentions: int
    documents: int
    what: tuple[Evidence, ...]
    """Sentences that say what it is; the one that says most where none does and it heads no section."""
    defined: bool
    sections: int
    """That it heads."""
    openings: tuple[Evidence, ...]
    """How they begin."""
    relations: tuple[EntityRelation, ...]
    said: tuple[ImportedStatement, ...]
    """What models of imported indexes said of it, and of it and another."""


def card(quotes: Quotes, entity: int, relations: int = RELATIONS) -> Card:
    graph = quotes.graph
    defined = quotes.defines(entity, _DEFINITIONS)
    openings = quotes.openings(entity, _SECTIONS)
    statements = Statements(quotes)
    return Card(
        entity,
        graph.name(entity),
        graph.kind(entity),
        aliases=tuple(_aliases(graph, entity)),
        mentions=graph.count(entity),
        documents=graph.documents_of(entity),
        what=tuple(defined or (() if openings else quotes.about(entity, 1))),
        defined=bool(defined),
        sections=len(graph.sections_of(entity)),
        openings=tuple(openings),
        relations=tuple(strongest(quotes, entity, relations)),
        said=(*statements.of(entity, _SAID), *statements.relations(entity, relations)),
    )


def _aliases(graph: Knowledge, entity: int) -> list[tuple[str, str]]:
    own = graph.number
    found: dict[tuple[str, str], None] = {}
    for merge in graph.merges:
        if int(graph.entity[own[merge.other]]) == entity:
            head = graph.phrases[graph.head[entity]]
            other = merge.one if merge.one != head else merge.other
            where = " in some documents" if merge.only_there else ""
            found.setdefault((graph.spellings[own[other]], f"{merge.reason}{where}"))
    return list(found)


def strongest(quotes: Quotes, entity: int, count: int) -> list[EntityRelation]:
    """The strongest edges with one sentence for both ends."""
    graph = quotes.graph
    found: list[EntityRelation] = []
    used: Counter[str] = Counter()
    for link in graph.links(entity):
        if len(found) == count:
            break
        if not link.together or graph.kinds[graph.head[link.target]] == DATE:
            continue
        name = graph.name(link.target)
        evidence = quotes.between(entity, link.target, f"speaks of {graph.name(entity)} and {name}")
        if evidence is not None and used[evidence.quote] < REPEATED:
            used[evidence.quote] += 1
            found.append(EntityRelation(link.target, quotes.verb(entity, link.target), link.together, evidence))
    return found
