"""Phrases that are likely to mean the same, by their letters: *William E. Bell* and *William Edwin Bell*.

Two phrases are joined when they share their first and last word, and every word between these in the shorter one
begins like a word in the other, or is its initial. Spellings that differ in case, accents
or punctuation are one phrase anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_ALIKE = 8
"""Phrases that share their first and last word; where more do, the two words say too little."""


def synonyms(phrases: Sequence[str]) -> NDArray[np.int64]:
    """int64 ``[2, edges]``: pairs of numbers of phrases, each pair once, the smaller first."""
    import numpy as np

    alike: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, phrase in enumerate(phrases):
        first, _, rest = phrase.partition(" ")
        if rest:
            alike[first, rest.rpartition(" ")[2]].append(number)
    pairs = [
        (group[a], group[b])
        for group in alike.values()
        if 1 < len(group) <= MOST_ALIKE
        for a in range(len(group))
        for b in range(a + 1, len(group))
        if _fits(phrases[group[a]].split()[1:-1], phrases[group[b]].split()[1:-1])
    ]
    return np.asarray(pairs, np.int64).reshape(-1, 2).T


def _fits(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return all(any(a.startswith(b) or b.startswith(a) for b in long) for a in short)
