"""The ways to compress, each a short file that combines parts of the skeleton and names its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....registry import Registry

if TYPE_CHECKING:
    from ..strategy import Strategy

STRATEGIES = Registry(
    "way to compress",
    __name__,
    {
        "ziplm": "ziplm:STRATEGY",
        "flap": "flap:STRATEGY",
        "cfsp": "cfsp:STRATEGY",
        "obspa": "obspa:STRATEGY",
        "modegpt": "modegpt:STRATEGY",
        "wanda": "wanda:STRATEGY",
        "magnitude": "magnitude:STRATEGY",
    },
)
"""``welore`` is none of them: what it makes has no checkpoint format, so it is an analysis (``lowrank.py``)."""


def strategy(name: str) -> Strategy:
    """The strategy of that name. Raises ``NotFoundError`` for an unknown one."""
    found: Strategy = STRATEGIES.load(name)
    return found
