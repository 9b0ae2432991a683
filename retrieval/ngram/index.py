"""An immutable n-gram index over one text: where, how often and how any n-gram goes on (SEAL, Bevilacqua et al., 2022,
on a suffix array instead of an FM-index).

All occurrences of an n-gram are neighbours in the suffix array: an ``Interval`` of its rows. ``extend`` narrows it by
two binary searches and never starts anew, so a beam keeps its interval. Knows nothing of words, files or passages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .suffix import TERMINATOR, suffix_array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGE = 8192
"""Rows. The continuations of larger intervals are kept, at most of ``KEPT``: they are those of short n-grams."""
KEPT = 128


class Interval(NamedTuple):
    """Rows ``lo`` to ``hi`` (exclusive) of the suffix array: all that start with one n-gram of ``depth`` tokens."""

    lo: int
    hi: int
    depth: int


EMPTY = Interval(0, 0, 0)


@dataclass(frozen=True, eq=False)
class NgramIndex:
    """An index of n-grams, made by ``build``. Token ids given and returned are those of the tokenizer, from 0."""

    text: NDArray[np.unsignedinteger]
    """``[n]``: token ids + 1, ``TERMINATOR`` behind each document. uint16 or uint32."""
    rows: NDArray[np.uint8]
    """``[rows, 3 or 4]``: the suffix array without the terminators, little-endian positions in ``text``."""
    first: NDArray[np.uint32]
    """``[size + 2]``: rows that start with a stored id below this one."""
    starts: NDArray[np.int64]
    """``[documents]``: where each document starts in ``text``."""
    dead: NDArray[np.int64]
    """Rows of documents that are taken out, ascending."""
    gone: frozenset[int] = frozenset()
    """The numbers of those documents."""
    _kept: dict[Interval, tuple[NDArray[np.uint32], NDArray[np.uint32]]] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        """Every token id is below this number."""
        return len(self.first) - 2

    @property
    def resident_bytes(self) -> int:
        """The bytes of the arrays that searches touch; what is kept of large intervals included."""
        arrays = (self.text, self.rows, self.first, self.starts, self.dead)
        return sum(array.nbytes for array in arrays) + sum(a.nbytes + b.nbytes for a, b in list(self._kept.values()))

    def root(self) -> Interval:
        """The empty n-gram: every token of every document."""
        return Interval(0, len(self.rows), 0)

    def extend(self, interval: Interval, token: int) -> Interval:
        """The n-gram with ``token`` behind it; empty (``lo == hi``) where the text never goes on like that."""
        lo, hi, depth = interval
        if lo >= hi or not 0 <= token < self.size:
            return EMPTY
        if depth == 0:
            return Interval(int(self.first[token + 1]), int(self.first[token + 2]), 1)
        symbol, rows = self._symbol(depth), range(len(self.rows))
        low = bisect_left(rows, token + 1, lo, hi, key=symbol)
        return Interval(low, bisect_left(rows, token + 2, low, hi, key=symbol), depth + 1)

    def interval(self, tokens: Iterable[int]) -> Interval:
        found = self.root()
        for token in tokens:
            found = self.extend(found, token)
        return found

    def count(self, interval: Interval) -> int:
        """Occurrences in documents that are not taken out."""
        total = interval.hi - interval.lo
        if not len(self.dead):
            return total
        import numpy as np

        low, high = np.searchsorted(self.dead, interval[:2])
        return total - int(high - low)

    def continuations(self, interval: Interval) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct tokens behind the n-gram, ascending, and how often each follows; where a document ends, nothing
        follows."""
        import numpy as np

        kept = self._kept.get(interval)
        if kept is not None:
            return kept[0].astype(np.int64), kept[1].astype(np.int64)
        tokens, counts = self._continuations(interval)
        if interval.hi - interval.lo > LARGE:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[interval] = tokens.astype(np.uint32), counts.astype(np.uint32)
        return tokens, counts

    def locate(self, interval: Interval, limit: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Finds document numbers and token offsets in them, of the first ``limit`` rows of the interval (all by
        default), without documents that are taken out."""
        import numpy as np

        lo, hi, _ = interval
        positions = self.positions(lo, hi if limit is None else min(hi, lo + limit))
        documents = np.searchsorted(self.starts, positions, side="right") - 1
        if self.gone:
            live = ~np.isin(documents, list(self.gone))
            positions, documents = positions[live], documents[live]
        return documents, positions - self.starts[documents]

    def positions(self, lo: int, hi: int) -> NDArray[np.int64]:
        """Where the suffixes of rows ``lo`` to ``hi`` (exclusive) start in ``text``."""
        import numpy as np

        wide = np.zeros((hi - lo, 8), np.uint8)
        wide[:, : self.rows.shape[1]] = self.rows[lo:hi]
        return wide.view("<i8").ravel()

    def document(self, number: int) -> NDArray[np.int64]:
        """The token ids of one document."""
        import numpy as np

        start = int(self.starts[number])
        end = int(self.starts[number + 1]) if number + 1 < len(self.starts) else len(self.text)
        return self.text[start : end - 1].astype(np.int64) - 1

    def without(self, documents: Iterable[int]) -> NgramIndex:
        """The same index, these documents (and those that already were) taken out of every answer."""
        import numpy as np

        gone = self.gone | set(documents)
        if gone == self.gone:
            return self
        out = np.zeros(len(self.starts), bool)
        out[list(gone)] = True
        lengths = np.diff(self.starts, append=len(self.text))
        dead = np.flatnonzero(np.repeat(out, lengths)[self.positions(0, len(self.rows))])
        return replace(self, dead=dead, gone=frozenset(gone), _kept={})

    def _continuations(self, interval: Interval) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        import numpy as np

        lo, hi, depth = interval
        if depth == 0 and hi > lo:
            symbols, edges = np.arange(self.size + 1), self.first
        else:
            column = self.text[self.positions(lo, hi) + depth]
            # The rows are sorted, so equal symbols are neighbours.
            heads = np.flatnonzero(np.diff(column, prepend=TERMINATOR))
            symbols, edges = column[heads].astype(np.int64), np.append(heads, len(column)) + lo
        counts = np.diff(edges).astype(np.int64)
        if len(self.dead):
            counts = counts - np.diff(np.searchsorted(self.dead, edges))
        there = counts > 0
        return symbols[there] - 1, counts[there]

    @cached_property
    def _views(self) -> tuple[memoryview, memoryview]:
        # One number out of a memoryview costs a fifth of one out of an array.
        return self.rows.reshape(-1).data, self.text.data

    def _symbol(self, depth: int) -> Callable[[int], int]:
        """The stored id that is ``depth`` tokens into the suffix of a row."""
        (rows, text), width = self._views, self.rows.shape[1]

        def symbol(row: int) -> int:
            return int(text[int.from_bytes(rows[row * width : row * width + width], "little") + depth])

        return symbol


def build(text: NDArray[np.unsignedinteger], size: int) -> NgramIndex:
    """Builds the index of ``text``, which is as ``suffix.join`` makes it; ``size`` is the tokenizer's: every id is
    below."""
    import numpy as np

    ends = np.flatnonzero(text == TERMINATOR)
    # The suffixes that start with a terminator come first.
    order = suffix_array(text)[len(ends) :]
    width = 3 if len(text) <= 2**24 else 4
    rows = np.ascontiguousarray(order.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :width])
    seen = np.bincount(text, minlength=size + 1)
    seen[TERMINATOR] = 0
    starts = np.append(0, ends[:-1] + 1) if len(ends) else np.zeros(0, np.int64)
    return NgramIndex(text, rows, np.append(0, np.cumsum(seen)).astype(np.uint32), starts, np.zeros(0, np.int64))
