"""Several n-gram indexes as one: adds make a small new segment, what goes is masked, small segments are merged.

Immutable like its parts; every change is a new ``Segments`` that shares what did not change. Documents go by ``key``
here. Knows nothing of files and tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from .index import Interval, NgramIndex, build
from .suffix import join
from .tokens import Tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TOKENS = 2**24
"""Of one segment: what three-byte rows can point at."""
REWRITE_WHEN_DEAD = 0.2
MERGE_RATIO = 2
"""A segment is merged with the one before it when that is less than so many times larger: their number stays
logarithmic, and each token is sorted again only so often."""

Intervals = tuple[Interval, ...]
"""One per segment."""


@dataclass(frozen=True, slots=True)
class Segment:
    index: NgramIndex
    keys: NDArray[np.int64]
    """``[documents]``: what its documents are called outside."""
    stamps: NDArray[np.uint64]
    """``[documents]``: changes with the content; a key alone may be used again."""
    spans: NDArray[np.uint32]
    """``[n, 2]``: the characters of each token in its document; of no meaning at terminators."""
    file: str = ""
    """Where it is stored; empty while it is in memory only."""

    def without(self, numbers: Iterable[int]) -> Segment:
        return replace(self, index=self.index.without(numbers))

    @property
    def dead_share(self) -> float:
        return len(self.index.dead) / max(1, len(self.index.rows))


def segment(documents: Sequence[Tokens], keys: Sequence[int], stamps: Sequence[int], size: int) -> Segment:
    """Builds a segment of documents. ``size`` is the tokenizer's: every id is below."""
    import numpy as np

    spans = np.zeros((sum(len(tokens.ids) + 1 for tokens in documents), 2), np.uint32)
    at = 0
    for tokens in documents:
        spans[at : at + len(tokens.ids)] = tokens.spans
        at += len(tokens.ids) + 1
    index = build(join([tokens.ids for tokens in documents], size), size)
    return Segment(index, np.asarray(keys, np.int64), np.asarray(stamps, np.uint64), spans)


@dataclass(frozen=True, slots=True)
class Segments:
    parts: tuple[Segment, ...] = ()

    @property
    def tokens(self) -> int:
        """How many tokens the documents have that are not taken out."""
        return self.count(self.root())

    def root(self) -> Intervals:
        return tuple(part.index.root() for part in self.parts)

    def extend(self, intervals: Intervals, token: int) -> Intervals:
        return tuple(part.index.extend(interval, token) for part, interval in self._with(intervals))

    def interval(self, tokens: Iterable[int]) -> Intervals:
        found = self.root()
        for token in tokens:
            found = self.extend(found, token)
        return found

    def count(self, intervals: Intervals) -> int:
        return sum(part.index.count(interval) for part, interval in self._with(intervals))

    def continuations(self, intervals: Intervals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct tokens behind the n-gram, ascending, and how often each follows."""
        import numpy as np

        found = [part.index.continuations(interval) for part, interval in self._with(intervals)]
        if len(found) == 1:
            return found[0]
        tokens, places = np.unique(np.concatenate([_none(), *[some for some, _ in found]]), return_inverse=True)
        counts = np.zeros(len(tokens), np.int64)
        np.add.at(counts, places, np.concatenate([_none(), *[many for _, many in found]]))
        return tokens, counts

    def locate(self, intervals: Intervals, limit: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Finds document keys and token offsets in them; ``limit`` holds for each segment."""
        import numpy as np

        keys, offsets = [_none()], [_none()]
        for part, interval in self._with(intervals):
            numbers, places = part.index.locate(interval, limit)
            keys.append(part.keys[numbers])
            offsets.append(places)
        return np.concatenate(keys), np.concatenate(offsets)

    def longest_match(self, tokens: Sequence[int]) -> tuple[int, Intervals]:
        """How many of the first ``tokens`` occur together, and where."""
        found = self.root()
        for length, token in enumerate(tokens):
            longer = self.extend(found, token)
            if self.count(longer) == 0:
                return length, found
            found = longer
        return len(tokens), found

    def documents(self) -> dict[int, tuple[int, int, int]]:
        """``key -> (segment, number, stamp)`` of every document that is not taken out."""
        found = {}
        for place, part in enumerate(self.parts):
            named = zip(part.keys.tolist(), part.stamps.tolist(), strict=True)
            for number, (key, stamp) in enumerate(named):
                if number not in part.index.gone:
                    found[key] = (place, number, stamp)
        return found

    def tokens_of(self, place: int, number: int) -> Tokens:
        """The tokens of one document, with its characters."""
        part = self.parts[place]
        start, ids = int(part.index.starts[number]), part.index.document(number)
        return Tokens(ids, part.spans[start : start + len(ids)])

    def without(self, keys: Iterable[int]) -> Segments:
        """The same segments without these documents; keys that are not there are no error."""
        import numpy as np

        wanted = np.asarray(list(keys), np.int64)
        numbers = [np.flatnonzero(np.isin(part.keys, wanted)).tolist() for part in self.parts]
        return Segments(tuple(part.without(out) for part, out in zip(self.parts, numbers, strict=True)))

    def plus(self, new: Segment) -> Segments:
        return Segments((*self.parts, new))

    def merge(self, size: int, most: int = MOST_TOKENS) -> Segments:
        """Puts the same documents into few segments. ``size`` is the tokenizer's, which may have grown; segments of
        more than ``most`` tokens are left as they are."""
        done: list[Segment] = []
        for part in self.parts:
            done.append(merge([part], size) if _wants_rewriting(part, most) else part)
            while len(done) > 1 and _belong_together(done[-2], done[-1], most):
                done[-2:] = [merge(done[-2:], size)]
        return Segments(tuple(part for part in done if len(part.index.gone) < len(part.keys)))

    @property
    def needs_merging(self) -> bool:
        """Whether ``merge`` would still change something."""
        return any(_wants_rewriting(part, MOST_TOKENS) for part in self.parts) or any(
            _belong_together(*pair, MOST_TOKENS) for pair in pairwise(self.parts)
        )

    def _with(self, intervals: Intervals) -> Iterator[tuple[Segment, Interval]]:
        return zip(self.parts, intervals, strict=True)


def merge(parts: Sequence[Segment], size: int) -> Segment:
    """One segment of the documents of ``parts`` that are not taken out."""
    import numpy as np

    texts, spans, keys, stamps = [], [], [], []
    for part in parts:
        live = np.ones(len(part.keys), bool)
        live[list(part.index.gone)] = False
        tokens = np.repeat(live, np.diff(part.index.starts, append=len(part.index.text)))
        texts.append(part.index.text[tokens])
        spans.append(part.spans[tokens])
        keys.append(part.keys[live])
        stamps.append(part.stamps[live])
    text = np.concatenate(texts)
    return Segment(build(text, size), np.concatenate(keys), np.concatenate(stamps), np.concatenate(spans))


def _wants_rewriting(part: Segment, most: int) -> bool:
    return part.dead_share > REWRITE_WHEN_DEAD and len(part.index.text) <= most


def _belong_together(before: Segment, after: Segment, most: int) -> bool:
    sizes = len(before.index.text), len(after.index.text)
    return sum(sizes) <= most and sizes[0] < MERGE_RATIO * sizes[1]


def _none() -> NDArray[np.int64]:
    import numpy as np

    return np.zeros(0, np.int64)
