"""Who *he* or *she* is, where the sentences leave little choice; for edges of proximity only, with a lower weight.

A pronoun means the person of its own sentence that stands before it, or else the one of the nearest sentence before
that names persons, at most ``REACH`` sentences back in the same document. Of several persons the one that opens the
sentence is meant (the backward-looking centre of Grosz, Joshi and Weinstein, *Centering*, 1995), and otherwise nobody;
nor is one who is *he* about as often as *she*. What stands inside quotation marks speaks of others and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REACH = 3
"""Sentences that lie between a pronoun and the one that names its person, and one more."""
OPENS = 3
"""Characters before a name that begins its sentence: a quotation mark, a dash."""
HE, SHE = 1, 2
_PRONOUN = re.compile(r"\b(?:(he|him|his|himself)|(she|her|hers|herself))\b", re.IGNORECASE)
_OPEN, _CLOSE = "“«„", "”»"


class PronounReference(NamedTuple):
    """The pronoun from ``start`` to ``end`` in ``sentence`` means ``person``, whom ``named`` names."""

    person: int
    sentence: int
    named: int
    start: int
    end: int
    kind: int
    """``HE`` or ``SHE``."""


class NamedPerson(NamedTuple):
    """A name in a sentence, at ``start``."""

    entity: int
    start: int
    opens: bool
    """It begins the sentence."""
    person: bool
    may_be: bool
    """Nothing speaks against its being a person."""


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


def resolve(
    pronouns: Iterable[tuple[int, int, int, int]],
    named: Mapping[int, Sequence[NamedPerson]],
    documents: Sequence[int],
) -> Iterator[PronounReference]:
    """``pronouns``: (sentence, start, end, HE or SHE) in order; ``named``: the names of each sentence in order;
    ``documents``: the document of each sentence."""
    meant: dict[int, tuple[int, int, int]] = {}
    """Sentence -> whom its pronoun means, of which kind, and the sentence that names the person."""
    for sentence, start, end, kind in pronouns:
        names = named.get(sentence, ())
        own = [one for one in names if one.start < start and (one.person or one.may_be)] if names else ()
        if own:
            person = _subject([one for one in own if one.person])
            if person is not None:
                meant[sentence] = (person, kind, sentence)
            continue
        for before in range(sentence - 1, max(-1, sentence - 1 - REACH), -1):
            if documents[before] != documents[sentence]:
                break
            others = named.get(before, ())
            persons = [one for one in others if one.person] or [one for one in others[:1] if one.opens and one.may_be]
            person = _subject(persons)
            if person is not None:
                meant[sentence] = (person, kind, before)
            elif not persons and before in meant and meant[before][1] == kind:
                meant[sentence] = meant[before]
            elif not persons:
                continue
            break
        if sentence in meant:
            person, _, named_in = meant[sentence]
            if person not in [other.entity for other in names]:
                yield PronounReference(person, sentence, named_in, start=start, end=end, kind=kind)


def agreeing(found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of ``found`` (rows as ``PronounReference``) without each person who is *he* about as often as *she*, who
    was taken for somebody else in one of both."""
    import numpy as np

    person, kind = found[:, 0], found[:, 5]
    counts = {each: np.bincount(person[kind == each], minlength=int(person.max(initial=0)) + 1) for each in (HE, SHE)}
    own = np.where(kind == HE, counts[HE][person], counts[SHE][person])
    other = np.where(kind == HE, counts[SHE][person], counts[HE][person])
    return found[own > 2 * other]


def _subject(persons: Sequence[NamedPerson]) -> int | None:
    """The only one, or the one that opens the sentence."""
    if not persons:
        return None
    first = persons[0]
    alone = len(persons) == 1 or first.opens or len({one.entity for one in persons}) == 1
    return first.entity if alone else None
