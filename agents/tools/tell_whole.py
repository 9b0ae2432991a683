"""Answers about the whole library or a part of it: themes, what all of it says, outlines, claims in order of time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from ...corpus.document import Evidence
from ...corpus.phrases.dates import Day, day_text, period
from ...corpus.store import Store
from ...errors import NotFoundError
from ...graphs.knowledge.around import ask_around
from ...graphs.knowledge.choosing import Encode
from ...graphs.knowledge.communities import Communities
from ...graphs.knowledge.facts import NAME
from ...graphs.knowledge.graph import Knowledge
from ...graphs.knowledge.linking import entities_in, link, nearest
from ...graphs.knowledge.listing import holders
from ...graphs.knowledge.outline import outlines
from ...graphs.knowledge.quotes import Quotes
from ...graphs.knowledge.themes import themes
from ...graphs.knowledge.timeline import timeline
from ...graphs.knowledge.whole import ask_whole
from ..answer import Answer
from .quoting import QuotedText
from .tell import plural

SHOWN = 4
"""Entities of a community that an answer's part of the graph has."""
LISTED = 30
"""Documents of a list that are shown, each with a quote."""


def overview(
    store: Store, graph: Knowledge, found: Communities, question: str, about: str, count: int, level: int
) -> Answer | None:
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    listed = themes(quotes, found, count, about, level)
    documents: set[str] = set()
    for number, theme in enumerate(listed, start=1):
        where = f"{plural(theme.sentences, 'sentence')}, {plural(theme.documents, 'document')}"
        text.say(f"{number}. {theme.title} ({where})")
        cited = 0
        for evidence in theme.quotes[:1]:
            cited = text.quote(evidence, "   ")
            documents.add(evidence.name)
        _tie(text, theme.members[:SHOWN], cited)
    at = found.at(min(level, found.levels - 1))
    rests = (
        f"{len(listed)} of {len(at)} communities, quoted from {plural(len(documents), 'document')} of "
        f"{len(graph.documents)}"
    )
    return text.answer(question, "themes", reasons=(rests,))


def _tie(text: QuotedText, entities: Sequence[int], citation: int) -> None:
    """Shows entities, the first of them joined with each of the others that it has an edge to."""
    for one in entities:
        text.node(one)
    for other in entities[1:]:
        if text.graph.link(entities[0], other) is not None:
            text.edge(entities[0], other, "", citation)


def whole(
    store: Store,
    graph: Knowledge,
    found: Communities,
    question: str,
    about: str,
    hits: Sequence[Evidence],
    encode: Encode | None,
) -> Answer | None:
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    summary = ask_whole(quotes, found, about, hits, encode)
    if not summary.points:
        raise NotFoundError("no sentence of the documents is near to that", where=about)
    before, asked = None, {entity for entity, *_ in entities_in(graph, about)}
    for point in summary.points:
        if point.community != before:
            before = point.community
            text.say(f"{summary.titles.get(before, 'Elsewhere')}:")
        why = f"one of {summary.read:,} sentences that are near to the question"
        cited = text.quote(quotes.evidence(point.sentence, why), "- ")
        _tie_sentence(text, point.sentence, cited, asked)
    quoted = {point.community for point in summary.points if point.community >= 0}
    documents = len({citation.evidence.name for citation in text.citations})
    rests = {
        "sentences": len(text.citations),
        "read": summary.read,
        "communities": len(quoted),
        "communities_with_a_say": summary.communities,
        "communities_of": summary.of,
        "documents": documents,
        "documents_of": len(graph.documents),
    }
    said = (
        f"{plural(len(text.citations), 'quote')} of {plural(summary.read, 'sentence')} read, from {len(quoted)} of "
        f"{summary.communities} communities that speak of it ({summary.of} in all) and {documents} of "
        f"{plural(len(graph.documents), 'document')}"
    )
    return text.answer(question, "global", reasons=(said,), rests_on=rests)


def _tie_sentence(text: QuotedText, sentence: int, citation: int, asked: Collection[int] = ()) -> None:
    """Shows the names that a sentence speaks of (its terms where it has none), and joins the first of what is asked
    about, or of what most is said of, with the others."""
    graph = text.graph
    spoken = list(dict.fromkeys(entity for entity, *_ in graph.in_sentence(sentence)))
    names = [entity for entity in spoken if graph.kinds[graph.head[entity]] == NAME or entity in asked]
    shown = sorted(
        names if len(names) > 1 else spoken, key=lambda one: (one not in asked, -int(graph.spread[one]), one)
    )
    _tie(text, shown[:SHOWN], citation)


