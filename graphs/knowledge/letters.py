"""What the letters of phrases say, as numbers that are kept with them: after an edit few phrases are looked at.

A number is the checksum of a text (0 for none), so that equal texts have equal numbers, and few others have: whoever
asks compares the phrases themselves of what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

JOINED, FIRST, LAST, SINGULAR = range(4)
"""A phrase without its spaces; the first and the last word of one that has several; the singular, without its spaces,
of one whose last letter is *s*."""
_BITS = 20


def letters_of(phrases: Sequence[str]) -> NDArray[np.uint32]:
    """``[phrases, 4]``."""
    import numpy as np

    rows = []
    for phrase in phrases:
        first, space, rest = phrase.partition(" ")
        joined = phrase.replace(" ", "")
        last = rest.rpartition(" ")[2]
        rows.append(
            (
                crc32(joined.encode(errors="replace")),
                crc32(first.encode(errors="replace")) if space else 0,
                crc32(last.encode(errors="replace")) if space else 0,
                crc32(singular(joined).encode(errors="replace")),
            )
        )
    return np.asarray(rows, np.uint32).reshape(-1, 4)


def known_letters(phrases: Sequence[str], known: NDArray[np.uint32], places: NDArray[np.integer]) -> NDArray[np.uint32]:
    """Those of ``phrases``, of which many are ``known``; ``places``: of these among the phrases, -1 for none."""
    import numpy as np

    found, new = np.zeros((len(phrases), known.shape[1]), np.uint32), np.ones(len(phrases), np.bool_)
    kept = np.flatnonzero(places >= 0)
    found[places[kept]] = known[kept]
    new[places[kept]] = False
    others = np.flatnonzero(new)
    found[others] = letters_of([phrases[at] for at in others.tolist()])
    return found


def singular(phrase: str) -> str:
    """*cities* -> *city*, *harbours* -> *harbour*; empty for what does not end so."""
    if phrase[-1:] != "s":
        return ""
    return f"{phrase[:-3]}y" if phrase.endswith("ies") else phrase[:-1]


def sums_of(words: Iterable[str]) -> NDArray[np.uint32]:
    import numpy as np

    return np.fromiter((crc32(word.encode(errors="replace")) for word in words), np.uint32)


def among(numbers: NDArray[np.uint32], asked: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each number may be one of those that are ``asked`` for: all that are, and a few more."""
    import numpy as np

    table = np.zeros(1 << _BITS, np.bool_)
    table[asked & (len(table) - 1)] = True
    found: NDArray[np.bool_] = table[numbers & (len(table) - 1)] & (numbers != 0)
    return found


def find_repeated(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The numbers that stand there more than once."""
    import numpy as np

    found = np.sort(numbers)
    again: NDArray[np.uint32] = found[1:][found[1:] == found[:-1]]
    return again
