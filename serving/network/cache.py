"""Keys and values of one sequence: they grow, step back, and keep only the accepted branch of a tree.

Knows nothing of tokens or models beyond their shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .device import indices

STEP = 256
"""Room is taken in steps of so many tokens."""


@dataclass(frozen=True, slots=True)
class CacheShape:
    """What a model keeps of a token."""

    layers: int
    groups: int
    """Key-value heads."""
    size: int
    """The width of one head."""
    dtype: Any
    device: Any

    @property
    def bytes_per_token(self) -> int:
        return 2 * self.layers * self.groups * self.size * int(self.dtype.itemsize)


class KVCache:
    """``keys[i]`` and ``values[i]`` of layer i are ``[groups, room, size]``; the first ``length`` columns are filled.

    Room is doubled when it runs out, so that growing costs linear time; ``room`` takes all of it at once. The columns
    lie in a tensor of the memory's own, or in a place that it is lent (``cuda_graphs.py``).
    """

    def __init__(self, shape: CacheShape, room: int = 0) -> None:
        self.shape, self.length, self.room = shape, 0, _steps(room)
        self._hold(_empty(shape, self.room))

    @property
    def size(self) -> int:
        """Bytes taken; in a place that is lent, those that it would take outside."""
        return self.room * self.shape.bytes_per_token

    def reserve(self, tokens: int) -> None:
        """Makes room for so many tokens in all."""
        if tokens > self.room:
            self.room = _steps(max(tokens, 2 * self.room))
        if tokens > self._all.shape[3]:
            self.move()

    def move(self, place: Any | None = None) -> None:
        """Moves the columns into ``place``, ``[layers, 2, groups, columns, size]``, or into a tensor of its own. What
        views showed of it before is no longer its."""
        other = _empty(self.shape, self.room) if place is None else place
        other[:, :, :, : self.length] = self._all[:, :, :, : self.length]
        self._hold(other)

    def lies_in(self, place: Any) -> bool:
        return self._all is place

    def become(self, other: KVCache) -> None:
        """Takes over all that ``other`` holds; ``other`` must not be used again."""
        self.length, self.room = other.length, other.room
        self._hold(other._all)

    def keep(self, start: int, columns: Sequence[int]) -> None:
        """Keeps only ``columns`` (ascending, counted from ``start``) of those from ``start`` on, moved together:
        the accepted path of a tree."""
        still = next((at for at, column in enumerate(columns) if at != column), len(columns))
        if still < len(columns):
            chosen = indices(columns[still:], self.shape.device) + start
            self._all[:, :, :, start + still : start + len(columns)] = self._all[:, :, :, chosen]
        self.length = start + len(columns)

    def copy(self, length: int, room: int = 0) -> KVCache:
        """A memory of its own that holds the first ``length`` columns."""
        other = KVCache(self.shape, max(length, room))
        other._all[:, :, :, :length] = self._all[:, :, :, :length]
        other.length = length
        return other

    def columns(self, at: slice) -> Any:
        """``[layers, 2, groups, columns, size]``, a view that holds until the memory moves."""
        return self._all[:, :, :, at]

    def view(self) -> Any:
        """``[layers, 2, groups, length, size]``, a view."""
        return self.columns(slice(self.length))

    def append(self, columns: Any) -> None:
        """Takes over columns in the form of ``view``."""
        count = columns.shape[3]
        self.reserve(self.length + count)
        self._all[:, :, :, self.length : self.length + count] = columns
        self.length += count

    def _hold(self, tensor: Any) -> None:
        self._all = tensor
        self.keys = [layer[0] for layer in tensor]
        self.values = [layer[1] for layer in tensor]


def _steps(room: int) -> int:
    return max(1, -(-room // STEP)) * STEP


def _empty(shape: CacheShape, room: int) -> Any:
    """Zeros, because a column that is hidden still enters the product with weight 0."""
    import torch

    with torch.inference_mode(False):  # what grows within a pass must be writable outside of one
        return torch.zeros(shape.layers, 2, shape.groups, room, shape.size, dtype=shape.dtype, device=shape.device)
