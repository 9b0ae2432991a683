"""Libraries that are asked: made of texts, or found where they were made before."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..corpus.document import Evidence
from ..library import Library
from ..retrieval.base import Embedder
from ..retrieval.cfic.sessions import Sessions, sessions_of


def make_library(texts: Mapping[str, str], folder: Path, source: str) -> Library:
    """A library of one file for each of ``texts``, which are written to ``folder / source`` first."""
    files = folder / source
    files.mkdir(parents=True)
    for name, text in texts.items():
        (files / name).write_text(text, encoding="utf-8")
    library = Library(folder / "library")
    library.add(files)
    return library


@contextmanager
def open_or_make(made: Path | None, texts: Mapping[str, str], source: str) -> Iterator[Library]:
    """The library that was ``made`` before, or one of ``texts`` in an empty folder, which goes afterwards."""
    if made:
        with Library(made, create=False) as library:
            yield library
        return
    with tempfile.TemporaryDirectory() as folder, make_library(texts, Path(folder), source) as library:
        yield library


def open_caching(made: Path | None, texts: Mapping[str, str], folder: Path, source: str) -> Library:
    """The library ``made`` before, or one of ``texts`` below ``folder``; it embeds each question once."""
    if made is None:
        make_library(texts, folder, source).close()
    with Library(made or folder / "library", create=False) as library:
        embedder = CachingEmbedder(library.embedder())
    return Library(made or folder / "library", create=False, embedder=embedder)


def documents_of(hits: Sequence[Evidence], most: int) -> list[str]:
    """The stems of the files that ``hits`` are of, each once, in order; at most ``most``."""
    return list(dict.fromkeys(Path(hit.span.document).stem for hit in hits if hit.span))[:most]


def forget_sessions(library: Library) -> None:
    """Drops every document that is held for a language model, in memory and on disk."""
    held = sessions_of(library.store)
    fresh = Sessions(held.folder, held.writable, 4 * held.memory_bytes, held.disk_bytes)
    held.__dict__.update(fresh.__dict__)
    for path in held.folder.glob("*.session"):
        path.unlink()


class CachingEmbedder:
    """Embeds each question once, whoever asks."""

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self._embedder = embedder
        self._vectors: dict[tuple[str, ...], NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        key = tuple(texts)
        if key not in self._vectors:
            self._vectors[key] = self._embedder.encode(texts, progress)
        return self._vectors[key]
