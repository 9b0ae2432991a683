"""Spellings that mean the same: apostrophes left out, words joined, hyphenated or apart, letters
doubled or not, and the head of a compound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..corpus.words import stems

_NEGATED = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|must|need)nt\b|\b(wo|ca)nt\b", re.IGNORECASE
)
_SHORTENED = re.compile(r"\b(what|where|who|how|when|that|there)s\b(?=\s+\S)", re.IGNORECASE)
_BY_DEFAULT = re.compile(r"\b(?:straight |right )?out[ -]of[ -]the[ -]box\b", re.IGNORECASE)
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]+)-([^\W\d_]+)(?![\w-])")
_SAME, _HEAD = 5, 5
"""Letters of a word that may differ in a doubled letter, and of the head of a compound, at least."""


def careful_spelling(question: str) -> str:
    """A question as it would be written with care: "dont" as "don't", "out of the box" as "by default"."""
    text = _NEGATED.sub(lambda found: f"{found[1] or found[2]}n't", question)
    text = _SHORTENED.sub(r"\1's", text)
    return _BY_DEFAULT.sub("by default", text)


@lru_cache(maxsize=4096)
def hyphenless_stems(text: str, language: str) -> frozenset[str]:
    """Stems of the hyphenated words of a text, written as one: wifi for Wi-Fi."""
    return frozenset(
        stem for one, other in _HYPHENATED.findall(text) for stem in stems(f"{one}{other}".lower(), language)
    )


@lru_cache(maxsize=1024)
def hyphenless_by_part(text: str, language: str) -> dict[str, str]:
    """The stem of a hyphenated word written as one, by the stem of each part of it."""
    return {
        part: whole[0]
        for one, other in _HYPHENATED.findall(text)
        if (whole := stems(f"{one}{other}".lower(), language))
        for part in stems(f"{one} {other}".lower(), language)
    }


def has_respelling(stem: str, present: Iterable[str]) -> bool:
    """Whether a text has the word with a letter doubled or not, or a compound of which it is the head: "chili" in
    "chilli", "spoon" in "tablespoon"."""
    if len(stem) < min(_SAME, _HEAD) or not stem.isalpha():
        return False
    plain = _single_letters(stem)
    return any(
        (abs(len(other) - len(stem)) == 1 and _single_letters(other) == plain)
        or (len(other) > len(stem) + 2 and other.endswith(stem) and other.isalpha())
        for other in present
    )


def _single_letters(stem: str) -> str:
    return re.sub(r"(.)\1", r"\1", stem)
