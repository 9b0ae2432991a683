"""Abbreviations and their long forms, where a text defines them: *constant currency (CC)*, *CC (constant currency)*.

The strict form of Schwartz and Hearst (*A simple algorithm for identifying abbreviation definitions in biomedical
text*, 2003): each letter of the short form begins a word of the long one, in order, and only small words lie between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .names import normal

LONGEST = 10
"""Letters of a short form."""

_BRACKETED = re.compile(r"\(([^()\n]{2,80})\)")
_SHORT = re.compile(r"[A-Z][A-Za-z0-9&.-]{0,11}[A-Z0-9s]")
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(["of", "and", "the", "for", "in", "on", "a", "an", "to", "by", "with", "de", "la", "et"])


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """``(short form, long form)``, both in normal form, in the order of the text."""
    for match in _BRACKETED.finditer(text):
        inside, before = match[1].strip(), text[max(0, match.start() - 120) : match.start()]
        if _SHORT.fullmatch(inside):
            found = _long_form(_letters(inside), before)
            if found:
                yield normal(inside), normal(found)
            continue
        short = re.search(rf"(?<!\w)({_SHORT.pattern})\s$", before)
        if short and _fits(_letters(short[1]), [word.group() for word in _WORD.finditer(inside)]):
            yield normal(short[1]), normal(inside)


def _letters(short: str) -> str:
    capitals = "".join(letter for letter in short.removesuffix("s") if letter.isalnum() and not letter.islower())
    return capitals.casefold()[:LONGEST]


def _long_form(letters: str, before: str) -> str:
    """The last words of ``before`` whose first letters these are; empty where there are none."""
    words = list(_WORD.finditer(before))
    if len(letters) < 2:
        return ""
    for count in range(len(letters), min(len(words), len(letters) + 3) + 1):
        chosen = words[-count:]
        if _fits(letters, [word.group() for word in chosen]) and not re.search(
            r"[.;:!?]\s", before[chosen[0].start() :]
        ):
            return before[chosen[0].start() :]
    return ""


def _fits(letters: str, words: Sequence[str]) -> bool:
    """Whether the words begin with these letters, the first with the first, and only small words have none."""
    if len(letters) < 2 or not words or words[0][0].casefold() != letters[0]:
        return False
    at = 0
    for word in words:
        if at < len(letters) and word[0].casefold() == letters[at]:
            at += 1
        elif word.casefold() not in _SMALL:
            return False
    return at == len(letters)
