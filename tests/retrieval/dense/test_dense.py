from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from evidentia.corpus import catalog, sources
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.corpus.vectors import add_vectors
from evidentia.errors import LibraryIncompatible, StorageError
from evidentia.retrieval.dense import index as dense
from evidentia.retrieval.dense.retriever import DenseRetriever
from evidentia.retrieval.embedders.hash import HashEmbedder

TEXTS = ("penguins swim in cold water", "falcons fly over warm land", "bread is baked in an oven")


def _fill(store: Store, texts: tuple[str, ...] = TEXTS) -> HashEmbedder:
    embedder = HashEmbedder()
    with store.transaction():
        source = sources.source_id(store, Path("/docs"))
        for text in texts:
            document = Document(f"/docs/{text}", text, text, "text/plain", text)
            keys = catalog.put_document(store, source, document, 1, 1, [Passage(0, len(text), "section")])
            add_vectors(store, keys, embedder.encode([text]))
        store.set("embedder", embedder.fingerprint)
        store.bump()
    return embedder


def test_the_nearest_passage_comes_first(store: Store):
    embedder = _fill(store)
    dense.DENSE.renew(store)
    assert DenseRetriever(store, lambda: embedder).search("penguins in water", 2)[0].quote == TEXTS[0]


def test_an_index_that_was_never_built_finds_nothing(store: Store):
    assert DenseRetriever(store, HashEmbedder).search("penguins", 2) == []


def test_the_index_is_stale_until_it_is_built(store: Store):
    _fill(store)
    assert dense.DENSE.is_stale(store)
    dense.DENSE.renew(store)
    assert not dense.DENSE.is_stale(store)


def test_what_was_removed_is_no_longer_found(store: Store):
    embedder = _fill(store)
    dense.DENSE.renew(store)
    with store.transaction():
        catalog.remove_documents(store, [1])
        store.bump()
    retriever = DenseRetriever(store, lambda: embedder)
    assert TEXTS[0] not in [hit.quote for hit in retriever.search(TEXTS[0], 3)]
    dense.DENSE.renew(store)
    assert TEXTS[0] not in [hit.quote for hit in retriever.search(TEXTS[0], 3)]


def test_vectors_of_another_model_are_refused(store: Store):
    embedder = _fill(store)
    dense.DENSE.renew(store)
    store.set("embedder", "another model")
    with pytest.raises(LibraryIncompatible, match="another model"):
        DenseRetriever(store, lambda: embedder).search("penguins", 1)


def test_a_damaged_index_file_is_named_with_its_fix(store: Store):
    embedder = _fill(store)
    dense.DENSE.renew(store)
    (path,) = store.folder.glob("dense-*.faiss")
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(StorageError, match="doctor --repair"):
        DenseRetriever(store, lambda: embedder).search("penguins", 1)


def test_a_large_library_is_an_hnsw_graph_that_grows(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dense, "EXACT_BELOW", 100)
    words = np.random.default_rng(0).integers(0, 1000, (200, 6))
    texts = tuple(" ".join(f"w{word}" for word in row) for row in words)
    embedder = _fill(store, texts[:150])
    dense.DENSE.renew(store)
    _fill(store, texts[150:])
    dense.DENSE.renew(store)
    retriever = DenseRetriever(store, lambda: embedder)
    assert all(retriever.search(text, 1)[0].quote == text for text in texts[::10])


def test_old_generations_go_but_the_last_one_stays_for_its_readers(store: Store):
    _fill(store)
    for _ in range(3):
        store.bump()
        dense.DENSE.renew(store)
    assert len(list(store.folder.glob("dense-*.faiss"))) == 2


@pytest.mark.parametrize("damage", ["truncated", "gone"])
def test_a_generation_that_cannot_be_read_is_made_anew(store: Store, damage: str):
    embedder = _fill(store)
    dense.DENSE.renew(store)
    (file,) = store.folder.glob("dense-*.faiss")
    if damage == "gone":
        file.unlink()
        assert dense.DENSE.is_stale(store)
    else:
        os.truncate(file, 100)
    assert len(dense.DENSE.discard_damaged(store)) == 1
    assert dense.DENSE.is_stale(store)
    dense.DENSE.renew(store)
    assert dense.DENSE.discard_damaged(store) == []
    assert DenseRetriever(store, lambda: embedder).search("penguins in water", 2)[0].quote == TEXTS[0]


def test_a_vector_that_is_gone_never_lends_its_place_to_another(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dense, "EXACT_BELOW", 1)
    monkeypatch.setattr(dense, "REBUILD_WHEN_DEAD", 1.0)
    embedder = _fill(store)
    dense.DENSE.renew(store)
    with store.transaction():
        catalog.remove_documents(store, [3])
    _fill(store, ("ice melts in the sun",))
    dense.DENSE.renew(store)
    hits = DenseRetriever(store, lambda: embedder).search(TEXTS[2], 4)
    assert all(hit.score < 0.9 for hit in hits)
