"""The n-gram index in a language model's own tokens, in which the model can write keys.

One document per passage: its title between two marks, its text, its pseudo questions between two marks (SEAL's views,
Bevilacqua et al., 2022, and MINDER's, Li et al., 2023, in one index). Words are encoded one by one, each with one space
before it, so that line breaks make no difference and a token's place in the text is that of its word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING
from unicodedata import normalize

from ...corpus.store import Store
from ...corpus.words import STOPWORDS
from ...serving.base import LocalModel, Tokenizing
from ..ngram.kinds import IndexedText
from ..ngram.tokens import Tokens
from . import questions

if TYPE_CHECKING:
    from numpy.typing import NDArray

TITLE, QUESTION = 0, 1
"""Marks: ids that no model has. A title, and each pseudo question, has one before and one behind it."""
MARKS = 2
"""The model's token t has the id t + MARKS."""
KEPT_WORDS = 500_000
LONGEST_PIECE = 64
"""Characters; longer words, such as a page without a space, are cut."""

_PIECE = re.compile(rf"(\s*)(\S{{1,{LONGEST_PIECE}}})")
_SURROGATES = re.compile("[\ud800-\udfff]")
_PROBE = "The Quick-brown fox's 1,234 jumps; naïve Größe, 東京 в Москве. unbelievably internationalization"


class ModelTokenizer:
    """A model's tokenizer, whose ids are the model's + ``MARKS``. It is safe for several threads: at worst a word is
    encoded twice."""

    learnt: Sequence[str] = ()

    def __init__(self, model: LocalModel, size: int) -> None:
        """``size`` is that of the model's vocabulary."""
        self._model, self.size = model, size + MARKS
        self._words: dict[str, tuple[int, ...]] = {}
        # The tokenizer's rules where they can be had, some words as it cuts them where not.
        rules = model.tokenizer_rules() if isinstance(model, Tokenizing) else ""
        rules = rules or repr([model.encode(word) for word in _PROBE.split()])
        self.fingerprint = f"seal-1-{blake2b(f'{size}:{rules}'.encode(), digest_size=8).hexdigest()}"

    def encode(self, text: str) -> Tokens:
        import numpy as np

        pieces = [(self._encode(match), match.start(2), match.end()) for match in _PIECE.finditer(text)]
        lengths = [len(ids) for ids, _, _ in pieces]
        ids = np.fromiter(chain.from_iterable(ids for ids, _, _ in pieces), np.int64, sum(lengths))
        places = np.asarray([place for _, *place in pieces], np.uint32).reshape(-1, 2)
        return Tokens(ids, np.repeat(places, lengths, axis=0))

    learn = encode

    def empty(self, ids: Iterable[int]) -> frozenset[int]:
        """The ones among ``ids`` that say nothing alone: stopwords and punctuation. A bare space is none of them:
        numbers start with one, and in some vocabularies every word."""
        said = {token: self.text([token]).lower() for token in set(ids)}
        return frozenset(token for token, text in said.items() if text in STOPWORDS or (text and not text.isalnum()))

    def text(self, ids: Sequence[int]) -> str:
        """What a key says."""
        return " ".join(self._model.decode([token - MARKS for token in ids if token >= MARKS]).split())

    def _encode(self, match: re.Match[str]) -> tuple[int, ...]:
        space, word = match.groups()
        piece = f" {word}" if space or match.start() == 0 else word
        found = self._words.get(piece)
        if found is None:
            if len(self._words) >= KEPT_WORDS:
                self._words.clear()
            plain = normalize("NFC", _SURROGATES.sub("\ufffd", piece))
            found = self._words[piece] = tuple(token + MARKS for token in self._model.encode(plain))
        return found


class Views:
    """A ``Kind`` of index: passages in the tokens of one model."""

    name = "seal"

    def __init__(self, tokenizer: ModelTokenizer) -> None:
        self._tokenizer = tokenizer

    def tokenizer(self, learnt: Sequence[str]) -> ModelTokenizer:
        return self._tokenizer

    def extras(self, store: Store) -> Mapping[int, tuple[str, ...]]:
        return questions.stored_questions(store)

    def tokens(self, tokenizer: ModelTokenizer, source: IndexedText) -> Tokens:
        import numpy as np

        body = tokenizer.encode(source.text)
        before = _mark(TITLE, tokenizer.encode(source.title)) if source.title else []
        after = [part for text in source.extra for part in _mark(QUESTION, tokenizer.encode(text))]
        parts = [*before, body, *after]
        spans: NDArray[np.uint32] = np.concatenate([part.spans for part in parts])
        return Tokens(np.concatenate([part.ids for part in parts]), spans)


def _mark(mark: int, tokens: Tokens) -> list[Tokens]:
    import numpy as np

    ids = np.concatenate([[mark], tokens.ids, [mark]])
    # What is not in the text has no place there.
    return [Tokens(ids, np.zeros((len(ids), 2), np.uint32))]
