"""The trace of one answer: what was done, what came of it, and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from ..answer import Step


@dataclass
class Trace:
    steps: list[Step] = field(default_factory=list)
    _since: float = field(default_factory=time.perf_counter)

    def step(self, name: str, detail: str) -> Step:
        """Notes that ``name`` has been done, with the time since the step before it."""
        now = time.perf_counter()
        self.steps.append(Step(name, detail, round(now - self._since, 4)))
        self._since = now
        return self.steps[-1]


def plural(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
