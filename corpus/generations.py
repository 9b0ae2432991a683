"""Derived arrays by their parts (see ``array_file.py``)."""

from __future__ import annotations

from collections.abc import Callable

from .array_file import Arrays, DerivedArrays
from .derived import T
from .store import Store

__all__ = ["Arrays", "current"]


def current(store: Store, kind: str, version: str, build: Callable[[Store], Arrays], load: Callable[[Arrays], T]) -> T:
    return DerivedArrays(kind, version, build, load).current(store)
