"""Which phrases mean the same: few, sure, each with its reason, and each to be taken back.

Spellings that differ in case, accents and punctuation are one phrase anyway. Beyond that a phrase is merged with its
abbreviation where a text defines it and no text defines it otherwise, with itself written in one word or two, with its
plural where both are terms, and a company with its legal form behind it. Parts of names: ``name_parts.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from .letters import JOINED, LAST, SINGULAR, among, find_repeated, singular, sums_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ABBREVIATION, SPELLING, PLURAL, LEGAL_FORM = "abbreviation", "spelling", "plural", "legal form"
NAME_PART = "part of the name"
_LEGAL = frozenset(re.findall(r"\w+", "inc incorporated corp corporation ltd limited llc plc gmbh ag co company"))
_IDENTIFIER = re.compile(r"[^\W\d]_[^\W\d]|^[^\W\d_]*[a-z][A-Z]\w*$")
_OWN_WORDS = frozenset(["localhost", "localtime", "notnull", "unittest"])
"""Names of code and of machines that are not what their parts say."""
_SHORT_PLURAL = 4
_JOINED = 6
"""Letters from which on two spellings that differ in a space alone are one: "on line" is, "a part" is not."""


@dataclass(frozen=True, slots=True)
class Merge:
    """``one`` stands for the same as ``other`` (phrases in normal form)."""

    one: str
    other: str
    reason: str
    document: int = -1
    sentence: int = -1
    """Where a text says so: a row of the documents and of the sentences; -1 where the letters alone do."""
    only_there: bool = False
    """It holds in that document alone."""


def merges(
    number: Mapping[str, int],
    written: Sequence[str],
    terms: Container[str],
    names: Container[str],
    headings: Container[str],
    defined: Mapping[tuple[str, str], tuple[int, int]],
    letters: NDArray[np.uint32],
    apart: Collection[tuple[str, str]],
) -> list[Merge]:
    """``number``: of the phrases in the order of the alphabet; ``written``: as texts spell them; ``headings``: those
    whose capital a heading may have given; ``defined``: (short form, long form) -> (document, sentence) of the first
    definition; ``letters``: of the phrases, by ``letters_of``; ``apart``: pairs, the smaller first, that are never
    merged."""
    import numpy as np

    phrases, joined = list(number), letters[:, JOINED]
    spaced, plural, legal = (
        [phrases[at] for at in np.flatnonzero(found).tolist()]
        for found in (
            among(joined, find_repeated(joined)),
            among(letters[:, SINGULAR], joined),
            among(letters[:, LAST], sums_of(_LEGAL)),
        )
    )
    found = [
        *_abbreviations(number, names, defined),
        *_spellings(spaced, number, (names, terms), written),
        *_plurals(plural, number, terms, headings),
        *_legal_forms(legal, number, names),
    ]
    return [merge for merge in found if tuple(sorted((merge.one, merge.other))) not in apart]


def _abbreviations(
    known: Container[str], names: Container[str], defined: Mapping[tuple[str, str], tuple[int, int]]
) -> Iterator[Merge]:
    longs: dict[str, set[str]] = {}
    for short, long in defined:
        longs.setdefault(short, set()).add(long.removesuffix("s"))
    for (short, long), (document, sentence) in sorted(defined.items()):
        if short in names and long in known and len(longs[short]) == 1:
            yield Merge(short, long, ABBREVIATION, document, sentence)


def _spellings(
    phrases: Iterable[str], number: Mapping[str, int], kinds: Sequence[Container[str]], written: Sequence[str]
) -> Iterator[Merge]:
    """*open ai* and *openai*: of one kind, and one of them with some of the other's spaces. ``phrases``: at least those
    that differ from another one in spaces alone."""
    first: dict[str, str] = {}
    for phrase in phrases:
        joined = phrase.replace(" ", "")
        if len(joined) < _JOINED or not joined.isalpha() or joined in _OWN_WORDS:
            continue
        other = first.setdefault(joined, phrase)
        if other == phrase:
            continue
        of_a_kind = any(phrase in kind and other in kind for kind in kinds)
        spaced = of_a_kind and (_breaks(phrase) < _breaks(other) or _breaks(other) < _breaks(phrase))
        if spaced and not _are_two(written[number[phrase]], written[number[other]]):
            yield Merge(phrase, other, SPELLING)


def _are_two(one: str, other: str) -> bool:
    """Whether the spellings are two identifiers (*StaticFiles*, *STATIC_FILES*), or one and a term in small letters
    (*EmailBackend* is a class, an *email backend* any)."""
    code = [_IDENTIFIER.search(spelling) is not None for spelling in (one, other)]
    return one != other and any(code) and (all(code) or one[:1].islower() or other[:1].islower())


def _breaks(phrase: str) -> set[int]:
    """After how many letters there is a space."""
    return set(accumulate(map(len, phrase.split(" ")[:-1])))


def _plurals(
    phrases: Iterable[str], known: Container[str], terms: Container[str], headings: Container[str]
) -> Iterator[Merge]:
    """``phrases``: at least those whose singular is ``known``."""
    for phrase in phrases:
        last, one = phrase.rpartition(" ")[2], singular(phrase)
        if one not in known or last.endswith(("ss", "us", "is")) or len(last) <= _SHORT_PLURAL:
            continue
        if (one in terms or one in headings) and (phrase in terms or phrase in headings):
            yield Merge(phrase, one, PLURAL)


def _legal_forms(phrases: Iterable[str], known: Container[str], names: Container[str]) -> Iterator[Merge]:
    """``phrases``: at least those with a legal form behind them."""
    for phrase in phrases:
        name, _, form = phrase.rpartition(" ")
        # *Ohio* is not the *Ohio Company*.
        alone = form in ("co", "company") and " " not in name
        if form in _LEGAL and not alone and name in known and name in names and phrase in names:
            yield Merge(phrase, name, LEGAL_FORM)


def groups(joined: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Gives for each thing the smallest that it is joined with, over any number of steps. ``joined``: the same before
    these pairs, or the things themselves."""
    root = list(joined)

    def find(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    for one, other in pairs:
        first, second = sorted((find(one), find(other)))
        root[second] = first
    return [at if at == above else find(at) for at, above in enumerate(root)]
