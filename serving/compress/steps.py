"""The order in which a model may be changed: each step undoes what a later one did.

Recovery moves weights, so rounding comes after it; drafters guess what the rounded model says, so they come last.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import InputError

ORDER = ("prune", "recover", "merge", "quantise", "drafters")


def follow(done: Sequence[str], step: str) -> list[str]:
    """``done`` with ``step`` behind it. Raises ``InputError`` where a later step is done already."""
    later = [one for one in done if ORDER.index(one) > ORDER.index(step)]
    if later:
        raise InputError(
            f"{step} would undo what {later[-1]} did: the order is {', '.join(ORDER)}",
            where=", ".join(done),
            fix="begin with the model that this one was made from",
        )
    return [*done, step]
