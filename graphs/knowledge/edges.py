"""The edges of the knowledge graph: the weight of two entities in one sentence, in near ones, or of one of them with a
pronoun for the other. numpy alone, since an install that only quotes has no scipy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .pair_counts import PairCounts, count_between, with_keys
from .spoken import Held, Spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOGETHER, BESIDE, FURTHER, REFERRED = 4, 2, 1, 1
"""Quarters of a sentence that two mentions count: in one sentence, in neighbouring ones of a passage, with others
between, and of one with a pronoun for the other. Whole numbers, so that logarithms are taken of few."""
PRUNED = 0.4
"""Share of the edges, the weakest, that are no neighbourhood."""
SPREAD = 2
"""Sentences that an entity must be in to have a neighbourhood."""


def edges(pairs: PairCounts, spoken: Spoken, references: NDArray[np.int32]) -> dict[str, Any]:
    """Each pair once, the smaller first: how many sentences hold both, how many neighbouring ones and near ones hold
    one each, how many hold one and a pronoun for the other; its weight, and whether it is a neighbourhood."""
    import numpy as np

    size, held = len(spoken.phrases), spoken.by_sentence()
    spread = np.bincount(held.entities, minlength=size).astype(np.int64)
    meant = Held(references[:, 0].astype(np.int64), np.arange(len(references) + 1))
    sides = (meant, np.arange(len(references))), (held, references[:, 1].astype(np.int64))
    by_pronoun, number = count_between(size, *sides, needed=spoken.named)
    keys, counted, at = with_keys(pairs.keys, (pairs.together, pairs.beside, pairs.further), by_pronoun)
    together, beside, further = counted
    referred = np.zeros(len(keys), np.int32)
    referred[at] = number
    first = keys // max(1, size)
    ends = first, keys - first * size
    counts = np.zeros(len(keys), np.int32)
    for quarters, number_of in ((TOGETHER, together), (BESIDE, beside), (FURTHER, further), (REFERRED, referred)):
        counts += quarters * number_of.astype(np.int32)
    weight = weigh(counts, ends, spread, max(1, len(spoken.sentences)))
    spread_out = spread >= SPREAD
    near = (weight > 0) & spread_out[first] & spread_out[ends[1]]
    if near.any():
        near &= weight >= np.quantile(weight[near], PRUNED)
    return {
        "spread": spread,
        "ends": np.stack(ends).astype(np.int32),
        "together": narrow(together),
        "beside": narrow(beside),
        "further": narrow(further),
        "referred": narrow(referred),
        "weight": weight,
        "near": near,
    }


def narrow(counts: NDArray[Any]) -> NDArray[Any]:
    """The counts in as few bytes as they need: a million of them are written after every edit."""
    import numpy as np

    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def weigh(
    counts: NDArray[np.int32],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    spread: NDArray[np.int64],
    total: int,
) -> NDArray[np.float32]:
    """Count times normalised pointwise mutual information; none where two stand together no more than by chance.
    ``counts``: in quarters of a sentence; ``spread``: of all entities. No logarithm is taken of an edge."""
    import numpy as np

    share = np.log(np.maximum(spread, 1) / total)
    count = np.arange(int(counts.max(initial=0)) + 1) / TOGETHER
    joint = np.log(np.clip(count / total, 1 / (TOGETHER * total), 1 - 1e-9))
    scale = (count / joint).astype(np.float32)
    # count · (log joint − log of both shares) / −log joint
    found: NDArray[np.float32] = share.astype(np.float32)[ends[0]]
    found += share.astype(np.float32)[ends[1]]
    found *= scale[counts]
    found -= count.astype(np.float32)[counts]
    np.maximum(np.float32(0.0), found, out=found)
    return found
