"""The edges of the knowledge graph: the weight of two entities in one sentence, in near ones, or of one of them with a
pronoun for the other. numpy alone, since an install that only quotes has no scipy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .pair_counts import Held, PairCounts, Spoken, count_between, with_keys

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
    keys, counted, at = with_keys(pairs.keys, (pairs.together, pairs.beside, pairs.further), by_pronoun)
    together, beside, further = counted
    referred = np.zeros(len(keys), np.int32)
    referred[at] = number
    first = keys // max(1, size)
    ends = first, keys - first * size
    count = together.astype(np.float64)
    for share, number_of in ((BESIDE, beside), (FURTHER, further), (REFERRED, referred)):
        count += share * number_of
    spreads = spread[first], spread[ends[1]]
    weight = weigh(count, spreads, max(1, len(spoken.sentences)))
    near = (weight > 0) & (spreads[0] >= SPREAD) & (spreads[1] >= SPREAD)
    if near.any():
        near &= weight >= np.quantile(weight[near], PRUNED)
    return {
        "spread": spread,
        "ends": np.stack(ends).astype(np.int32),
        "together": narrow(together),
        "beside": narrow(beside),
        "further": narrow(further),
        "referred": narrow(referred),
        "weight": weight.astype(np.float32),
        "near": near,
    }


def narrow(counts: NDArray[Any]) -> NDArray[Any]:
    """The counts in as few bytes as they need: a million of them are written after every edit."""
    import numpy as np

    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def weigh(
    count: NDArray[np.float64], spreads: tuple[NDArray[np.int64], NDArray[np.int64]], total: int
) -> NDArray[np.float64]:
    """Count times normalised pointwise mutual information; none where two stand together no more than by chance."""
    import numpy as np

    # In place: of a million edges each further array costs as much as what is reckoned in it.
    joint = count / total
    np.minimum(joint, 1 - 1e-9, out=joint)
    found: NDArray[np.float64] = spreads[0] / total
    found *= spreads[1] / total
    np.divide(joint, found, out=found)
    np.log(found, out=found)
    np.log(joint, out=joint)
    np.negative(joint, out=joint)
    found /= joint
    found *= count
    np.maximum(0.0, found, out=found)
    return found
