"""Documents that stand at the same places, all of which a question sees."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from evidentia.benchmarks.gpu_checks import SHAPE, random_model
from evidentia.benchmarks.whole_ways import ParallelSession
from evidentia.serving.engine.session import NetworkSession
from evidentia.serving.network.lean import LeanNetwork

TINY = {
    **SHAPE,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "vocab_size": 256,
    "max_position_embeddings": 512,
}


@pytest.fixture(scope="module")
def network() -> LeanNetwork:
    return LeanNetwork(random_model("float32", "cpu", TINY), "plain")


def read(network: LeanNetwork, tokens: list[int]) -> NetworkSession:
    owner: Any = SimpleNamespace(context=512, name="tiny")
    session = NetworkSession(owner, network)
    session.feed(tokens)
    return session


def test_a_question_behind_one_document_is_scored_as_in_an_ordinary_session(network: LeanNetwork) -> None:
    document = read(network, [5, 6, 7])
    scores = ParallelSession(network, [document]).branch([8, 9], [2, 3])
    np.testing.assert_allclose(scores, document.feed([8, 9]), atol=1e-5)


def test_it_does_not_matter_in_which_order_documents_stand_and_branches_do_not_see_each_other(
    network: LeanNetwork,
) -> None:
    documents = [read(network, [5, 6, 7]), read(network, [10, 11])]
    there, back = (ParallelSession(network, order) for order in (documents, documents[::-1]))
    scores = there.branch([8, 9], [4, 5])
    np.testing.assert_allclose(scores, back.branch([8, 9], [4, 5]), atol=1e-5)
    together = there.branch([20, 30], [6, 6])
    np.testing.assert_allclose(together[1], back.branch([30], [6])[0], atol=1e-5)
