from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.cli.doctor import examine
from evidentia.serving.engine.room import DeviceMemory


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "library", cache=tmp_path / "cache", embedder="hash")


def test_without_a_library_nothing_that_is_needed_is_missing(settings: Settings):
    assert [finding.piece for finding in examine(settings) if not finding.ok and finding.needed] == []


def test_a_missing_model_names_the_command_that_gets_it(settings: Settings):
    model = next(finding for finding in examine(settings) if finding.piece == "language model")
    assert (model.ok, model.needed, model.fix) == (False, False, "run: evidentia model get")


def test_what_replies_may_take_is_shown_and_nonsense_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    def told(settings: Settings) -> tuple[bool, str]:
        found = next(finding for finding in examine(settings) if finding.piece == "memory for replies")
        return found.ok, found.state

    memory = DeviceMemory(4 << 30, 8 << 30)
    monkeypatch.setattr("evidentia.serving.engine.room.memory_of_processor", lambda: memory)
    assert told(settings) == (True, "1.1 GB of keys and values, 32 requests side by side at most")
    asked = replace(settings, kv_bytes=500_000_000, requests=4)
    assert told(asked) == (True, "0.5 GB of keys and values, 4 requests side by side at most")
    monkeypatch.setattr("shutil.which", lambda _: None)
    good, state = told(replace(settings, kv_bytes=9 << 30))
    assert not good
    assert state.startswith("EVIDENTIA_KV_BYTES is more than the 8,589,934,592 bytes")


def test_neo4j_without_an_address_names_the_variables(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("NEO4J_URI", raising=False)
    engine = next(found for found in examine(replace(settings, graph="neo4j")) if found.piece == "graph engine")
    assert not engine.ok
    assert "NEO4J_URI" in engine.fix


def test_an_index_left_behind_is_found_and_repaired(settings: Settings, tmp_path: Path):
    (tmp_path / "a.md").write_text("Penguins swim.")
    with Library(settings=settings) as library:
        library.add(tmp_path / "a.md")
        library.store.bump()
    indexes = next(finding for finding in examine(settings) if finding.piece == "library indexes")
    assert (indexes.ok, indexes.fix) == (False, "run: evidentia doctor --repair")
    assert all(finding.ok for finding in examine(settings, repair=True) if finding.needed)
