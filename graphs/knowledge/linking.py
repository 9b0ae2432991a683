"""The way from a name as somebody writes it to the entity that it means, and to those that it may mean."""

from __future__ import annotations

from collections.abc import Iterator

from ...corpus.languages import ENGLISH
from ...corpus.phrases.names import Titles, mentions, normal, text_words, title_forms
from ...corpus.store import Store
from ...corpus.words import STOPWORDS, stem_words
from ...errors import NotFoundError
from .asked_terms import LONGEST, find_term, other_numbers
from .graph import Knowledge

SUGGESTED = 5
_NO_TITLES = Titles({})
_LIGHT = frozenset(
    """
    thing things kind kinds way ways lot point points topic topics theme themes document documents transcript
    transcripts call calls question questions year years time times discussion discussions
    """.split()  # noqa: SIM905
)
"""Words that say nothing of what is asked about."""
_BEFORE_PERSONS = frozenset(("old", "young", "poor", "dear"))
"""Words that make no other name of a name."""


def link(store: Store, graph: Knowledge, *names: str) -> tuple[Knowledge, list[int]]:
    """The entities of these names, and the graph that has them: with one more entity for each term that is none of the
    graph's own and stands in the texts. Raises ``NotFoundError`` with the nearest known names."""
    entities = []
    for name in names:
        found = find_entity(graph, name)
        if found is None:
            graph, found = find_term(store, graph, name)
        if found is None:
            found = _by_stems(graph, name)
        if found is None:
            raise NotFoundError(
                "nothing of that name is mentioned", where=name, suggestions=tuple(nearest(graph, name))
            )
        entities.append(found)
    return graph, entities


def find_entity(graph: Knowledge, name: str) -> int | None:
    """Finds it by its letters; a date in any order; without what stands in brackets or behind a comma; one or many; a
    name without *old* or *poor* before it; with other middle names, where just one entity fits."""
    for form in _forms(name):
        found = graph.find(form)
        if found is not None:
            return found
    words = normal(name).split()
    if len(words) < 2:
        return None
    if words[0] in _BEFORE_PERSONS:
        person = graph.find(" ".join(words[1:]))
        if person is not None and graph.kind(person) == "name":
            return person
    alike = {
        int(graph.entity[at]) for at in graph.by_ends.get((words[0], words[-1]), ()) if _fits(words, graph.phrases[at])
    }
    return alike.pop() if len(alike) == 1 else None


def entities_in(graph: Knowledge, text: str) -> list[tuple[int, int, int]]:
    """``(entity, start, end)`` of each entity that a question names, in any case, the longest at each place."""
    found, at = [], 0
    words = text_words(text)
    while at < len(words):
        entity, last = _longest_at(graph, text, [(word.start, word.end) for word in words], at)
        if entity is not None:
            found.append((entity, words[at].start, words[last - 1].end))
        at = last
    return found


def _longest_at(graph: Knowledge, text: str, places: list[tuple[int, int]], at: int) -> tuple[int | None, int]:
    for last in range(min(len(places), at + LONGEST), at, -1):
        piece = normal(text[places[at][0] : places[last - 1][1]])
        if not piece or not STOPWORDS.isdisjoint((piece.split()[0], piece.split()[-1])):
            continue
        for form in (piece, *other_numbers(piece)):
            if form in graph.number and (last - at > 1 or form not in _LIGHT):
                return int(graph.entity[graph.number[form]]), last
    return None, at + 1


def _forms(name: str) -> Iterator[str]:
    yield name
    words = text_words(name)
    for mention in mentions(name, words, _NO_TITLES):
        if mention.kind == "date" and mention.last - mention.first == len(words):
            yield mention.phrase
    yield from title_forms(name)
    head, comma, _ = name.partition(",")
    if comma:
        yield head
    yield from other_numbers(normal(name))


def _fits(words: list[str], phrase: str) -> bool:
    short, long = sorted((words[1:-1], phrase.split()[1:-1]), key=len)
    return all(any(one.startswith(other) or other.startswith(one) for other in long) for one in short)


def _by_stems(graph: Knowledge, name: str) -> int | None:
    """Finds it by the stems of its words, in order, where just one entity has them: *pooled connection*."""
    wanted = stem_words(normal(name).split(), ENGLISH)
    if len(wanted) < 2:
        return None
    alike = {
        int(graph.entity[at])
        for at, phrase in enumerate(graph.phrases)
        if phrase.count(" ") == len(wanted) - 1
        and phrase[:2] == wanted[0][:2]
        and stem_words(phrase.split(), ENGLISH) == wanted
    }
    return alike.pop() if len(alike) == 1 else None


def nearest(graph: Knowledge, name: str) -> list[str]:
    """Entities that share words with the name, those in the most sentences first."""
    wanted = set(normal(name).split())
    shared = [
        (len(wanted & set(phrase.split())), int(graph.spread[graph.entity[at]]), at)
        for at, phrase in enumerate(graph.phrases)
        if not wanted.isdisjoint(phrase.split())
    ]
    best = sorted(shared, key=lambda row: (-row[0], -row[1], row[2]))
    return list(dict.fromkeys(graph.name(int(graph.entity[at])) for *_, at in best))[:SUGGESTED]
