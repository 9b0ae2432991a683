"""The ways to compress, each a short file that combines parts of the skeleton and names its paper."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ....errors import NotFoundError

if TYPE_CHECKING:
    from ..strategy import Strategy

STRATEGIES = ("ziplm", "flap", "cfsp", "obspa", "modegpt", "wanda", "magnitude")
"""``welore`` is none of them: what it makes has no checkpoint format, so it is an analysis (``lowrank.py``)."""


def strategy(name: str) -> Strategy:
    """The strategy of that name. Raises ``NotFoundError`` with the names that there are."""
    if name not in STRATEGIES:
        raise NotFoundError("no such strategy", where=name, fix=f"choose one of {', '.join(STRATEGIES)}")
    found: Strategy = import_module(f".{name}", __name__).STRATEGY
    return found
