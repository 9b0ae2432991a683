"""Typing errors in a question, mended from the library's own words; what is written like code is never touched.

A word is misspelt when the library does not hold it, and neither does the list of English words that the embedder's
tokenizer brings. So a right word that the library lacks stays what it is. One error in a word is mended. Of German,
which has no such list, only slips in longer words are: no other right word lies so near.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..corpus import catalog
from ..corpus.languages import ENGLISH, FUNCTION_WORDS
from ..corpus.store import Store
from ..corpus.vocabulary import corrections
from ..corpus.words import STOPWORDS, count_passages, stem_words
from ..questions.question import Question
from ..questions.question_forms import LIGHT
from .embedders import weights

GERMAN = "de"
_WORD = re.compile(r"[^\W\d_]{4,}")
_ENDINGS, _BARE = ("ing", "ed", "es", "s", "er", "ers", "ly"), 4
"""Of forms of English words, and the letters that are left at least."""
_GERMAN = 6
"""Letters of a German word from which on a slip is mended."""
_SHORT, _NAME, _LONG_NAME, _TRIED = 5, 5, 7, 6
"""Letters of a word up to which only slips are mended, of a name from which on they are, and of a name from which on
another letter is forgiven too: short ones differ in a letter and mean others. How many corrections are looked up."""


def mend(store: Store, asked: Question) -> tuple[str, Mapping[str, str]]:
    """Mends the spelling of a question: what was most likely meant, and what was changed for what."""
    if asked.language not in (ENGLISH, GERMAN):
        return asked.text, {}
    kept = {word.lower() for text in (*asked.identifiers, *asked.quoted) for word in _WORD.findall(text)}
    changes: dict[str, str] = {}
    for place, match in enumerate(_WORD.finditer(asked.text)):
        word = match[0]
        if word.lower() in kept or not (word.islower() or word.istitle()):
            continue
        if asked.language == GERMAN:
            found = _mend_german(store, word.lower())
        else:
            found = _mend_word(store, word.lower(), name=bool(place) and word.istitle())
        if found:
            changes[word] = found.capitalize() if word.istitle() else found
    text = re.sub(r"[^\W\d_]+", lambda match: changes.get(match[0], match[0]), asked.text) if changes else asked.text
    return text, changes


def _mend_word(store: Store, word: str, *, name: bool) -> str:
    """Another word, whose stem the library holds; empty when this one is known or none is near."""
    stem = stem_words([word], ENGLISH)[0]
    if (
        word in STOPWORDS
        or stem in LIGHT
        or _is_english(store, word)
        or (count_passages(store, stem) and _stands(store, word, stem))
    ):
        return ""
    near = [one for one in corrections(store, word) if one.slip or len(word) > _SHORT]
    if name:
        near = [one for one in near if len(word) >= _NAME and (one.slip or len(word) > _LONG_NAME)]
    near.sort(key=lambda one: not _is_english(store, one.word))
    return next((one.word for one in near[:_TRIED] if catalog.stands_in(store, one.word)), "")


def _mend_german(store: Store, word: str) -> str:
    """Another word that the library holds; empty when this one, or a form of it, is known or none is near."""
    if len(word) < _GERMAN or word in FUNCTION_WORDS[GERMAN] or catalog.stands_in(store, word, GERMAN):
        return ""
    if count_passages(store, stem_words([word], GERMAN)[0]):
        return ""
    near = [one.word for one in corrections(store, word, GERMAN) if one.slip and not _is_form(one.word, word)]
    return next((one for one in near[:_TRIED] if catalog.stands_in(store, one, GERMAN)), "")


def _is_form(one: str, other: str) -> bool:
    """Whether two words differ by a letter at their end alone, as forms of one do."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short)


def _stands(store: Store, word: str, stem: str) -> bool:
    """The word itself or another form of it: two words may have one stem by mistake."""
    forms = [one.word for one in corrections(store, word) if stem_words([one.word], ENGLISH)[0] == stem]
    return any(catalog.stands_in(store, form) for form in (word, *forms[:_TRIED]))


def _is_english(store: Store, word: str) -> bool:
    """A word of the tokenizer's list, or a form of one: "masking" for "mask"."""
    known = _tokenizer(store.cache).token_to_id
    bare = [word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) - len(ending) >= _BARE]
    return any(known(form) is not None for each in bare for form in (each, f"{each}e")) or known(word) is not None


@lru_cache(maxsize=2)
def _tokenizer(cache: Path) -> Any:
    return weights.tokenizer(cache)
