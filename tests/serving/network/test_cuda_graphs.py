"""Recorded passes score as the plain ones, whoever sits in the seat; recordings that do not work are not used."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from evidentia.serving.base import Sampling
from evidentia.serving.drafting.drafter import Drafter
from evidentia.serving.drafting.union import Union
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.engine.session import NetworkSession, join, resume
from evidentia.serving.models.local import LocalTransformers
from evidentia.serving.network.cache import KVCache
from evidentia.serving.network.choose import network_for
from evidentia.serving.network.cuda_graphs import SHORT, WARM, Action, GraphedNetwork, warm_up, with_graphs
from evidentia.serving.network.lean import ROWS, LeanNetwork
from evidentia.serving.network.long_inputs import lengthen
from evidentia.serving.network.network import SequenceInput
from evidentia.serving.network.tree import sight

Small = Callable[..., LocalTransformers]
WAITING = ("_local_scalar_dense", "nonzero", "_to_copy", "lift_fresh", "masked_select", "unique")
"""Operators that wait for a GPU, or bring something from the host."""
ROUNDED = [("float64", 1e-12), ("float32", 1e-4), ("bfloat16", 0.02)]
"""Dtypes, and how far scores, keys and values of a small model, which lie about 0, may be from each other."""


class Tape(TorchDispatchMode):
    """What a CUDA graph does, on a CPU: repeats the operators themselves, on the very tensors that they had."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[Any, Any, Any, Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self.steps.append((func, args, kwargs or {}, result))
        return result

    def replay(self) -> None:
        for func, args, kwargs, result in self.steps:
            again = func(*args, **kwargs)
            for old, new in zip(tree_leaves(result), tree_leaves(again), strict=True):
                if isinstance(old, torch.Tensor) and old.data_ptr() != new.data_ptr():
                    old.copy_(new)


def tape(action: Action) -> Action:
    recorded = Tape()
    with recorded:
        action()
    names = {func._schema.name.split("::")[1] for func, *_ in recorded.steps}
    assert not names & set(WAITING)
    assert len(recorded.steps) > 20
    return recorded.replay


def pair(model: Any, record: Any = tape) -> tuple[GraphedNetwork, LeanNetwork]:
    lean = LeanNetwork(model, "plain")
    network = with_graphs(model, lean, record)
    assert isinstance(network, GraphedNetwork)
    return network, lean


class Both:
    """Two networks that read the same, each into memories of its own: what they say and hold is compared."""

    def __init__(self, network: LeanNetwork, lean: LeanNetwork, atol: float = 1e-5) -> None:
        self.network, self.lean, self.atol = network, lean, atol
        self.memories: dict[int, tuple[KVCache, KVCache]] = {}

    def read(self, number: int, tokens: Sequence[int], rows: Sequence[int] | None = None, **more: Any) -> None:
        ours, own = self.memories.setdefault(number, (self.network.memory(), self.lean.memory()))
        found = self.network.forward([SequenceInput(ours, tokens, **more)], rows).logits
        truth = self.lean.forward([SequenceInput(own, tokens, **more)], rows).logits
        for one, other in ((found, truth), (ours.view(), own.view())):
            np.testing.assert_allclose(one.double().cpu().numpy(), other.double().cpu().numpy(), atol=self.atol)


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3"])
def test_a_sequence_scores_as_in_the_plain_forward(small: Small, architecture: str) -> None:
    network, lean = pair(small(architecture, max_position_embeddings=512).model)
    both = Both(network, lean)
    text = [5 + 7 * at % 200 for at in range(300)]
    # Wide parts are plain, and the sequence outgrows the first form.
    for start, end in pairwise((0, 1, 2, 3, 8, 40, 100, 101, 105, 250, 255, 260, 261, 300)):
        both.read(0, text[start:end])
    both.read(0, [9], rows=[0])
    both.read(0, list(range(20, 30)), rows=[9, 0, 4])
    assert network.fixed is not None
    assert {(1, SHORT), (1, 2 * SHORT)} < set(network._recorded)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_in_fp64_any_tree_scores_as_in_the_plain_forward(small: Small, data: st.DataObject) -> None:
    network, lean = pair(small("llama", "float64").model)
    both = Both(network, lean, 1e-12)
    for _ in range(3):  # the second time of a shape comes from the recording
        length = data.draw(st.integers(1, 8))
        both.read(0, data.draw(st.lists(st.integers(5, 250), min_size=length, max_size=length)))
        ours, own = both.memories[0]
        held = ours.length
        count = data.draw(st.integers(1, 12))
        parents = [data.draw(st.integers(held - 1, held + row - 1)) for row in range(count)]
        seen = sight([], held, parents)
        rows = data.draw(st.lists(st.integers(0, count - 1), max_size=count))
        both.read(0, list(range(9, 9 + count)), rows, depths=seen.sum(1) - 1, sight=seen)
        kept = sorted(data.draw(st.sets(st.integers(0, count - 1))))
        for memory in (ours, own):
            memory.keep(held, kept)
    assert network.fixed is not None


