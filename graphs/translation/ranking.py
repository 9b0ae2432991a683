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
    "names": 6.19,
    "properties": 4.16,
    "meanings": 2.29,
    "labels said": 3.53,
    "types said": 1.27,
    "edges": -0.82,
    "leaves unsaid": -1.96,
    "inner unsaid": -1.45,
    "edges unsaid": -1.03,
    "nodes again": -2.27,
    "node said": 0.61,
    "no edge": 0.73,
    "values": 3.3,
    "amounts": 2.14,
    "edge meaning": 1.23,
    "edges alike": 1.2,
    "best edge alike": 1.29,
}
HALF, PLACED, PROMISING = 0.5, 0.6, 0.3
OF_PROPERTY = 0.8
"""What a property's name says by meaning, beside the name of a label."""
Owner = tuple[str, str]
"""``label`` or ``relation``, and its name."""


class PatternRanker:
    """The signs of patterns for one question."""

    def __init__(
        self,
        schema: TypedSchema,
        evidence: SchemaEvidence,
        places: QuestionPlaces,
        phrases: RelationPhrases | None = None,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        import numpy as np

        self.schema, self.evidence, self.places = schema, evidence, places
        self._phrases, self._weights = phrases, weights
        own, properties, meanings = self._strengths()
        self._said = {key: np.maximum.accumulate([own[key], properties[key], meanings[key]], axis=0) for key in own}
        """Owner -> three rows: what its own name says of each word, with its properties' names, by meaning as well."""
        self._own = {key: float(row.max(initial=0.0)) for key, row in own.items()}
        self._meant = {key: float(row.max(initial=0.0)) for key, row in meanings.items()}
        self._total = max(1e-6, float(evidence.weights.sum()))
        self._said_labels = self._tokens_said("label")
        self._said_types = self._tokens_said("relation") & ~self._said_labels & (evidence.weights >= 1.0)
        self._counted = [any(self._said_labels[one.end : one.end + 2]) for one in evidence.question.amounts]
        """Whether a number stands before the name of a label: "more than three genres"."""
        self._worth = {label: self._worth_of(label) for label in schema.labels}

    def _strengths(self) -> tuple[dict[Owner, Vector], dict[Owner, Vector], dict[Owner, Vector]]:
        """Of each label and type: how its name, the names of its properties, and both by meaning say each word."""
        import numpy as np

        zero = np.zeros(len(self.evidence.question.tokens), np.float32)
        types = {one.type for one in self.schema.relations}
        keys: list[Owner] = [*(("label", one) for one in self.schema.labels), *(("relation", one) for one in types)]
        own, properties, meanings = dict.fromkeys(keys, zero), dict.fromkeys(keys, zero), dict.fromkeys(keys, zero)
        for element, strengths in self.evidence.by_name.items():
            meaning = self.evidence.by_meaning[element]
            if element.kind != "property":
                own[element.kind, element.owner] = strengths
                key: Owner = (element.kind, element.owner)
            else:
                key = ("relation" if element.owner in types else "label", element.owner)
                properties[key] = np.maximum(properties[key], strengths)
                meaning = OF_PROPERTY * meaning
            meanings[key] = np.maximum(meanings[key], meaning)
        return own, properties, meanings

    def _tokens_said(self, kind: str) -> Vector:
        import numpy as np

        rows = [rows[0] for (each, _), rows in self._said.items() if each == kind]
        return np.max(rows, axis=0) >= SAID if rows else np.zeros(len(self.evidence.question.tokens), bool)

    def _worth_of(self, label: str) -> float:
        """How much speaks for the label at all."""
        key: Owner = ("label", label)
        places = [*self.places.values, *self.places.amounts]
        carries = max((one[label].worth for one in places if label in one), default=0.0)
        weighed = self._said[key][1] * (self.evidence.weights > 0)
        return max(self._own[key], 0.8 * float(weighed.max(initial=0.0)), self._meant[key], carries - 0.2)

    def may_grow(self, pattern: GraphPattern, relation: SchemaRelation, other: str) -> bool:
        """Whether the relation may lead somewhere: it is said, or leads to a label that is or to one next to it."""
        key: Owner = ("relation", relation.type)
        if max(self._own[key], self._meant[key], self._worth[other]) >= PROMISING:
            return True
        beyond = {end for one in self.schema.at[other] for end in (one.source, one.target)}
        return any(self._worth[label] >= HALF for label in beyond - {*pattern.nodes})

    def signs(self, pattern: GraphPattern) -> dict[str, float]:
        import numpy as np

        keys = _keys(pattern)
        nodes = len(pattern.nodes)
        of_nodes = np.maximum.reduce([self._said[key] for key in keys[:nodes]])
        said = np.maximum.reduce([of_nodes, *(self._said[key] for key in keys[nodes:])])
        names, properties, meanings = (said @ self.evidence.weights / self._total).tolist()
        node_said = [self._own[key] for key in keys[:nodes]]
        edge_said = [self._own[key] for key in keys[nodes:]]
        values = [self.best_place(each, pattern) for each in self.places.values]
        amounts = _once([self.best_place(each, pattern) for each in self.places.amounts])
        carrying = {one.owner for one in (*values, *amounts) if one and one.worth >= PLACED}
        unsaid = [at for at, each in enumerate(node_said) if each < HALF and pattern.nodes[at] not in carrying]
        leaves = sum(pattern.degree(at) <= 1 for at in unsaid)
        numbers = zip(amounts, self._counted, strict=True)
        counted = bool(pattern.edges)
        worth = [max(one.worth if one else 0.0, 0.8 * (counts and counted)) for one, counts in numbers]
        return {
            "names": names,
            "properties": properties - names,
            "meanings": meanings - properties,
            "labels said": _share(of_nodes[0], self._said_labels),
            "types said": _share(said[0], self._said_types),
            "edges": float(len(pattern.edges)),
            "leaves unsaid": float(leaves),
            "inner unsaid": float(len(unsaid) - leaves),
            "edges unsaid": float(sum(each < HALF for each in edge_said)),
            "nodes again": float(nodes - len({*pattern.nodes})),
            "node said": sum(node_said) / nodes,
            "no edge": float(not pattern.edges),
            "values": _mean([one.worth if one else 0.0 for one in values]),
            "amounts": _mean(worth),
            **self._alike(pattern),
        }

    def _alike(self, pattern: GraphPattern) -> dict[str, float]:
        if self._phrases is None:
            return {}
        types: list[Owner] = [("relation", one.relation.type) for one in pattern.edges]
        cosines = [self._phrases.nearness(one.relation) for one in pattern.edges]
        return {
            "edge meaning": sum(self._meant[key] for key in types if self._own[key] < HALF),
            "edges alike": _mean(cosines),
            "best edge alike": max(cosines, default=0.0),
        }

    def best_place(self, places: Mapping[str, ValuePlace], pattern: GraphPattern) -> ValuePlace | None:
        owners = (*pattern.nodes, *(one.relation.type for one in pattern.edges))
        return max((places[one] for one in owners if one in places), key=lambda one: one.worth, default=None)

    def score(self, pattern: GraphPattern) -> float:
        return sum(self._weights[name] * value for name, value in self.signs(pattern).items())

    def coverage(self, pattern: GraphPattern, *, by_meaning: bool = True) -> Vector:
        """How much of each word the pattern understands."""
        import numpy as np

        return np.max([self._said[key][2 if by_meaning else 1] for key in _keys(pattern)], axis=0)


def _keys(pattern: GraphPattern) -> list[Owner]:
    return [*(("label", one) for one in pattern.nodes), *(("relation", one.relation.type) for one in pattern.edges)]


class RelationPhrases:
    """How near the relations of a schema, each said as a phrase, are to one question; embedded once for a schema."""

    def __init__(self, embed: Embed, kept: dict[SchemaRelation, Vector], schema: TypedSchema, question: str) -> None:
        new = [one for one in schema.relations if one not in kept]
        if new:
            kept.update(zip(new, embed([phrase_of(one) for one in new]), strict=True))
        self._kept, self._question = kept, embed([question])[0]

    def nearness(self, relation: SchemaRelation) -> float:
        return float(self._kept[relation] @ self._question)


def phrase_of(relation: SchemaRelation) -> str:
    return " ".join(
        SchemaElement(kind, one, one).words  # type: ignore[arg-type]
        for kind, one in (("label", relation.source), ("relation", relation.type), ("label", relation.target))
    )


def _once(places: Sequence[ValuePlace | None]) -> list[ValuePlace | None]:
    """No property equals two numbers."""
    held: dict[tuple[str, str], str] = {}
    found: list[ValuePlace | None] = []
    for one in places:
        equal = one is not None and one.test == "="
        stands = one is None or not equal or held.setdefault((one.owner, one.property), one.value) == one.value
        found.append(one if stands else None)
    return found


def _share(said: Vector, wanted: Vector) -> float:
    """Of the words that are wanted, the share that is said."""
    return float((said[wanted] >= SAID).mean()) if wanted.any() else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
