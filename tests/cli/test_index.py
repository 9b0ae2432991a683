from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from evidentia import Library
from evidentia.cli.main import app
from evidentia.retrieval.dense import index as dense
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.seal.questions import stored_questions
from evidentia.serving.models.scripted import ScriptedModel


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = np.random.default_rng(0).integers(0, 300, (260, 12))
    (tmp_path / "docs").mkdir()
    for number, row in enumerate(words):
        (tmp_path / "docs" / f"{number}.txt").write_text(" ".join(f"w{word}" for word in row) + ".")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "docs")
    return tmp_path


def _audit(folder: Path, *options: str) -> dict[str, object]:
    result = CliRunner().invoke(app, ["index", "audit", "-l", str(folder / "library"), "--json", *options])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_audit_of_a_small_library_is_one_json_value_and_stores_nothing(folder: Path):
    found = _audit(folder, "--queries", "40", "--order", "shuffled")
    assert found["exact"] is True
    assert found["stored"] == ""
    assert [effect["order"] for effect in found["orders"]] == ["given", "shuffled"]


def test_the_effort_of_a_large_library_is_stored_unless_the_run_is_dry(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dense, "EXACT_BELOW", 100)
    with Library(folder / "library", create=False) as library:
        for file in library.store.folder.glob("dense-*.faiss"):
            file.unlink()
        dense.DENSE.renew(library.store)
    assert _audit(folder, "--queries", "40", "--dry")["stored"] == ""
    assert "stored: efSearch" in str(_audit(folder, "--queries", "40")["stored"])


def test_questions_are_written_once_for_each_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "pump.md").write_text("# Pump\n\nThe pump stops at 90 bar.\n")
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(tmp_path / "pump.md")
    model = ScriptedModel(lambda messages: "1. When does the pump stop?\n2. No question.\n")
    monkeypatch.setattr(Library, "model", lambda self: model)
    command = ["index", "questions", "-l", str(tmp_path / "library"), "--json"]
    first, again = (CliRunner().invoke(app, command) for _ in range(2))
    assert json.loads(first.stdout) == {"passages": 1, "questions": 1}
    assert json.loads(again.stdout) == {"passages": 0, "questions": 0}
    with Library(tmp_path / "library", create=False) as library:
        assert [*stored_questions(library.store).values()] == [("When does the pump stop?",)]


def test_the_table_for_people_and_the_plot_say_the_same(folder: Path):
    plot = folder / "recall.svg"
    command = ["index", "audit", "-l", str(folder / "library"), "--queries", "40", "--plot", str(plot)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "local intrinsic dimension" in result.stdout
    assert "descending" in result.stdout
    assert plot.read_text().count("<circle") == result.stdout.split("\n\n")[1].count("\n") - 1
