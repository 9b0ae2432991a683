"""The edges of the knowledge graph: how often two entities stand in one sentence, or in neighbouring ones.

Every pair that a sentence holds is counted, chunk by chunk, so that the memory is that of what is found; a sentence has
few mentions (``facts.py``). numpy alone, since an install that only quotes has no scipy.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .facts import NAME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BESIDE = 0.5
"""What two mentions in neighbouring sentences of one passage count, of what two in one sentence do."""
PRUNED = 0.4
"""Share of the edges, the weakest, that are no neighbourhood."""
SPREAD = 2
"""Sentences that an entity must be in to have a neighbourhood."""
_CHUNK = 1 << 22
"""Pairs that are counted at once."""


def edges(
    size: int, mentions: NDArray[np.int32], sentences: NDArray[np.int64], kinds: NDArray[np.int64]
) -> dict[str, Any]:
    """Each pair once, the smaller first: how many sentences hold both, and how many neighbouring ones hold one each;
    its weight, and whether it is a neighbourhood."""
    import numpy as np

    headed = np.flatnonzero(sentences[:, 3] >= 0)
    rows = np.concatenate([mentions[:, 5].astype(np.int64), headed])
    columns = np.concatenate([mentions[:, 0].astype(np.int64), sentences[headed, 3]])
    places = np.unique(rows * size + columns)
    starts = np.searchsorted(places, np.arange(len(sentences) + 1) * size)
    held = places % max(1, size)
    spread = np.bincount(held, minlength=size).astype(np.int64)
    every = np.arange(len(sentences))
    follows = np.flatnonzero(np.all(sentences[1:, [0, 4]] == sentences[:-1, [0, 4]], axis=1))
    names = kinds == NAME
    one_sentence = _count(size, held, starts, every, every)
    # Of two terms in two sentences nothing is said; one of the two is to be a name.
    two_sentences = _count(size, held, starts, left=follows, right=follows + 1, needed=names)
    keys = np.union1d(one_sentence[0], two_sentences[0])
    together, beside = np.zeros((2, len(keys)), np.int64)
    together[np.searchsorted(keys, one_sentence[0])] = one_sentence[1]
    beside[np.searchsorted(keys, two_sentences[0])] = two_sentences[1]
    ends = np.divmod(keys, max(1, size))
    weight = weigh(together + BESIDE * beside, spread, ends, max(1, len(sentences)))
    near = (weight > 0) & (spread[ends[0]] >= SPREAD) & (spread[ends[1]] >= SPREAD)
    if near.any():
        near &= weight >= np.quantile(weight[near], PRUNED)
    return {
        "spread": spread,
        "ends": np.stack(ends).astype(np.int32),
        "together": together.astype(np.int32),
        "beside": beside.astype(np.int32),
        "weight": weight.astype(np.float32),
        "near": near,
    }


def _count(
    size: int,
    held: NDArray[np.int64],
    starts: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    needed: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts each pair of an entity of a sentence in ``left`` and one of the sentence beside it in ``right``: its
    key, and in how many of these it is. One of the pair must be ``needed``; entities of sentence ``s`` are
    ``held[starts[s] : starts[s + 1]]``."""
    import numpy as np

    lengths = np.diff(starts)
    pairs = lengths[left] * lengths[right]
    keys, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    before = np.concatenate([[0], np.cumsum(pairs)])
    cuts = np.unique(np.searchsorted(before, np.arange(0, before[-1] + _CHUNK, _CHUNK), side="right") - 1)
    for first, last in pairwise([*cuts.tolist(), len(pairs)]):
        of = np.repeat(np.arange(first, last), pairs[first:last])
        place = np.arange(before[first], before[last]) - before[of]
        width = lengths[right[of]]
        one, other = held[starts[left[of]] + place // width], held[starts[right[of]] + place % width]
        # A sentence stands beside itself once in either order, two sentences only in theirs.
        kept = one < other if needed is None else (one != other) & (needed[one] | needed[other])
        one, other = one[kept], other[kept]
        found, number = np.unique(np.minimum(one, other) * size + np.maximum(one, other), return_counts=True)
        keys.append(found)
        counts.append(number)
    found, which = np.unique(np.concatenate(keys), return_inverse=True)
    return found, np.bincount(which, np.concatenate(counts), len(found)).astype(np.int64)


def weigh(
    count: NDArray[np.float64], spread: NDArray[np.int64], ends: tuple[Any, Any], total: int
) -> NDArray[np.float64]:
    """Count times normalised pointwise mutual information; none where two stand together no more than by chance."""
    import numpy as np

    joint = np.minimum(count / total, 1 - 1e-9)
    chance = spread[ends[0]] / total * (spread[ends[1]] / total)
    information = np.log(joint / chance) / -np.log(joint)
    found: NDArray[np.float64] = np.maximum(0.0, count * information)
    return found
