"""The graph of phrases with what language models extracted, from imported indexes and by the library's own model."""

from __future__ import annotations

from ...corpus.array_file import Arrays, DerivedArrays
from ...corpus.store import Store
from ..phrases.graph import VERSION, PhraseGraph, build, load, phrase_graph
from ..phrases.told import ToldNames
from .imports import imported_rows


def told_phrase_graph(store: Store) -> PhraseGraph:
    """The one of the store's present revision, made first where there is none; the plain graph of phrases where nothing
    was ever extracted. Raises ``StorageError`` when the disk is full."""
    changes = store.get("knowledge:imports")
    if changes is None:
        return phrase_graph(store)
    return DerivedArrays("told", f"{VERSION}.{changes}", _build, load).current(store)


def _build(store: Store) -> Arrays:
    rows = imported_rows(store.connection)
    names = (form for form, *_ in rows.entities)
    return build(store, ToldNames(names, ((source, target) for source, target, _ in rows.relations)))
