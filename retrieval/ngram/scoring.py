"""SEAL's scores without a language model (Bevilacqua et al., 2022): the question's own n-grams are the keys.

A key weighs idf ** ALPHA, idf = log((N + 1) / (occurrences + 1/2)) of N tokens; a document scores the sum of the keys
that it holds, where each of its tokens counts for one key only and words that were counted before count little
(intersective score with coverage), less in long documents. The constants were chosen on SQuAD's training paragraphs.
SEAL's log-odds of question against corpus did no better there, and give nothing for small corpora. Knows nothing of
passages and stores.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

from .segments import Intervals, Segments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_KEY = 10
MOST_KEYS = 256
ALPHA = 2.0
BETA = 0.8
"""How much less a key weighs when all its words were counted before."""
PHRASE = 1.1
"""How much more a phrase weighs than its words apart, at least."""
LENGTH = 0.2
"""The part of a score that is divided by the document's length over the mean length."""
LOCATED = 20_000
"""Keys that occur more often find no documents, but count in those that others found."""
CANDIDATES = 300
"""How many documents are scored exactly."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key: the tokens ``start`` to ``start + len(tokens)`` of the question."""

    tokens: tuple[int, ...]
    start: int
    count: int
    """Occurrences in the corpus."""
    weight: float
    intervals: Intervals


def question_keys(segments: Segments, ids: Sequence[int], empty: Collection[int] = ()) -> list[Key]:
    """Distinct n-grams of the question, of up to 10 tokens, that occur in the corpus: the 256 heaviest, heaviest first.
    Those that start or end with an ``empty`` token (a stopword) are left out, unless all of the question is empty."""
    found: dict[tuple[int, ...], Key] = {}
    for start in range(len(ids)):
        for key in _keys_from(segments, ids, start):
            found.setdefault(key.tokens, key)
    if any(token not in empty for token in ids):
        found = {tokens: key for tokens, key in found.items() if tokens[0] not in empty and tokens[-1] not in empty}
    single = {key.tokens[0]: key.weight for key in found.values() if len(key.tokens) == 1}
    weighed = sorted((_as_phrase(key, single) for key in found.values()), key=lambda key: (-key.weight, key.tokens))
    return weighed[:MOST_KEYS]


def _keys_from(segments: Segments, ids: Sequence[int], start: int) -> Iterator[Key]:
    intervals = segments.root()
    total = segments.count(intervals)
    for end in range(start + 1, min(start + LONGEST_KEY, len(ids)) + 1):
        intervals = segments.extend(intervals, ids[end - 1])
        count = segments.count(intervals)
        if count == 0:
            return
        yield Key(tuple(ids[start:end]), start, count, log((total + 1) / (count + 0.5)) ** ALPHA, intervals)


def _as_phrase(key: Key, single: Mapping[int, float]) -> Key:
    """A phrase never weighs less than its words apart."""
    if len(key.tokens) == 1:
        return key
    apart = sum(single.get(token, 0.0) for token in set(key.tokens))
    return replace(key, weight=max(key.weight, PHRASE * apart))


def candidates(segments: Segments, keys: Sequence[Key]) -> NDArray[np.int64]:
    """The documents with the greatest sum of the keys in them, coverage left aside."""
    import numpy as np

    rare = [key for key in keys if key.count <= LOCATED] or sorted(keys, key=lambda key: key.count)[:1]
    if not rare:
        return np.zeros(0, np.int64)
    holders = [np.unique(segments.locate(key.intervals)[0]) for key in rare]
    weights = np.repeat([key.weight for key in rare], [len(some) for some in holders])
    documents, places = np.unique(np.concatenate(holders), return_inverse=True)
    totals = np.bincount(places, weights)
    return documents[np.argsort(-totals, kind="stable")[:CANDIDATES]]


def by_first(keys: Sequence[Key]) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = {}
    for key in keys:
        found.setdefault(key.tokens[0], []).append(key)
    return found


def score(keys: dict[int, list[Key]], ids: Sequence[int], mean: float) -> tuple[float, list[Key]]:
    """Scores one document and gives the keys that counted, heaviest first. ``keys`` as ``by_first`` gives them;
    ``mean`` is the mean length of documents, in tokens."""
    matches = [
        (key, at)
        for at, token in enumerate(ids)
        for key in keys.get(token, ())
        if len(key.tokens) == 1 or tuple(ids[at : at + len(key.tokens)]) == key.tokens
    ]
    matches.sort(key=lambda match: -match[0].weight)
    total, positions, words = 0.0, set[int](), set[int]()
    used: dict[tuple[int, ...], Key] = {}
    for key, at in matches:
        span = range(at, at + len(key.tokens))
        if key.tokens in used or not positions.isdisjoint(span):
            continue
        distinct = set(key.tokens)
        total += key.weight * (1 - BETA + BETA * len(distinct - words) / len(distinct))
        positions.update(span)
        words |= distinct
        used[key.tokens] = key
    return total / (1 - LENGTH + LENGTH * len(ids) / mean), list(used.values())
