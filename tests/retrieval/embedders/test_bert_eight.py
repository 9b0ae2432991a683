"""Products in eight bits: near the float32 ones, the same for a text whatever stands beside it, and only where they pay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from evidentia.errors import InputError
from evidentia.retrieval.embedders import bert_eight, load
from evidentia.retrieval.embedders.bert_eight import EightBitBert, round_bert, weight_levels
from evidentia.retrieval.embedders.bert_torch import TorchBert
from evidentia.retrieval.embedders.minilm import BULK_TOKENS, MiniLM
from evidentia.retrieval.embedders.probe import TEXTS
from evidentia.settings import Settings

pytestmark = pytest.mark.skipif(not weight_levels(), reason="torch has no such products here")
Ids = list[list[int]]


@pytest.fixture
def bert(tensors: dict[str, NDArray[np.float32]]) -> TorchBert:
    return TorchBert(tensors, torch.device("cpu"), torch.float32)


def test_weights_are_as_wide_as_this_processor_adds_up_exactly() -> None:
    assert weight_levels() in (63, 127)


def test_vectors_are_near_the_float32_ones_on_texts_that_chose_no_scale(bert: TorchBert, ids: Ids) -> None:
    rounded = EightBitBert(bert, ids[:40])
    near = (rounded.mean_vectors(ids[40:]) * bert.mean_vectors(ids[40:])).sum(1)
    assert near.mean() > 0.995
    assert near.min() > 0.98


def test_a_texts_vector_does_not_depend_on_its_neighbours(bert: TorchBert, ids: Ids) -> None:
    rounded = EightBitBert(bert, ids[:40])
    together = rounded.mean_vectors(ids[40:60])
    alone = np.concatenate([rounded.mean_vectors([one]) for one in ids[40:60]])
    assert (together * alone).sum(1).min() > 0.999


@pytest.mark.parametrize(("near", "clearly", "used"), [(0.9, 0.0, True), (2.0, 0.0, False), (0.9, 1e9, False)])
def test_it_is_used_where_it_agrees_and_is_clearly_faster(
    bert: TorchBert, ids: Ids, monkeypatch: pytest.MonkeyPatch, near: float, clearly: float, used: bool
) -> None:
    monkeypatch.setattr(bert_eight, "NEAR", near)
    monkeypatch.setattr(bert_eight, "CLEARLY", clearly)
    assert (round_bert(bert, ids[:40]) is not None) is used


def test_other_types_of_numbers_are_left_as_they_are(bert: TorchBert, ids: Ids) -> None:
    bert.dtype = torch.bfloat16
    assert round_bert(bert, ids[:40]) is None


class _Road:
    batch_tokens = 7


@pytest.mark.parametrize(
    ("bits", "tokens", "road"),
    [(8, BULK_TOKENS, "rounded"), (8, BULK_TOKENS - 1, "torch"), (32, BULK_TOKENS, "torch"), (8, 10, "numpy")],
)
def test_only_bulk_is_multiplied_in_eight_bits(bits: int, tokens: int, road: str) -> None:
    embedder: Any = MiniLM(Settings.from_env().cache, bits=bits)
    roads = {name: _Road() for name in ("numpy", "torch", "rounded")}
    embedder._numpy, embedder._torch = roads["numpy"], roads["torch"]
    if tokens >= BULK_TOKENS:
        embedder._eight_bits = roads["rounded"]
    assert embedder._road(tokens)[0] is roads[road]


def test_where_it_does_not_pay_bulk_is_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder: Any = MiniLM(Settings.from_env().cache)
    embedder._torch, embedder._eight_bits = _Road(), None
    assert embedder._road(BULK_TOKENS) == (embedder._torch, 7)


def test_another_number_of_bits_is_refused() -> None:
    with pytest.raises(InputError, match="8 or 32"):
        load("all-MiniLM-L6-v2", Settings(embedding_bits=4))


@pytest.mark.slow
def test_the_packaged_embedders_vectors_stay_in_eight_bits() -> None:
    embedder = MiniLM(Settings.from_env().cache)
    probe = [one.ids for one in embedder.tokenizer.encode_batch(list(TEXTS))]
    texts = [
        "A sentence of quite ordinary length about the capital of France, which is Paris.",
        "def rank(graph, alpha=0.85):\n    return graph",
        "Introduction",
        "The drug lowered blood pressure in 41 of 60 patients, while placebo did so in 12.",
    ]
    ids = [one.ids for one in embedder.tokenizer.encode_batch(texts)]
    full = TorchBert(embedder._tensors(), dtype=torch.float32)  # where the processor has bf16, the embedder is in it
    near = (EightBitBert(full, probe).mean_vectors(ids) * full.mean_vectors(ids)).sum(1)
    assert near.min() > 0.99
