"""Who *he* or *she* is, where the sentences leave no choice; for edges of proximity only, with a lower weight.

A pronoun means the person of its own sentence that stands before it, or else the one of the nearest sentence before
that names persons, at most ``REACH`` sentences back in the same document. Where that sentence names two, or where what
speaks of her is known as *he*, nobody is meant. What stands inside quotation marks speaks of others and is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

REACH = 3
"""Sentences that lie between a pronoun and the one that names its person, and one more."""
HE, SHE = 1, 2
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_OPEN, _CLOSE = "“«„", "”»"


@dataclass(frozen=True, slots=True)
class Reference:
    """The pronoun from ``start`` to ``end`` in ``sentence`` means ``person``, whom ``named`` names."""

    person: int
    sentence: int
    named: int
    start: int
    end: int


def first_pronoun(sentence: str) -> tuple[int, int, int] | None:
    """``(start, end, HE or SHE)`` of the first one outside of quotation marks."""
    for match in _PRONOUN.finditer(sentence):
        if not _is_quoted(sentence, match.start()):
            return match.start(), match.end(), HE if match[1] else SHE
    return None


def _is_quoted(sentence: str, at: int) -> bool:
    before = sentence[:at]
    opened = max(map(before.rfind, _OPEN))
    return before.count('"') % 2 == 1 or (opened >= 0 and opened > max(map(before.rfind, _CLOSE)))


def references(
    pronouns: Sequence[tuple[int, int, int, int]],
    persons: Mapping[int, Sequence[tuple[int, int]]],
    documents: Sequence[int],
) -> list[Reference]:
    """``pronouns``: (sentence, start, end, HE or SHE) in order; ``persons``: sentence -> (place, person) in order;
    ``documents``: the document of each sentence."""
    found = list(_unambiguous(pronouns, persons, documents))
    # Each is one: who is he here and she there was taken for somebody else in one of both.
    called = Counter((one.person, kind) for one, kind in found)
    return [one for one, kind in found if called[one.person, kind] > 2 * called[one.person, SHE if kind == HE else HE]]


def _unambiguous(
    pronouns: Sequence[tuple[int, int, int, int]],
    persons: Mapping[int, Sequence[tuple[int, int]]],
    documents: Sequence[int],
) -> Iterator[tuple[Reference, int]]:
    meant: dict[int, tuple[int, int, int]] = {}
    """Sentence -> whom its pronoun means, of which kind, and the sentence that names the person."""
    for sentence, start, end, kind in pronouns:
        own = {person for place, person in persons.get(sentence, ()) if place < start}
        if own:
            if len(own) == 1:
                meant[sentence] = (*own, kind, sentence)
            continue
        for before in range(sentence - 1, max(-1, sentence - 1 - REACH), -1):
            if documents[before] != documents[sentence]:
                break
            named = {person for _, person in persons.get(before, ())}
            if len(named) == 1:
                meant[sentence] = (*named, kind, before)
            elif not named and before in meant and meant[before][1] == kind:
                meant[sentence] = meant[before]
            elif not named:
                continue
            break
        if sentence in meant:
            person, _, named_in = meant[sentence]
            if all(other != person for _, other in persons.get(sentence, ())):
                yield Reference(person, sentence, named_in, start, end), kind
