"""How much each word of a question says of each label, relationship type and property of a schema.

By its letters where a word is one of the name's, else by meaning, where there is an embedder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...corpus.words import STOPWORDS
from ..english.names import name_fit, name_roots, property_name, property_names, singular
from ..english.words import PEOPLE, root
from .asked import GraphQuestion, NamedValue
from .schema import TypedSchema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Strengths = NDArray[np.float32]
    """One number for each word of the question, from 0 to 1."""

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Texts to rows of unit length."""
ElementKind = Literal["label", "relation", "property"]
LONGEST, NAME = 4, 4
"""Words of the question that may name a part of the schema, and words of a node's name in small letters."""
PARTLY, SAID = 0.3, 0.9
"""Of a name: what is a beginning, and what is all of it."""
ALIKE, SAME = 0.35, 0.85
"""Cosines of a word and a name: what says nothing, and what says all."""
BY_MEANING = 0.8
"""The most that a word says by its meaning alone."""


@dataclass(frozen=True, slots=True)
class SchemaElement:
    kind: ElementKind
    owner: str
    """The label or the type that it is of; its own where it is no property."""
    name: str

    @property
    def words(self) -> str:
        return property_name(self.name).replace("_", " ")


@dataclass(frozen=True, slots=True)
class SchemaEvidence:
    """``by_name`` and ``by_meaning``: element -> its strengths."""

    question: GraphQuestion
    """Without the values that turned out to be names of the schema."""
    asked: frozenset[str]
    """The labels that the first name of one, behind the word that asks, may mean."""
    weights: Strengths
    by_name: Mapping[SchemaElement, Strengths]
    by_meaning: Mapping[SchemaElement, Strengths]


class SchemaWords:
    """The names of a schema, made ready once."""

    def __init__(self, schema: TypedSchema, embed: Embed | None = None) -> None:
        self.schema, self._embed = schema, embed
        types = dict.fromkeys(one.type for one in schema.relations)
        found = [SchemaElement("label", label, label) for label in schema.labels]
        found += [SchemaElement("relation", one, one) for one in types]
        for label, each in schema.labels.items():
            found += [SchemaElement("property", label, one.name) for one in each]
        for relation in schema.relations:
            found += [SchemaElement("property", relation.type, one.name) for one in relation.properties]
        self.elements: tuple[SchemaElement, ...] = tuple(dict.fromkeys(found))
        self._names = {one: _names(one) for one in self.elements}

    def evidence(self, question: GraphQuestion, known: Callable[[str], object] | None = None) -> SchemaEvidence:
        """``known`` says whether a node is called so: names in small letters are found by it alone."""
        import numpy as np

        by_name = self._by_name(question)
        question = _without_names(question, by_name)
        if known is not None:
            question = _with_known_names(question, by_name, known)
        if self._embed is None:
            empty = np.zeros(len(question.tokens), np.float32)
            by_meaning = dict.fromkeys(self.elements, empty)
        else:
            by_meaning = self._by_meaning(question)
        weights = np.array(question.weights, np.float32)
        return SchemaEvidence(question, _asked_labels(question, by_name), weights, by_name, by_meaning)

    def _by_name(self, question: GraphQuestion) -> dict[SchemaElement, Strengths]:
        import numpy as np

        tokens = question.tokens
        held = {at for one in question.values if one.quoted for at in range(one.start, one.end)}
        quoted = {(one.start, one.end): one.text.casefold() for one in question.values if one.quoted}
        spans = [
            (start, end)
            for length in range(1, LONGEST + 1)
            for start in range(len(tokens) - length + 1)
            for end in (start + length,)
            if held.isdisjoint(range(start, end))
        ]
        read = [
            (start, end, [one.root for one in tokens[start:end]], root("".join(one.text for one in tokens[start:end])))
            for start, end in spans
        ]
        found = {one: np.zeros(len(tokens), np.float32) for one in self.elements}
        # "Me" is a label, "me" is none.
        silent = [at for at, one in enumerate(tokens) if one.text in STOPWORDS and one.text not in ("who", "whom")]
        roots = {one.root for one in tokens} | {together for *_, together in read}
        for element, names in self._names.items():
            strengths = found[element]
            if element.kind == "label" and singular(property_name(element.name)) in PEOPLE:
                strengths[[at for at, one in enumerate(tokens) if one.text.casefold() in ("who", "whom")]] = 0.6
            for name in names:
                if roots.isdisjoint(name) and root("".join(name)) not in roots:
                    continue
                for start, end, asked, together in read:
                    fit = name_fit(asked, together, name)
                    if fit > PARTLY:
                        strengths[start:end] = np.maximum(strengths[start:end], fit)
            strengths[silent] = 0.0
            for (start, end), text in quoted.items():  # 'INTERACTS1' relationship
                if text == element.name.casefold():
                    strengths[start:end] = 1.0
        return found

    def _by_meaning(self, question: GraphQuestion) -> dict[SchemaElement, Strengths]:
        import numpy as np

        assert self._embed is not None
        at = [place for place, weight in enumerate(question.weights) if weight]
        found = {one: np.zeros(len(question.tokens), np.float32) for one in self.elements}
        if not at:
            return found
        vectors = self._embed([question.tokens[place].text.casefold() for place in at])
        names, rows = self._vectors
        said = np.clip((vectors @ names.T - ALIKE) / (SAME - ALIKE), 0.0, 1.0) * BY_MEANING
        for element, strengths in found.items():
            strengths[at] = said[:, rows[element.words]]
        return found

    @cached_property
    def _vectors(self) -> tuple[NDArray[np.float32], Mapping[str, int]]:
        assert self._embed is not None
        words = [*dict.fromkeys(one.words for one in self.elements)]
        return self._embed(words), {text: row for row, text in enumerate(words)}