def test_branches_that_do_not_see_the_first_column(small: Small) -> None:
    network, lean = pair(small().model)
    both = Both(network, lean)
    for _ in range(2):
        both.read(0, [5, 6, 7])
        ours, own = both.memories[0]
        seen = np.tri(2, ours.length + 2, ours.length, bool)
        seen[:, :2] = False
        both.read(0, [8, 9], depths=np.array([1, 2]), sight=seen)
        ours.length = own.length = 0


def test_sequences_take_turns_in_the_seat_and_stay_what_they_are(small: Small) -> None:
    network, lean = pair(small("llama", max_position_embeddings=512).model)
    both = Both(network, lean)
    for round in range(4):
        for number in range(3):
            both.read(number, [5 + number + round] * (1 + number))
    ours, own = (list(each) for each in zip(*both.memories.values(), strict=True))
    together = [
        network.forward([SequenceInput(one, [7]) for one in ours]),
        lean.forward([SequenceInput(one, [7]) for one in own]),
    ]
    np.testing.assert_allclose(together[0].logits.numpy(), together[1].logits.numpy(), atol=1e-5)
    copies = [one.copy(3) for one in ours]
    for number, copied in enumerate(copies):
        both.read(number, [9, 9])
        np.testing.assert_allclose(copied.view().numpy(), own[number].view()[:, :, :, :3].numpy(), atol=1e-5)


def test_a_sequence_that_outgrows_the_seat_leaves_it(small: Small) -> None:
    network, lean = pair(small("llama", max_position_embeddings=128).model)
    both = Both(network, lean)
    for _ in range(5):
        both.read(0, list(range(5, 45)))
        both.read(0, [6])
        both.read(0, [6])
    assert network.fixed is not None
    assert not both.memories[0][0].lies_in(network.fixed.place)


def test_memory_is_counted_alike_wherever_it_lies(small: Small) -> None:
    network, lean = pair(small("llama", max_position_embeddings=1024).model)
    both = Both(network, lean)
    for length in (1, 200, 60, 300, 1, 1):
        both.read(0, [5] * length)
    inside, outside = both.memories[0]
    size = inside.size
    assert size == outside.size
    both.read(1, [5])
    assert inside.size == size == inside._all.nbytes
    assert network.fixed is not None
    place = network.fixed.place
    assert both.memories[1][0].lies_in(place)
    del both.memories[1]
    gc.collect()
    assert network.fixed._sitting() is None


