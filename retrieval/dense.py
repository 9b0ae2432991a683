"""Dense search: one vector per window of each passage, cosine similarity, faiss.

Exact below 50,000 vectors, above them the graph of ``hnsw``. The vectors lie in SQLite; the faiss file is a
generation made from them: written under a temporary name, synced, and switched by one row. A reader that holds an older
generation keeps it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..corpus import private
from ..corpus.catalog import evidence
from ..corpus.connection import mapped_errors
from ..corpus.document import Evidence
from ..corpus.scope import IN_SCOPE
from ..corpus.soundness import file_sum
from ..corpus.store import Store
from ..errors import LibraryIncompatible, StorageError
from . import hnsw
from .base import Embedder
from .gpu import on_gpu

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

EXACT_BELOW = 50_000
PART = 10_000
"""Vectors that are compared at a time where a scope is searched."""
TUNED = ("search", "order", "recall")
"""What an audit stored and a new generation takes over."""
REBUILD_WHEN_DEAD = 0.2

_VECTORS = (
    "SELECT v.id, v.vector, d.uri FROM vectors v JOIN passages p ON p.id = v.passage_id "
    "JOIN documents d ON d.id = p.document_id WHERE v.id > ? ORDER BY v.id"
)


class DenseRetriever:
    name = "dense"

    def __init__(self, store: Store, embedder: Callable[[], Embedder], model: object = None) -> None:
        self._store, self._embedder = store, embedder
        self._made_from = ("", "")
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
        if self._store.scope is not None:
            return _nearest_in_scope(self._store, query, k)
        # Several windows of one passage may be among the nearest, and HNSW still holds vectors that are gone.
        scores, keys = hnsw.search(self._index, query, min(4 * k + 16, self._index.ntotal))
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
        row = _row(self._store)
        if row is None or not row[0]:
            return False
        if row != self._made_from:
            self._index, self._made_from = _opened(self._store.folder / row[0], row[1]), row
        return True


def _nearest_in_scope(store: Store, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """By comparing with every vector in scope, a part of them at a time."""
    import numpy as np

    assert store.scope is not None
    found = store.connection.execute(
        f"SELECT v.passage_id, v.vector FROM vectors v JOIN passages p ON p.id = v.passage_id WHERE p.{IN_SCOPE}",  # noqa: S608
        (store.scope.ids,),
    )
    best: dict[int, float] = {}
    while part := found.fetchmany(PART):
        vectors = np.frombuffer(b"".join(blob for _, blob in part), dtype=np.float16).reshape(len(part), -1)
        for (passage, _), score in zip(part, (vectors.astype(np.float32) @ query[0]).tolist(), strict=True):
            best[passage] = max(score, best.get(passage, -1.0))
    return sorted(best.items(), key=lambda entry: -entry[1])[:k]


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
    row = _row(store)
    if row is None or not row[0]:
        return []
    try:
        _read(store.folder / row[0], row[1])
    except StorageError:
        with store.transaction() as connection:
            connection.execute("DELETE FROM generations WHERE kind = 'dense'")
        return [f"the dense index {row[0]} could not be read and was made anew"]
    return []


def build(store: Store, plan: hnsw.Plan | None = None) -> None:
    """Makes and switches in the generation for the store's present revision. The caller holds the writer's lock.

    ``plan`` shapes a graph that is built anew; one that grows keeps its shape.
    """
    import faiss

    revision, row, plan = store.revision, _row(store), plan or hnsw.Plan()
    before = json.loads(row[1]) if row else {}
    index, after = _grown(store, row)
    new = rows(store, after, before.get("order", "given") if index is None else "given")
    if len(new.keys):
        if index is None:
            index = faiss.IndexIDMap(_new_index(hnsw.unit(new.vectors), plan))
        index.add_with_ids(hnsw.unit(new.vectors), new.keys)
    if index is None:
        with store.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO generations VALUES ('dense', '', ?, '{}')", (revision,))
        _sweep(store, keep=())
        return
    file = f"dense-{revision}.faiss"
    _write(index, store.folder / file)
    tuned = {name: before[name] for name in TUNED if name in before}
    if plan.search:
        tuned["search"] = plan.search
    shape = {"last": int(new.keys.max(initial=after)), "vectors": index.ntotal, "crc": file_sum(store.folder / file)}
    detail = json.dumps({**tuned, **shape})
    with store.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO generations VALUES ('dense', ?, ?, ?)", (file, revision, detail))
    _sweep(store, keep=(file, row[0] if row else ""))


@dataclass(frozen=True, slots=True)
class Rows:
    """Stored vectors: ids, float32 ``[n, d]``, and the folder that each one's document lies in."""

    keys: NDArray[np.int64]
    vectors: NDArray[np.float32]
    sources: list[str]


