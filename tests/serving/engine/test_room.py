"""How much memory keys and values may take, and how many requests run at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evidentia.errors import InputError
from evidentia.serving.base import Sampling
from evidentia.serving.engine import room
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.engine.room import (
    DeviceMemory,
    EngineRoom,
    bytes_by_default,
    memory_of_processor,
    requests_by_default,
)
from evidentia.serving.engine.scheduler import WIDEST
from evidentia.serving.models.local import LocalTransformers

GIB = 1 << 30
Small = Callable[..., LocalTransformers]


def test_a_processor_gives_a_quarter_of_what_is_free_within_bounds_and_a_gpu_most_of_it() -> None:
    assert bytes_by_default(DeviceMemory(4 * GIB, 99 * GIB)) == GIB
    assert bytes_by_default(DeviceMemory(64 * GIB, 99 * GIB)) == room.MOST_ON_CPU
    assert bytes_by_default(DeviceMemory(GIB // 2, 99 * GIB)) == room.LEAST
    assert bytes_by_default(None) == room.UNKNOWN
    assert bytes_by_default(DeviceMemory(80 * GIB, 99 * GIB), gpu=True) == int(0.6 * 80 * GIB)


def test_as_many_requests_run_at_once_as_have_room() -> None:
    assert requests_by_default(GIB, 23_000) == 32
    assert requests_by_default(40 * GIB, 23_000, gpu=True) == 64
    assert requests_by_default(GIB, 500_000) == GIB // (room.USUAL * 500_000) == 3
    assert requests_by_default(1, 500_000) == 1


def shape(device: str = "cpu") -> Any:
    return SimpleNamespace(bytes_per_token=1_000, device=SimpleNamespace(type=device))


def test_what_is_set_holds_and_the_rest_is_as_the_machine_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "memory_of_processor", lambda: DeviceMemory(4 * GIB, 8 * GIB))
    assert EngineRoom().on(shape(), 2048) == EngineRoom(GIB, 32)
    assert EngineRoom(requests=5).on(shape(), 2048) == EngineRoom(GIB, 5)
    assert EngineRoom(3_000_000, 100).on(shape(), 2048) == EngineRoom(3_000_000, 100)
    assert EngineRoom().on(shape(), 3_000_000).bytes == (3_000_000 + WIDEST) * 1_000  # one request always fits
    assert EngineRoom().on(shape("mps"), 2048).bytes == room.UNKNOWN


def test_a_gpu_says_itself_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (9 * GIB, 16 * GIB))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 2 * GIB)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: GIB)
    assert EngineRoom().on(shape("cuda"), 2048) == EngineRoom(6 * GIB, 64)
    with pytest.raises(
        InputError, match="EVIDENTIA_KV_BYTES is more than the 17,179,869,184 bytes that this machine has"
    ):
        EngineRoom(17 * GIB).on(shape("cuda"), 2048)


@pytest.mark.parametrize(
    ("bytes", "says"), [(9 * GIB, "is more than the 8,589,934,592 bytes"), (1_000, "is too small")]
)
def test_nonsense_is_refused_with_the_setting_and_a_number_that_works(
    bytes: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "memory_of_processor", lambda: DeviceMemory(4 * GIB, 8 * GIB))
    with pytest.raises(InputError, match=f"EVIDENTIA_KV_BYTES {says}") as caught:
        EngineRoom(bytes).on(shape(), 2048)
    assert "set" in caught.value.fix


def test_the_machine_and_its_container_say_what_is_available(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       16000 kB\nMemAvailable:    8000 kB\nHugePages_Total:       0\n")
    assert memory_of_processor(meminfo, tmp_path) == DeviceMemory(8000 * 1024, 16000 * 1024)
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("3000000\n")
    (tmp_path / "memory.stat").write_text("anon 2000000\ninactive_file 500000\n")
    assert memory_of_processor(meminfo, tmp_path) == DeviceMemory(8000 * 1024, 16000 * 1024)
    (tmp_path / "memory.max").write_text("4000000\n")
    assert memory_of_processor(meminfo, tmp_path) == DeviceMemory(1_500_000, 4_000_000)
    assert memory_of_processor(tmp_path / "none", tmp_path / "none") is None


def test_no_more_requests_run_at_once_than_the_engine_is_given(small: Small) -> None:
    model = small()
    engine = Engine(model.network, frozenset(), 128, requests=2)
    running: list[int] = []
    turn = engine._turn

    def watched() -> None:
        turn()
        running.append(engine.load[0])

    engine._turn = watched
    replies = [engine.submit(EngineRequest((5, 6, 7), Sampling(max_tokens=20))) for _ in range(5)]
    assert [sum(len(chunk.tokens) for chunk in reply) for reply in replies] == [20] * 5
    engine.close()
    assert max(running) == 2


def test_a_model_takes_its_room_from_what_it_is_given(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    model = small()
    made = LocalTransformers("m", model.model, model.tokenizer, room=EngineRoom(5_000_000, 3))
    assert made.engine.room == EngineRoom(5_000_000, 3)
    assert str(made.engine.room) == "0.0 GB of keys and values, 3 requests side by side"
    monkeypatch.setattr(room, "memory_of_processor", lambda: DeviceMemory(1_000, 2_000))
    with pytest.raises(InputError, match="EVIDENTIA_KV_BYTES"):
        _ = LocalTransformers("m", model.model, model.tokenizer, room=EngineRoom(5_000_000)).engine
