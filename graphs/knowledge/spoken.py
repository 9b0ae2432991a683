"""What the sentences of documents speak of, and which documents speak of the same as they did in an earlier state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .facts import NAME
from .gathered import Gathered, segments, text_lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
class Unchanged:
    """What is left of an earlier state."""

    then: Spoken
    same: NDArray[np.int64]
    """For each document the one of ``then`` that speaks of the same; -1 for none."""
    renumbered: NDArray[np.int64]
    """The number of each phrase of ``then`` now; -2 for none, and -1 behind them all, for that of none."""


def find_unchanged(before: Mapping[str, NDArray[Any]], gathered: Gathered, now: Spoken) -> Unchanged:
    """``before``: the graph of an earlier state; ``gathered``: the facts of that state."""
    import numpy as np

    then = Spoken(
        gathered.documents,
        text_lines(before["phrases"]),
        before["kinds"] == NAME,
        owners=before["owners"].astype(np.int64),
        places=gathered.sentences_of("mentions"),
        sentences=before["sentences"].astype(np.int64),
    )
    renumbered = np.append(renumber(then.phrases, now.phrases), -1)
    return Unchanged(then, _match_documents(then, now, renumbered), renumbered)


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
