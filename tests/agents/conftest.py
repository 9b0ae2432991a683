"""A library of two small files, opened with whatever model a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.serving.base import LanguageModel

NOTES = """# Penguins

Emperor penguins live in Antarctica. The oldest emperor penguin on record was 40 years old.
They do not fly.
"""
CODE = '''def side_length(shape):
    """Length of one side in metres."""
    return shape.side


def area(shape):
    return side_length(shape) ** 2
'''

Open = Callable[..., Library]


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Open]:
    source = tmp_path / "source"
    source.mkdir()
    (source / "notes.md").write_text(NOTES)
    (source / "shapes.py").write_text(CODE)

    libraries: list[Library] = []

    def opened(model: LanguageModel | None = None, name: str = "SmolLM2-135M-Instruct") -> Library:
        libraries.append(Library(tmp_path / "library", settings=Settings(embedder="hash", model=name), model=model))
        libraries[-1].add(source)
        return libraries[-1]

    yield opened
    for library in libraries:
        library.close()
