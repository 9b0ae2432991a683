"""A tree of tokens scores as each of its paths alone, whatever computes the scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError, ModelError, StorageError
from evidentia.serving.base import LocalModel, Message, Sampling, Session
from evidentia.serving.models.local import LocalTransformers, load_local
from evidentia.serving.models.scripted import ByteModel

Grown = tuple[list[int], list[list[int]], list[list[int]]]
"""A prompt, and the tokens and the parents of each pass."""


@st.composite
def trees(draw: st.DrawFn, prompt: int = 6, size: int = 12) -> Grown:
    tokens = st.integers(5, 250)
    start = draw(st.lists(tokens, max_size=prompt))
    there, passes, parents = len(start), [], []
    for count in draw(st.lists(st.integers(1, size // 2), min_size=1, max_size=2)):
        passes.append(draw(st.lists(tokens, min_size=count, max_size=count)))
        parents.append([draw(st.integers(-1, there + row - 1)) for row in range(count)])
        there += count
    return start, passes, parents


def path(tokens: Sequence[int], parents: dict[int, int], at: int) -> list[int]:
    found = []
    while at >= 0:
        found.append(tokens[at])
        at = parents.get(at, at - 1)
    return found[::-1]


def differences(model: LocalModel, grown: Grown) -> float:
    """The largest difference between a tree's logits and those of its paths, each fed alone."""
    start, passes, parents = grown
    session = model.start()
    session.feed(start, rows=0)
    worst, above = 0.0, {}
    for tokens, over in zip(passes, parents, strict=True):
        first = len(session.tokens)
        above |= {first + row: parent for row, parent in enumerate(over)}
        scores = session.branch(tokens, over)
        for row, score in enumerate(scores):
            alone = model.start().feed(path(session.tokens, above, first + row), rows=1)[0]
            worst = max(worst, float(np.abs(alone - score).max()))
    return worst


@given(trees())
def test_every_path_of_a_tree_scores_as_if_fed_alone(grown: Grown) -> None:
    assert differences(ByteModel(), grown) == 0


@pytest.mark.model
@settings(max_examples=6, deadline=None)
@given(trees())
def test_every_path_of_a_tree_scores_as_if_fed_alone_by_the_real_model(smol: LocalTransformers, grown: Grown) -> None:
    # Some first tokens make activations of thousands, whose last bits depend on the width of a step.
    assert differences(smol, grown) <= 5e-3


@settings(max_examples=15, deadline=None)
@given(trees())
def test_every_path_of_a_tree_scores_as_if_fed_alone_by_a_small_model(tiny: LocalTransformers, grown: Grown) -> None:
    assert differences(tiny, grown) <= 1e-4


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, make_checkpoint: Callable[..., Path]) -> LocalTransformers:
    return load_local(make_checkpoint(tmp_path_factory.mktemp("tiny")), "tiny", dtype="float32", device="cpu")


@pytest.fixture(params=["bytes", "tiny"])
def model(request: pytest.FixtureRequest, tiny: LocalTransformers) -> LocalModel:
    return ByteModel() if request.param == "bytes" else tiny


def fed(model: LocalModel, tokens: Sequence[int]) -> Session:
    session = model.start()
    session.feed(tokens)
    return session


def test_only_the_rows_that_are_named_come_back(model: LocalModel) -> None:
    whole = fed(model, [7, 8]).branch([9, 10, 11], [1, 2, 1])
    np.testing.assert_allclose(fed(model, [7, 8]).branch([9, 10, 11], [1, 2, 1], rows=[2, 0]), whole[[2, 0]], atol=1e-5)
    assert fed(model, [7, 8]).branch([9], [1], rows=[]).shape == (0, whole.shape[1])
    assert fed(model, [7, 8]).branch([], []).shape == (0, whole.shape[1])


def test_after_its_branches_are_cropped_a_sequence_goes_on_as_before(model: LocalModel) -> None:
    session = fed(model, [7, 8, 9])
    session.branch([10, 11, 12], [2, 3, -1])
    with pytest.raises(InputError, match="branches"):
        session.feed([5])
    session.crop(4)
    assert list(session.tokens) == [7, 8, 9, 10]
    with pytest.raises(InputError, match="branches"):
        session.feed([5])
    session.crop(3)
    np.testing.assert_allclose(session.feed([5]), fed(model, [7, 8, 9]).feed([5]), atol=1e-5)


@pytest.mark.parametrize("parents", [[0, 3], [4, 2], [-2, 0]])
def test_a_parent_must_come_before_its_child(model: LocalModel, parents: list[int]) -> None:
    with pytest.raises(InputError, match="not before it"):
        fed(model, [7, 8]).branch([9, 10], parents)


def test_a_path_may_not_be_longer_than_the_context_though_a_tree_may(tiny: LocalTransformers) -> None:
    for model in (ByteModel(context=128), tiny):
        session = fed(model, [5] * 126)
        session.branch([6] * 8, [125] * 8)
        session.branch([7], [126])
        with pytest.raises(InputError, match="128 tokens"):
            session.branch([8], [134])


