"""What an n-gram index of a library is made of: which tokenizer, and which tokens stand for a passage.

``WORDS`` is the one that needs no model. Knows nothing of how indexes are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from ...corpus.store import Store
from .tokens import Tokenizer, Tokens, WordTokenizer

T = TypeVar("T", bound=Tokenizer)


class IndexedText(NamedTuple):
    """One passage, as far as an index may hold it."""

    text: str
    title: str
    """Its headings, or its document's title; empty where that is a file's name only."""
    extra: tuple[str, ...]
    """What ``Kind.extras`` has for it."""


class Kind(Protocol[T]):
    name: str
    """Of the generation's row, and how its files' names start."""

    def tokenizer(self, learnt: Sequence[str]) -> T:
        """The tokenizer as it was when it had ``learnt`` that much."""
        ...

    def extras(self, store: Store) -> Mapping[int, tuple[str, ...]]:
        """Texts from elsewhere, by the row id of the passage that they belong to."""
        ...

    def tokens(self, tokenizer: T, source: IndexedText) -> Tokens:
        """The tokens that stand in the index; the spans count from the start of ``source.text``."""
        ...


class WordKind:
    name = "ngram"

    def tokenizer(self, learnt: Sequence[str]) -> WordTokenizer:
        return WordTokenizer.of(learnt)

    def extras(self, store: Store) -> Mapping[int, tuple[str, ...]]:
        return {}

    def tokens(self, tokenizer: WordTokenizer, source: IndexedText) -> Tokens:
        return tokenizer.learn(source.text)


WORDS = WordKind()
