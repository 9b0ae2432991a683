"""Names by rule: what a sentence speaks of, without a tagger and without a language model.

A phrase is found as a title that the library itself has (the longest, word by word), then by its form: words with
capitals in a row, quoted strings, dates, numbers with the word they count. Every phrase is named by its normal form:
lower case, no accents, no punctuation. Terms in lower case are found by ``terms.py``. Knows nothing of the store.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..words import STOPWORDS

MOST_WORDS = 12
"""Longer titles are sentences; nobody repeats them."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_JOINED = re.compile(r"[\s\-–&'’]*|\. ")
_QUOTED = re.compile(r"[\"“«]\s?([^\"“”«»\n]{3,80})[\"”»]")
_LINKS = frozenset(
    re.findall(r"\w+", "of the de da del della der den di do dos du el la le van von bin ibn al af av y zu")
)
_OPENERS = STOPWORDS | {"although", "despite", "following", "like", "since", "unlike"}
_MONTHS = frozenset(
    re.findall(r"\w+", "january february march april may june july august september october november december")
)


Kind = Literal["title", "name", "quoted", "date", "number", "term"]
"""What a phrase was found as: a title of the library, capitals, a quoted string, a date, a number with what it counts,
a noun phrase in lower case."""


@dataclass(frozen=True, slots=True)
class Word:
    normal: str
    start: int
    end: int
    upper: bool
    """It begins with a capital or a digit."""
    owner: str = ""
    """What the word is without the *'s* of an owner; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``first`` to ``last`` (exclusive) of a text name ``phrase``."""

    phrase: str
    first: int
    last: int
    kind: Kind = "title"


def text_words(text: str) -> list[Word]:
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        owner = _normal_word(word[:-2]) if word[-2:].lower() in ("'s", "’s") else ""
        upper = word[0].isupper() or word[0].isdigit()
        found.append(Word(_normal_word(word), match.start(), match.end(), upper, owner))
    return found


@lru_cache(maxsize=200_000)
def _normal_word(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in plain if character.isalnum())


def normal(text: str) -> str:
    """The words of ``text`` in normal form, one space between."""
    return " ".join(word.normal for word in text_words(text) if word.normal)


def title_forms(title: str) -> list[str]:
    """The forms of a title as text may mention it: whole, and without what stands in brackets behind it. Empty for a
    title of nothing but stopwords, and for one that is too long."""
    forms = dict.fromkeys(normal(form) for form in (title, _BRACKETS.sub("", title)))
    return [form for form in forms if form and not _empty(form.split()) and form.count(" ") < MOST_WORDS]


def _empty(words: Iterable[str]) -> bool:
    return all(word in STOPWORDS for word in words)


class Titles:
    """A dictionary of phrases that is looked for in much text."""

    def __init__(self, forms: Mapping[str, object]) -> None:
        self._forms = forms
        self._longest: dict[str, int] = {}
        for form in forms:
            first, length = form.split(" ", 1)[0], form.count(" ") + 1
            self._longest[first] = max(self._longest.get(first, 0), length)

    def find(self, words: Sequence[Word], any_case: bool = False) -> Iterator[Mention]:
        return find(words, self._forms, lambda word: self._longest.get(word, 0), any_case)


def find(
    words: Sequence[Word], forms: Container[str], longest: Callable[[str], int], any_case: bool = False
) -> Iterator[Mention]:
    """Finds mentions of ``forms`` in order, the longest at each place, without overlap. They begin with a capital or a
    digit, unless ``any_case``. ``longest`` tells how many words a form may have that begins with a word."""
    at = 0
    while at < len(words):
        found = _at(words, at, forms, longest) if any_case or words[at].upper else None
        if found:
            yield found
        at = found.last if found else at + 1


def _at(words: Sequence[Word], first: int, forms: Container[str], longest: Callable[[str], int]) -> Mention | None:
    most = max(longest(words[first].normal), longest(words[first].owner) if words[first].owner else 0)
    for last in range(min(first + most, len(words)), first, -1):
        start = "".join(f"{word.normal} " for word in words[first : last - 1])
        for end in (words[last - 1].normal, words[last - 1].owner):
            if end and start + end in forms:
                return Mention(start + end, first, last)
    return None


def mentions(text: str, words: Sequence[Word], titles: Titles) -> list[Mention]:
    """Finds all phrases of ``text``, whose words are ``words``: titles first, then what has the form of a name."""
    found = list(titles.find(words))
    taken = {index for mention in found for index in range(mention.first, mention.last)}
    for rule in (_dates(words), _quoted_phrases(text, words), _names(text, words, taken), _numbers(words)):
        for mention in rule:
            if taken.isdisjoint(range(mention.first, mention.last)):
                taken.update(range(mention.first, mention.last))
                found.append(mention)
    return found


def _names(text: str, words: Sequence[Word], taken: set[int]) -> Iterator[Mention]:
    """Words with capitals in a row, small words such as *of the* between them."""
    at = 0
    while at < len(words):
        first, last = at, _name_end(text, words, at, taken)
        at = max(last, at + 1)
        while first < last and words[first].normal in _OPENERS:
            first += 1
        named = words[first:last]
        phrase = " ".join([*(word.normal for word in named[:-1]), named[-1].owner or named[-1].normal]) if named else ""
        short = len(phrase) == 2 and text[words[first].start : words[first].end].isupper()
        if (len(phrase) > 2 or short) and not phrase.isdecimal():
            yield Mention(phrase, first, last, "name")


def _name_end(text: str, words: Sequence[Word], first: int, taken: set[int]) -> int:
    last = at = first
    while at < len(words) and at not in taken:
        if at > first and not _JOINED.fullmatch(text, words[at - 1].end, words[at].start):
            break
        if words[at].upper:
            last = at + 1
        elif last == first or words[at].normal not in _LINKS:
            break
        at += 1
    return last


def _dates(words: Sequence[Word]) -> Iterator[Mention]:
    """*11 November 875* and *November 11, 875*, both as the former."""
    for at, word in enumerate(words):
        if word.normal not in _MONTHS or not word.upper:
            continue
        before = words[at - 1].normal if at else ""
        after = [other.normal for other in words[at + 1 : at + 3]]
        if _day(before) and after and _year(after[0]):
            yield Mention(f"{int(before)} {word.normal} {after[0]}", at - 1, at + 2, "date")
        elif len(after) == 2 and _day(after[0]) and _year(after[1]):
            yield Mention(f"{int(after[0])} {word.normal} {after[1]}", at, at + 3, "date")


def _day(word: str) -> bool:
    return word.isascii() and word.isdecimal() and len(word) <= 2


def _year(word: str) -> bool:
    return word.isascii() and word.isdecimal() and 3 <= len(word) <= 4


def _quoted_phrases(text: str, words: Sequence[Word]) -> Iterator[Mention]:
    for match in _QUOTED.finditer(text):
        inside = [at for at, word in enumerate(words) if match.start(1) <= word.start and word.end <= match.end(1)]
        form = normal(match[1])
        if inside and len(inside) < MOST_WORDS and not _empty(form.split()):
            yield Mention(form, inside[0], inside[-1] + 1, "quoted")


def _numbers(words: Sequence[Word]) -> Iterator[Mention]:
    """A number of three digits or more with the word behind it: *6119 passages*; years go with nothing."""
    for at, word in enumerate(words[:-1]):
        counted = words[at + 1].normal
        if word.normal.isdecimal() and len(word.normal) > 2 and not words[at + 1].upper and counted not in STOPWORDS:
            yield Mention(f"{word.normal} {counted}", at, at + 2, "number")