def test_joined_sessions_go_on_as_each_would_alone_and_stay_as_they_are(model: LocalModel) -> None:
    sessions = [fed(model, [7, 8, 9]), fed(model, []), fed(model, [10, 11])]
    joined = model.join(sessions)
    assert list(joined.tokens) == [7, 8, 9, 10, 11]
    with pytest.raises(InputError, match="branches"):
        joined.feed([5])
    scores = joined.branch([12, 13, 14], [2, 4, 6])
    np.testing.assert_allclose(scores[0], fed(model, [7, 8, 9]).feed([12])[0], atol=1e-5)
    np.testing.assert_allclose(scores[1:], fed(model, [10, 11]).feed([13, 14]), atol=1e-5)
    assert [list(session.tokens) for session in sessions] == [[7, 8, 9], [], [10, 11]]
    with pytest.raises(InputError, match="branches"):
        model.join([joined])


def test_a_saved_session_goes_on_where_it_was(model: LocalModel, tmp_path: Path) -> None:
    session = fed(model, [7, 8, 9])
    session.save(tmp_path / "kept")
    again = model.resume(tmp_path / "kept")
    assert list(again.tokens) == [7, 8, 9]
    np.testing.assert_array_equal(again.feed([5, 6]), session.feed([5, 6]))
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_session_in_branches_cannot_be_saved(model: LocalModel, tmp_path: Path) -> None:
    session = fed(model, [7])
    session.branch([8], [0])
    with pytest.raises(InputError, match="branches"):
        session.save(tmp_path / "kept")


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-9], lambda data: data[:-1] + bytes([data[-1] ^ 1]), lambda data: b""]
)
def test_a_damaged_session_is_refused(model: LocalModel, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "kept"
    fed(model, [7, 8, 9]).save(file)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(StorageError, match="damaged"):
        model.resume(file)
    with pytest.raises(StorageError):
        model.resume(tmp_path / "absent")


def test_a_session_of_other_weights_is_refused(tiny: LocalTransformers, tmp_path: Path) -> None:
    fed(ByteModel(), [7, 8]).save(tmp_path / "kept")
    with pytest.raises(ModelError, match="another model"):
        tiny.resume(tmp_path / "kept")


def test_one_changed_weight_matrix_is_another_model(tiny_checkpoint: Callable[..., Path]) -> None:
    import torch

    model = load_local(tiny_checkpoint(), "tiny", dtype="float32", device="cpu")
    before = model.fingerprint
    with torch.no_grad():
        model.model.model.layers[0].mlp.up_proj.weight *= 1.01
    assert LocalTransformers("tiny", model.model, model.tokenizer).fingerprint != before


def test_a_bf16_session_keeps_its_bits(tiny_checkpoint: Callable[..., Path], tmp_path: Path) -> None:
    model = load_local(tiny_checkpoint(), "tiny", dtype="bfloat16", device="cpu")
    session = fed(model, [7, 8, 9])
    session.save(tmp_path / "kept")
    np.testing.assert_array_equal(model.resume(tmp_path / "kept").feed([5]), session.feed([5]))


@pytest.mark.parametrize("architecture", ["mistral", "gemma3_text"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grown=trees(prompt=12))
def test_a_tree_scores_as_its_paths_where_layers_see_a_window_only(
    windowed: Callable[[str], LocalTransformers], architecture: str, grown: Grown
) -> None:
    assert differences(windowed(architecture), grown) <= 1e-4


@pytest.fixture(scope="module")
def windowed(
    tmp_path_factory: pytest.TempPathFactory, make_checkpoint: Callable[..., Path]
) -> Callable[[str], LocalTransformers]:
    @cache
    def load(architecture: str) -> LocalTransformers:
        folder = make_checkpoint(tmp_path_factory.mktemp(architecture), architecture, sliding_window=8)
        return load_local(folder, architecture, dtype="float32", device="cpu")

    return load


def test_a_model_with_a_running_state_grows_but_does_not_branch(
    tiny_checkpoint: Callable[..., Path], tmp_path: Path
) -> None:
    model = load_local(tiny_checkpoint("mamba", state_size=4), "mamba", dtype="float32", device="cpu")
    session = fed(model, [5, 6, 7])
    whole = fed(model, [5, 6, 7, 8])
    assert list(whole.tokens) == [5, 6, 7, 8]
    np.testing.assert_allclose(session.feed([8])[0], model.start().feed([5, 6, 7, 8])[-1], atol=1e-4)
    for attempt in (
        lambda: session.branch([8], [0]),
        lambda: model.join([session]),
        lambda: session.save(tmp_path / "kept"),
        lambda: model.engine,
    ):
        with pytest.raises(ModelError, match="running state"):
            attempt()
    assert "".join(model.stream([Message("user", "a")], Sampling(max_tokens=3))) is not None
