"""What drafting has learnt lasts from one process to the next, and is dropped when it must be."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia.serving.base import Message, Sampling
from evidentia.serving.drafting import open_drafter
from evidentia.serving.drafting.drafter import LearningDrafter
from evidentia.serving.models.local import LocalTransformers, load_local

ASK = [Message("user", "abcabcabcabcabcabc")]


@pytest.fixture
def opened(tiny_checkpoint: Callable[..., Path], tmp_path: Path) -> Callable[[], LocalTransformers]:
    folder = tiny_checkpoint("llama")

    def load() -> LocalTransformers:
        model = load_local(folder, "tiny", dtype="float32", device="cpu")
        model.remember(tmp_path / "deeper" / "learnt.safetensors")
        return model

    return load


def _written(model: LocalTransformers) -> str:
    return "".join(model.stream(ASK, Sampling(max_tokens=12)))


def test_the_next_process_goes_on_from_it(opened: Callable[[], LocalTransformers]) -> None:
    first, second = opened(), opened()
    said = _written(first)
    first.close()
    assert second.engine.drafter.memory.request == first.engine.drafter.memory.request  # type: ignore[union-attr]
    assert _written(second) == said
    second.close()


def test_nothing_is_kept_of_a_model_that_wrote_nothing(opened: Callable[[], LocalTransformers], tmp_path: Path) -> None:
    opened().close()
    model = opened()
    assert model.engine is not None
    model.close()
    assert not (tmp_path / "deeper").exists()


def test_forgetting_takes_memory_and_file(opened: Callable[[], LocalTransformers], tmp_path: Path) -> None:
    first = opened()
    _written(first)
    first.close()
    second = opened()
    _written(second)
    second.forget()
    second.close()
    assert not (tmp_path / "deeper" / "learnt.safetensors").exists()


def test_a_damaged_file_is_told_of_and_begun_anew(
    opened: Callable[[], LocalTransformers], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "learnt.safetensors").write_bytes(b"not tensors")
    model = opened()
    with caplog.at_level(logging.WARNING):
        _written(model)
    assert "begun anew" in caplog.text
    model.close()


@pytest.mark.parametrize(("name", "learns"), [("union", True), ("forced", False), ("lookup", False)])
def test_which_drafters_can_be_kept_is_told_by_a_protocol(name: str, learns: bool) -> None:
    drafter = open_drafter(name, **({"vocabulary": 8} if learns else {}))
    assert isinstance(drafter, LearningDrafter) is learns
