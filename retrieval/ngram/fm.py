"""The n-gram index in less memory: an FM-index (Ferragina and Manzini, 2000) with a wavelet matrix (Claude, Navarro and
Ordóñez, 2015) in place of the text and its suffix array, as SEAL itself uses.

Documents are indexed back to front, so that a token behind an n-gram is one step of backward search. The text is not
kept: it comes out of the index again. Answers are those of ``index``, at under half of its bytes and several times its
time. Knows nothing of words, files or passages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .bits import Bits, pack
from .index import EMPTY, Interval
from .suffix import TERMINATOR, suffix_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_BIT = np.array([0, 1])
SAMPLED = 32
"""Every so many places of the text are kept; from any other as many steps, at most, lead to one."""


@dataclass(frozen=True, eq=False)
class FmIndex:
    """An FM-index, made by ``build``. Token ids given and returned are those of the tokenizer, from 0."""

    levels: tuple[Bits, ...]
    """Of the wavelet matrix over the Burrows-Wheeler transform, the highest bit of the stored ids first."""
    shift: NDArray[np.int64]
    """``[size + 1]``: what leads from a place below the last level to the row that starts with that stored id."""
    first: NDArray[np.uint32]
    """``[size + 2]``: rows that start with a stored id below this one."""
    marked: Bits
    """The rows whose places are kept."""
    places: NDArray[np.uint32]
    """Those places in the text that runs backwards."""
    starts: NDArray[np.int64]
    """``[documents]``: where each document starts in the text that runs forwards."""
    ends: NDArray[np.uint32]
    """``[documents]``: the row of each document's terminator."""
    dead: NDArray[np.int64]
    """Rows of documents that are taken out, ascending."""
    gone: frozenset[int] = frozenset()
    """The numbers of those documents."""

    @property
    def size(self) -> int:
        """Every token id is below this number."""
        return len(self.first) - 2

    @property
    def tokens(self) -> int:
        """How many tokens the text has, terminators included."""
        return self.marked.size

    @property
    def resident_bytes(self) -> int:
        arrays = (self.shift, self.first, self.places, self.starts, self.ends, self.dead)
        return sum(array.nbytes for array in arrays) + sum(bits.nbytes for bits in (*self.levels, self.marked))

    def root(self) -> Interval:
        """The empty n-gram: every token of every document."""
        return Interval(int(self.first[1]), self.tokens, 0)

    def extend(self, interval: Interval, token: int) -> Interval:
        """The n-gram with ``token`` behind it; empty (``lo == hi``) where the text never goes on like that."""
        lo, hi, depth = interval
        if lo >= hi or not 0 <= token < self.size:
            return EMPTY
        if depth == 0:
            return Interval(int(self.first[token + 1]), int(self.first[token + 2]), 1)
        at, stored = np.array([lo, hi]), token + 1
        for level, bits in enumerate(self.levels):
            ones = bits.rank(at)
            at = bits.zeros + ones if stored >> (len(self.levels) - 1 - level) & 1 else at - ones
        low, high = (at + self.shift[stored]).tolist()
        return Interval(low, high, depth + 1)

    def interval(self, tokens: Iterable[int]) -> Interval:
        found = self.root()
        for token in tokens:
            found = self.extend(found, token)
        return found

    def count(self, interval: Interval) -> int:
        """Occurrences in documents that are not taken out."""
        low, high = np.searchsorted(self.dead, interval[:2])
        return interval.hi - interval.lo - int(high - low)

    def continuations(self, interval: Interval) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Distinct tokens behind the n-gram, ascending, and how often each follows; where a document ends, nothing
        follows."""
        lo, hi, depth = interval
        if depth == 0 and hi > lo:
            edges = self.first.astype(np.int64)
            symbols, rows = np.arange(1, self.size + 1), np.stack([edges[1:-1], edges[2:]], axis=1)
        else:
            symbols, rows = self._followers(lo, hi)
        counts = np.diff(rows).ravel()
        if len(self.dead):
            counts -= np.diff(np.searchsorted(self.dead, rows)).ravel()
        there = (counts > 0) & (symbols != TERMINATOR)
        return symbols[there] - 1, counts[there]

    def locate(self, interval: Interval, limit: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Finds document numbers and token offsets in them, of the first ``limit`` rows of the interval (all by
        default), without documents that are taken out."""
        lo, hi, depth = interval
        backwards = self._places(np.arange(lo, hi if limit is None else min(hi, lo + limit)))
        positions = self.tokens - 1 - max(depth, 1) - backwards
        documents = np.searchsorted(self.starts, positions, side="right") - 1
        if self.gone:
            live = ~np.isin(documents, list(self.gone))
            positions, documents = positions[live], documents[live]
        return documents, positions - self.starts[documents]

    def document(self, number: int) -> NDArray[np.int64]:
        """The token ids of one document."""
        return self._walk(number)[0] - 1

    def without(self, documents: Iterable[int]) -> FmIndex:
        """The same index, these documents (and those that already were) taken out of every answer."""
        fresh = sorted(set(documents) - self.gone)
        if not fresh:
            return self
        dead = np.sort(np.concatenate([self.dead, *(self._walk(number)[1] for number in fresh)]))
        return replace(self, dead=dead, gone=self.gone | set(fresh))

    def _followers(self, lo: int, hi: int) -> tuple[NDArray[np.int64], Rows]:
        """Stored ids before the rows ``lo`` to ``hi`` (exclusive), ascending, with the rows ``[n, 2]`` that each leads
        to."""
        at, symbols = np.array([[lo, hi]]), np.zeros(1, np.int64)
        for bits in self.levels:
            ones = bits.rank(at)
            at = np.concatenate([at - ones, bits.zeros + ones], axis=1).reshape(-1, 2)
            symbols = (2 * symbols[:, None] + _BIT).ravel()
            there = np.flatnonzero(at[:, 0] < at[:, 1])
            at, symbols = at.take(there, axis=0), symbols.take(there)
        return symbols, at + self.shift[symbols][:, None]

    def _before(self, rows: Rows) -> tuple[NDArray[np.int64], Rows]:
        """The stored id before each row, and the row that starts with it."""
        at, symbols = rows, np.zeros(len(rows), np.int64)
        for bits in self.levels:
            one, ones = bits.get(at), bits.rank(at)
            at = np.where(one, bits.zeros + ones, at - ones)
            symbols = 2 * symbols + one
        return symbols, at + self.shift[symbols]

    def _places(self, rows: Rows) -> NDArray[np.int64]:
        """Where rows start in the text that runs backwards. Documents' starts are kept: no step leaves a document."""
        found, waiting, steps = np.zeros(len(rows), np.int64), np.arange(len(rows)), 0
        while len(rows):
            kept = self.marked.get(rows)
            found[waiting[kept]] = self.places[self.marked.rank(rows[kept])] + np.int64(steps)
            waiting, steps = waiting[~kept], steps + 1
            _, rows = self._before(rows[~kept])
        return found

    def _walk(self, number: int) -> tuple[NDArray[np.int64], Rows]:
        """Stored ids of a document, in order, and the rows that start with them."""
        symbols, rows = [], []
        symbol, row = self._before(self.ends[number : number + 1].astype(np.int64))
        while symbol[0] != TERMINATOR:
            symbols.append(symbol[0])
            rows.append(row[0])
            symbol, row = self._before(row)
        return np.array(symbols, np.int64), np.array(rows, np.int64)


