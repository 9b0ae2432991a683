from __future__ import annotations

from xml.etree import ElementTree

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.retrieval.dense import hnsw
from evidentia.retrieval.dense.audit.chart import svg
from evidentia.retrieval.dense.audit.lid import nearest
from evidentia.retrieval.dense.audit.measure import Point, Probe, least_effort, recalls, sweep


def _vectors(seed: int, count: int, dimension: int = 16) -> np.ndarray:
    return hnsw.unit(np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32))


def _probe(vectors: np.ndarray, k: int = 10) -> Probe:
    rows = np.arange(min(50, len(vectors)))
    return Probe(vectors[rows], rows, nearest(vectors[rows], vectors, k, rows), k, np.arange(len(vectors)))


def _graph(vectors: np.ndarray, plan: hnsw.Plan | None = None):
    index = hnsw.empty(plan or hnsw.Plan(), vectors)
    index.add(vectors)
    return index


@settings(max_examples=20)
@given(st.integers(0, 1000), st.integers(20, 300), st.integers(1, 60), st.booleans())
def test_recall_lies_between_0_and_1_with_copies_too(seed: int, count: int, effort: int, copies: bool):
    vectors = _vectors(seed, count)
    if copies:
        vectors[::2] = vectors[0]
    found = recalls(_graph(vectors, hnsw.Plan(links=2, construction=4)), _probe(vectors), effort)
    assert ((found >= 0) & (found <= 1)).all()


@given(st.integers(0, 1000), st.integers(12, 200))
def test_exact_search_has_recall_1(seed: int, count: int):
    vectors = _vectors(seed, count)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    assert recalls(index, _probe(vectors), 10).min() == 1


def test_vectors_that_are_gone_do_not_count():
    vectors = _vectors(0, 100)
    index, probe = _graph(vectors), _probe(vectors[:60])
    probe = Probe(probe.queries, probe.own, probe.exact, probe.k, np.arange(60))
    assert 0 < recalls(index, probe, 100).mean() < 1


def test_the_chosen_effort_reaches_the_target_on_its_sample():
    vectors = _vectors(0, 3000, 32)
    index, probe = _graph(vectors), _probe(vectors)
    chosen = least_effort(sweep(index, probe, 0.98), 0.98)
    assert chosen is not None
    assert recalls(index, probe, chosen.effort).mean() >= 0.98


def test_an_effort_is_chosen_only_when_all_larger_ones_reach_the_target_as_well():
    points = [Point(10, 0.96, 3), Point(20, 0.94, 2), Point(30, 0.97, 1)]
    assert least_effort(points, 0.95) == points[2]
    assert least_effort(points, 0.99) is None


def test_the_walk_in_fewer_directions_finds_what_a_whole_one_finds():
    draw = np.random.default_rng(3)
    vectors = hnsw.unit((draw.standard_normal((2000, 24)) @ draw.standard_normal((24, 256))).astype(np.float32))
    index = _graph(vectors, hnsw.Plan(width=64))
    assert hnsw.graph_of(index).d == 64
    cosines, rows = hnsw.search(index, vectors[:20], 10, 100)
    exact = nearest(vectors[:20], vectors, 10)
    assert np.allclose(cosines, exact.cosines, atol=1e-4)
    assert (rows == exact.rows).mean() > 0.95


def test_the_chart_is_a_picture_with_a_mark_for_every_point():
    points = [Point(10, 0.9, 9000.0), Point(20, 0.97, 5000.0)]
    root = ElementTree.fromstring(svg({"a <graph>": points, "b": points[:1]}, 0.95, "recall & speed"))
    assert len(root.findall("{*}circle")) == 3
    assert "efSearch 20: recall 0.970, 5,000/s" in [
        title.text for title in root.iter("{http://www.w3.org/2000/svg}title")
    ]


def test_a_chart_of_nothing_is_still_a_picture():
    assert ElementTree.fromstring(svg({}, 0.95, "")).tag.endswith("svg")


@pytest.mark.parametrize("bad", [{"links": 1}, {"construction": 0}, {"search": -1}])
def test_a_graph_that_cannot_be_built_is_refused(bad: dict[str, int]):
    from evidentia.errors import InputError

    with pytest.raises(InputError, match="cannot be built"):
        hnsw.Plan(**bad)
