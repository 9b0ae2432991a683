"""What has been read before: memories of ended or running requests, found again by the tokens they begin with.

A prompt is looked up by the hashes of its blocks, each chained to the one before; tokens are compared, so that two
texts of one hash never mix. The least recently used goes when the room is used up. Knows nothing of models.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from ..network.cache import KVCache

BLOCK = 32
"""Tokens per block: a shared beginning shorter than this is read again."""

MOST = 128
"""Memories that are kept, however small: beyond that, memory grows for hours without a gain."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    tokens: tuple[int, ...]
    memory: KVCache
    keys: tuple[int, ...]


class PrefixCache:
    """At most ``bytes`` bytes of memories, and at most ``MOST`` of them. The columns of a kept memory's tokens must not
    change."""

    def __init__(self, bytes: int) -> None:
        self._bytes, self.used = bytes, 0
        self._kept: OrderedDict[_Kept, None] = OrderedDict()
        self._blocks: dict[int, _Kept] = {}

    def find(self, tokens: Sequence[int]) -> tuple[KVCache | None, int]:
        """A memory whose first columns are those of ``tokens``, and how many of them are."""
        found = None
        for key in _keys(tokens):
            if key not in self._blocks:
                break
            found = self._blocks[key]
        if found is None:
            return None, 0
        self._kept.move_to_end(found)
        shared = next(
            (at for at, (ours, theirs) in enumerate(zip(found.tokens, tokens, strict=False)) if ours != theirs),
            min(len(found.tokens), len(tokens)),
        )
        return (found.memory, shared) if shared else (None, 0)

    def put(self, tokens: Sequence[int], memory: KVCache) -> None:
        """Keeps ``memory``, which holds ``tokens``, in place of what it already holds the beginning of."""
        keys = _keys(tokens)
        if not keys or memory.size > self._bytes:
            return
        for key in keys:
            older = self._blocks.get(key)
            if older is not None and older in self._kept and older.tokens == tuple(tokens[: len(older.tokens)]):
                self._drop(older)
        kept = _Kept(tuple(tokens), memory, tuple(keys))
        self._kept[kept] = None
        self.used += memory.size
        for key in keys:
            self._blocks[key] = kept
        self.shrink(self._bytes)

    def shrink(self, bytes: int) -> None:
        """Lets the least recently used go until at most ``bytes`` are taken."""
        while self.used > bytes or len(self._kept) > MOST:
            self._drop(next(iter(self._kept)))

    def _drop(self, kept: _Kept) -> None:
        del self._kept[kept]
        self.used -= kept.memory.size
        for key in kept.keys:
            if self._blocks.get(key) is kept:
                del self._blocks[key]


def _keys(tokens: Sequence[int]) -> list[int]:
    """One key for each whole block, which stands for everything before it too."""
    keys, key = [], 0
    for start in range(0, len(tokens) - BLOCK + 1, BLOCK):
        key = hash((key, *tokens[start : start + BLOCK]))
        keys.append(key)
    return keys
