"""Both networks score as transformers does: one sequence or several, a chain or a tree, read at once or in parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.models.local import LocalTransformers
from evidentia.serving.network.cache import KVCache
from evidentia.serving.network.choose import network_for
from evidentia.serving.network.hooks import HookedNetwork
from evidentia.serving.network.lean import LeanNetwork, is_lean
from evidentia.serving.network.network import CausalNetwork, SequenceInput
from evidentia.serving.network.tree import sight

FAMILY = ["llama", "mistral", "qwen2", "qwen3"]
Small = Callable[..., LocalTransformers]


def own(model: LocalTransformers, tokens: Sequence[int]) -> np.ndarray:
    import torch

    with torch.inference_mode():
        return model.model(torch.tensor([list(tokens)]), use_cache=False).logits[0].numpy()


def read(network: CausalNetwork, *parts: SequenceInput, rows: Sequence[int] | None = None) -> np.ndarray:
    return network.forward(parts, rows).logits.numpy()


def plain(architecture: str) -> dict[str, object]:
    return {"sliding_window": None} if architecture == "mistral" else {}


@pytest.fixture(params=["lean", "hooked"])
def made(request: pytest.FixtureRequest) -> Callable[[LocalTransformers], CausalNetwork]:
    if request.param == "lean":
        return lambda model: LeanNetwork(model.model, "packed")
    return lambda model: HookedNetwork(model.model)


@pytest.mark.parametrize("architecture", FAMILY)
def test_a_sequence_scores_as_in_transformers_however_it_is_cut(
    small: Small, made: Callable[[LocalTransformers], CausalNetwork], architecture: str
) -> None:
    model = small(architecture, **plain(architecture))
    network, tokens = made(model), list(range(5, 45))
    memory = KVCache(network.shape)
    parts = [read(network, SequenceInput(memory, tokens[a:b])) for a, b in ((0, 1), (1, 17), (17, 18), (18, 40))]
    np.testing.assert_allclose(np.concatenate(parts), own(model, tokens), atol=1e-5)


@pytest.mark.parametrize("architecture", FAMILY)
def test_sequences_read_side_by_side_score_as_alone(
    small: Small, made: Callable[[LocalTransformers], CausalNetwork], architecture: str
) -> None:
    model = small(architecture, **plain(architecture))
    network = made(model)
    texts = [[5, 6, 7], [9], list(range(20, 60))]
    memories = [KVCache(network.shape) for _ in texts]
    first = read(network, *(SequenceInput(memory, text) for memory, text in zip(memories, texts, strict=True)))
    second = read(network, *(SequenceInput(memory, [70, 71]) for memory in memories), rows=[1, 3, 5])
    np.testing.assert_allclose(first, np.concatenate([own(model, text) for text in texts]), atol=1e-5)
    np.testing.assert_allclose(second, np.stack([own(model, [*text, 70, 71])[-1] for text in texts]), atol=1e-5)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_in_fp64_a_tree_scores_as_each_of_its_paths(small: Small, data: st.DataObject) -> None:
    model = small("llama", "float64")
    network = LeanNetwork(model.model, "plain")
    prompt = data.draw(st.lists(st.integers(5, 250), min_size=1, max_size=8))
    tokens = data.draw(st.lists(st.integers(5, 250), min_size=1, max_size=12))
    parents = [data.draw(st.integers(len(prompt) - 1, len(prompt) + row - 1)) for row in range(len(tokens))]
    memory = KVCache(network.shape)
    read(network, SequenceInput(memory, prompt))
    seen = sight([], len(prompt), parents)
    scores = read(network, SequenceInput(memory, tokens, seen.sum(1) - 1, seen))
    whole = [*prompt, *tokens]
    for row in range(len(tokens)):
        path = [whole[column] for column in np.flatnonzero(seen[row])]
        alone = read(network, SequenceInput(KVCache(network.shape), path))[-1]
        assert np.abs(alone - scores[row]).max() <= 1e-12


def test_what_is_kept_of_a_tree_is_as_if_only_that_had_been_read(small: Small) -> None:
    network = LeanNetwork(small().model, "plain")
    memory, straight = KVCache(network.shape), KVCache(network.shape)
    read(network, SequenceInput(memory, [5, 6]))
    seen = sight([], 2, [1, 1, 2, 3])
    read(network, SequenceInput(memory, [7, 8, 9, 10], seen.sum(1) - 1, seen))
    memory.keep(2, [1, 3])
    read(network, SequenceInput(straight, [5, 6, 8, 10]))
    np.testing.assert_allclose(memory.view().numpy(), straight.view().numpy(), atol=1e-5)
    np.testing.assert_allclose(
        read(network, SequenceInput(memory, [11])), read(network, SequenceInput(straight, [11])), atol=1e-5
    )


def test_outputs_of_the_layers_come_with_the_scores(
    small: Small, made: Callable[[LocalTransformers], CausalNetwork]
) -> None:
    import torch

    model = small()
    tokens = [5, 6, 7, 8]
    hidden = made(model).forward([SequenceInput(KVCache(made(model).shape), tokens)], rows=[3], layers=[0, 1]).hidden
    with torch.inference_mode():
        theirs = model.model(torch.tensor([tokens]), output_hidden_states=True).hidden_states
    np.testing.assert_allclose(hidden.numpy(), torch.stack([theirs[0][0], theirs[1][0]]).numpy(), atol=1e-5)


@pytest.mark.parametrize(
    ("architecture", "config", "expected"),
    [
        ("llama", {}, LeanNetwork),
        ("qwen3", {}, LeanNetwork),
        ("mistral", {"sliding_window": 8}, HookedNetwork),
        ("gemma3_text", {"sliding_window": 8}, HookedNetwork),
        ("gpt_neox", {"num_key_value_heads": 2}, HookedNetwork),
        ("mamba", {"state_size": 4}, type(None)),
    ],
)
def test_each_model_runs_on_the_network_that_fits_it(
    small: Small, architecture: str, config: dict[str, object], expected: type
) -> None:
    assert isinstance(small(architecture, **config).network, expected)


def test_a_lean_forward_that_disagrees_is_not_used(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    model = small().model
    assert is_lean(model)
    monkeypatch.setattr(LeanNetwork, "scores", lambda self, x: self.head(x))
    assert isinstance(network_for(model, "plain"), HookedNetwork)


def test_weights_in_eight_bits_score_alike_at_every_width(small: Small) -> None:
    model = small("llama", "bfloat16")
    network = LeanNetwork(model.model, "int8")
    tokens = list(range(5, 25))
    whole = network.forward([SequenceInput(KVCache(network.shape), tokens)]).logits.float().numpy()
    memory = KVCache(network.shape)
    single = [network.forward([SequenceInput(memory, [token])]).logits.float().numpy()[0] for token in tokens]
    np.testing.assert_allclose(whole, np.stack(single), atol=0.02)
