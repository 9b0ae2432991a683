"""A library of the tables that a test module names ``FILES``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evidentia import Library
from evidentia.retrieval.embedders.hash import HashEmbedder


@pytest.fixture(scope="module")
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "data").mkdir()
    for name, text in request.module.FILES.items():
        (folder / "data" / name).write_text(text, encoding="utf-8")
    with Library(folder / "library", embedder=HashEmbedder()) as opened:
        opened.add(folder / "data")
        yield opened
