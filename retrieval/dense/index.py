"""The dense index: a faiss file that is made of the library's vectors at the end of each ``add``.

Exact below 50,000 vectors, above them the graph of ``hnsw``, which grows with its library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...corpus.connection import damage_error
from ...corpus.derived import Derived, Generation, generation_of, put_generation, replacing
from ...corpus.soundness import file_sum
from ...corpus.store import Store
from ...corpus.vectors import StoredVectors, count_vectors, dimension, stored_vectors
from ...errors import StorageError
from . import hnsw
from .gpu import on_gpu

if TYPE_CHECKING:
    pass

EXACT_BELOW = 50_000
TUNED = ("search", "order", "recall")
"""What an audit stored and a new generation takes over."""
REBUILD_WHEN_DEAD = 0.2


@dataclass(frozen=True, slots=True)
class DenseFile:
    index: Any
    """Of faiss; ``None`` where there are no vectors."""
    note: Mapping[str, Any]
    """What the generation's row says: ``TUNED``, ``last`` (the highest id), ``vectors``, ``crc``."""


@dataclass(frozen=True)
class DenseIndex(Derived[DenseFile, Any]):
    """The dense index, which is searched as a faiss index; ids are those of the vectors."""

    plan: hnsw.Plan = field(default_factory=hnsw.Plan)
    """Of a graph that is built anew; one that grows keeps its shape."""
    kind = "dense"
    version = ""

    def build(self, store: Store, held: Any) -> DenseFile:
        import faiss

        generation = generation_of(store, self.kind)
        before = _note(store, generation) if generation else {}
        index, after = self._grow(store, generation)
        new = vectors_in_order(store, after, before.get("order", "given") if index is None else "given")
        if len(new.keys):
            vectors = hnsw.unit(new.vectors)
            if index is None:
                exact = len(vectors) < EXACT_BELOW
                empty = faiss.IndexFlatIP(vectors.shape[1]) if exact else hnsw.empty(self.plan, vectors)
                index = faiss.IndexIDMap(empty)
            index.add_with_ids(vectors, new.keys)
        if index is None:
            return DenseFile(None, {})
        note = {name: before[name] for name in TUNED if name in before}
        if self.plan.search:
            note["search"] = self.plan.search
        return DenseFile(index, {**note, "last": int(new.keys.max(initial=after)), "vectors": index.ntotal})

    def _grow(self, store: Store, generation: Generation | None) -> tuple[Any, int]:
        """An HNSW graph takes new vectors; it is built anew when a fifth of it is gone, and a small index always is."""
        live = count_vectors(store)
        if generation is None or not generation.file or live < EXACT_BELOW:
            return None, 0
        if not (store.folder / generation.file).exists():
            return None, 0
        note = _note(store, generation)
        dead = note["vectors"] + count_vectors(store, note["last"]) - live
        if note["vectors"] < EXACT_BELOW or dead > REBUILD_WHEN_DEAD * note["vectors"]:
            return None, 0
        return self.read(store, generation).index, int(note["last"])

    def write(self, store: Store, made: DenseFile, revision: int) -> Generation:
        import faiss

        if made.index is None:
            return Generation("", revision, "{}")
        path = store.folder / f"{self.kind}-{revision}.faiss"
        with replacing(path) as part:
            try:
                faiss.write_index(made.index, str(part))
            except RuntimeError as error:
                raise StorageError(
                    "the dense index cannot be written", where=str(path), fix="check the free disk space"
                ) from error
        return Generation(path.name, revision, json.dumps({**made.note, "crc": file_sum(path)}))

    def read(self, store: Store, generation: Generation) -> DenseFile:
        """Reads the index from its file. Raises ``StorageError`` for a file that is not what was written: faiss itself
        would search whatever it gets."""
        import faiss

        path, fix = store.folder / generation.file, "run: evidentia doctor --repair"
        try:
            note = _note(store, generation)
            crc = note.get("crc")
            if crc is not None and file_sum(path) != crc:
                raise StorageError("the dense index does not match its checksum", where=str(path), fix=fix)
            found = DenseFile(faiss.read_index(str(path)), note)
            if dimension(store) not in (None, found.index.d):
                raise StorageError("the dense index is of other vectors", where=str(path), fix=fix)
            return found
        except (RuntimeError, OSError) as error:
            raise StorageError("the dense index cannot be read", where=str(path), fix=fix) from error

    def load(self, made: DenseFile) -> Any:
        return on_gpu(apply_tuning(made))


DENSE = DenseIndex()


def _note(store: Store, generation: Generation) -> dict[str, Any]:
    """Raises ``StorageError`` for a row that is damaged."""
    try:
        found = json.loads(generation.detail)
    except (ValueError, RecursionError) as error:
        raise damage_error(store.file) from error
    if not isinstance(found, dict):
        raise damage_error(store.file)
    return found


def apply_tuning(made: DenseFile) -> Any:
    graph, effort = hnsw.graph_of(made.index), made.note.get("search")
    if graph is not None and effort:
        graph.hnsw.efSearch = effort
    return made.index


def open_index(store: Store) -> Any:
    """The present generation's faiss index, tuned, on the processor and nobody else's; ``None`` where there is none.
    Raises ``StorageError``."""
    _, made = DENSE.read_present(store)
    return None if made is None else apply_tuning(made)


def vectors_in_order(store: Store, after: int = 0, order: str = "given") -> StoredVectors:
    """The vectors with ids above ``after``, in one of the ``hnsw.ORDERS``."""
    given = stored_vectors(store, after)
    if order == "given" or not len(given.keys):
        return given
    from .audit.orders import order as permuted

    rows = permuted(order, given.vectors, given.sources)
    return StoredVectors(given.keys[rows], given.vectors[rows], [given.sources[row] for row in rows])


def tune(store: Store, values: Mapping[str, object]) -> None:
    """Stores what an audit found (``TUNED``) beside the present generation. The caller holds the writer's lock."""
    generation = generation_of(store, DENSE.kind)
    if generation is not None:
        detail = json.dumps({**_note(store, generation), **values})
        put_generation(store, DENSE.kind, replace(generation, detail=detail))