def _asked_labels(question: GraphQuestion, by_name: Mapping[SchemaElement, Strengths]) -> frozenset[str]:
    labels = {one.name: strengths for one, strengths in by_name.items() if one.kind == "label"}
    for at in range(min(question.intent.target, len(question.tokens)), len(question.tokens)):
        if found := frozenset(label for label, strengths in labels.items() if strengths[at] >= SAID):
            return found
    return frozenset()


def _without_names(question: GraphQuestion, by_name: Mapping[SchemaElement, Strengths]) -> GraphQuestion:
    """Words with capitals that name a part of the schema ("Data Center DC1") are no values, and must be understood."""
    import numpy as np

    said = np.max([*by_name.values()], axis=0) >= SAID if by_name else np.zeros(len(question.tokens), bool)
    types = [strengths for one, strengths in by_name.items() if one.kind == "relation"]
    verbs = np.max(types, axis=0) >= SAID if types else np.zeros(len(question.tokens), bool)
    weights, values = list(question.weights), []
    for value in question.values:
        # "Passages that mention Ann": where the graph has that relation, she is its end, and no part of a text.
        related = verbs[max(0, value.start - 2) : value.start].any() and value.test == "CONTAINS"
        one = replace(value, test="=") if related else value
        start, end = one.start, one.end
        if one.quoted:
            start = end if said[start:end].all() else start
        else:
            while start < end and said[start]:
                start += 1
            while end > start and said[end - 1]:
                end -= 1
        for at in {*range(one.start, one.end)} - {*range(start, end)}:
            weights[at] = 1.0
        if (start, end) == (one.start, one.end):
            values.append(one)
        elif start < end:
            text = question.text[question.tokens[start].start : question.tokens[end - 1].end]
            values.append(replace(one, start=start, end=end, text=text))
    return replace(question, weights=tuple(weights), values=tuple(values))


def _with_known_names(
    question: GraphQuestion, by_name: Mapping[SchemaElement, Strengths], known: Callable[[str], object]
) -> GraphQuestion:
    """Words that name no part of the schema and are what a node is called."""
    import numpy as np

    said = np.max([*by_name.values()], axis=0) >= SAID if by_name else np.zeros(len(question.tokens), bool)
    free = [weight >= 1.0 and not said[at] for at, weight in enumerate(question.weights)]
    weights, values = list(question.weights), list(question.values)
    for length in range(NAME, 0, -1):
        for start in range(len(free) - length + 1):
            end = start + length
            if not (free[start] and free[end - 1]) or any(said[start:end]):
                continue
            text = question.text[question.tokens[start].start : question.tokens[end - 1].end]
            if known(text):
                values.append(NamedValue(start, end, text, quoted=False))
                weights[start:end] = [0.0] * length
                free[start:end] = [False] * length
    return replace(question, weights=tuple(weights), values=tuple(sorted(values, key=lambda one: one.start)))


def _names(element: SchemaElement) -> tuple[tuple[str, ...], ...]:
    """The roots of an element's name, in the ways in which people say it."""
    snake = property_name(element.name)
    if element.kind == "property":
        found = (*property_names(property_name(element.owner), snake), name_roots(snake))
    elif element.kind == "label":
        found = (name_roots(singular(snake)),)
    else:
        # The verb alone says a relation, too: "acted" of ACTED_IN is all of it, the prepositions being left out.
        roots = name_roots(snake)
        found = (roots, tuple(root(word) for word in snake.split("_")))
        if len(roots) > 1 and snake.split("_")[0] in ("has", "is", "have", "was", "with", "of"):
            found = (*found, roots[1:])
    return tuple(dict.fromkeys(name for name in found if name))
