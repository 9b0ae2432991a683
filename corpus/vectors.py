"""The table of vectors: one or several per passage, kept as float16. Knows nothing of indexes and models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .scope import IN_SCOPE
from .soundness import row_sum
from .store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AT_A_TIME = 10_000
"""Vectors of a scope that are in memory at once."""

_STORED = (
    "SELECT v.id, v.vector, d.uri FROM vectors v JOIN passages p ON p.id = v.passage_id "
    "JOIN documents d ON d.id = p.document_id WHERE v.id > ? ORDER BY v.id"
)


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Ids, float32 ``[n, d]``, and the folder that each one's document lies in."""

    keys: NDArray[np.int64]
    vectors: NDArray[np.float32]
    sources: list[str]


def add_vectors(store: Store, passage_ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
    """Adds one row of ``vectors`` (float32 ``[n, d]``) per entry of ``passage_ids``; kept as float16."""
    halves = vectors.astype("float16")
    store.connection.executemany(
        "INSERT INTO vectors (passage_id, vector, crc) VALUES (?, ?, ?)",
        (
            (key, data, row_sum(key, data))
            for key, data in zip(passage_ids, (half.tobytes() for half in halves), strict=True)
        ),
    )


def stored_vectors(store: Store, after: int = 0) -> StoredVectors:
    """The vectors with ids above ``after``, by id."""
    import numpy as np

    rows = store.connection.execute(_STORED, (after,)).fetchall()
    keys = np.array([key for key, _, _ in rows], dtype=np.int64)
    return StoredVectors(keys, _matrix([blob for _, blob, _ in rows]), [uri.rpartition("/")[0] for *_, uri in rows])


def count_vectors(store: Store, after: int = 0) -> int:
    return int(store.connection.execute("SELECT count(*) FROM vectors WHERE id > ?", (after,)).fetchone()[0])


def passages_by_vector(store: Store) -> dict[int, int]:
    """The passage of every vector, by id."""
    return dict(store.connection.execute("SELECT id, passage_id FROM vectors"))


def passages_of(store: Store, keys: Sequence[int]) -> list[int | None]:
    """The passage of each vector; ``None`` for a vector that is gone."""
    marks = ",".join("?" * len(keys))
    rows = store.connection.execute(f"SELECT id, passage_id FROM vectors WHERE id IN ({marks})", keys)  # noqa: S608
    known = dict(rows)
    return [known.get(key) for key in keys]


def vectors_in_scope(store: Store) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
    """Yields passages and the vector of each, float32 ``[n, d]``, of the store's scope, ``AT_A_TIME``."""
    assert store.scope is not None
    rows = store.connection.execute(
        f"SELECT v.passage_id, v.vector FROM vectors v JOIN passages p ON p.id = v.passage_id WHERE p.{IN_SCOPE}",  # noqa: S608
        (store.scope.ids,),
    )
    while part := rows.fetchmany(AT_A_TIME):
        yield [passage for passage, _ in part], _matrix([blob for _, blob in part])


def dimension(store: Store) -> int | None:
    """Numbers of a vector, as the first row has them; ``None`` where there is none."""
    row = store.connection.execute("SELECT length(vector) FROM vectors LIMIT 1").fetchone()
    return row[0] // 2 if row else None


def _matrix(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    import numpy as np

    halves = np.frombuffer(b"".join(blobs), dtype=np.float16)
    return halves.reshape(len(blobs), -1 if blobs else 0).astype(np.float32)
