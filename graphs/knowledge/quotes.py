"""The sentences behind the graph: where an entity or an edge is spoken of, as evidence with its place.

Every quote is text of the stored document at its span; a heading that names what the sentence speaks of is quoted
above it, as its governor.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ...corpus import catalog
from ...corpus.document import Document, Evidence, Governor, Span
from ...corpus.passages import rows_of_document
from ...corpus.phrases.names import normal
from ...corpus.phrases.terms import VERB_FORMS
from ...corpus.places import line_breaks, span_at
from ...corpus.store import Store
from ...corpus.words import content_words
from .facts import NO_PROSE
from .graph import Knowledge
from .headings import heading_form, heading_name
from .pair_counts import STEPS, are_near

LOOKED_AT = 400
"""Sentences among which the best one for a pair or an entity is chosen; an entity may have fifty thousand."""
GOOD = (40, 320)
"""Characters of a sentence that says enough and can be read at once."""
_WORD = re.compile(r"[a-z]+")
_BE = frozenset(["is", "was", "are", "were", "be", "been", "has", "had", "have", "became", "born", "known"])


class Quotes:
    """Reads documents when they are first quoted and keeps them; made for one answer."""

    def __init__(self, store: Store, graph: Knowledge) -> None:
        self.store, self.graph = store, graph
        self._documents: dict[int, _Source] = {}

    def text(self, sentence: int) -> str:
        row, start, end = self.graph.sentences[sentence, :3].tolist()
        return self._source(row).text[start:end]

    def slice(self, row: int, start: int, end: int) -> str:
        return self._source(row).text[start:end]

    def evidence(self, sentence: int, why: str, last: int | None = None) -> Evidence:
        """One sentence, or that and those behind it up to ``last``."""
        row, start, end, subject, _ = self.graph.sentences[sentence].tolist()
        if last is not None:
            end = int(self.graph.sentences[last, 2])
        source = self._source(row)
        forms = self.graph.forms(subject) if subject >= 0 else []
        own = not forms or heading_form(source.text[start:end]) in forms
        governors = () if own else tuple(source.headings(start, forms))
        key, heading, kind = source.passage(start)
        return Evidence(
            source.text[start:end],
            1.0,
            "knowledge",
            why=why,
            span=source.span(start, end),
            name=source.name,
            heading=heading,
            kind=kind,
            key=key,
            governors=governors,
        )

    def between(self, one: int, other: int, why: str) -> Evidence | None:
        """The best sentence that joins two entities: one that names both, else one in the section that one of them
        names, else two neighbouring sentences."""
        both = sentences_with_both(self.graph, one, other)
        if both:
            best = max(both, key=lambda sentence: self._joins(sentence, one, other))
            return self.evidence(best, why)
        near = neighbours(self.graph, one, other)
        if near is None or near[1] - near[0] > 1:
            meant = next(by_pronoun(self.graph, one, other), None)
            if meant is not None:
                return self._referring(*meant, why)
        return self.evidence(near[0], why, near[1]) if near else None

    def _referring(self, person: int, sentence: int, named: int, start: int, end: int, why: str) -> Evidence:
        """A sentence with a pronoun, below the one that says whom it means."""
        row, first, last = self.graph.sentences[named, :3].tolist()
        source = self._source(row)
        above = Governor(source.text[first:last], source.span(first, last))
        meant = f"“{source.text[start:end]}” is taken for {self.graph.name(person)}"
        found = self.evidence(sentence, f"{why}; {meant}")
        return replace(found, governors=(*found.governors, above))

    def verb(self, one: int, other: int) -> str:
        """The words between two entities in the sentence that joins them best, as the label of their edge."""
        both = sentences_with_both(self.graph, one, other)
        if not both:
            return ""
        best = max(both, key=lambda sentence: self._joins(sentence, one, other))
        places = self._places_in(best)
        if one not in places or other not in places:
            return ""
        (_, end), (start, _) = sorted((places[one], places[other]))
        row = int(self.graph.sentences[best, 0])
        said = " ".join(self._source(row).text[end:start].split()).strip(" ,;:()")
        return said if len(said) <= LABEL and tells(said) else ""

    def about(self, entity: int, count: int, words: Iterable[str] = ()) -> list[Evidence]:
        """The sentences that say most about an entity: definitions first, no two of one document where there are
        others, and those that share ``words``."""
        wanted = set(words)
        rows = spread_evenly(self.graph.speaking_of(entity).tolist(), LOOKED_AT)
        ranked = sorted(rows, key=lambda row: (-self._tells(row, entity, wanted), row))
        chosen: list[int] = []
        for fresh in (True, False):
            for row in ranked:
                taken = {int(self.graph.sentences[at, 0]) for at in chosen}
                new = not fresh or int(self.graph.sentences[row, 0]) not in taken
                if len(chosen) < count and row not in chosen and new and not self.repeats(row, chosen):
                    chosen.append(row)
        return [self.evidence(row, f"speaks of {self.graph.name(entity)}") for row in chosen]

    def defines(self, entity: int, count: int) -> list[Evidence]:
        """Sentences that say what it is."""
        first, last = self.graph.mentioned_at[entity], self.graph.mentioned_at[entity + 1]
        at = self.graph.definitions[:, 0]
        rows = self.graph.definitions[(at >= first) & (at < last)][:LOOKED_AT]
        found = dict.fromkeys(int(self.graph.mentions[row[0], 5]) for row in rows.tolist())
        ranked = sorted(found, key=lambda row: (-self._tells(row, entity, set()), row))
        return [self.evidence(row, f"says what {self.graph.name(entity)} is") for row in ranked[:count]]

    def openings(self, entity: int, count: int) -> list[Evidence]:
        """How the sections that it heads begin, no two of one document where there are others."""
        sections = self.graph.sections_of(entity)
        firsts = {section[0]: section for section in reversed(sections)}
        ordered = sorted(sections, key=lambda section: section != firsts[section[0]])
        why, forms = f"stands below the heading {self.graph.name(entity)}", self.graph.forms(entity)
        return [self.opening(section, forms, why) for section in ordered[:count]]

    def opening(self, section: tuple[int, int, int], forms: Sequence[str], why: str) -> Evidence:
        """The first sentences of ``(document, first passage, last passage)`` that are not its own heading, whose normal
        forms these are."""
        rows = [row for row in self.graph.under(section) if heading_form(self.text(row)) not in forms]
        if not rows:
            return self._top(section[0], section[1], why)
        begin, passage = self.graph.sentences[rows[0], [1, 4]].tolist()
        last = rows[0]
        for row in rows[1:]:
            if self.graph.sentences[row, 4] == passage and self.graph.sentences[row, 2] - begin <= GOOD[1]:
                last = row
        return self.evidence(rows[0], why, last)

    def number_of(self, row: int, start: int) -> int:
        """The number of the passage that begins there."""
        return bisect_right(self._source(row).passages, start, key=lambda one: one[0]) - 1

    def _top(self, row: int, number: int, why: str) -> Evidence:
        """The first lines of a passage that has no sentence: an example in code, a table."""
        source = self._source(row)
        start, end, key, heading, kind = source.passages[number]
        stop = source.text.rfind("\n", start, start + GOOD[1]) if end - start > GOOD[1] else end
        stop = stop if stop > start else min(end, start + GOOD[1])
        return self._evidence(source, (start, stop), why, (key, heading, kind))

    def _evidence(self, source: _Source, place: tuple[int, int], why: str, passage: tuple[int, str, str]) -> Evidence:
        key, heading, kind = passage
        return Evidence(
            source.text[slice(*place)],
            1.0,
            "knowledge",
            why=why,
            span=source.span(*place),
            name=source.name,
            heading=heading,
            kind=kind,
            key=key,
        )

    def around(self, row: int, place: int, why: str) -> Evidence:
        """The sentence at a place of a document, or the line where there is none."""
        rows = self.graph.of_document(row)
        for sentence in rows:
            start, end = self.graph.sentences[sentence, [1, 2]].tolist()
            if start <= place < end:
                return self.evidence(sentence, why)
        source = self._source(row)
        start = source.text.rfind("\n", 0, place) + 1
        stop = source.text.find("\n", place)
        stop = len(source.text) if stop < 0 else stop
        start, stop = max(start, place - GOOD[1]), min(stop, place + GOOD[1])
        key, heading, kind = source.passage(start)
        return self._evidence(source, (start, stop), why, (key, heading, kind))

    def repeats(self, row: int, chosen: Sequence[int], most: float = 0.5) -> bool:
        """Whether the sentence says in the same words what one of the others says."""
        own = self._words(row)
        return any(len(own & other) > most * max(1, min(len(own), len(other))) for other in map(self._words, chosen))

    def _words(self, row: int) -> set[str]:
        return set(content_words(self.text(row)))

    def _joins(self, row: int, one: int, other: int) -> tuple[float, int]:
        """Both named, near each other, in a sentence of readable length."""
        places = self._places_in(row)
        length = int(self.graph.sentences[row, 2] - self.graph.sentences[row, 1])
        readable = GOOD[0] <= length <= GOOD[1]
        if one not in places or other not in places:
            return (0.5 if readable else 0.0, -row)
        (_, end), (start, _) = sorted((places[one], places[other]))
        near = 1.0 / (1.0 + max(0, start - end) / 40.0)
        said = 0.5 if 3 < start - end < LABEL else 0.0
        return (1.0 + near + said + 0.5 * readable, -row)

    def _places_in(self, row: int) -> dict[int, tuple[int, int]]:
        """The first place of each entity in a sentence."""
        rows = self.graph.in_sentence(row)
        return {entity: (start, end) for entity, start, end in reversed(rows)}

    def _tells(self, row: int, entity: int, wanted: set[str]) -> float:
        document, start, end, subject, _ = self.graph.sentences[row].tolist()
        places = self._places_in(row)
        length = end - start
        own = places.get(entity)
        first = 1.0 if own and own[0] - start < 12 else 0.4 if own else 0.6 if subject == entity else 0.0
        readable = 1.0 if GOOD[0] <= length <= GOOD[1] else 0.2
        others = min(4, len(places)) / 4
        shared_words = len(wanted & set(content_words(self._source(document).text[start:end]))) if wanted else 0
        return first + readable + others + 2.0 * shared_words

    def _source(self, row: int) -> _Source:
        if row not in self._documents:
            self._documents[row] = _Source.of(self.store, int(self.graph.documents[row]))
        return self._documents[row]

    def name(self, row: int) -> str:
        return self._source(row).name

    def document(self, row: int) -> tuple[str, str, str, list[int]]:
        """``(uri, name, title, starts of its passages)`` of a document."""
        source = self._source(row)
        return source.document.uri, source.name, source.document.title, [part[0] for part in source.passages]

    def prose(self, row: int) -> list[tuple[int, int, int, str]]:
        """The passages that hold statements, as ``(start, end, line, heading)``."""
        source = self._source(row)
        return [
            (start, end, source.span(start, start + 1).line, heading)
            for start, end, _, heading, kind in source.passages
            if kind not in NO_PROSE
        ]

    def forget(self, row: int) -> None:
        """Lets a document's text go, for who goes through all of them."""
        self._documents.pop(row, None)

    def whole(self, row: int) -> str:
        return self._source(row).text

    def row_of(self, document: int) -> int:
        """The row of a document's id; -1 for one without facts."""
        return self._rows_by_id.get(document, -1)

    @cached_property
    def _rows_by_id(self) -> dict[int, int]:
        return {key: row for row, key in enumerate(self.graph.documents.tolist())}

    def uri(self, row: int) -> str:
        return self._uris[row]

    def row(self, uri: str) -> int:
        """The row of a document; -1 for one that is gone."""
        return self._rows.get(uri, -1)

    @cached_property
    def _uris(self) -> list[str]:
        named = {row.key: row.uri for row in catalog.document_rows(self.store)}
        return [named[key] for key in self.graph.documents.tolist()]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {uri: row for row, uri in enumerate(self._uris)}


