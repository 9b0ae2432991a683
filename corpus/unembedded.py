"""Texts that have no vector yet: a run reads every file before it makes the first, and may be cut off, or told to stop,
in between. The table is the catalog's, so that a text goes with its passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .store import Store


def put(store: Store, passage_ids: Sequence[int], texts: Sequence[Sequence[str]]) -> None:
    """Keeps ``texts`` of each passage, to be embedded later."""
    store.connection.executemany(
        "INSERT INTO unembedded (passage_id, text) VALUES (?, ?)",
        ((key, text) for key, windows in zip(passage_ids, texts, strict=True) for text in windows),
    )


def count(store: Store) -> int:
    return int(store.connection.execute("SELECT count(*) FROM unembedded").fetchone()[0])


def first(store: Store, most: int) -> list[tuple[int, int, str]]:
    """The first ``(id, passage, text)`` in the order in which they were read."""
    query = "SELECT id, passage_id, text FROM unembedded ORDER BY id LIMIT ?"
    return store.connection.execute(query, (most,)).fetchall()


def forget(store: Store, ids: Iterable[int]) -> None:
    store.connection.executemany("DELETE FROM unembedded WHERE id = ?", ((key,) for key in ids))
