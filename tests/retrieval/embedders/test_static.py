from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import DigestMismatch, ModelError
from evidentia.retrieval.embedders import load, static
from evidentia.retrieval.embedders.static import StaticEmbedder, sum_pieces
from evidentia.settings import Settings


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> StaticEmbedder:
    return StaticEmbedder(tmp_path_factory.mktemp("cache"))


def test_it_is_loaded_by_name(tmp_path: Path):
    assert isinstance(load("static", Settings(cache=tmp_path)), StaticEmbedder)


def test_texts_that_mean_the_same_are_nearer_than_others(embedder: StaticEmbedder):
    query, near, far = embedder.encode(
        ["Which doctor heals children?", "A pediatrician treats kids.", "The stock market fell on Monday."]
    )
    assert query @ near > query @ far + 0.2


def test_the_order_of_words_does_not_matter(embedder: StaticEmbedder):
    one, other = embedder.encode(["dog bites man", "man bites dog"])
    assert one @ other == pytest.approx(1)


@given(st.lists(st.text(max_size=40), max_size=6))
def test_every_text_has_a_vector_of_unit_length(embedder: StaticEmbedder, texts: list[str]):
    vectors = embedder.encode(texts)
    assert vectors.shape == (len(texts), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: StaticEmbedder, monkeypatch: pytest.MonkeyPatch):
    texts = [f"text number {number}" for number in range(7)]
    together = embedder.encode(texts)
    monkeypatch.setattr(static, "BATCH", 2)
    assert np.allclose(together, embedder.encode(texts))
    assert np.allclose(together[3], embedder.encode(texts[3:4])[0])


def test_the_progress_counts_every_text(embedder: StaticEmbedder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(static, "BATCH", 2)
    counted: list[int] = []
    embedder.encode(["a", "b", "c"], counted.append)
    assert counted == [2, 1]


def test_a_long_text_is_read_to_its_end(embedder: StaticEmbedder):
    filler = "the " * 2000
    one, other = embedder.encode([filler + "volcano", filler + "violin"])
    assert one @ other < 1 - 1e-6


def test_the_sum_is_that_of_the_pieces_vectors():
    rows, scales = np.array([[3, 0], [0, 4], [1, 1]], np.int8), np.array([1, 1, 0.5], np.float32)
    assert np.allclose(sum_pieces(rows, scales, [[0, 1], [2, 2], []]), [[0.6, 0.8], [0.5**0.5, 0.5**0.5], [1, 0]])


def test_a_changed_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    changed = tmp_path / "static.safetensors"
    changed.write_bytes(static.TABLE.read_bytes()[:-1] + b"\0")
    monkeypatch.setattr(static, "TABLE", changed)
    with pytest.raises(DigestMismatch):
        StaticEmbedder(tmp_path).encode(["text"])


def test_a_missing_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(static, "TABLE", tmp_path / "none.safetensors")
    with pytest.raises(ModelError, match=r"none\.safetensors"):
        StaticEmbedder(tmp_path).encode(["text"])
