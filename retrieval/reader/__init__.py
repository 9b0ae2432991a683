"""The reader: MiniLM fine-tuned on SQuAD, which finds the answer in a passage or says that there is none."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...corpus.store import Store
    from .multilingual import MultilingualRanker
    from .ranker import Ranker
    from .reader import Reader


def open_reader(store: Store) -> Reader:
    """The process's one reader of the cache that the library's settings name; its weights are read at its first use."""
    return _reader(store.cache)


def open_ranker(store: Store) -> Ranker:
    """The process's one ranker, as ``open_reader``."""
    return _ranker(store.cache)


def open_multilingual_ranker(store: Store) -> MultilingualRanker:
    """The process's one ranker for languages that the reader does not know, as ``open_reader``."""
    return _multilingual(store.cache)


@lru_cache(maxsize=2)
def _multilingual(cache: Path) -> MultilingualRanker:
    from .multilingual import MultilingualRanker

    return MultilingualRanker(cache)


@lru_cache(maxsize=2)
def _ranker(cache: Path) -> Ranker:
    from .ranker import Ranker

    return Ranker(cache)


@lru_cache(maxsize=2)
def _reader(cache: Path) -> Reader:
    from .reader import Reader

    return Reader(cache)
