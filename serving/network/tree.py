"""What the tokens of a tree see: the bookkeeping behind ``Session.branch``, in numpy, for every session alike.

Knows nothing of what computes the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Sight = list["NDArray[np.bool_]"]
"""For each token behind the trunk, in order, which tokens of the sequence it sees (itself included)."""


def sight(before: Sight, length: int, parents: Sequence[int]) -> NDArray[np.bool_]:
    """Which tokens each new one sees: bool ``[len(parents), length + len(parents)]``, its ancestors and itself.

    ``length`` tokens are there already, the last ``len(before)`` of them in branches; the others are the trunk.
    Raises ``InputError`` for a parent that does not come before its token.
    """
    trunk = length - len(before)
    seen = np.zeros((len(parents), length + len(parents)), np.bool_)
    for row, parent in enumerate(parents):
        if not -1 <= parent < length + row:
            raise InputError(f"token {length + row} of the tree follows token {parent}, which is not before it")
        if parent < trunk:
            seen[row, : parent + 1] = True
        elif parent < length:
            seen[row, : len(before[parent - trunk])] = before[parent - trunk]
        else:
            seen[row] = seen[parent - length]
        seen[row, length + row] = True
    return seen


def crop_sight(before: Sight, length: int, kept: int) -> Sight:
    """``before`` when only the first ``kept`` of ``length`` tokens stay."""
    return before[: max(0, kept - (length - len(before)))]


def side_by_side(lengths: Sequence[int]) -> Sight:
    """What the tokens of sequences of these lengths see when the sequences stand one behind the other, apart."""
    before: Sight = []
    for length in lengths:
        own = np.arange(len(before) + length) >= len(before)
        before.extend(own[: at + 1] for at in range(len(before), len(own)))
    return before


def refuse_branched(before: Sight) -> None:
    """Raises ``InputError`` where a sequence ends in branches: there is no one token that the next would follow."""
    if before:
        raise InputError("the sequence ends in branches", fix="crop them off, or branch again from one of them")
