"""What a model of another index, or the library's own, said of an entity or of two, with a sentence of its text.

The description is the model's own words, never a quote. The sentence is one of the library's, and there is one only
where the library holds the text that the model was given and names there what the description is of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...corpus.document import Evidence
from ...corpus.languages import language_of
from ...corpus.phrases.names import normal
from ...corpus.words import STOPWORDS, content_words, holding, strip_endings, words
from .imports import Saying, entity_saying, import_text, relation_saying
from .quotes import Quotes

_HEAD = re.compile(r"\A(?:[\w ]{1,40}: [^\n]*\.\n)+")
"""What GraphRAG writes above a piece of text: "title: book.txt."."""
_SHORTEST = 4
"""Letters of a word that stands for a name of several."""
_PROBE, _PROBES, _HOLDERS = 6, (0.5, 0.25, 0.75, 0.1, 0.9), 8
"""Words by whose order a text is looked up, where in it they are taken, and documents that are compared."""


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    description: str
    origin: str
    """The import's name."""
    evidence: Evidence | None
    target: int = -1
    """The entity at the other end; -1 for what is said of one."""
    kind: str = ""
    """The type of an entity or relation, as the model named it."""


@dataclass
class Statements:
    """Reads them for one answer."""

    quotes: Quotes
    _found: dict[int, tuple[int, int, int] | None] = field(default_factory=dict)

    def of(self, entity: int, count: int) -> list[ImportedStatement]:
        graph, connection = self.quotes.graph, self.quotes.store.connection
        said = [entity_saying(connection, row) for row in graph.statement_rows(entity)]
        return [self._statement(one, (entity,)) for one in said if one.description][:count]

    def relations(self, entity: int, count: int) -> list[ImportedStatement]:
        return [
            self.relation(source, target, row, target if source == entity else source)
            for source, target, row in self.quotes.graph.relations_of(entity)[:count]
        ]

    def between(self, one: int, other: int) -> ImportedStatement | None:
        for source, target, row in self.quotes.graph.relations_of(one):
            if other in (source, target):
                return self.relation(source, target, row, other)
        return None

    def relation(self, source: int, target: int, row: int, other: int = -1) -> ImportedStatement:
        said = relation_saying(self.quotes.store.connection, row)
        return self._statement(said, (source, target), other)

    def _statement(self, said: Saying, ends: tuple[int, ...], target: int = -1) -> ImportedStatement:
        return ImportedStatement(said.description, said.origin, self._evidence(said, ends), target, kind=said.kind)

    def _evidence(self, said: Saying, ends: tuple[int, ...]) -> Evidence | None:
        """The sentence of the texts, or the two neighbouring ones, that name all the ends; of several those nearest to
        the description."""
        wanted = set(content_words(said.description))
        best, chosen = -1.0, (-1, -1)
        for place in self._places(said):
            before: tuple[int, set[int]] = (-2, set())
            for sentence in self._inside(place) if place else ():
                named = self._named_ends(sentence, ends)
                joins = before[0] == sentence - 1 and self.quotes.graph.follows(sentence)
                for first, found in ((sentence, named), *(((sentence - 1, named | before[1]),) if joins else ())):
                    near = self._near(first, sentence, wanted)
                    if len(found) == len(ends) and near > best:
                        best, chosen = near, (first, sentence)
                before = sentence, named
        why = f"is in the text that {said.origin} was read from"
        return self.quotes.evidence(chosen[0], why, chosen[1]) if chosen[0] >= 0 else None

    def _places(self, said: Saying) -> Iterator[tuple[int, int, int] | None]:
        """Where the library holds what the model had read."""
        if said.place is not None:
            document, start, end = said.place
            row = self.quotes.row_of(document)
            yield (row, start, end) if row >= 0 else None
        for text in said.texts:
            if text not in self._found:
                self._found[text] = locate(self.quotes, import_text(self.quotes.store.connection, text))
            yield self._found[text]

    def _inside(self, place: tuple[int, int, int]) -> Iterator[int]:
        row, start, end = place
        sentences = self.quotes.graph.sentences
        for sentence in self.quotes.graph.of_document(row):
            if start <= sentences[sentence, 1] and sentences[sentence, 2] <= end:
                yield sentence

    def _named_ends(self, sentence: int, ends: tuple[int, ...]) -> set[int]:
        """The ends that a sentence mentions, if only by a word of the name."""
        graph = self.quotes.graph
        spoken = {entity for entity, *_ in graph.in_sentence(sentence)} | {int(graph.sentences[sentence, 3])}
        words_inside = set(normal(self.quotes.text(sentence)).split())
        return {
            end
            for end in ends
            if end in spoken or any(not words_inside.isdisjoint(_telling(form)) for form in graph.forms(end))
        }

    def _near(self, first: int, last: int, wanted: set[str]) -> float:
        """How many of the description's words the sentences have, the longer of equal ones and pairs behind."""
        own = [content_words(self.quotes.text(row)) for row in range(first, last + 1)]
        held = {word for words_of_one in own for word in words_of_one}
        return len(held & wanted) / (10 + len(held)) / len(own)


def _telling(form: str) -> set[str]:
    """The words of a name that are enough to know it by."""
    return {word for word in form.split() if len(word) >= _SHORTEST and word not in STOPWORDS}


def locate(quotes: Quotes, text: str) -> tuple[int, int, int] | None:
    """``(document row, start, end)`` of a text in the library, whatever white space stands between its words."""
    for body in dict.fromkeys((_HEAD.sub("", text), text)):
        tokens = body.split()
        if not tokens:
            continue
        pattern = re.compile(r"\s+".join(map(re.escape, tokens)))
        for document in _holders(quotes, body, tokens):
            row = quotes.row_of(document)
            found = pattern.search(quotes.whole(row)) if row >= 0 else None
            if found:
                return row, found.start(), found.end()
    return None


def _holders(quotes: Quotes, body: str, tokens: list[str]) -> list[int]:
    """Documents that have some words of the text in its order."""
    language = language_of(body)
    found: dict[int, None] = {}
    for share in _PROBES:
        at = int(share * max(0, len(tokens) - _PROBE))
        probe = " ".join(strip_endings(words(" ".join(tokens[at : at + _PROBE])), language))
        if probe:
            hits = holding(quotes.store, f'body : "{probe}"', _HOLDERS)
            found |= dict.fromkeys(document for _, document, _ in hits)
    return list(found)
