"""Answers made from the knowledge graph: cards, chains, comparisons and lists, every statement a quote."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...corpus.store import Store
from ...errors import NotFoundError
from ...graphs.knowledge.card import card
from ...graphs.knowledge.documentation import Documented, find_documentation, stale
from ...graphs.knowledge.facts import DATE
from ...graphs.knowledge.graph import Knowledge
from ...graphs.knowledge.linking import link
from ...graphs.knowledge.listing import most_mentioned
from ...graphs.knowledge.paths import paths
from ...graphs.knowledge.quotes import Quotes
from ..answer import Answer
from .quoting import QuotedText

SHOWN = 20
"""Things of a list that are shown, each with a quote."""
COMPARED = 2
"""Sentences about each of two that are compared, and what both have to do with."""


def entity(store: Store, graph: Knowledge, question: str, name: str) -> Answer | None:
    graph, (asked,) = link(store, graph, name)
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found = card(quotes, asked)
    also = "".join(f"; also {alias} ({reason})" for alias, reason in found.aliases)
    text.node(found.entity)
    heads = f", {plural(found.sections, 'section')} below that heading" if found.sections else ""
    where = f"{plural(found.mentions, 'mention')} in {plural(found.documents, 'document')}{heads}"
    text.say(f"{found.name}: {where}{also}")
    if found.what and not found.defined:
        text.say("No sentence says what it is; the one that says most:")
    for evidence in found.what:
        text.quote(evidence)
    if found.openings:
        text.say("Below that heading:")
    for evidence in found.openings:
        text.quote(evidence, "- ")
    if found.relations:
        text.say("Strongest relations:")
    for relation in found.relations:
        before = f"- {graph.name(relation.target)} ({plural(relation.sentences, 'sentence')}): "
        number = text.quote(relation.evidence, before)
        text.edge(found.entity, relation.target, relation.label, number)
    for statement in found.said:
        whom = f"{graph.name(statement.target)}: " if statement.target >= 0 else ""
        cited = text.tell(statement, f"- {whom}")
        if statement.target >= 0:
            text.edge(found.entity, statement.target, statement.kind, cited)
    return text.answer(question, "entity")


def path(store: Store, graph: Knowledge, question: str, start: str, end: str) -> Answer | None:
    graph, (one, other) = link(store, graph, start, end)
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    chains = paths(quotes, one, other) if one != other else []
    if not chains:
        raise NotFoundError(
            "no chain of sentences connects the two",
            where=f"{graph.name(one)}, {graph.name(other)}",
            fix="ask about each",
        )
    for number, chain in enumerate(chains, start=1):
        text.say(f"{number}. {' – '.join(graph.name(entity) for entity in chain.entities)}")
        for hop in chain.hops:
            cited = text.quote(hop.evidence, "   ") if hop.evidence else 0
            if hop.said is not None:
                cited = text.tell(hop.said, "   ")
            text.edge(hop.source, hop.target, hop.label or (hop.said.kind if hop.said else ""), cited)
    return text.answer(question, "path", reasons=("the shortest chains, each step by a sentence that names both ends",))


def compare(store: Store, graph: Knowledge, question: str, start: str, end: str) -> Answer | None:
    graph, (one, other) = link(store, graph, start, end)
    quotes, text, sides = Quotes(store, graph), QuotedText(store, graph), (one, other)
    for side in sides:
        text.node(side)
        text.say(f"{graph.name(side)} ({plural(graph.count(side), 'mention')}):")
        for evidence in quotes.defines(side, 1) + quotes.about(side, COMPARED):
            if all(evidence.span != one.evidence.span for one in text.citations):
                text.quote(evidence, "- ")
    joined = quotes.between(*sides, f"speaks of {graph.name(sides[0])} and {graph.name(sides[1])}")
    if joined is not None:
        text.say("Both:")
        text.edge(*sides, quotes.verb(*sides), text.quote(joined, "- "))
    links = [{one.target: one for one in graph.links(side) if one.together} for side in sides]
    common = sorted(
        (target for target in links[0].keys() & links[1].keys() if graph.kinds[graph.head[target]] != DATE),
        key=lambda target: (-min(links[0][target].weight, links[1][target].weight), target),
    )
    for target in common[:COMPARED]:
        text.say(f"Both have to do with {graph.name(target)}:")
        for side in sides:
            both = quotes.between(side, target, f"speaks of {graph.name(side)} and {graph.name(target)}")
            if both is not None:
                text.edge(side, target, quotes.verb(side, target), text.quote(both, f"- {graph.name(side)}: "))
    return text.answer(question, "compare")


def mentioned_things(store: Store, graph: Knowledge, question: str, kind: str) -> Answer | None:
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found, complete = most_mentioned(quotes, kind)
    if not found:
        raise NotFoundError(f"the documents do not say which things are {kind}", where=kind)
    scope = f"over {plural(len(graph.documents), 'document')}"
    text.say(f"{len(found):,} {kind}, complete {scope}:" if complete else f"at least {len(found):,} {kind} {scope}:")
    for one in found[:SHOWN]:
        name = graph.name(one.entity)
        text.node(one.entity)
        why = f"says what {name} is" if one.sentence >= 0 else f"names {name}"
        evidence = [quotes.evidence(one.sentence, why)] if one.sentence >= 0 else quotes.about(one.entity, 1)
        for each in evidence:
            text.quote(each, f"- {name}: ")
    if len(found) > SHOWN:
        text.say(f"… and {len(found) - SHOWN:,} more")
    reasons = () if complete else ("the documents do not always say what a thing is",)
    return text.answer(question, "mentioned", reasons, str(len(found)) if complete else "")


def documentation(store: Store, graph: Knowledge, question: str, name: str) -> Answer | None:
    """The passages that name a symbol of the code. Raises ``NotFoundError`` where none does, or there is none."""
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found = find_documentation(quotes, name)
    if not found:
        raise NotFoundError("no document names it", where=name)
    text.say(f"{name} is named in {plural(len(found), 'passage')}:")
    _quote_all(text, found)
    return text.answer(question, "documented")


def stale_documents(store: Store, graph: Knowledge, question: str, revision: str) -> Answer | None:
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found = stale(quotes, revision)
    changed = len(found.changes.rows) + len(found.changes.removed)
    if not found.found:
        also = f"; {', '.join(found.edited[:SHOWN])} did, and changed as well" if found.edited else ""
        raise NotFoundError(
            f"of {plural(changed, 'definition')} that changed since {revision} no other document names one{also}",
            where=revision,
        )
    documents = {one.evidence.name for one in found.found}
    text.say(
        f"{plural(changed, 'definition')} changed since {revision}; {plural(len(found.found), 'passage')} of "
        f"{plural(len(documents), 'document')} name them and did not:"
    )
    _quote_all(text, found.found, set(found.changes.removed))
    if found.edited:
        text.say(f"Changed as well: {', '.join(found.edited[:SHOWN])}")
    return text.answer(question, "stale", reasons=("a passage that names what changed may be true all the same",))


def _quote_all(text: QuotedText, found: Sequence[Documented], gone: Collection[str] = ()) -> None:
    for one in found[:SHOWN]:
        what = f"{one.symbol} (gone)" if one.symbol in gone else one.symbol
        number = text.quote(one.evidence, f"- {what}, {one.evidence.name}: ")
        text.edges.append(
            {"source": one.symbol, "target": one.evidence.name, "label": "DOCUMENTED_BY", "citation": number}
        )
    if len(found) > SHOWN:
        text.say(f"… and {len(found) - SHOWN:,} more")


def plural(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