def around(
    store: Store, graph: Knowledge, question: str, about: str, hits: Sequence[Evidence], encode: Encode | None
) -> Answer | None:
    graph, entities = _entities(store, graph, about)
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found = ask_around(quotes, entities, about, hits, encode)
    names = ", ".join(graph.name(entity) for entity in entities)
    for entity in entities:
        text.node(entity)
    text.say(f"On {names}:")
    numbers = {row: text.quote(quotes.evidence(row, f"speaks of {names}"), "- ") for row in found.sentences}
    for one, other, row in found.ties:
        text.edge(one, other, "", numbers[row])
    documents = len({citation.evidence.name for citation in text.citations})
    every = len({int(graph.sentences[row, 0]) for entity in entities for row in graph.speaking_of(entity).tolist()})
    rests = f"quoted from {documents} of {plural(every, 'document')} that speak of it"
    return text.answer(question, "local", reasons=(rests,))


def _entities(store: Store, graph: Knowledge, about: str) -> tuple[Knowledge, list[int]]:
    """The entities that some words name; a term that is none is looked up in the texts. Raises ``NotFoundError``."""
    found = list(dict.fromkeys(entity for entity, *_ in entities_in(graph, about)))
    if found:
        return graph, found
    return link(store, graph, about)


def in_time(store: Store, graph: Knowledge, question: str, about: str, since: str, until: str) -> Answer | None:
    first, last = _day(since), _day(until)
    entities: list[int] = []
    if about:
        graph, entities = _entities(store, graph, about)
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found = timeline(quotes, entities, about, first, last)
    if not found.claims:
        raise NotFoundError(
            "no dated sentence speaks of it in that time", where=" ".join(filter(None, (about, since, until)))
        )
    for claim in found.claims:
        why = "says its date" if claim.said else "is dated by its document"
        cited = text.quote(quotes.evidence(claim.sentence, why), f"{day_text(claim.day)}: ")
        _tie_sentence(text, claim.sentence, cited, entities)
    shown = f"{len(text.citations)} of {plural(found.dated, 'dated sentence')}"
    scope = f"over {plural(len(graph.documents), 'document')}"
    reasons = [f"{shown}, {'complete' if found.complete else 'not all were read'} {scope}"]
    if found.undated:
        reasons.append(f"{plural(found.undated, 'sentence')} about it have no date")
    return text.answer(question, "time", reasons=reasons)


def _day(text: str) -> Day | None:
    """Raises ``NotFoundError`` for what is no date, so that the question is searched for."""
    day = period(text) if text else None
    if text and day is None:
        raise NotFoundError("that is no date", where=text, fix="write it as 2021, March 2021 or 2021-03-05")
    return day


def documents(store: Store, graph: Knowledge, question: str, name: str) -> Answer | None:
    graph, (entity,) = link(store, graph, name)
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    found = holders(quotes, entity)
    shown, every = graph.name(entity), len(found.documents)
    places = sum(number for *_, number in found.documents)
    text.node(entity)
    scope = f"over {plural(len(graph.documents), 'document')}"
    head = f"{plural(every, 'document')} name {shown}, {plural(places, 'time')} in all"
    text.say(f"{head}; complete {scope}:" if found.complete else f"at least {head} {scope}:")
    for row, at, number in found.documents[:LISTED]:
        text.quote(quotes.around(row, at, f"names {shown}"), f"- {quotes.name(row)} ({plural(number, 'time')}): ")
    if every > LISTED:
        text.say(f"… and {every - LISTED:,} more")
    return text.answer(question, "documents", short=str(every) if found.complete else "")


def contents(store: Store, graph: Knowledge, question: str, name: str, depth: int) -> Answer | None:
    quotes, text = Quotes(store, graph), QuotedText(store, graph)
    shown, every = outlines(quotes, name, depth)
    if not shown:
        raise NotFoundError(
            "no document has that in its name or title", where=name, suggestions=tuple(nearest(graph, name))
        )
    for one in shown:
        text.say(f"{one.name}: {one.title}" if one.title else one.name)
        for entry in one.entries:
            text.quote(entry.opening, f"{'  ' * entry.depth}{entry.heading}: ")
        if one.hidden:
            text.say(f"  … and {one.hidden:,} more headings")
    if every > len(shown):
        text.say(f"… and {plural(every - len(shown), 'document')} more")
    for entity in _entities_of_headings(graph, (citation.evidence.heading for citation in text.citations)):
        text.node(entity)
    return text.answer(question, "outline", reasons=(f"{len(shown)} of {plural(every, 'document')}",))


def _entities_of_headings(graph: Knowledge, paths: Iterable[str]) -> list[int]:
    """The entities that headings name."""
    names = dict.fromkeys(part for path in paths for part in path.split(" > "))
    found = (graph.find(name) for name in names if name)
    return list(dict.fromkeys(entity for entity in found if entity is not None))
