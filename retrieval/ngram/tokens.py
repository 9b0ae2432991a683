"""What the n-gram index counts in: token ids with the characters that they came from.

Any tokenizer that keeps offsets fits ``Tokenizer``; ``WordTokenizer`` needs no model. Knows nothing of indexes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol
from unicodedata import normalize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNKNOWN = -1
"""The id of what the tokenizer has never learnt: it occurs in no corpus."""

# Letters and digits of any script, with the marks that combine with them.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")


class Tokens(NamedTuple):
    ids: NDArray[np.int64]
    """``[n]``, from 0; ``UNKNOWN`` for what was never learnt."""
    spans: NDArray[np.uint32]
    """``[n, 2]``: first character and the one behind the last, in the text that was tokenised."""


class Tokenizer(Protocol):
    @property
    def fingerprint(self) -> str:
        """Names the rules: token ids of different fingerprints never mix."""
        ...

    @property
    def size(self) -> int:
        """Every id is below this number."""
        ...

    @property
    def learnt(self) -> Sequence[str]:
        """What has to be stored to make it again."""
        ...

    def encode(self, text: str) -> Tokens: ...

    def learn(self, text: str) -> Tokens:
        """``encode`` for text that is indexed: nothing in it is ``UNKNOWN``, and ``size`` may grow."""
        ...


@dataclass(frozen=True)
class WordTokenizer:
    """Cuts text into words, case folded and composed (NFC); ids in the order in which the words were first seen.

    One writer at a time; others may read meanwhile.
    """

    vocabulary: dict[str, int] = field(default_factory=dict)
    fingerprint: str = "words-casefold-nfc-1"

    @classmethod
    def of(cls, words: Iterable[str]) -> WordTokenizer:
        return cls({word: number for number, word in enumerate(words)})

    @property
    def size(self) -> int:
        return len(self.vocabulary)

    @property
    def learnt(self) -> list[str]:
        return list(self.vocabulary)

    def encode(self, text: str) -> Tokens:
        words, spans = _cut(text)
        return _tokens([self.vocabulary.get(word, UNKNOWN) for word in words], spans)

    def learn(self, text: str) -> Tokens:
        words, spans = _cut(text)
        known = self.vocabulary
        return _tokens([known.setdefault(word, len(known)) for word in words], spans)


def _cut(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    found = list(_WORD.finditer(text))
    return [_fold(match.group()) for match in found], [match.span() for match in found]


def _fold(word: str) -> str:
    return word.lower() if word.isascii() else normalize("NFC", word.casefold())


def _tokens(ids: list[int], spans: list[tuple[int, int]]) -> Tokens:
    import numpy as np

    return Tokens(np.asarray(ids, np.int64), np.asarray(spans, np.uint32).reshape(-1, 2))
