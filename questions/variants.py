"""What the texts that were found tell of the names of a question: variants, as the "ND20 Pro" is one of the "ND20", and
the initials of people.

A variant is told by both names, where the word behind the longer one is written small nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..corpus.words import STOPWORDS
from .assertion import Fault
from .question import Question
from .view import View

Variants = Mapping[str, frozenset[str]]
"""By identifier, the words (in lower case) that make another thing of it."""
NO_VARIANTS: Variants = MappingProxyType({})
NO_INITIALS: Mapping[str, str] = MappingProxyType({})
_RELEASE = re.compile(r"[vV]\d+(?:\.\w+)*")
_SMALL = re.compile(r"\b[^\W\d_][a-z]+\b")


def variants(question: Question, texts: Iterable[str]) -> Variants:
    """The variants in ``texts`` of the identifiers of ``question`` that have a digit, without those that it names."""
    things = [one for one in question.identifiers if any(map(str.isdigit, one)) and one[0].isalpha()]
    things = [one for one in things if not _RELEASE.fullmatch(one)]  # "V5 Migration Guide" is about v5
    if not things:
        return NO_VARIANTS
    whole = "\n".join(texts)
    asked = set(re.findall(r"\w+", question.text.lower()))
    small = {word for word in _SMALL.findall(whole) if word.islower()} | STOPWORDS | asked
    found = {}
    for thing in things:
        behind = [match["behind"] for match in _mentions(thing, whole)]
        words = frozenset(word.lower() for word in behind if word and word[0].isupper()) - small
        if words and not all(word and word.lower() in words for word in behind):
            found[thing] = words
    return found


def initials_of(question: Question, texts: Iterable[str]) -> Mapping[str, str]:
    """The initials of the only person whom ``texts`` call by a name of the question: PN for Piotr, where they name
    Piotr Nowak."""
    if not question.names:
        return NO_INITIALS
    whole = "\n".join(texts)
    found = {}
    for name in question.names:
        form = rf"(?<![\w-])(?:[^\W\d_a-z][^\W\d_]+[ ])?{re.escape(name)}(?:[ ][^\W\d_a-z][^\W\d_]+)?(?![\w-])"
        people = {tuple(match.split()) for match in re.findall(form, whole)}
        signs = {"".join(part[0] for part in parts) for parts in people if len(parts) > 1}
        if len(signs) == 1:
            found[name] = signs.pop()
    return found


def variant_faults(known: Variants, own: View, around: tuple[View, ...], opening: View | None) -> list[Fault]:
    """What is said of a variant, or below the title of one."""
    faults: list[Fault] = []
    above = [*reversed(around), *([opening] if opening else [])]
    for thing, words in known.items():
        here = _only_variant(thing, words, own.text)
        nearest = next((one for view in above if (one := _only_variant(thing, words, view.text)) is not None), None)
        if here or (here is None and nearest):
            faults.append(("no", f"about {here or nearest}, not {thing}"))
        elif nearest:
            faults.append(("unsure", f"stands below {nearest}, not {thing}"))
    return faults


def _mentions(thing: str, text: str) -> list[re.Match[str]]:
    form = rf"(?<![\w-]){re.escape(thing)}(?![\w-])(?: (?P<behind>[^\W_]+)(?![\w-]))?"
    return list(re.finditer(form, text, re.IGNORECASE))


def _only_variant(thing: str, words: frozenset[str], text: str) -> str | None:
    """The variant that the text names and not the thing alone; empty where it names that, ``None`` for neither."""
    found = _mentions(thing, text)
    bare = [match for match in found if (match["behind"] or "").lower() not in words]
    return None if not found else "" if bare else found[0][0]
