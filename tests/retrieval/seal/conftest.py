from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from evidentia.corpus import catalog, sources
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store

Add = Callable[..., None]


@pytest.fixture
def add(store: Store) -> Add:
    return adding(store)


def adding(store: Store) -> Add:
    def add(texts: Iterable[str], start: int = 0, title: str = "") -> None:
        """One document of one passage for each text."""
        with store.transaction():
            source = sources.source_id(store, Path("/docs"))
            for number, text in enumerate(texts, start):
                name = f"{number}.txt"
                document = Document(f"/docs/{name}", name, text, "text/plain", f"{number}{text}", title or name)
                catalog.put_document(store, source, document, 1, 1, [Passage(0, len(text), "section", "")])
            store.bump()

    return add
