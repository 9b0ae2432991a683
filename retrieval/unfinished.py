"""What a library still has to do before its answers count as those of the whole: told with every answer."""

from __future__ import annotations

from ..corpus import catalog, jobs, unembedded
from ..corpus.store import Store
from .dense.index import DENSE

_COMPLETE = "evidentia add, or evidentia doctor --repair, completes it"
_FIX = f"what it has not taken in yet is not found; {_COMPLETE}"


def running(store: Store) -> list[str]:
    """The runs that have begun and not ended, whether they are at work or were cut off: "add /path"."""
    return list(map(str, jobs.running(store)))


def notes(store: Store, *, by_vectors: bool = True) -> tuple[str, ...]:
    """A sentence for each thing that keeps an answer from being the whole library's; empty as a rule. One that was not
    found ``by_vectors`` does not lack them."""
    if runs := running(store):
        return tuple(f"The library is unfinished ({run} has not ended): {_FIX}." for run in runs)
    if not catalog.has_documents(store):
        return ("The library is empty; evidentia add PATH fills it.",)
    if not by_vectors:
        return ()
    if waiting := unembedded.count(store):
        return (f"{waiting:,} texts have no vector yet and are found by their words alone; {_COMPLETE}.",)
    return (f"The library's dense index is not up to date: {_FIX}.",) if DENSE.is_stale(store) else ()
