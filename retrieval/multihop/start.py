"""Where the walker starts: phrases that a question names, phrases of facts that fit it, and dense search's best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...corpus.catalog import evidence
from ...corpus.phrases.names import Mention, Word, mentions, text_words
from ...corpus.spans import sentences
from ...corpus.store import Store
from ...corpus.words import STOPWORDS, idf, stems
from ...graphs.phrases.graph import NAMED, SYNONYM, PhraseGraph
from .facts import nearness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_NAMED = 8
"""A phrase that names more passages than this says too little to read them all."""
MOST_READ = 40
"""Passages, however many phrases a long question names; those of the rarest phrases first."""


@dataclass(frozen=True, slots=True)
class WalkWeights:
    """The weights of a walk, chosen on half of the 2Wiki questions; ``benchmarks/multihop.py`` prints what each part is
    worth."""

    asked: float = 1.0
    """Mass of a phrase that the question names, shared among the passages that have it."""
    fact: float = 1.0
    """Mass of a phrase of a fact: cosine of its passage, times nearness, shared as above."""
    near: float = 10.0
    """How much more a phrase next to a word of the question weighs than one far from all."""
    passage: float = 0.05
    """Mass of the best dense passage; those behind it less, the last none."""
    unnamed: int = 3
    """How many of the best dense passages are read for facts when the question names none."""
    named: float = NAMED
    synonym: float = SYNONYM
    told: bool = True
    """Whether names and pairs that a language model extracted take part, where there are any."""


@dataclass
class Start:
    """Where a walk starts: ``mass`` by phrase. ``read_in`` says in which passage (a row of the graph) a phrase of a
    fact was read."""

    asked: set[int] = field(default_factory=set)
    mass: dict[int, float] = field(default_factory=dict)
    read_in: dict[int, int] = field(default_factory=dict)

    def reset(self, graph: PhraseGraph, cosines: Mapping[int, float], most: float) -> NDArray[np.float64]:
        """The weight with which the walk starts again at each node: the dense passages by their cosine, scaled to 0 …
        ``most``, and the phrases."""
        import numpy as np

        reset = np.zeros(len(graph.keys) + len(graph.phrases))
        low, high = min(cosines.values(), default=0.0), max(cosines.values(), default=0.0)
        for at, cosine in cosines.items():
            reset[at] = most * (cosine - low) / (high - low) if high > low else most
        for phrase, mass in self.mass.items():
            reset[len(graph.keys) + phrase] = mass
        return reset


def start_of(
    store: Store, graph: PhraseGraph, question: str, cosines: Mapping[int, float], weights: WalkWeights
) -> Start:
    """Finds where the walk of a question starts. ``cosines`` are those of the best dense passages by their row in the
    graph, best first."""
    words = text_words(question)
    named = graph.find(words)
    asked = {graph.number[mention.phrase] for mention in named}
    start = Start(asked, {phrase: weights.asked / float(graph.spread[phrase]) for phrase in asked})
    relations = _relations(store, words, named)
    rarest = sorted(asked, key=lambda phrase: (int(graph.spread[phrase]), phrase))
    passages = dict.fromkeys(at for phrase in rarest for at in graph.passages_named(phrase, MOST_NAMED))
    floor = min(cosines.values(), default=0.0)
    for at in list(passages)[:MOST_READ] or list(cosines)[: weights.unnamed]:
        scale = weights.fact * max(0.0, cosines.get(at, floor))
        for phrase, near in _facts(store, graph, at, relations):
            mass = scale * (1.0 + weights.near * near) / float(graph.spread[phrase])
            if phrase not in asked and mass > start.mass.get(phrase, 0.0):
                start.mass[phrase], start.read_in[phrase] = mass, at
    return start


def _relations(store: Store, words: Sequence[Word], named: Sequence[Mention]) -> dict[str, float]:
    """What is left of the question without names and stopwords, by idf, the largest 1: *director*, *born*."""
    taken = {at for mention in named for at in range(mention.first, mention.last)}
    left = [word.normal for at, word in enumerate(words) if at not in taken]
    found = {
        word: max(idf(store, stems(word)).values(), default=0.0)
        for word in dict.fromkeys(left)
        if len(word) > 2 and word not in STOPWORDS
    }
    most = max(found.values(), default=1.0) or 1.0
    return {word: weight / most for word, weight in found.items()}


def _facts(store: Store, graph: PhraseGraph, at: int, relations: Mapping[str, float]) -> list[tuple[int, float]]:
    """Phrases of one passage's sentences, each with its nearness."""
    return [
        (graph.number[mention.phrase], nearness(relations, words, mention))
        for hit in evidence(store, [(int(graph.keys[at]), 0.0)], "", "")
        for start, end in sentences(hit.quote, 0, len(hit.quote), hit.kind)
        for text in [hit.quote[start:end]]
        for words in [text_words(text)]
        for mention in mentions(text, words, graph.titles)
        if mention.phrase in graph.number
    ]
