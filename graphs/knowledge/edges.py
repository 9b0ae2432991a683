"""The edges of the knowledge graph: the weight of two entities in one sentence, in near ones, or of one of them with a
pronoun for the other. numpy alone, since an install that only quotes has no scipy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .pair_counts import Held, PairCounts, Spoken, at_keys, count_between, sort_distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BESIDE = 0.5
"""What two mentions in neighbouring sentences of one passage count, of what two in one sentence do."""
FURTHER = 0.25
"""What they count where other sentences lie between."""
REFERRED = 0.25
"""What a sentence counts that mentions one and has a pronoun for the other."""
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
    keys = sort_distinct(np.concatenate([pairs.keys, by_pronoun]))
    together, beside, further = at_keys(keys, pairs.keys, pairs.together, pairs.beside, pairs.further)
    referred = at_keys(keys, by_pronoun, number)[0]
    ends = np.divmod(keys, max(1, size))
    count = together + BESIDE * beside + FURTHER * further + REFERRED * referred
    weight = weigh(count, spread, ends, max(1, len(spoken.sentences)))
    near = (weight > 0) & (spread[ends[0]] >= SPREAD) & (spread[ends[1]] >= SPREAD)
    if near.any():
        near &= weight >= np.quantile(weight[near], PRUNED)
    return {
        "spread": spread,
        "ends": np.stack(ends).astype(np.int32),
        "together": together.astype(np.int32),
        "beside": beside.astype(np.int32),
        "further": further.astype(np.int32),
        "referred": referred.astype(np.int32),
        "weight": weight.astype(np.float32),
        "near": near,
    }


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
