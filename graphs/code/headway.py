"""How far an update of the graph is, counted in files: each is read, evaluated in rounds, and written."""

from __future__ import annotations

from collections.abc import Callable

from .rounds import ROUNDS

Told = Callable[[int, int], None]
"""Called with how many files are done, and how many there are."""


class Headway:
    """Each file takes ``1 + ROUNDS + 1`` steps, and counts for the share that is done of all. What it tells never goes
    back, although more files than those that were given may turn out to be touched."""

    def __init__(self, files: int, told: Told | None) -> None:
        self._files, self._told = files, told
        self._steps, self._all = 0, files * (ROUNDS + 2)
        self._shown = 0

    def touch(self, documents: int) -> None:
        """So many are evaluated and written."""
        self._all = self._files + documents * (ROUNDS + 1)

    def step(self) -> None:
        self._steps += 1
        done = min(self._files, self._files * self._steps // max(1, self._all))
        if done > self._shown and self._told is not None:
            self._shown = done
            self._told(done, self._files)
