"""How often two entities stand in one sentence, or in neighbouring ones: counted afresh, or changed by an edit.

Every pair that a sentence holds is counted, chunk by chunk, so that the memory is that of what is found; a sentence has
few mentions (``facts.py``). numpy alone, since an install that only quotes has no scipy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .spoken import Held, Spoken, Unchanged, sort_distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR_BY = 600
"""Characters within which two sentences are near each other: the 100 words or so over which GraphRAG counts without a
language model."""
STEPS = 8
"""Sentences in a row among which two are near at most."""
_CHUNK = 1 << 22
"""Pairs that are counted at once."""
_MANY = 0.5
"""Share of the documents from which on all are counted again."""


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs by their key (the smaller entity times the number of phrases, and the other), in order."""

    keys: NDArray[np.int64]
    together: NDArray[Any]
    """Sentences that hold both."""
    beside: NDArray[Any]
    """Neighbouring sentences that hold one each, one of the two a name."""
    further: NDArray[Any]
    """The same for sentences near each other with others between."""


def count_pairs(spoken: Spoken) -> PairCounts:
    import numpy as np

    size, held, sentences = len(spoken.phrases), spoken.by_sentence(), spoken.sentences
    every = np.arange(len(sentences))
    found = [count_between(size, (held, every), (held, every))]
    for steps in range(1, STEPS + 1):
        first = np.flatnonzero(are_near(sentences, np.arange(len(sentences) - steps), steps))
        # Of two terms in two sentences nothing is said; one of the two is to be a name.
        found.append(count_between(size, (held, first), (held, first + steps), needed=spoken.named))
    keys = sort_distinct(np.concatenate([pairs for pairs, _ in found]))
    together, beside, *further = (at_keys(keys, *part) for part in found)
    return PairCounts(keys, together[0], beside[0], np.sum(further, axis=0)[0])


def are_near(sentences: NDArray[np.int64], first: NDArray[np.int64], steps: int) -> NDArray[np.bool_]:
    """Whether each of these sentences and the one ``steps`` behind it are near: neighbours of one passage, or within
    ``NEAR_BY`` characters of one section."""
    import numpy as np

    one, other = sentences[first], sentences[first + steps]
    passage = np.all(one[:, [0, 4]] == other[:, [0, 4]], axis=1)
    section = np.all(one[:, [0, 3]] == other[:, [0, 3]], axis=1)
    found: NDArray[np.bool_] = section & (other[:, 2] - one[:, 1] <= NEAR_BY) | (passage & (steps == 1))
    return found


def count_between(
    size: int,
    one_side: tuple[Held, NDArray[np.int64]],
    other_side: tuple[Held, NDArray[np.int64]],
    needed: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts each pair of an entity of a place on one side and one of the place beside it on the other: its key, and
    how often there is one. One of the pair must be ``needed``."""
    import numpy as np

    (held, left), (others, right) = one_side, other_side
    lengths, other_lengths = np.diff(held.starts), np.diff(others.starts)
    pairs = lengths[left] * other_lengths[right]
    keys, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    before = np.concatenate([[0], np.cumsum(pairs)])
    cuts = np.unique(np.searchsorted(before, np.arange(0, before[-1] + _CHUNK, _CHUNK), side="right") - 1)
    for first, last in pairwise([*cuts.tolist(), len(pairs)]):
        of = np.repeat(np.arange(first, last), pairs[first:last])
        place = np.arange(before[first], before[last]) - before[of]
        width = other_lengths[right[of]]
        one = held.entities[held.starts[left[of]] + place // width]
        other = others.entities[others.starts[right[of]] + place % width]
        # A sentence stands beside itself once in either order, two sentences only in theirs.
        kept = one < other if needed is None else (one != other) & (needed[one] | needed[other])
        one, other = one[kept], other[kept]
        found = np.sort(np.minimum(one, other) * size + np.maximum(one, other))
        first_of = np.flatnonzero(np.diff(found, prepend=-1))
        keys.append(found[first_of])
        counts.append(np.diff(first_of, append=len(found)))
    if len(keys) <= 2:
        return keys[-1], counts[-1]
    every = sort_distinct(np.concatenate(keys))
    return every, np.sum([at_keys(every, *part)[0] for part in zip(keys, counts, strict=True)], axis=0)


def changed_pairs(before: Mapping[str, NDArray[Any]], unchanged: Unchanged, now: Spoken) -> PairCounts:
    """Those of ``now``, from the graph of an earlier state: the documents that are gone, or speak of other entities
    than they did, take their counts away, and bring those that they have now."""
    import numpy as np

    then, same, renumbered = unchanged.then, unchanged.same, unchanged.renumbered
    fresh = same < 0
    if fresh.sum() >= _MANY * len(fresh):
        return count_pairs(now)
    gone = np.ones(len(then.documents), np.bool_)
    gone[same[~fresh]] = False
    taken, brought = count_pairs(then.of(gone)), count_pairs(now.of(fresh))
    one, other = before["ends"]
    keys, size = one.astype(np.int64) * len(then.phrases) + other, len(now.phrases)
    counts = [before[name].astype(np.int32) for name in ("together", "beside", "further")]
    at = np.searchsorted(keys, taken.keys)
    for held, less in zip(counts, (taken.together, taken.beside, taken.further), strict=True):
        held[at] -= less
    left = (counts[0] | counts[1] | counts[2]) != 0
    # Whoever is left is spoken of as before, so that the order of the numbers is the same.
    kept = renumbered[one[left]] * size + renumbered[other[left]]
    found, counts, at = with_keys(kept, [held[left] for held in counts], brought.keys)
    for held, more in zip(counts, (brought.together, brought.beside, brought.further), strict=True):
        held[at] += more
    return PairCounts(found, *counts)


def with_keys(
    keys: NDArray[np.int64], counts: Sequence[NDArray[Any]], more: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[NDArray[Any]], NDArray[np.int64]]:
    """The keys and those of ``more`` in order, each once; the counts with zeros for those that are new; and the places
    of ``more``. Few are looked up among many: as fast as copying them."""
    import numpy as np

    at = np.searchsorted(keys, more)
    known = at < len(keys)
    known[known] = keys[at[known]] == more[known]
    new = ~known
    if not new.any():
        return keys, [*counts], at
    places = at[new]
    grown = [np.insert(held, places, 0) for held in counts]
    return np.insert(keys, places, more[new]), grown, at + np.cumsum(new) - new


def at_keys(keys: NDArray[np.int64], found: NDArray[np.int64], *numbers: NDArray[Any]) -> NDArray[np.int64]:
    """``numbers`` (one row for each of them) at the places of ``found`` in ``keys``, 0 elsewhere."""
    import numpy as np

    if len(found) == len(keys):
        return np.stack(numbers).astype(np.int64)
    placed = np.zeros((len(numbers), len(keys)), np.int64)
    placed[:, np.searchsorted(keys, found)] = np.stack(numbers)
    return placed
