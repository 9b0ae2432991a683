"""What a library still has to do before its answers count as those of the whole: told with every answer."""

from __future__ import annotations

from ..corpus.store import Store
from . import dense

_FIX = "what it has not taken in yet is not found; evidentia add, or evidentia doctor --repair, completes it"


def running(store: Store) -> list[str]:
    """Runs that have begun and not ended, whether they are at work or were cut off: "add /path"."""
    rows = store.connection.execute("SELECT action, target FROM jobs WHERE state = 'running'")
    return [f"{action} {target}" for action, target in rows]


def notes(store: Store) -> tuple[str, ...]:
    """A sentence for each thing that keeps an answer from being the whole library's; empty as a rule."""
    found = [f"The library is unfinished ({run} has not ended): {_FIX}." for run in running(store)]
    if not found and dense.is_stale(store):
        found.append(f"The library's dense index is not up to date: {_FIX}.")
    return tuple(found)
