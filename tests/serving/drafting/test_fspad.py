"""The head reads the large model's features one step behind its tokens, in any parts, and from where it was told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from evidentia.serving.drafting.drafter import PassOutcome
from evidentia.serving.drafting.fspad import Features, Head, head
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.network import SequenceInput

from .networks import features_file, model, network

TOKENS = [3, 1, 4, 1, 5, 9, 2]


@pytest.fixture(scope="module")
def target() -> LeanNetwork:
    return network()


@pytest.fixture(scope="module", params=[True, False], ids=["fspad", "eagle"])
def own(request: pytest.FixtureRequest, target: LeanNetwork, tmp_path_factory: pytest.TempPathFactory) -> Head:
    return head(target, features_file(tmp_path_factory.mktemp("f") / "w.safetensors", model(seed=3), request.param))


def told(target: LeanNetwork, tokens: list[int], first: int, last: int, written: tuple[int, ...] = ()) -> PassOutcome:
    """The pass over tokens ``first`` to ``last`` of ``tokens``."""
    hidden = target.forward([SequenceInput(target.memory(), tokens)], [], [target.shape.layers]).hidden[:, first:last]
    rows = np.arange(last - first, dtype=np.int32)
    return PassOutcome(
        np.array(tokens[first:last], np.int32), rows - 1, np.empty((len(rows), 0), np.int32), rows, written, hidden
    )


def by_hand(own: Head, target: LeanNetwork, tokens: list[int]) -> torch.Tensor:
    """Scores behind ``tokens``, all pairs of feature and next token at once."""
    step = told(target, tokens, 0, len(tokens) - 1)
    from evidentia.serving.network.cache import CacheShape, KVCache

    shape = CacheShape(1, target.shape.groups, target.shape.size, target.shape.dtype, target.shape.device)
    out = own.forward(SequenceInput(KVCache(shape), tokens[1:]), own.feature(step.hidden[0]))
    return target.head(out[-1])


def test_parts_of_a_prompt_and_steps_of_a_reply_add_up(own: Head, target: LeanNetwork) -> None:
    features = Features(own, TOKENS[:5])
    assert features.root() is None
    features.learn(told(target, TOKENS, 0, 3))
    features.learn(told(target, TOKENS, 3, 4))
    torch.testing.assert_close(features.root(), by_hand(own, target, TOKENS[:5]))
    features.learn(told(target, TOKENS, 4, 6, (9, 2)))
    torch.testing.assert_close(features.root(), by_hand(own, target, TOKENS))
    torch.testing.assert_close(features.root(), by_hand(own, target, TOKENS))


def test_guesses_stand_behind_guessed_features_and_leave_no_trace(own: Head, target: LeanNetwork) -> None:
    features = Features(own, TOKENS)
    features.learn(told(target, TOKENS, 0, 6))
    root = features.root()
    wide = features.grow([7, 8], [-1, -1])
    deep = features.grow([5], [1])
    features.root()
    torch.testing.assert_close(features.grow([8], [-1])[0], wide[1])
    torch.testing.assert_close(features.grow([5], [0])[0], deep[0])
    torch.testing.assert_close(features.root(), root)


def test_features_of_a_prefix_that_was_read_before_may_be_missing(own: Head, target: LeanNetwork) -> None:
    features = Features(own, TOKENS)
    features.learn(told(target, TOKENS, 3, 6))
    assert torch.isfinite(features.root()).all()
