"""How often two entities stand in one sentence, or in neighbouring ones: counted afresh, or changed by an edit.

Every pair that a sentence holds is counted, chunk by chunk, so that the memory is that of what is found; a sentence has
few mentions (``facts.py``). numpy alone, since an install that only quotes has no scipy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .facts import NAME
from .gathered import Gathered, segments, text_lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR_BY = 500
"""Characters within which two sentences are near each other: the 75 words or so over which GraphRAG counts without a
language model."""
STEPS = 8
"""Sentences in a row among which two are near at most."""
_CHUNK = 1 << 22
"""Pairs that are counted at once."""
_MANY = 0.5
"""Share of the documents from which on all are counted again."""


@dataclass(frozen=True, slots=True)
class Held:
    """The entities of each of several places: ``entities[starts[p] : starts[p + 1]]``."""

    entities: NDArray[np.int64]
    starts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the sentences of documents speak of; entities are the numbers of the phrases that they are named by."""

    documents: NDArray[np.int64]
    """``[d, 2]``: document, first passage."""
    phrases: list[str]
    named: NDArray[np.bool_]
    """Of each phrase, whether it is a name."""
    owners: NDArray[np.int64]
    """The entity of each mention, in the order of the facts; -1 for none."""
    places: NDArray[np.int64]
    """The sentence of each mention."""
    sentences: NDArray[np.int64]
    """``[m, 5]``, as ``Knowledge`` has them."""

    def of(self, chosen: NDArray[np.bool_]) -> Spoken:
        """Only the sentences of the documents that are ``chosen``."""
        import numpy as np

        inside = chosen[self.sentences[:, 0]]
        number = np.cumsum(inside) - 1
        mentioned = inside[self.places]
        owners, places = self.owners[mentioned], number[self.places[mentioned]]
        sentences = self.sentences[inside]
        return Spoken(self.documents, self.phrases, self.named, owners=owners, places=places, sentences=sentences)

    def by_sentence(self) -> Held:
        """What each sentence mentions, and what its section is about."""
        import numpy as np

        size = len(self.phrases)
        mentioned, headed = self.owners >= 0, np.flatnonzero(self.sentences[:, 3] >= 0)
        rows = np.concatenate([self.places[mentioned], headed])
        columns = np.concatenate([self.owners[mentioned], self.sentences[headed, 3]])
        found = sort_distinct(rows * size + columns)
        return Held(found % max(1, size), np.searchsorted(found, np.arange(len(self.sentences) + 1) * size))


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


def changed_pairs(before: Mapping[str, NDArray[Any]], gathered: Gathered, now: Spoken) -> PairCounts:
    """Those of ``now``, from the graph of an earlier state: the documents that are gone, or speak of other entities
    than they did, take their counts away, and bring those that they have now. ``gathered``: the facts of that state."""
    import numpy as np

    then = Spoken(
        gathered.documents,
        text_lines(before["phrases"]),
        before["kinds"] == NAME,
        owners=before["owners"].astype(np.int64),
        places=gathered.sentences_of("mentions"),
        sentences=before["sentences"].astype(np.int64),
    )
    # The last one is that of none.
    renumbered = np.append(renumber(then.phrases, now.phrases), -1)
    same = _match_documents(then, now, renumbered)
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


def renumber(then: Sequence[str], now: Sequence[str]) -> NDArray[np.int64]:
    """Gives for each phrase of one list in order its place in another, -2 where it is not there. Both are nearly the
    same, so that whole stretches are compared."""
    import numpy as np

    found = np.full(len(then), -2, np.int64)
    at = place = 0
    while at < len(then) and place < len(now):
        same = _same_stretch(then, at, now, place)
        found[at : at + same] = np.arange(place, place + same)
        at, place = at + same, place + same
        if at < len(then) and place < len(now):
            gone = then[at] < now[place]
            at, place = at + gone, place + (not gone)
    return found


def _same_stretch(one: Sequence[str], at: int, other: Sequence[str], place: int) -> int:
    """How many are the same from there on."""
    start, step = at, 1
    while step:
        if at < len(one) and one[at : at + step] == other[place : place + step]:
            at, place, step = min(len(one), at + step), place + step, 2 * step
        else:
            step //= 2
    return at - start


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


def _match_documents(then: Spoken, now: Spoken, renumbered: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of ``then`` for each document of ``now``; -1 where it is another, or speaks of others."""
    import numpy as np

    place = {(document, first): at for at, (document, first) in enumerate(then.documents.tolist())}
    same = np.asarray([place.get((document, first), -1) for document, first in now.documents.tolist()], np.int64)
    named = np.append(now.named, False)
    was_named = np.append(then.named, False)
    for old, new, old_owner, new_owner in (
        (then.sentences[then.places, 0], now.sentences[now.places, 0], then.owners, now.owners),
        (then.sentences[:, 0], now.sentences[:, 0], then.sentences[:, 3], now.sentences[:, 3]),
    ):
        there = same >= 0
        lengths = np.bincount(new, minlength=len(now.documents))
        starts = np.searchsorted(old, np.arange(len(then.documents)))
        inside = np.flatnonzero(there[new])
        was = old_owner[segments(starts[same[there]], lengths[there])]
        own = new_owner[inside]
        other = (renumbered[was] != own) | (was_named[was] != named[own])
        same[np.unique(new[inside[other]])] = -1
    return same


def sort_distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers in order, each once. They are sorted: numpy's own way over a hash table takes five times as long."""
    import numpy as np

    found = np.sort(numbers)
    return found[np.flatnonzero(np.diff(found, prepend=-1))]


def at_keys(keys: NDArray[np.int64], found: NDArray[np.int64], *numbers: NDArray[Any]) -> NDArray[np.int64]:
    """``numbers`` (one row for each of them) at the places of ``found`` in ``keys``, 0 elsewhere."""
    import numpy as np

    if len(found) == len(keys):
        return np.stack(numbers).astype(np.int64)
    placed = np.zeros((len(numbers), len(keys)), np.int64)
    placed[:, np.searchsorted(keys, found)] = np.stack(numbers)
    return placed
