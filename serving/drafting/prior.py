"""What kinds of guesses are worth before anything was learnt: natural log odds against "none of the guesses".

Rounded from weights that were learnt over greedy replies of a small language model to one half of the prompts of
``benchmarks/drafting.py``; figures are reported of the other half. A kind is a place in these lists.
"""

from __future__ import annotations

ORDERS, AGES, RANKS = 3, 3, 8
"""The sizes of recycled rows: lengths of keys, rows per key, guesses per row."""
USUAL, UNKNOWN = 32, ORDERS * ORDERS * 2 * AGES * RANKS
"""The sizes for a token that was never met: guesses, and the kind of the first."""
COPIES = (
    (0.6, 1.6, 0.0, 0.7),
    (1.9, 2.2, 0.4, 1.0),
    (2.2, 2.2, 0.5, 1.0),
    (2.7, 2.5, 0.9, 1.1),
    (3.1, 2.6, 1.0, 1.2),
    (3.4, 2.8, 1.3, 1.4),
    (4.0, 2.9, 1.6, 1.6),
)
"""By class of match length: met once, twice running, the latest of two, another beside it."""
ALONE = -1.0
LONGEST_KEY = ((-0.5, -1.6), (-0.1, -0.7), (0.4, 0.0))
"""The first guess of the newest row of the longest key that has one: of this request, of an earlier one."""
OTHER_KEY, OLDER, EARLIER, PER_RANK = -1.2, -0.3, -0.7, -0.4


UNMET, UNMET_PER_RANK = -2.0, -0.1


def copying(alone: bool = False) -> list[float]:
    """``[class, occurrences]``, flat. ``alone``: where no other source says the same or something else."""
    return [value + ALONE * alone for row in COPIES for value in row]


def recycling() -> list[float]:
    """``[longest key that has a row, key that lists the guess, of an earlier request, newer rows, rank]``, flat."""
    return [
        (LONGEST_KEY[order][earlier] if order == longest and not age else OTHER_KEY + OLDER * age + EARLIER * earlier)
        + PER_RANK * rank
        for longest in range(ORDERS)
        for order in range(ORDERS)
        for earlier in range(2)
        for age in range(AGES)
        for rank in range(RANKS)
    ] + [UNMET + UNMET_PER_RANK * rank for rank in range(USUAL)]
