"""A question in English to ranked queries over any property graph: its schema is all that must be known.

What the question says is read once (``asked``), each word is compared with the names of the schema (``evidence``),
values and numbers get places (``places``), patterns are grown (``patterns``) and ranked (``ranking``), and each of the
best becomes a plan (``planning``) that is written as Cypher (``plan``). A query is true to the schema by construction;
the guard reads it all the same before it runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...corpus.cancellation import check
from ..english.words import DECIDING
from .asked import ask
from .evidence import Embed, SchemaWords
from .patterns import GraphPattern, grow
from .places import KNOWN, Known, find_places
from .plan import GraphPlan, to_cypher
from .planning import plan_question
from .ranking import WEIGHTS, PatternRanker, RelationPhrases
from .schema import SchemaRelation, TypedSchema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNDERSTOOD = 0.45
"""Of a word: less is not understood."""


@dataclass(frozen=True, slots=True)
class CypherCandidate:
    cypher: str
    score: float
    plan: GraphPlan
    unused: tuple[str, ...]
    """Words that say something and that it does not use."""
    guessed: tuple[str, ...]
    """Words that were understood by their meaning alone."""
    names: tuple[tuple[str, float], ...]
    """The values that the question names, and how sure it is that they stand where the query looks for them."""


class Translator:
    """``embed`` compares by meaning what letters do not tell; without it only names are understood."""

    def __init__(
        self,
        schema: TypedSchema,
        embed: Embed | None = None,
        known: Known | None = None,
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        self.schema, self.known = schema, known
        self._embed, self._weights = embed, weights
        self._words = SchemaWords(schema, embed)
        self._phrases: dict[SchemaRelation, NDArray[np.float32]] = {}

    def candidates(self, question: str, most: int = 5) -> list[CypherCandidate]:
        """The queries that it may mean, best first, no two of one pattern; none where no word names a part of the
        schema."""
        ranker = self.ranker(question)
        found: list[CypherCandidate] = []
        for score, pattern in grow(self.schema, ranker.score, ranker.may_grow):
            check()
            plan, left_out = plan_question(ranker, pattern)
            unused, guessed = understanding(ranker, pattern)
            unused = tuple(dict.fromkeys((*unused, *left_out)))
            query = to_cypher(self.schema, plan)
            names = tuple(values_of(ranker, pattern))
            found.append(CypherCandidate(query, score, plan, unused, guessed, names=names))
            if len(found) == most:
                break
        return found

    def ranker(self, question: str) -> PatternRanker:
        evidence = self._words.evidence(ask(question), self.known)
        places = find_places(self.schema, evidence, self.known)
        phrases = None
        if self._embed is not None:
            phrases = RelationPhrases(self._embed, self._phrases, self.schema, evidence.question.text)
        return PatternRanker(self.schema, evidence, places, phrases, weights=self._weights)


def understanding(ranker: PatternRanker, pattern: GraphPattern) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that the pattern does not use, and those that it has by their meaning alone."""
    question = ranker.evidence.question
    by_name, covered = ranker.coverage(pattern, by_meaning=False), ranker.coverage(pattern)
    said = [
        at
        for at, weight in enumerate(question.weights)
        if weight >= 1.0 and question.tokens[at].text.casefold() not in DECIDING
    ]
    unused = [question.tokens[at].text for at in said if covered[at] < UNDERSTOOD]
    guessed = [question.tokens[at].text for at in said if covered[at] >= UNDERSTOOD > by_name[at]]
    values = zip(question.values, ranker.places.values, strict=True)
    unused += [one.text for one, places in values if ranker.best_place(places, pattern) is None]
    return tuple(unused), tuple(guessed)


def values_of(ranker: PatternRanker, pattern: GraphPattern) -> Iterator[tuple[str, float]]:
    for one, places in zip(ranker.evidence.question.values, ranker.places.values, strict=True):
        place = ranker.best_place(places, pattern)
        if place is not None:
            yield one.text, place.worth if one.test == "=" else KNOWN