LABEL = 60
"""Characters of an edge's label."""


@dataclass
class _Source:
    """One document, with what its quotes need."""

    key: int
    document: Document
    passages: list[tuple[int, int, int, str, str]]
    """Start, end, row id, heading, kind."""

    @classmethod
    def of(cls, store: Store, key: int) -> _Source:
        row = catalog.document_row(store, key)
        document = catalog.load_document(store, row.uri) if row else None
        assert document is not None
        passages = [(one.start, one.end, one.key, one.heading, one.kind) for one in rows_of_document(store, key)]
        return cls(key, document, passages)

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def name(self) -> str:
        return self.document.name

    @cached_property
    def breaks(self) -> list[int]:
        return line_breaks(self.text)

    def span(self, start: int, end: int) -> Span:
        return span_at(self.document, start, end, self.breaks)

    def passage(self, start: int) -> tuple[int, str, str]:
        at = bisect_right(self.passages, start, key=lambda row: row[0]) - 1
        return self.passages[at][2:] if at >= 0 else (0, "", "section")

    def headings(self, start: int, forms: Sequence[str]) -> Iterator[Governor]:
        """The line above ``start`` that names the section, where there is one within the document's text."""
        longest = max(map(len, forms)) + 40
        line_start = self.text.rfind("\n", 0, start) + 1
        for _ in range(ABOVE):
            if not line_start:
                return
            end = line_start - 1
            line_start = self.text.rfind("\n", 0, end) + 1
            line = self.text[line_start:end]
            if line.strip() and len(line) < longest and normal(heading_name(line)).startswith(tuple(forms)):
                yield Governor(line, self.span(line_start, end))
                return


