"""The dense index on a GPU, by a double of faiss-gpu: what is asked of it, and when it is not used."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import faiss
import numpy as np
import pytest

from evidentia.retrieval.dense import gpu, hnsw

DIMENSION = 8


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A faiss that has one GPU; what it is asked to copy there."""
    copied: list[Any] = []

    def copy(resources: object, device: int, index: Any, options: Any) -> Any:
        copied.append((device, options.useFloat16, index.ntotal))
        return faiss.clone_index(index)

    monkeypatch.setattr(gpu, "_RESOURCES", [])
    monkeypatch.setattr(faiss, "get_num_gpus", lambda: 1, raising=False)
    monkeypatch.setattr(faiss, "index_cpu_to_gpu", copy, raising=False)
    monkeypatch.setattr(faiss, "GpuClonerOptions", lambda: SimpleNamespace(useFloat16=False), raising=False)
    monkeypatch.setattr(faiss, "StandardGpuResources", SimpleNamespace, raising=False)
    return copied


def _vectors(count: int) -> Any:
    return hnsw.unit(np.random.default_rng(3).normal(size=(count, DIMENSION)).astype(np.float32))


def _exact(count: int) -> Any:
    index = faiss.IndexIDMap(faiss.IndexFlatIP(DIMENSION))
    index.add_with_ids(_vectors(count), np.arange(count))
    return index


def test_an_exact_index_goes_to_the_gpu_in_float16_and_finds_the_same(asked: list[Any]):
    index = _exact(50)
    there = gpu.on_gpu(index)
    assert asked == [(0, True, 50)]
    questions = _vectors(7)
    assert np.array_equal(hnsw.search(there, questions, 5)[1], hnsw.search(index, questions, 5)[1])


def test_a_graph_stays_on_the_processor(asked: list[Any]):
    index = faiss.IndexIDMap(faiss.IndexHNSWFlat(DIMENSION, 16, faiss.METRIC_INNER_PRODUCT))
    assert gpu.on_gpu(index) is index
    assert not asked


def test_an_index_that_does_not_fit_stays_on_the_processor(asked: list[Any], monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> Any:
        raise RuntimeError("cudaMalloc error out of memory")

    monkeypatch.setattr(faiss, "index_cpu_to_gpu", full)
    index = _exact(3)
    assert gpu.on_gpu(index) is index


def test_a_faiss_for_processors_alone_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(faiss, "get_num_gpus", raising=False)
    index = _exact(3)
    assert gpu.gpus() == 0
    assert gpu.on_gpu(index) is index
