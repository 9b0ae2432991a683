"""How well a pattern of a schema fits a question: signs of it as numbers, weighed.

The weights were fitted on questions to five schemas (``training/graph_patterns.py``) and hold for any: no sign knows
a name. The last signs compare meanings and are 0 without an embedder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .evidence import SAID, Embed, SchemaElement, SchemaEvidence
from .patterns import GraphPattern
from .places import QuestionPlaces, ValuePlace
from .schema import SchemaRelation, TypedSchema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

WEIGHTS: Mapping[str, float] = {
    "names": 6.0,
    "properties": 4.0,
    "meanings": 2.0,
    "labels said": 3.0,
    "types said": 2.0,
    "edges": -0.5,
    "leaves unsaid": -1.5,
    "inner unsaid": -0.5,
    "edges unsaid": -0.5,
    "node said": 1.0,
    "no edge": 0.3,
    "values": 2.0,
    "amounts": 2.0,
    "edge meaning": 0.5,
    "edges alike": 1.0,
    "best edge alike": 1.0,
    "pattern alike": 3.0,
}
HALF, PLACED = 0.5, 0.6


class PatternRanker:
    """The signs of patterns for one question."""

    def __init__(
        self,
        schema: TypedSchema,
        evidence: SchemaEvidence,
        places: QuestionPlaces,
        phrases: PhraseVectors | None = None,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        import numpy as np

        self.schema, self.evidence, self.places = schema, evidence, places
        self._phrases, self._weights = phrases, weights
        count = len(evidence.question.tokens)
        owners = [*schema.labels, *(one.type for one in schema.relations)]
        zero = np.zeros(count, np.float32)
        self._properties = {("label", owner): zero for owner in schema.labels}
        self._properties |= {("relation", one.type): zero for one in schema.relations}
        self._meanings = dict(self._properties)
        self._own = dict(self._properties)
        types = set(owners) - set(schema.labels)
        for element, strengths in evidence.by_name.items():
            keys = [key for key in (("label", element.owner), ("relation", element.owner)) if key in self._own]
            for key in keys:
                if element.kind == "property":
                    if (key[0] == "relation") is (element.owner in types):
                        self._properties[key] = np.maximum(self._properties[key], strengths)
                elif key[0] == element.kind:
                    self._own[key] = strengths
            for key in keys:
                if element.kind == "property" or key[0] == element.kind:
                    weight = 0.8 if element.kind == "property" else 1.0
                    said = weight * evidence.by_meaning[element]
                    self._meanings[key] = np.maximum(self._meanings[key], said)
        self._total = max(1e-6, float(evidence.weights.sum()))
        self._said_labels = self._tokens_said("label")
        self._said_types = self._tokens_said("relation") & ~self._said_labels
        self._counted = [self._counts(one.end) for one in evidence.question.amounts]

    def _tokens_said(self, kind: str) -> Vector:
        import numpy as np

        rows = [strengths for (each, _), strengths in self._own.items() if each == kind]
        if not rows:
            return np.zeros(len(self.evidence.question.tokens), bool)
        return np.max(rows, axis=0) >= SAID

    def _counts(self, end: int) -> bool:
        """Whether a number stands before the name of a label: "more than three genres"."""
        return any(self._said_labels[end : end + 2])

    def signs(self, pattern: GraphPattern, whole: bool = False) -> dict[str, float]:
        """``whole``: also what costs a pass of the embedder."""
        import numpy as np

        keys = [("label", one) for one in pattern.nodes] + [("relation", one.relation.type) for one in pattern.edges]
        weights, nodes = self.evidence.weights, len(pattern.nodes)
        own = [self._own[key] for key in keys]
        by_name = np.max(own, axis=0)
        by_property = np.maximum(by_name, np.max([self._properties[key] for key in keys], axis=0))
        by_meaning = np.maximum(by_property, np.max([self._meanings[key] for key in keys], axis=0))
        names, properties, meanings = (float(weights @ one) / self._total for one in (by_name, by_property, by_meaning))
        of_nodes = np.max(own[:nodes], axis=0)
        node_said = [float(each.max(initial=0.0)) for each in own[:nodes]]
        edge_said = [float(each.max(initial=0.0)) for each in own[nodes:]]
        values = [self.best_place(each, pattern) for each in self.places.values]
        amounts = [self.best_place(each, pattern) for each in self.places.amounts]
        carrying = {one.owner for one in (*values, *amounts) if one and one.worth >= PLACED}
        unsaid = [at for at, said in enumerate(node_said) if said < HALF and pattern.nodes[at] not in carrying]
        leaves = sum(pattern.degree(at) <= 1 for at in unsaid)
        count = [bool(pattern.edges) and counted for counted in self._counted]
        numbers = zip(amounts, count, strict=True)
        worth_of_amounts = [max(one.worth if one else 0.0, 0.8 * counts) for one, counts in numbers]
        return {
            "names": names,
            "properties": properties - names,
            "meanings": meanings - properties,
            "labels said": _share(of_nodes, self._said_labels),
            "types said": _share(by_name, self._said_types),
            "edges": float(len(pattern.edges)),
            "leaves unsaid": float(leaves),
            "inner unsaid": float(len(unsaid) - leaves),
            "edges unsaid": float(sum(said < HALF for said in edge_said)),
            "node said": sum(node_said) / nodes,
            "no edge": float(not pattern.edges),
            "values": _mean([one.worth if one else 0.0 for one in values]),
            "amounts": _mean(worth_of_amounts),
            **self._alike(pattern, edge_said, whole),
        }

    def _alike(self, pattern: GraphPattern, edge_said: Sequence[float], whole: bool) -> dict[str, float]:
        if self._phrases is None:
            return {}
        meant = [
            float(self._meanings["relation", one.relation.type].max(initial=0.0))
            for one, said in zip(pattern.edges, edge_said, strict=True)
            if said < HALF
        ]
        cosines = [self._phrases.of_relation(one.relation) for one in pattern.edges]
        return {
            "edge meaning": sum(meant),
            "edges alike": _mean(cosines),
            "best edge alike": max(cosines, default=0.0),
            "pattern alike": self._phrases.of_pattern(pattern) if whole else 0.0,
        }

    def best_place(self, places: Mapping[str, ValuePlace], pattern: GraphPattern) -> ValuePlace | None:
        owners = (*pattern.nodes, *(one.relation.type for one in pattern.edges))
        return max((places[one] for one in owners if one in places), key=lambda one: one.worth, default=None)

    def score(self, pattern: GraphPattern, whole: bool = False) -> float:
        return sum(self._weights[name] * value for name, value in self.signs(pattern, whole).items())

    def prepare(self, phrases: Sequence[str]) -> None:
        """Embeds the phrases of patterns in one pass."""
        if self._phrases is not None:
            self._phrases.prepare(phrases)

    def seeds(self) -> list[GraphPattern]:
        return [GraphPattern((label,)) for label in self.schema.labels]

    def coverage(self, pattern: GraphPattern, *, by_meaning: bool = True) -> Vector:
        """How much of each word the pattern understands."""
        import numpy as np

        keys = [("label", one) for one in pattern.nodes] + [("relation", one.relation.type) for one in pattern.edges]
        tables = (self._own, self._properties, *([self._meanings] if by_meaning else []))
        rows = [table[key] for key in keys for table in tables]
        return np.max(rows, axis=0)


class PhraseVectors:
    """How near the phrases of relations and patterns are to one question; those of a schema are embedded once."""

    def __init__(self, embed: Embed, kept: dict[str, Vector], question: str) -> None:
        self._embed, self._kept = embed, kept
        self._question = embed([question])[0]

    def of_relation(self, relation: SchemaRelation) -> float:
        return self.cosine(phrase_of(relation))

    def of_pattern(self, pattern: GraphPattern) -> float:
        return self.cosine(phrase_of_pattern(pattern))

    def cosine(self, phrase: str) -> float:
        if phrase not in self._kept:
            self.prepare([phrase])
        return float(self._kept[phrase] @ self._question)

    def prepare(self, phrases: Sequence[str]) -> None:
        """Embeds those that are new, in one pass."""
        new = [one for one in dict.fromkeys(phrases) if one not in self._kept]
        if new:
            self._kept.update(zip(new, self._embed(new), strict=True))


def phrase_of(relation: SchemaRelation) -> str:
    return " ".join(
        SchemaElement(kind, one, one).words  # type: ignore[arg-type]
        for kind, one in (("label", relation.source), ("relation", relation.type), ("label", relation.target))
    )


def phrase_of_pattern(pattern: GraphPattern) -> str:
    if not pattern.edges:
        return SchemaElement("label", pattern.nodes[0], pattern.nodes[0]).words
    return ", ".join(phrase_of(one.relation) for one in pattern.edges)


def _share(said: Vector, wanted: Vector) -> float:
    """Of the words that are wanted, the share that is said."""
    return float((said[wanted] >= SAID).mean()) if wanted.any() else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
