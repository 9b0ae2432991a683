from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evidentia.corpus import catalog, sources
from evidentia.corpus.derived import generation_of
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.corpus.vectors import add_vectors
from evidentia.errors import InputError
from evidentia.retrieval.dense import hnsw
from evidentia.retrieval.dense import index as dense
from evidentia.retrieval.dense.audit.report import AuditRequest, OrderEffect, audit, keep

ASKED = AuditRequest(sample=600, queries=60)


def _fill(store: Store, count: int, folders: int = 3, length: float = 1.0, same: bool = False) -> None:
    """Vectors around one centre per folder, a folder after the other."""
    draw = np.random.default_rng(0)
    with store.transaction():
        source = sources.source_id(store, Path("/docs"))
        for number in range(count):
            folder = number * folders // count
            if number * folders % count < folders:
                centre = draw.standard_normal(24)
            uri = f"/docs/{folder}/{number}.txt"
            document = Document(uri, uri, "text", "text/plain", uri)
            keys = catalog.put_document(store, source, document, 1, 1, [Passage(0, 4, "section")])
            vector = np.ones((1, 24)) if same else centre + 0.7 * draw.standard_normal((1, 24))
            add_vectors(store, keys, length * hnsw.unit(vector.astype(np.float32)))
        store.bump()


def _effort(index: Any) -> int:
    return hnsw.graph_of(index).hnsw.efSearch


def test_a_small_library_is_exact_and_hears_what_a_graph_would_give(store: Store):
    _fill(store, 600)
    dense.DENSE.renew(store)
    found = audit(store, hnsw.Plan(), ASKED)
    assert found.exact
    assert "search is exact" in found.notes[0]
    assert found.chosen is not None
    assert found.chosen.recall >= 0.95
    assert [effect.order for effect in found.orders] == list(hnsw.ORDERS)
    assert sum(found.lid_counts) == 60
    assert keep(store, found) is False


def test_a_large_library_keeps_the_effort_for_its_next_searches_and_generations(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dense, "EXACT_BELOW", 500)
    _fill(store, 600)
    dense.DENSE.renew(store)
    assert _effort(dense.open_index(store)) == hnsw.UNTUNED
    found = audit(store, hnsw.Plan(), ASKED)
    assert not found.exact
    assert found.chosen is not None
    assert keep(store, found)
    assert _effort(dense.open_index(store)) == found.chosen.effort
    store.bump()
    dense.DENSE.renew(store)
    assert _effort(dense.open_index(store)) == found.chosen.effort


def test_the_effort_that_the_settings_name_comes_first(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dense, "EXACT_BELOW", 500)
    _fill(store, 600)
    dense.DenseIndex(hnsw.Plan(links=8, search=33)).renew(store)
    index = dense.open_index(store)
    assert _effort(index) == 33
    assert hnsw.graph_of(index).hnsw.nb_neighbors(0) == 16


@pytest.mark.parametrize("name", hnsw.ORDERS)
def test_a_graph_loaded_in_any_order_finds_the_same_vectors(store: Store, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setattr(dense, "EXACT_BELOW", 500)
    _fill(store, 600)
    dense.DENSE.renew(store)
    dense.tune(store, {"order": name})
    (store.folder / generation_of(store, "dense").file).unlink()
    dense.DENSE.renew(store)
    rows = dense.vectors_in_order(store)
    _, keys = hnsw.search(dense.open_index(store), hnsw.unit(rows.vectors), 1, 200)
    assert (keys[:, 0] == rows.keys).mean() > 0.99
    assert json.loads(generation_of(store, "dense").detail)["order"] == name


def test_vectors_that_are_not_of_unit_length_are_named(store: Store):
    _fill(store, 300, length=3.0)
    dense.DENSE.renew(store)
    assert any("300 vectors were not of unit length" in note for note in audit(store, hnsw.Plan(), ASKED).notes)


def test_copies_of_one_vector_have_full_recall_and_no_dimension(store: Store):
    _fill(store, 300, same=True)
    dense.DENSE.renew(store)
    found = audit(store, hnsw.Plan(), ASKED)
    assert found.chosen is not None
    assert found.chosen.recall == 1
    assert found.lid_counts == []


def test_a_library_that_is_too_small_is_refused(store: Store):
    _fill(store, 30)
    dense.DENSE.renew(store)
    with pytest.raises(InputError, match="has 30 vectors"):
        audit(store, hnsw.Plan(), ASKED)


def test_an_unreachable_target_is_said_and_nothing_is_stored(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dense, "EXACT_BELOW", 500)
    monkeypatch.setattr("evidentia.retrieval.dense.audit.measure.EFFORTS", (10,))
    _fill(store, 600, folders=1)
    plan = hnsw.Plan(links=2, construction=1)
    dense.DenseIndex(plan).renew(store)
    found = audit(store, plan, AuditRequest(sample=600, queries=60, target=1.0))
    assert found.chosen is None
    assert any("reached the target" in note for note in found.notes)
    assert keep(store, found) is False


@pytest.mark.parametrize("bad", [{"target": 0}, {"target": 1.1}, {"sample": 0}, {"k": 0}, {"orders": ("best",)}])
def test_a_senseless_request_is_refused(bad: dict[str, object]):
    with pytest.raises(InputError, match="cannot be done so"):
        AuditRequest(**bad)


def test_an_order_is_kept_only_where_it_is_better_beyond_chance():
    assert OrderEffect("shuffled", {}, gain=0.02, error=0.004).better
    assert not OrderEffect("shuffled", {}, gain=0.02, error=0.015).better
    assert not OrderEffect("shuffled", {}, gain=0.001, error=0.0001).better
