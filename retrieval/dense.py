"""Dense search: one vector per window of each passage, cosine similarity, faiss.

Exact below 50,000 vectors, HNSW above (Malkov and Yashunin, 2016). The vectors lie in SQLite; the faiss file is a
generation made from them: written under a temporary name, synced, and switched by one row. A reader that holds an older
generation keeps it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import LibraryIncompatible, StorageError
from .base import Embedder, Evidence
from .catalog import evidence
from .connection import mapped_errors
from .store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

EXACT_BELOW = 50_000
HNSW_M, EF_CONSTRUCTION, EF_SEARCH = 32, 128, 128
REBUILD_WHEN_DEAD = 0.2


class DenseRetriever:
    name = "dense"

    def __init__(self, store: Store, embedder: Callable[[], Embedder], model: object = None) -> None:
        self._store, self._embedder = store, embedder
        self._file = ""
        self._index: Any = None

    def search(self, question: str, k: int) -> list[Evidence]:
        """Raises ``LibraryIncompatible`` when the library was embedded by another model."""
        if not self._load():
            return []
        embedder = self._embedder()
        require_embedder(self._store, embedder)
        hits = self.nearest(embedder.encode([question]), k)
        return [replace(hit, why=f"cosine {hit.score:.2f}") for hit in evidence(self._store, hits, self.name, "")]

    def nearest(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """``(passage id, cosine)`` of the ``k`` best passages for one query vector ``[1, d]``."""
        if not self._load():
            return []
        # Several windows of one passage may be among the nearest, and HNSW still holds vectors that are gone.
        scores, keys = self._index.search(query, min(4 * k + 16, self._index.ntotal))
        best: dict[int, float] = {}
        for score, passage in zip(scores[0].tolist(), self._passages(keys[0].tolist()), strict=True):
            if passage is not None:
                best.setdefault(passage, score)
        return list(best.items())[:k]

    def _passages(self, keys: list[int]) -> list[int | None]:
        marks = ",".join("?" * len(keys))
        found = dict(self._store.connection.execute(f"SELECT id, passage_id FROM vectors WHERE id IN ({marks})", keys))  # noqa: S608
        return [found.get(key) for key in keys]

    def _load(self) -> bool:
        row = self._store.connection.execute("SELECT file FROM generations WHERE kind = 'dense'").fetchone()
        if row is None or not row[0]:
            return False
        if row[0] != self._file:
            self._index, self._file = _read(self._store.folder / row[0]), row[0]
        return True


def require_embedder(store: Store, embedder: Embedder) -> None:
    """Vectors of different models never mix."""
    have = store.get("embedder")
    if have is not None and have != embedder.fingerprint:
        raise LibraryIncompatible(
            f"the library was embedded with {have}, not with {embedder.fingerprint}",
            where=str(store.folder),
            fix="set EVIDENTIA_EMBEDDER to the first, or add the documents to a new library",
        )


def is_stale(store: Store) -> bool:
    row = store.connection.execute("SELECT file, revision FROM generations WHERE kind = 'dense'").fetchone()
    file, revision = row or ("", 0)
    return store.revision != revision or not (store.folder / file).exists()


def discard_damaged(store: Store) -> list[str]:
    """Forgets a generation whose file cannot be read, so that the next ``build`` makes another. The caller holds the
    writer's lock."""
    row = store.connection.execute("SELECT file FROM generations WHERE kind = 'dense'").fetchone()
    if row is None or not row[0]:
        return []
    try:
        _read(store.folder / row[0])
    except StorageError:
        with store.transaction() as connection:
            connection.execute("DELETE FROM generations WHERE kind = 'dense'")
        return [f"the dense index {row[0]} could not be read and was made anew"]
    return []


def build(store: Store) -> None:
    """Makes and switches in the generation for the store's present revision. The caller holds the writer's lock."""
    import faiss
    import numpy as np

    revision = store.revision
    row = store.connection.execute("SELECT file, detail FROM generations WHERE kind = 'dense'").fetchone()
    keys, blobs = [], []
    index, after = _grown(store, row)
    for key, blob in store.connection.execute("SELECT id, vector FROM vectors WHERE id > ? ORDER BY id", (after,)):
        keys.append(key)
        blobs.append(blob)
    if keys:
        vectors = np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(len(keys), -1).astype(np.float32)
        if index is None:
            index = faiss.IndexIDMap(_new_index(len(keys), vectors.shape[1]))
        index.add_with_ids(vectors, np.asarray(keys, dtype=np.int64))
    if index is None:
        with store.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO generations VALUES ('dense', '', ?, '{}')", (revision,))
        _sweep(store, keep=())
        return
    file = f"dense-{revision}.faiss"
    _write(index, store.folder / file)
    detail = json.dumps({"last": keys[-1] if keys else after, "vectors": index.ntotal})
    with store.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO generations VALUES ('dense', ?, ?, ?)", (file, revision, detail))
    _sweep(store, keep=(file, row[0] if row else ""))


def _new_index(count: int, dimension: int) -> Any:
    import faiss

    if count < EXACT_BELOW:
        return faiss.IndexFlatIP(dimension)
    index = faiss.IndexHNSWFlat(dimension, HNSW_M, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = EF_CONSTRUCTION, EF_SEARCH
    return index


def _grown(store: Store, row: tuple[str, str] | None) -> tuple[Any, int]:
    """An HNSW graph takes new vectors; it is built anew when a fifth of it is gone, and a small index always is."""
    live = int(store.connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
    if row is None or not row[0] or live < EXACT_BELOW or not (store.folder / row[0]).exists():
        return None, 0
    detail = json.loads(row[1])
    new = int(store.connection.execute("SELECT count(*) FROM vectors WHERE id > ?", (detail["last"],)).fetchone()[0])
    dead = detail["vectors"] + new - live
    if detail["vectors"] < EXACT_BELOW or dead > REBUILD_WHEN_DEAD * detail["vectors"]:
        return None, 0
    return _read(store.folder / row[0]), int(detail["last"])


def _read(path: Path) -> Any:
    import faiss

    try:
        return faiss.read_index(str(path))
    except RuntimeError as error:
        raise StorageError(
            "the dense index cannot be read", where=str(path), fix="run: evidentia doctor --repair"
        ) from error


def _write(index: Any, path: Path) -> None:
    import faiss

    part = path.with_suffix(".part")
    with mapped_errors(path):
        try:
            faiss.write_index(index, str(part))
        except RuntimeError as error:
            part.unlink(missing_ok=True)
            raise StorageError(
                "the dense index cannot be written", where=str(path), fix="check the free disk space"
            ) from error
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        part.replace(path)


def _sweep(store: Store, keep: tuple[str, ...]) -> None:
    for path in [*store.folder.glob("dense-*.faiss"), *store.folder.glob("dense-*.part")]:
        if path.name not in keep:
            path.unlink(missing_ok=True)
