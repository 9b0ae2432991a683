"""How much work one file may cause. It is counted and not timed, so that every machine finds the same graph, and an
edited library the same as a fresh one.
"""

from __future__ import annotations

MOST = 3_000_000
"""Steps of one walk or one evaluation of a file: a few seconds. A large file of people's takes a tenth."""


class Entangled(Exception):
    """A file that takes more work than any that people write."""


class Work:
    __slots__ = ("left",)

    def __init__(self, most: int = MOST) -> None:
        self.left = most

    def spend(self, steps: int = 1) -> None:
        """Raises ``Entangled`` when there is no more."""
        self.left -= steps
        if self.left < 0:
            raise Entangled
