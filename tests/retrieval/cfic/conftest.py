"""Libraries of any texts, read by a model of bytes: its scores mean nothing, and everything else is as with a real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.serving.base import LanguageModel
from evidentia.serving.models.scripted import ByteModel

Open = Callable[..., Library]


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Open]:
    """``open_library({"name.txt": text}, model, **settings)``; again with no texts for the same library."""
    opened: list[Library] = []

    def library(texts: dict[str, str] | None = None, model: LanguageModel | None = None, **settings: object) -> Library:
        source = tmp_path / "source"
        source.mkdir(exist_ok=True)
        for name, text in (texts or {}).items():
            (source / name).write_text(text, encoding="utf-8", newline="")
        settings = {"embedder": "hash", **settings}
        one = Library(tmp_path / "library", settings=Settings(**settings), model=model or ByteModel())  # type: ignore[arg-type]
        if texts:
            one.add(source)
        opened.append(one)
        return one

    yield library
    for one in opened:
        one.close()
