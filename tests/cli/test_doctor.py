from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.cli.doctor import examine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(library=tmp_path / "library", cache=tmp_path / "cache", embedder="hash")


def test_without_a_library_nothing_that_is_needed_is_missing(settings: Settings):
    assert [finding.piece for finding in examine(settings) if not finding.ok and finding.needed] == []


def test_a_missing_model_names_the_command_that_gets_it(settings: Settings):
    model = next(finding for finding in examine(settings) if finding.piece == "language model")
    assert (model.ok, model.needed, model.fix) == (False, False, "run: evidentia model get")


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
