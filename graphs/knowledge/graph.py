"""The knowledge graph in memory: entities with their mentions, and the edges between them. Read-only.

An entity is a number: that of the first of the phrases which mean it. Knows no texts; ``quotes.py`` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ...corpus.array_file import Arrays
from ...corpus.phrases.names import normal
from .facts import DATE, NAME, TERM
from .gathered import text_lines
from .merges import Merge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABELS = {NAME: "name", TERM: "term", DATE: "date"}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where an entity is mentioned: rows of ``Graph.documents`` and ``Graph.sentences``."""

    document: int
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Link:
    """An edge as seen from one of its ends."""

    source: int
    target: int
    together: int
    """Sentences that hold both, or hold one and stand in the section that the other names."""
    beside: int
    """Neighbouring sentences that hold one each."""
    further: int
    """The same for sentences near each other with others between."""
    referred: int
    """Sentences that hold one, and a pronoun for the other."""
    weight: float
    near: bool
    """It is among the stronger ones, which communities are made of."""


@dataclass(frozen=True, slots=True)
class Adjacency:
    """The edges of every entity, seen from both ends."""

    starts: NDArray[np.int64]
    """``[entities + 1]``: where the row of each entity begins in both of these."""
    targets: NDArray[np.int32]
    edges: NDArray[np.int64]
    """Their numbers, columns of ``Knowledge.ends``."""

    def of(self, entity: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        row = slice(self.starts[entity], self.starts[entity + 1])
        return self.targets[row], self.edges[row]


@dataclass(frozen=True)
class Knowledge:
    documents: NDArray[np.int64]
    """Row ids, by uri."""
    phrases: list[str]
    spellings: list[str]
    kinds: NDArray[np.int8]
    entity: NDArray[np.int64]
    """The entity of each phrase."""
    head: NDArray[np.int64]
    """The phrase that is shown for an entity; -1 for a phrase that is merged into another."""
    mentions: NDArray[np.int32]
    """``[n, 6]``: entity, phrase, document, start, end, sentence; by entity and place."""
    sentences: NDArray[np.int32]
    """``[m, 5]``: document, start, end, subject (an entity or -1), passage (its number in the document)."""
    definitions: NDArray[np.int32]
    """``[k, 3]``: mention, start, end."""
    sections: NDArray[np.int32]
    """``[h, 4]``: the entity that heads it, document, first and last passage (their numbers in the document)."""
    imported: NDArray[np.int32]
    """``[t, 2]``: entity, row of what an imported index says of it."""
    relations: NDArray[np.int32]
    """``[r, 3]``: two entities, row of what an imported index says of both."""
    references: NDArray[np.int32]
    """``[p, 5]``: a person, the sentence that has a pronoun for her, the one that names her, the pronoun's start and
    end; by person."""
    merges: tuple[Merge, ...]
    spread: NDArray[np.int64]
    """Sentences that speak of each entity."""
    ends: NDArray[np.int32]
    """``[2, edges]``."""
    together: NDArray[np.int32]
    beside: NDArray[np.int32]
    further: NDArray[np.int32]
    referred: NDArray[np.int32]
    weight: NDArray[np.float32]
    near: NDArray[np.bool_]
    arrays: Arrays = field(default_factory=dict, repr=False)
    """What it was loaded from."""

    @cached_property
    def number(self) -> dict[str, int]:
        return {phrase: at for at, phrase in enumerate(self.phrases)}

    @cached_property
    def by_ends(self) -> dict[tuple[str, str], list[int]]:
        """Phrases of several words by their first and last."""
        found: dict[tuple[str, str], list[int]] = {}
        for at, phrase in enumerate(self.phrases):
            first, space, rest = phrase.partition(" ")
            if space:
                found.setdefault((first, rest.rpartition(" ")[2]), []).append(at)
        return found

    @cached_property
    def entities(self) -> list[int]:
        return [at for at, head in enumerate(self.head.tolist()) if head >= 0 and at not in self._meant_elsewhere]

    @cached_property
    def _meant_elsewhere(self) -> dict[int, int]:
        """Parts of names that mean somebody in every document that has them -> the one whom they mean most."""
        found: dict[int, int] = {}
        for merge in self.merges:
            entity, other = (int(self.entity[self.number[one]]) for one in (merge.one, merge.other))
            if merge.only_there and not self.count(entity):
                before = found.setdefault(entity, other)
                found[entity] = max(before, other, key=lambda one: (self.count(one), -one))
        return found

    def name(self, entity: int) -> str:
        return self.spellings[int(self.head[entity])]

    def kind(self, entity: int) -> str:
        return LABELS[int(self.kinds[self.head[entity]])]

    def aliases(self, entity: int) -> list[str]:
        """Other spellings that mean it."""
        return [self.spellings[at] for at in self._members.get(entity, []) if at != self.head[entity]]

    def forms(self, entity: int) -> list[str]:
        """The normal forms of all phrases that mean it."""
        return [self.phrases[at] for at in self._members.get(entity, [entity])]

    @cached_property
    def _members(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for phrase, owner in enumerate(self.entity.tolist()):
            if self.head[owner] >= 0:
                found.setdefault(owner, []).append(phrase)
        return {owner: phrases for owner, phrases in found.items() if len(phrases) > 1}

    def find(self, name: str) -> int | None:
        """The entity of that name, whatever its case and accents; with or without an article before it."""
        wanted = normal(name)
        for form in (wanted, wanted.removeprefix("the ").removeprefix("a ").removeprefix("an ")):
            if form in self.number:
                entity = int(self.entity[self.number[form]])
                return self._meant_elsewhere.get(entity, entity)
        return None

    def places(self, entity: int) -> Iterator[Occurrence]:
        first, last = self.mentioned_at[entity], self.mentioned_at[entity + 1]
        for row in self.mentions[first:last].tolist():
            yield Occurrence(row[2], row[3], row[4], row[5])

    def count(self, entity: int) -> int:
        return int(self.mentioned_at[entity + 1] - self.mentioned_at[entity])

    def documents_of(self, entity: int) -> int:
        """How many documents mention it."""
        import numpy as np

        first, last = self.mentioned_at[entity], self.mentioned_at[entity + 1]
        return len(np.unique(self.mentions[first:last, 2]))

    @cached_property
    def mentioned_at(self) -> NDArray[np.int64]:
        import numpy as np

        return np.searchsorted(self.mentions[:, 0], np.arange(len(self.phrases) + 1))

    def speaking_of(self, entity: int) -> NDArray[np.int64]:
        """Sentences that mention it or stand in the section that it names, in order."""
        import numpy as np

        first, last = self.mentioned_at[entity], self.mentioned_at[entity + 1]
        own = self._subject_order[self._subject_at[entity] : self._subject_at[entity + 1]]
        return np.unique(np.concatenate([self.mentions[first:last, 5].astype(np.int64), own]))

    def follows(self, sentence: int) -> bool:
        """Whether it stands behind another one in its passage."""
        before, own = self.sentences[sentence - 1, [0, 4]], self.sentences[sentence, [0, 4]]
        return sentence > 0 and bool((before == own).all())

    def sections_of(self, entity: int) -> list[tuple[int, int, int]]:
        """``(document, first passage, last passage)`` of each section that it heads, subsections included."""
        import numpy as np

        first, last = np.searchsorted(self.sections[:, 0], [entity, entity + 1])
        return [(row[1], row[2], row[3]) for row in self.sections[first:last].tolist()]

    def references_to(self, entity: int) -> list[tuple[int, int, int, int]]:
        """``(sentence, sentence that names it, start, end)`` of the pronouns that mean it."""
        import numpy as np

        first, last = np.searchsorted(self.references[:, 0], [entity, entity + 1])
        return [(row[1], row[2], row[3], row[4]) for row in self.references[first:last].tolist()]

    def statement_rows(self, entity: int) -> list[int]:
        """Rows of what imported indexes say of it."""
        found: list[int] = self.imported[self.imported[:, 0] == entity, 1].tolist()
        return found

    def relations_of(self, entity: int) -> list[tuple[int, int, int]]:
        """``(source, target, row)`` of what imported indexes say of it and another."""
        ends = (self.relations[:, :2] == entity).any(axis=1)
        return [(row[0], row[1], row[2]) for row in self.relations[ends].tolist()]

    def under(self, section: tuple[int, int, int]) -> list[int]:
        """The sentences of a section, in order."""
        import numpy as np

        document, first, last = section
        rows = self.of_document(document)
        inside = self.sentences[rows.start : rows.stop, 4]
        return [rows.start + int(at) for at in np.flatnonzero((inside >= first) & (inside <= last))]

    def of_document(self, document: int) -> range:
        """Its sentences."""
        import numpy as np

        start, end = np.searchsorted(self.sentences[:, 0], [document, document + 1]).tolist()
        return range(start, end)

    def in_sentence(self, sentence: int) -> list[tuple[int, int, int]]:
        """``(entity, start, end)`` of each mention, in order."""
        first, last = self._sentence_at[sentence], self._sentence_at[sentence + 1]
        rows = self.mentions[self._by_sentence[first:last]]
        return [(row[0], row[3], row[4]) for row in rows.tolist()]

    @cached_property
    def _by_sentence(self) -> NDArray[np.int64]:
        import numpy as np

        return np.lexsort((self.mentions[:, 3], self.mentions[:, 5]))

    @cached_property
    def _sentence_at(self) -> NDArray[np.int64]:
        import numpy as np

        return np.searchsorted(self.mentions[self._by_sentence, 5], np.arange(len(self.sentences) + 1))

    @cached_property
    def _subject_order(self) -> NDArray[np.int64]:
        import numpy as np

        return np.argsort(self.sentences[:, 3], kind="stable")

    @cached_property
    def _subject_at(self) -> NDArray[np.int64]:
        import numpy as np

        return np.searchsorted(self.sentences[self._subject_order, 3], np.arange(len(self.phrases) + 1))

    def link(self, one: int, other: int) -> Link | None:
        return next((link for link in self.links(one) if link.target == other), None)

    def links(self, entity: int) -> list[Link]:
        """All edges of an entity, the strongest first."""
        targets, edges = self.adjacency.of(entity)
        found = [
            Link(
                entity,
                target,
                int(self.together[edge]),
                beside=int(self.beside[edge]),
                further=int(self.further[edge]),
                referred=int(self.referred[edge]),
                weight=float(self.weight[edge]),
                near=bool(self.near[edge]),
            )
            for target, edge in zip(targets.tolist(), edges.tolist(), strict=True)
        ]
        return sorted(found, key=lambda link: (-link.weight, -link.together, link.target))

    @cached_property
    def adjacency(self) -> Adjacency:
        import numpy as np

        sources, targets = np.concatenate([self.ends, self.ends[::-1]], axis=1)
        order = np.lexsort((targets, sources))
        starts = np.searchsorted(sources[order], np.arange(len(self.phrases) + 1))
        return Adjacency(starts, targets[order], order % max(1, self.ends.shape[1]))


def load(arrays: Arrays) -> Knowledge:
    phrases = text_lines(arrays["phrases"])
    reasons = text_lines(arrays["reasons"])
    found = [
        Merge(phrases[one], phrases[other], reason, document, sentence, only_there=bool(there))
        for (one, other, document, sentence, there), reason in zip(arrays["merges"].tolist(), reasons, strict=True)
    ]
    plain = {
        name: arrays[name]
        for name in (
            "documents", "kinds", "entity", "head", "mentions", "sentences", "definitions",
            "sections", "references", "relations", "spread", "ends", "weight", "near",
        )
    }  # fmt: skip
    # They are stored in as few bytes as they need.
    plain |= {name: arrays[name].astype("int32") for name in ("together", "beside", "further", "referred")}
    spellings = text_lines(arrays["spellings"])
    return Knowledge(
        phrases=phrases, spellings=spellings, merges=tuple(found), imported=arrays["told"], arrays=arrays, **plain
    )
