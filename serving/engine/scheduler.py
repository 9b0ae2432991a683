"""Who may start and how much each request reads in a pass: policy in plain Python, without tensors.

First come, first served; every request that writes gets its token in every pass, and prompts share what is left of it,
so that a long prompt slows the others down but never stops them.
"""

from __future__ import annotations

from collections.abc import Sequence

PASS = 512
"""Prompt tokens read in one pass, all requests together."""


def admitted(needs: Sequence[int], free: int, running: int, most: int) -> int:
    """How many of the waiting requests, oldest first, may start: each needs so many bytes of ``free``, and at most
    ``most`` run at once. Nobody overtakes."""
    count = 0
    for need in needs:
        if need > free or running + count >= most:
            break
        free -= need
        count += 1
    return count


def shares(unread: Sequence[int], most: int = PASS) -> list[int]:
    """How many of its unread tokens each running request reads in this pass, the oldest first. One that writes has a
    single unread token and always reads it."""
    left, found = most, []
    for count in unread:
        share = 1 if count == 1 else min(count, left)
        found.append(share)
        left -= share if count > 1 else 0
    return found


def budgets(writing: int, nodes: int, widest: int) -> int:
    """Guessed tokens per request when ``writing`` requests write: ``nodes`` for one alone, shared among several so
    that a pass never has more than ``widest`` rows of them."""
    return 0 if writing == 0 else max(0, min(nodes, widest // writing - 1))
