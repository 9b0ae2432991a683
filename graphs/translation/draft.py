"""A plan that is being made of a pattern: its conditions so far, and the words that they have used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .asked import GraphQuestion
from .evidence import SAID, SchemaElement, SchemaEvidence
from .patterns import GraphPattern
from .places import ValuePlace
from .plan import PropertyReference, PropertyTest
from .ranking import PatternRanker

SOME = 0.5
"""Of a name: it may be meant."""


@dataclass
class PlanDraft:
    ranker: PatternRanker
    pattern: GraphPattern
    target: int = 0
    tests: list[PropertyTest] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Words that conditions, order and counts are made of."""
    spent: set[tuple[str, str]] = field(default_factory=set)
    """Owners and properties of conditions, which are not asked for themselves."""

    @property
    def evidence(self) -> SchemaEvidence:
        return self.ranker.evidence

    @property
    def question(self) -> GraphQuestion:
        return self.ranker.evidence.question

    def word_of(self, element: SchemaElement, least: float = SAID) -> int | None:
        """The first word that names it."""
        said = self.evidence.by_name.get(element)
        if said is None:
            return None
        return next((at for at, strength in enumerate(said) if strength >= least), None)

    def label_word(self, node: int, least: float = SAID) -> int | None:
        label = self.pattern.nodes[node]
        return self.word_of(SchemaElement("label", label, label), least)

    def place_of(self, owner: str) -> PropertyReference | None:
        """The first node of that label, or edge of that type."""
        for at, label in enumerate(self.pattern.nodes):
            if label == owner:
                return PropertyReference(at, "")
        found = (at for at, one in enumerate(self.pattern.edges) if one.relation.type == owner)
        return next((PropertyReference(at, "", True) for at in found), None)


def node_at(draft: PlanDraft, words: range) -> int | None:
    for at, label in enumerate(draft.pattern.nodes):
        said = draft.evidence.by_name[SchemaElement("label", label, label)]
        if any(said[word] >= SAID for word in words if word < len(said)):
            return at
    return None


def best_places(draft: PlanDraft, places: Sequence[object]) -> list[ValuePlace | None]:
    return [draft.ranker.best_place(one, draft.pattern) for one in places]  # type: ignore[arg-type]
