"""What the demonstration reads, and what a first visitor sees."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from evidentia.cli import demo
from evidentia.cli.demo import FULL, SMALL, Show


def test_the_demonstration_reads_a_small_package_and_the_documentation():
    httpx, docs = SMALL.sources()
    assert (httpx / "_client.py").is_file()
    assert (docs / "library.md").is_file()


def test_the_full_demonstration_reads_this_whole_repository_and_networkx():
    here, networkx = FULL.sources()
    assert (here / "library.py").is_file()
    assert (here / "docs" / "library.md").is_file()
    assert (networkx / "classes" / "graph.py").is_file()


def test_the_code_graph_answers_before_the_first_vector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENTIA_EMBEDDER", "static")
    monkeypatch.setenv("EVIDENTIA_MODEL", "organisation/none")
    monkeypatch.setenv("EVIDENTIA_CACHE", str(tmp_path / "cache"))
    (tmp_path / "pier.py").write_text("def open_gate(): ...\n\ndef tide():\n    open_gate()\n")
    (tmp_path / "pier.md").write_text("# Pier\n\nThe pier closes at 10 pm.\n")
    files = [tmp_path / "pier.py", tmp_path / "pier.md"]
    show = Show(lambda: files, ("Who calls `open_gate`?",), ("When does the pier close?",), "When does it close?")
    out = io.StringIO()
    demo.run(Console(file=out, width=100), tmp_path / "library", show)
    said = out.getvalue()
    order = ["code graph", "called by one", "embedding", "10 pm", "not written", "Next: evidentia chat"]
    assert [said.find(part) for part in order] == sorted(said.find(part) for part in order)
    assert all(part in said for part in order)
