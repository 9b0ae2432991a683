"""Bits with rank: how many are set before a place, at a quarter of a bit more for each (González et al., 2005)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS = 4
"""Of 64 bits, in a block that has a count of its own."""
_SHIFT = 8
_ENDS = np.arange(1 << _SHIFT)[:, None] - 64 * np.arange(WORDS)
_MASKS = np.array([[(1 << max(0, min(64, end))) - 1 for end in row] for row in _ENDS.tolist()], np.uint64)
"""``[256, 4]``: the bits of a block before each place in it."""


@dataclass(frozen=True, eq=False)
class Bits:
    blocks: NDArray[np.uint64]
    """``[blocks, 4]``: lowest bit first."""
    counts: NDArray[np.uint32]
    """``[blocks]``: bits that are set before the block."""
    size: int
    zeros: int

    @property
    def nbytes(self) -> int:
        return self.blocks.nbytes + self.counts.nbytes

    def rank(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many bits are set before each place, ``0`` to ``size``."""
        block = places >> _SHIFT
        inside = np.bitwise_count(self.blocks[block] & _MASKS[places & 255])
        found: NDArray[np.int64] = np.add.reduce(inside, axis=-1, dtype=np.int64)
        found += self.counts[block]
        return found

    def get(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """The bit at each place, ``0`` to ``size - 1``."""
        word = self.blocks[places >> _SHIFT, places >> 6 & WORDS - 1]
        found: NDArray[np.bool_] = (word >> (places & 63).astype(np.uint64) & np.uint64(1)).astype(bool)
        return found


def pack(bits: NDArray[np.bool_]) -> Bits:
    blocks = np.zeros(((len(bits) >> _SHIFT) + 1, WORDS), np.uint64)
    blocks.view(np.uint8).reshape(-1)[: (len(bits) + 7) // 8] = np.packbits(bits, bitorder="little")
    ones = np.bitwise_count(blocks).sum(axis=1, dtype=np.int64)
    return Bits(blocks, (np.cumsum(ones) - ones).astype(np.uint32), len(bits), len(bits) - int(ones.sum()))