def rows(store: Store, after: int = 0, order: str = "given") -> Rows:
    """Those with ids above ``after``, in one of the ``hnsw.ORDERS``."""
    import numpy as np

    found = store.connection.execute(_VECTORS, (after,)).fetchall()
    keys = np.array([key for key, _, _ in found], dtype=np.int64)
    blobs = b"".join(blob for _, blob, _ in found)
    vectors = np.frombuffer(blobs, dtype=np.float16).reshape(len(keys), -1 if found else 0).astype(np.float32)
    sources = [uri.rpartition("/")[0] for _, _, uri in found]
    if order == "given" or not found:
        return Rows(keys, vectors, sources)
    from .audit.orders import order as permuted

    entering = permuted(order, vectors, sources)
    return Rows(keys[entering], vectors[entering], [sources[row] for row in entering])


def tune(store: Store, values: Mapping[str, object]) -> None:
    """Stores what an audit found (``TUNED``) beside the present generation. The caller holds the writer's lock."""
    row = _row(store)
    detail = json.dumps({**(json.loads(row[1]) if row else {}), **values})
    with store.transaction() as connection:
        connection.execute("UPDATE generations SET detail = ? WHERE kind = 'dense'", (detail,))


def opened(store: Store) -> Any:
    """The present generation's faiss index, tuned; ``None`` where there is none. Raises ``StorageError``."""
    row = _row(store)
    return _tuned(_read(store.folder / row[0], row[1]), row[1]) if row and row[0] else None


def _row(store: Store) -> tuple[str, str] | None:
    found = store.connection.execute("SELECT file, detail FROM generations WHERE kind = 'dense'").fetchone()
    return (found[0], found[1]) if found else None


def _tuned(index: Any, detail: str) -> Any:
    graph, effort = hnsw.graph_of(index), json.loads(detail).get("search")
    if graph is not None and effort:
        graph.hnsw.efSearch = effort
    return index


def _new_index(vectors: NDArray[np.float32], plan: hnsw.Plan) -> Any:
    import faiss

    return faiss.IndexFlatIP(vectors.shape[1]) if len(vectors) < EXACT_BELOW else hnsw.empty(plan, vectors)


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
    return _read(store.folder / row[0], row[1]), int(detail["last"])


def _opened(path: Path, detail: str) -> Any:
    """For searching only. Kept for the next retriever of this process: each question makes one."""
    try:
        return _kept(path, path.stat().st_mtime_ns, detail)
    except OSError:
        return on_gpu(_tuned(_read(path, detail), detail))


@lru_cache(maxsize=2)
def _kept(path: Path, mtime_ns: int, detail: str) -> Any:
    return on_gpu(_tuned(_read(path, detail), detail))


def _read(path: Path, detail: str) -> Any:
    """Raises ``StorageError`` for a file that is not what was written: faiss itself would search whatever it gets."""
    import faiss

    fix = "run: evidentia doctor --repair"
    try:
        crc = json.loads(detail).get("crc")
        if crc is not None and file_sum(path) != crc:
            raise StorageError("the dense index does not match its checksum", where=str(path), fix=fix)
        return faiss.read_index(str(path))
    except (RuntimeError, OSError) as error:
        raise StorageError("the dense index cannot be read", where=str(path), fix=fix) from error


def _write(index: Any, path: Path) -> None:
    import faiss

    part = path.with_suffix(".part")
    with mapped_errors(path):
        try:
            part.unlink(missing_ok=True)
            private.make(part)
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
