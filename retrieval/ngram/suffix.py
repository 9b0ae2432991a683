"""Suffix arrays of token sequences: documents one behind the other, a terminator after each.

The sorting is libdivsufsort's (Mori; O(n log n) whatever repeats), over the big-endian bytes of the ids: byte order is
then token order, and every suffix that does not start on a token is dropped. Knows nothing of what the tokens mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TERMINATOR = 0
"""Ends every document. Token ids are stored as id + 1, so that no n-gram can hold it."""

MOST_NARROW_IDS = 2**16 - 1


def join(documents: Sequence[NDArray[np.int64]], size: int) -> NDArray[np.unsignedinteger]:
    """Joins token ids (all below ``size``) to one stored text: uint16 where ``size`` allows it, else uint32."""
    import numpy as np

    length = sum(map(len, documents)) + len(documents)
    text: NDArray[np.unsignedinteger] = np.zeros(length, np.uint16 if size <= MOST_NARROW_IDS else np.uint32)
    at = 0
    for ids in documents:
        text[at : at + len(ids)] = ids + 1
        at += len(ids) + 1
    return text


def suffix_array(text: NDArray[np.unsignedinteger]) -> NDArray[np.signedinteger]:
    """The start positions of all suffixes of ``text`` ``[n]``, in the order of the suffixes: int32, or int64 beyond
    2^31 bytes. Takes about 12 bytes per token and byte of an id while it runs."""
    import numpy as np
    from pydivsufsort import divsufsort

    if not len(text):
        return np.zeros(0, np.int32)
    width = max(1, (int(text.max()).bit_length() + 7) // 8)
    wide = text.astype(f">u{text.itemsize}").view(np.uint8).reshape(-1, text.itemsize)
    order: NDArray[np.signedinteger] = divsufsort(np.ascontiguousarray(wide[:, text.itemsize - width :]).ravel())
    if width > 1:
        order = order[order % width == 0]
        order //= width
    return order
