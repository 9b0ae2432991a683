"""Remembered answers to questions that may lead back to themselves, such as names of modules that import each other."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

_DEPTH = 60
_CIRCLES = 8
"""Answers within one outer question that a circle touched. In code that people write there are two at most (networkx);
classes that inherit from one another's members have as many as there are ways through them."""


class Memory:
    """What is answered never depends on what was asked before, only on the question asked first ("outer") of those that
    are open: an answer that no circle touched is kept for good, any other only for the outer question."""

    def __init__(self) -> None:
        self.kept: dict[Hashable, Any] = {}
        """Answers that stand for good; who asks often may look here first."""
        self._outer: dict[Hashable, Any] = {}
        self._inner: dict[Hashable, Any] = {}
        self._open: set[Hashable] = set()
        self._circle = False

    def once(self, key: Hashable, compute: Callable[[], T], default: T) -> T:
        """``compute()``; ``default`` where the question is already open, or the questions are nested too deeply or lead
        back to themselves in too many ways."""
        known = self.kept if key in self.kept else self._inner if self._open else self._outer
        if key in known:
            self._circle = self._circle or known is self._inner
            answer: T = known[key]
            return answer
        if key in self._open or len(self._open) > _DEPTH or len(self._inner) > _CIRCLES:
            self._circle = True
            return default
        before, self._circle = self._circle, False
        self._open.add(key)
        try:
            answer = compute()
        finally:
            self._open.discard(key)
        (self.kept if not self._circle else self._inner if self._open else self._outer)[key] = answer
        self._circle = self._circle or before
        if not self._open:
            self._circle = False
            self._inner.clear()
        return answer