def build(text: NDArray[np.unsignedinteger], size: int) -> FmIndex:
    """Builds the index of ``text``, which is as ``suffix.join`` makes it; ``size`` is the tokenizer's: every id is
    below."""
    backwards = np.append(text[-2::-1], text[-1:])
    order = suffix_array(backwards).astype(np.int64)
    before = backwards[order - 1]
    levels, shift = _wavelet(before, size)
    seen = np.bincount(text, minlength=size + 1)
    first = np.append(0, np.cumsum(seen))
    kept = (order % SAMPLED == 0) | (before == TERMINATOR)
    stops = np.flatnonzero(text == TERMINATOR)
    # The rows of terminators come first; the last document's is the first that the backward text has.
    ends = np.argsort(-order[: len(stops)])
    return FmIndex(
        levels, shift + first[:-1], first.astype(np.uint32), marked=pack(kept), places=order[kept].astype(np.uint32),
        starts=np.append(0, stops[:-1] + 1)[: len(stops)], ends=ends.astype(np.uint32), dead=np.zeros(0, np.int64),
    )  # fmt: skip


def _wavelet(column: NDArray[np.unsignedinteger], size: int) -> tuple[tuple[Bits, ...], NDArray[np.int64]]:
    """The levels, and for each stored id minus the place below the last level where it first stands."""
    levels = []
    for place in reversed(range(size.bit_length())):
        one = (column >> column.dtype.type(place) & 1).astype(bool)
        levels.append(pack(one))
        column = np.concatenate([column[~one], column[one]])
    shift = np.zeros(size + 1, np.int64)
    heads = np.flatnonzero(np.diff(column.astype(np.int64), prepend=-1))
    shift[column[heads]] = -heads
    return tuple(levels), shift