@pytest.mark.parametrize("drafter", [None, "union"])
@pytest.mark.parametrize("batch", [1, 3])
def test_replies_are_those_of_the_plain_forward_guessed_or_not(small: Small, drafter: str | None, batch: int) -> None:
    model = small("llama", max_position_embeddings=512)
    network, lean = pair(model.model)
    prompts = [tuple(range(5 + number, 60 + number)) for number in range(5)]

    def replies(on: LeanNetwork, guesses: Drafter | None) -> list[list[int]]:
        engine = Engine(on, model.ends, 512, drafter=guesses, prices=Prices({1: 1.0, 64: 1.0}))
        found = []
        for start in range(0, len(prompts), batch):
            asked = [
                engine.submit(EngineRequest(prompt, Sampling(max_tokens=40)))
                for prompt in prompts[start : start + batch]
            ]
            found += [[token for chunk in reply for token in chunk.tokens] for reply in asked]
        again = engine.submit(EngineRequest((*prompts[0], 7), Sampling(max_tokens=10)))
        found.append([token for chunk in again for token in chunk.tokens])
        assert again.usage.cached > 32
        engine.close()
        return found

    guesses = Union(vocabulary=network.vocabulary) if drafter else None
    assert replies(network, guesses) == replies(lean, None)
    assert network.fixed is not None
    assert network._recorded


def read_of_all_kinds(both: Both) -> None:
    """Chains and trees of two sequences in turn, narrow and wide."""
    for round in range(3):
        for number in range(2):
            for count in (1, 70, 1, 5, 64, 1, 2):
                both.read(number, [5 + (at + round) % 200 for at in range(count)])
            ours, own = both.memories[number]
            held = ours.length
            seen = sight([], held, [held - 1, held - 1, held, held + 1, held + 1])
            both.read(number, [9, 8, 7, 6, 5], [0, 2, 4], depths=seen.sum(1) - 1, sight=seen)
            for memory in (ours, own):
                memory.keep(held, [1, 3])
    assert isinstance(both.network, GraphedNetwork)
    assert both.network.fixed is not None
    assert both.network.launched > 30
    assert set(both.network._recorded) > {(1, SHORT), (6, SHORT), (1, 2 * SHORT), (6, 2 * SHORT)}


@pytest.mark.parametrize(("dtype", "atol"), ROUNDED)
def test_chains_and_trees_of_sequences_in_turn(small: Small, dtype: str, atol: float) -> None:
    read_of_all_kinds(Both(*pair(small("llama", dtype, max_position_embeddings=1024).model), atol))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize(("dtype", "atol"), ROUNDED)
def test_on_a_gpu_graphs_score_as_the_plain_forward(small: Small, dtype: str, atol: float) -> None:
    model = deepcopy(small("llama", dtype, max_position_embeddings=1024).model).to("cuda")
    network = network_for(model, "plain")
    assert isinstance(network, LeanNetwork)
    read_of_all_kinds(Both(network, LeanNetwork(model, "plain"), atol))


def test_sessions_in_the_seat_are_joined_and_kept(small: Small, tmp_path: Path) -> None:
    model = small()
    told = []
    for network in pair(model.model):
        sessions = [NetworkSession(model, network) for _ in range(2)]
        for number, session in enumerate(sessions):
            session.feed([5 + number, 6, 7])
            session.feed([8 + number])
        sessions[0].save(tmp_path / "kept")
        sessions[1].feed([9])
        joined = join(model, network, sessions)
        said = [joined.branch([10, 11], [3, 8]), resume(model, network, tmp_path / "kept").feed([12])]
        told.append(np.concatenate(said))
    np.testing.assert_allclose(told[0], told[1], atol=1e-5)


def test_layers_that_are_asked_for_come_from_the_plain_forward(small: Small) -> None:
    network, lean = pair(small().model)
    found, truth = (one.forward([SequenceInput(one.memory(), [5, 6])], layers=[0, 1]) for one in (network, lean))
    np.testing.assert_allclose(found.hidden.numpy(), truth.hidden.numpy(), atol=1e-6)
    assert not network._recorded


def broken(action: Action) -> Action:
    raise RuntimeError("operation not permitted when stream is capturing")


def idle(action: Action) -> Action:
    return lambda: None


