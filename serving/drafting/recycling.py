"""Token Recycling: what the model itself last thought likely behind the same token, or the same two or three.

Luo et al., ACL 2025. The paper keeps one row of eight candidates per token and drafts a fixed tree of 80 (``Static``).
Here the prompt's rows are recycled too, a row that was never filled is never drafted from, tables keyed by two and
three tokens stand beside the first, which keeps three rows, and a guess is weighed by the longest key that lists it,
its rank, and whether the row is of this very request. Knows nothing of models or text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...errors import ModelError
from . import prior
from .drafter import BEST, PassOutcome
from .prior import AGES, ORDERS, UNKNOWN, USUAL
from .tree_growth import BestFirst, KindWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray


SLOT_BITS = 17
"""A table keyed by several tokens has 131,072 rows (6 MB); a new key takes the place of an old one in its slot."""
PLANTED = -1
"""Stands for the number of the request where a row comes from no request."""
_MIX, _WORD = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Single:
    """The likeliest next tokens behind a token, the last ``AGES`` rows of each. A key is a token."""

    def __init__(self, vocabulary: int) -> None:
        self.rows = np.zeros((vocabulary, AGES, BEST), np.int32)
        self.requests = np.zeros((vocabulary, AGES), np.int64)
        self.next = np.zeros(vocabulary, np.int64)

    def put(self, keys: NDArray[np.int64], rows: NDArray[np.int32], request: int) -> None:
        """Rows ``[n, BEST]``, the newest last."""
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        turn = np.arange(len(keys)) - np.searchsorted(keys, keys)  # how many of the same key came before
        places = (self.next[keys] + turn) % AGES
        self.rows[keys, places], self.requests[keys, places] = rows, request
        self.next[keys] = (places + 1) % AGES

    def get(self, key: int) -> list[tuple[list[int], int]]:
        """Rows and the numbers of the requests that they came from, the newest first."""
        requests = self.requests[key].tolist()
        if not any(requests):
            return []
        rows, newest = self.rows[key].tolist(), int(self.next[key]) - 1
        return [(rows[newest - age], requests[newest - age]) for age in range(AGES) if requests[newest - age]]


class Hashed:
    """The likeliest next tokens behind several tokens, the newest row. A key is the tokens as digits of a number."""

    def __init__(self) -> None:
        self.rows = np.zeros((1 << SLOT_BITS, BEST), np.int32)
        self.requests = np.zeros(1 << SLOT_BITS, np.int64)
        self.keys = np.zeros(1 << SLOT_BITS, np.int64)

    def put(self, keys: NDArray[np.int64], rows: NDArray[np.int32], request: int) -> None:
        """Rows ``[n, BEST]``; of several for one slot the last stays."""
        slots = ((keys.astype(np.uint64) * np.uint64(_MIX)) >> np.uint64(64 - SLOT_BITS)).astype(np.int64)
        self.rows[slots], self.keys[slots], self.requests[slots] = rows, keys, request

    def get(self, key: int) -> list[tuple[list[int], int]]:
        """The row and the number of the request that it came from, or nothing."""
        slot = (key * _MIX & _WORD) >> (64 - SLOT_BITS)
        if self.keys[slot] != key or not (request := int(self.requests[slot])):
            return []
        return [(self.rows[slot].tolist(), request)]


class RecycledRows:
    """The tables, kept between requests: they show in their speed what others asked, so give each tenant its own."""

    def __init__(self, vocabulary: int) -> None:
        self.vocabulary, self.request = vocabulary, 0
        self.counts = np.zeros(vocabulary, np.int64)
        self.tables: tuple[Single | Hashed, ...] = (Single(vocabulary), *(Hashed() for _ in range(ORDERS - 1)))

    def learn(self, step: PassOutcome, before: Sequence[int], request: int) -> None:
        """``before``: the last tokens in front of the first that was read. What stays is written last."""
        stays = np.zeros(len(step.read), bool)
        stays[step.path] = True
        order = np.concatenate([np.flatnonzero(~stays), step.path])
        np.add.at(self.counts, step.best[:, 0], 1)
        for table, keys in zip(self.tables, self._keys(step, before), strict=True):
            table.put(keys[order], step.best[order], request)

    def plant(self, order: int, keys: NDArray[np.int64], rows: NDArray[np.integer]) -> None:
        """Rows ``[n, BEST]`` behind keys of ``order`` tokens, as an earlier request would have left them; of several
        for one place the last stays."""
        self.tables[order - 1].put(keys, rows.astype(np.int32), PLANTED)
        np.add.at(self.counts, rows[:, 0], 1)

    def _keys(self, step: PassOutcome, before: Sequence[int]) -> list[NDArray[np.int64]]:
        """Per table ``[q]``. Where too few tokens are known zeros stand for them."""
        front = ORDERS - 1
        tokens = np.concatenate([np.array([0] * front + list(before), np.int64)[-front:], step.read])
        parents = np.concatenate([[0, *range(front - 1)], np.where(step.parents < 0, front - 1, step.parents + front)])
        places = np.arange(front, len(tokens))
        keys, base = [tokens[places]], 1
        for _ in range(front):
            places, base = parents[places], base * self.vocabulary
            keys.append(keys[-1] + tokens[places] * base)
        return keys

    def usual(self) -> list[tuple[int, int]]:
        """The tokens that were most often the likeliest, with their kinds."""
        most = np.argpartition(self.counts, -USUAL)[-USUAL:]
        most = most[np.argsort(-self.counts[most], kind="stable")]
        return [(token, UNKNOWN + rank) for rank, token in enumerate(most.tolist()) if self.counts[token]]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All of it, for a file; ``restore`` reads it."""
        return {"counts": self.counts} | {
            f"{name}{order}": array for order, table in enumerate(self.tables, 1) for name, array in vars(table).items()
        }

    def restore(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Raises ``ModelError`` for what is not of this vocabulary."""
        for name, kept in self.arrays().items():
            found = arrays.get(name)
            if found is None or found.shape != kept.shape or found.dtype != kept.dtype:
                raise ModelError(
                    "what was learnt for drafting is of another model",
                    where=name,
                    fix="delete the file; it fills again",
                )
            kept[...] = found
        self.request = max(0, *(int(table.requests.max()) for table in self.tables))


class Recycled:
    """A ``Source`` over a memory. A cursor is the key of the last ``ORDERS`` tokens."""

    name = "recycling"

    def __init__(self, memory: RecycledRows, prompt: Sequence[int]) -> None:
        memory.request += 1
        self.memory, self.request = memory, memory.request
        self._base = memory.vocabulary
        self._below: int = memory.vocabulary**ORDERS
        self._tail = [int(token) for token in prompt[-ORDERS:]]
        self._usual: list[tuple[int, int]] = []

    def root(self) -> int:
        key = 0
        for token in self._tail:
            key = key * self._base + token
        return key

    def after(self, cursor: int, token: int) -> int:
        return (cursor * self._base + token) % self._below

    def guesses(self, cursor: int) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        seen: set[int] = set()
        longest, below, tables = -1, self._below, self.memory.tables
        for order in range(ORDERS - 1, -1, -1):
            rows = tables[order].get(cursor % below)
            below //= self._base
            if rows and longest < 0:
                longest = order
            for age, (row, request) in enumerate(rows):
                kind = (((longest * ORDERS + order) * 2 + (request != self.request)) * AGES + age) * BEST
                for token in row:
                    if token not in seen:
                        seen.add(token)
                        found.append((token, kind))
                    kind += 1
        return found or self._usual

    def learn(self, step: PassOutcome) -> None:
        self.memory.learn(step, self._tail[:-1] if step.written else (), self.request)
        self._tail = [*self._tail, *step.written][-ORDERS:]
        if not step.written or not self._usual:
            self._usual = self.memory.usual()


def recycling(*, vocabulary: int) -> BestFirst:
    """The drafter that only recycles."""
    memory = RecycledRows(vocabulary)
    return BestFirst("recycling", lambda prompt: [Recycled(memory, prompt)], [KindWeights(prior.recycling())])
