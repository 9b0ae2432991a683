"""The choice of sentences that answer, cover much and do not repeat: what every answer about the whole is made of.

Maximal marginal relevance (Carbonell and Goldstein, 1998) with the vectors of an embedder where there is one, and with
shared words where there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...corpus.words import content_words
from .graph import Knowledge
from .quotes import GOOD, Quotes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Encode = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Texts -> vectors of unit length."""
ALIKE = 0.8
"""Cosine from which on two sentences say the same."""
AGAIN, SAME_GROUP = 0.5, 0.85
"""What a further sentence of a document, or of a group, is worth of its relevance."""
SHORT, ASKS = 0.6, 0.4
COVERED = 0.4
"""The part of a sentence's worth that lies in entities which are not told of yet."""


@dataclass(frozen=True)
class Candidates:
    """Sentences that may be chosen."""

    rows: Sequence[int]
    relevance: Mapping[int, float]
    groups: Mapping[int, int]
    """Of which each should say something: the community of each sentence."""
    vectors: NDArray[np.float32] | None
    """``[rows, dimension]``."""


def readable(graph: Knowledge, row: int) -> bool:
    """Whether it is long enough to say something and short enough to be read at once."""
    return GOOD[0] <= int(graph.sentences[row, 2] - graph.sentences[row, 1]) <= GOOD[1]


def worth_as_said(quotes: Quotes, row: int) -> float:
    """What is left of a sentence's relevance where it is too short to stand alone, or too long, or asks."""
    asks = quotes.text(row).rstrip("\"'”’ ").endswith("?")
    return (1.0 if readable(quotes.graph, row) else SHORT) * (ASKS if asks else 1.0)


def relevance(
    quotes: Quotes, rows: Sequence[int], question: str, encode: Encode | None
) -> tuple[dict[int, float], NDArray[np.float32] | None]:
    """How near each sentence is to the question, by vectors where there are some, and by shared words."""
    wanted = set(content_words(question))
    texts = [quotes.text(row) for row in rows]
    shared = [len(wanted & set(content_words(text))) / max(1, len(wanted)) for text in texts]
    if encode is None or not rows:
        return dict(zip(rows, shared, strict=True)), None
    found = encode([question, *texts])
    near = found[1:] @ found[0]
    return {row: float(cosine) + 0.3 * words for row, cosine, words in zip(rows, near, shared, strict=True)}, found[1:]


def choose(quotes: Quotes, found: Candidates, count: int, words: int) -> list[int]:
    """At most ``count`` sentences of together at most ``words`` words (one in any case), the best first."""
    graph = quotes.graph
    entities = {row: {entity for entity, *_ in graph.in_sentence(row)} for row in found.rows}
    left = dict(enumerate(found.rows))
    told: set[int] = set()
    documents: Counter[int] = Counter()
    groups: Counter[int] = Counter()
    chosen: list[int] = []
    places: list[int] = []
    spent = 0

    def worth(row: int) -> float:
        fresh = len(entities[row] - told) / max(1, len(entities[row]))
        again = AGAIN ** documents[int(graph.sentences[row, 0])] * SAME_GROUP ** groups[found.groups.get(row, -1)]
        return found.relevance[row] * (1 - COVERED + COVERED * fresh) * again

    while left and len(chosen) < count:
        place = max(left, key=lambda at: (worth(left[at]), -left[at]))
        row = left.pop(place)
        length = len(quotes.text(row).split())
        if (chosen and spent + length > words) or _repeats(quotes, found, (row, place), chosen, places):
            continue
        chosen.append(row)
        places.append(place)
        spent += length
        told |= entities[row]
        documents[int(graph.sentences[row, 0])] += 1
        groups[found.groups.get(row, -1)] += 1
    return chosen


def _repeats(
    quotes: Quotes, found: Candidates, candidate: tuple[int, int], chosen: Sequence[int], places: Sequence[int]
) -> bool:
    row, place = candidate
    if found.vectors is not None and places:
        return bool((found.vectors[list(places)] @ found.vectors[place]).max() >= ALIKE) or row in chosen
    return quotes.repeats(row, chosen)