ABOVE = 60
"""Lines above a sentence in which its heading is looked for."""


def tells(words: str) -> bool:
    """Whether there is a verb among them, so that they say how two things are related."""
    return any(word in VERB_FORMS or word in _BE for word in _WORD.findall(words.lower()))


def sentences_with_both(graph: Knowledge, one: int, other: int) -> list[int]:
    """Sentences that speak of both."""
    import numpy as np

    both = np.intersect1d(graph.speaking_of(one), graph.speaking_of(other), assume_unique=True)
    return spread_evenly(both.tolist(), LOOKED_AT)


def neighbours(graph: Knowledge, one: int, other: int) -> tuple[int, int] | None:
    """The first and the last of a few sentences in a row of which the two name one each: the nearest that there are."""
    import numpy as np

    first, second = graph.speaking_of(one), graph.speaking_of(other)
    for steps in range(1, STEPS + 1):
        ends = np.union1d(np.intersect1d(first + steps, second), np.intersect1d(second + steps, first))
        inside = ends[are_near(graph.sentences.astype(np.int64), ends - steps, steps)]
        if len(inside):
            return int(inside[0]) - steps, int(inside[0])
    return None


def by_pronoun(graph: Knowledge, one: int, other: int) -> Iterator[tuple[int, int, int, int, int]]:
    """``(person, sentence, sentence that names her, start and end of the pronoun)`` where a sentence mentions one of
    the two and has a pronoun for the other."""
    for person, beside in ((one, other), (other, one)):
        speaking = set(graph.speaking_of(beside).tolist())
        for sentence, named, start, end in graph.references_to(person):
            if sentence in speaking:
                yield person, sentence, named, start, end


def spread_evenly(rows: list[int], most: int) -> list[int]:
    """All of them, or ``most``, evenly spaced."""
    return rows if len(rows) <= most else [rows[at * len(rows) // most] for at in range(most)]
