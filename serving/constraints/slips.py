"""Which keyword of JSON Schema a word that is none is likely to be a slip of: ``minlength``, ``property``, ``itmes``.

Knows nothing of the values that keywords have.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from .supported import KINDS, NAMING, OLDER

_ALIKE = 0.86
"""How much alike a word and a keyword are (``difflib``) before the word is taken for a slip."""
_SHORT = 5
"""Letters of a keyword below which words with one letter changed are words of their own (``when`` for ``then``)."""
_LITTLE = frozenset(["if", "not", "then", "else"])
"""Keywords whose inflections are other words (``notes``)."""


@cache
def keyword_meant(word: str) -> str | None:
    """The keyword that ``word`` is likely to be a slip of. Marks in front show that a word is meant to be another."""
    if not word[:1].isalpha() or word.startswith("x-"):
        return None
    folded, keywords = _fold(word), _keywords()
    inflected = {_stem(key): key for key in keywords if key not in _LITTLE}
    near = inflected.get(_stem(folded)) or next((key for key in keywords if _one_slip(folded, key)), None)
    near = near or next(iter(get_close_matches(folded, keywords, 1, _ALIKE)), None)
    return keywords[near] if near else None


@cache
def _keywords() -> dict[str, str]:
    return {_fold(key): key for key in [*KINDS, *OLDER] if key not in NAMING and not key.startswith("$")}


def _fold(word: str) -> str:
    return re.sub(r"[-_ ]", "", word).lower()


def _stem(word: str) -> str:
    """What ``property`` and ``properties``, ``require``, ``requires`` and ``required`` share."""
    return re.sub(r"(ed|es|[sde])$", "", re.sub(r"ies$", "y", word))


def _one_slip(word: str, keyword: str) -> bool:
    """Whether two neighbouring letters are swapped or, in a keyword that is not short, one is wrong, missing or too
    many."""
    if len(word) == len(keyword):
        apart = [at for at, (one, other) in enumerate(zip(word, keyword, strict=True)) if one != other]
        if len(apart) == 2:
            first, last = apart
            return last == first + 1 and word[first] == keyword[last] and word[last] == keyword[first]
        return len(apart) == 1 and len(keyword) >= _SHORT
    longer, shorter = sorted((word, keyword), key=len, reverse=True)
    cuts = (longer[:at] + longer[at + 1 :] for at in range(len(longer)))
    return len(longer) == len(shorter) + 1 and len(keyword) >= _SHORT and shorter in cuts
