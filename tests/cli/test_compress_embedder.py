"""``evidentia model compress`` for the packaged embedder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from evidentia.cli.main import app
from evidentia.retrieval.embedders import make

ASKED = ["model", "compress", "all-MiniLM-L6-v2"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("EVIDENTIA_CACHE", str(tmp_path))
    return lambda *more: CliRunner().invoke(app, [*ASKED, *more])


def test_a_dry_run_says_how_wide_and_how_long(run: Any) -> None:
    told = json.loads(run("--recipe", "small", "--recover", "5", "--dry-run", "--json").stdout)
    assert told["name"] == "all-MiniLM-L6-v2-small"
    assert told["width"] == 1152
    assert told["minutes"] >= 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--heads", "0.5"], "an embedder is not compressed by this: --heads"),
        (["--keep", "2"], "keep must be above 0 and at most 1"),
        (["--recover", "-1"], "--recover at least 0"),
        (["--name", "static"], "an embedder of this name is here already: static"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_starts(run: Any, given: list[str], said: str) -> None:
    result = run(*given, "--dry-run")
    assert result.exit_code != 0
    assert said in f"{result.output} {result.exception}"


def test_texts_are_cut_as_a_librarys_are_and_batches_have_no_end() -> None:
    texts = list(make._texts(["One sentence stands here. Another one follows it.\n\nA second paragraph.\n"]))
    assert any("second paragraph" in text for text in texts)
    assert "One sentence stands here." in texts
    source = make._batches([[1, 2], [3, 4, 5]])
    assert sum(len(next(source)) for _ in range(5)) >= 5


def test_the_width_is_a_multiple_and_never_nothing() -> None:
    widths = [make.width_of(keep) for keep in np.linspace(0.001, 1, 50)]
    assert all(width % make.MULTIPLE == 0 and 0 < width <= make.WIDTH for width in widths)