def once(action: Action) -> Action:
    """As if the inputs of the time of recording were part of the recording."""
    action()
    return lambda: None


def test_a_recording_with_inputs_of_its_own_time_is_refused(small: Small, caplog: pytest.LogCaptureFixture) -> None:
    def stale(action: Action) -> Action:
        fixed = action.func.__self__  # type: ignore[attr-defined]
        numbers, seen = fixed._numbers.clone(), fixed._seen.clone()

        def replay() -> None:
            fixed._numbers.copy_(numbers)
            fixed._seen.copy_(seen)
            action()

        return replay

    refused(small, stale, caplog)


def test_a_recording_that_writes_where_others_are_is_refused(small: Small, caplog: pytest.LogCaptureFixture) -> None:
    def trampling(action: Action) -> Action:
        fixed = action.func.__self__  # type: ignore[attr-defined]

        def replay() -> None:
            action()
            fixed.place[:, :, :, 0] += 1e-3

        return replay

    refused(small, trampling, caplog)


def test_a_recording_that_keeps_nothing_is_refused(small: Small, caplog: pytest.LogCaptureFixture) -> None:
    def forgetful(action: Action) -> Action:
        fixed = action.func.__self__  # type: ignore[attr-defined]

        def replay() -> None:
            before = fixed.place.clone()
            action()
            fixed.place.copy_(before)

        return replay

    refused(small, forgetful, caplog)


@pytest.mark.parametrize("record", [broken, idle, once])
def test_a_recording_that_fails_or_says_something_else_is_refused(
    small: Small, record: Any, caplog: pytest.LogCaptureFixture
) -> None:
    refused(small, record, caplog)


def test_what_is_recorded_before_it_is_needed_is_all_that_short_replies_need(small: Small) -> None:
    network, lean = pair(small("llama", max_position_embeddings=512).model)
    warm_up(network)
    forms = {(rows, columns) for rows in ROWS for columns in (SHORT, 2 * SHORT)}
    assert 2 * SHORT <= WARM
    assert set(network._recorded) == forms
    gc.collect()
    assert network.fixed is not None
    assert network.fixed._sitting() is None
    both = Both(network, lean)
    for count in (5, 1, 60, 200, 1, 30, 1):
        both.read(0, [5 + at for at in range(count)])
    assert set(network._recorded) == forms


def test_warming_up_ends_where_recordings_do_not_work_and_does_nothing_without_them(small: Small) -> None:
    network, lean = pair(small().model, broken)
    warm_up(network)
    assert network.fixed is None
    warm_up(network)
    warm_up(lean)
    Both(network, lean).read(0, [5, 6, 7])


def test_where_there_is_no_gpu_the_plain_forward_is_used(small: Small, caplog: pytest.LogCaptureFixture) -> None:
    lean = LeanNetwork(small().model, "plain")
    network = with_graphs(small().model, lean)
    Both(network, lean).read(0, [5, 6, 7])
    assert "plain passes are used" in caplog.text
    assert not getattr(network, "_recorded", {})


def refused(small: Small, record: Any, caplog: pytest.LogCaptureFixture) -> None:
    network, lean = pair(small().model, record)
    both = Both(network, lean)
    both.read(0, list(range(5, 80)))
    both.read(0, [7, 8])
    assert "plain passes are used" in caplog.text
    assert network.fixed is None
    both.read(1, [5, 6])
    both.read(0, [9])


def test_a_network_without_room_for_a_seat_is_the_plain_one(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    lean = LeanNetwork(small().model, "plain")

    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr("evidentia.serving.network.cuda_graphs.Fixed", full)
    assert with_graphs(small().model, lean, tape) is lean


def test_long_inputs_take_the_weights_over(small: Small) -> None:
    model = small("llama", max_position_embeddings=256)
    network, _ = pair(model.model)
    assert lengthen(network, model.model, 256).layers == network.layers


def test_on_a_processor_nothing_is_recorded(small: Small) -> None:
    assert type(small().network) is LeanNetwork
