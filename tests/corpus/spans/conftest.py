from __future__ import annotations

from collections.abc import Callable

import pytest

from evidentia.corpus.document import Document, Passage
from evidentia.corpus.spans import split

Cut = Callable[..., list[tuple[Passage, str]]]


@pytest.fixture
def cut() -> Cut:
    """Splits a text and gives each passage with its words."""

    def cut(text: str, media_type: str, name: str = "folder/file.txt") -> list[tuple[Passage, str]]:
        document = Document(uri=f"/{name}", name=name, text=text, media_type=media_type, digest="")
        return [(passage, text[passage.start : passage.end]) for passage in split(document)]

    return cut
