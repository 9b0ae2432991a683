# ruff: noqa: E501
"""The alignment of a claim with a statement: which of its words stand there, in whatever form, and where.

A word is aligned by its stem, by an irregular form, by a word that names the same property, by a common root, or
letter by letter. Knows nothing of numbers, which ``quantities`` compares, and asks no model.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ...corpus.words import STOPWORDS, stems
from ...questions.opposites import each
from ...questions.paraphrases import IRREGULAR, alike
from ...questions.view import View, view
from .quantities import ALIKE, ORDINALS, SCALES, SMALL, TENS, UNIT
from .synonyms import synonymous

ROOT = 5
"""Letters that two words must share at their beginning to be of one root ("develop", "development")."""
LIGHT = frozenset(
    each(
        """
        also among another are be became become becomes been being called came case cases certain come comes
        did do does done even exist exists fact find found gave get gets give given gives go goes got had
        happen happens has have having hence however include includes including is just keep keeps kept kind
        kinds known made make makes making mean means named occur occurs one ones other per put quite rather
        remain remains respectively said say says set sets several show showed shown shows sort state stated
        states stay stayed stays still such take taken takes thereby therefore thing things thus today took
        upon use used uses using various very via was way ways went were whatever whoever whose within yet
        """
    )
)
"""Words that carry little: a paraphrase may add or drop them."""
_FUNCTION = frozenset(
    [
        "may",
        "might",
        "must",
        "shall",
        "would",
        "cannot",
        "let",
        "ought",
        "either",
        "whether",
        "without",
        "although",
        "though",
        "while",
        "whereas",
    ]
)
_NUMERIC = {*SMALL, *TENS, *SCALES, *ORDINALS, *ALIKE, *UNIT}


@dataclass(frozen=True, slots=True)
class Aligned:
    """One content word of the claim."""

    word: str
    at: int
    """Its token in the claim."""
    places: tuple[int, ...]
    """Tokens of the statement; those of its governors are negative; empty where the word is not there."""


@dataclass(frozen=True, slots=True)
class Alignment:
    claim: View
    statement: View
    words: tuple[Aligned, ...]

    @property
    def missing(self) -> list[Aligned]:
        return [one for one in self.words if not one.places]

    @property
    def share(self) -> float:
        return 1 - len(self.missing) / len(self.words) if self.words else 1.0

    def order(self) -> float:
        """The share of neighbouring aligned words that stand in the same order in both."""
        places = [one.places for one in self.words if one.places and one.places[0] >= 0]
        pairs = list(itertools.pairwise(places))
        return sum(max(b) > min(a) for a, b in pairs) / len(pairs) if pairs else 1.0


@lru_cache(maxsize=65536)
def content(low: str) -> bool:
    return (
        low != ""
        and low not in STOPWORDS
        and low not in _FUNCTION
        and not low[0].isdigit()
        and not set(low.split("-")) <= _NUMERIC
    )


@lru_cache(maxsize=4096)
def align(claim: str, statement: str, governors: tuple[str, ...] = ()) -> Alignment:
    said, shown = view(claim, "en"), view(statement, "en")
    above = [view(text, "en") for text in governors]
    found = []
    for at, low in enumerate(said.lows):
        if content(low):
            places = [n for n in range(len(shown.lows)) if _same(said, at, shown, n)]
            if not places and any(_same(said, at, one, n) for one in above for n in range(len(one.lows))):
                places = [-1]
            found.append(Aligned(said.tokens[at], at, tuple(places)))
    return Alignment(said, shown, tuple(found))


def _same(one: View, a: int, other: View, b: int) -> bool:
    if one.by_token[a] == other.by_token[b]:
        return True
    return _are_related(bare(one.lows[a]), bare(other.lows[b]), one.by_token[a], other.by_token[b])


@lru_cache(maxsize=65536)
def _are_related(low: str, other: str, stem: str, other_stem: str) -> bool:
    if other in STOPWORDS or low == other:
        return low == other
    if _groups(low, stem) & _groups(other, other_stem) or synonymous(stem, other_stem):
        return True
    if min(len(stem), len(other_stem)) >= ROOT and _root(low, other) and not contrary(low, other):
        return True
    parts, others = low.split("-"), other.split("-")
    return (len(parts) > 1 and other in parts and len(other) > 3) or (
        len(others) > 1 and low in others and len(low) > 3
    )


@lru_cache(maxsize=65536)
def _groups(low: str, stem: str) -> frozenset[str]:
    """The groups of words that name one property, with the base of an irregular form: "began" is also "begin"."""
    return frozenset((*alike(stem), *(group for base in _bases().get(low, ()) for group in alike(base))))


@cache
def _bases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in IRREGULAR.strip().splitlines():
        base, *forms = line.split()
        for form in forms:
            found.setdefault(form, []).append(stems(base)[0])
    return found


def _root(low: str, other: str) -> bool:
    """One root: all of the shorter stem but its last letters is the beginning of the longer word."""
    short, long = sorted((low, other), key=len)
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return same >= max(ROOT, len(short) - 3) and len(long) - same <= 6


_PAIRS = (("un", ""), ("in", ""), ("im", ""), ("ir", ""), ("il", ""), ("non", ""), ("non-", ""), ("dis", ""), ("ab", ""),
          ("mis", ""), ("de", ""), ("a", ""), ("up", "down"), ("over", "under"), ("hyper", "hypo"), ("pre", "post"),
          ("in", "out"), ("in", "ex"), ("sub", "super"), ("inter", "intra"), ("inc", "exc"), ("in", "de"), ("im", "ex"),
          ("macro", "micro"), ("maxi", "mini"), ("pro", "anti"), ("anti", ""), ("as", "des"))  # fmt: skip
_ENDS = (("ful", "less"), ("er", "ee"))


@lru_cache(maxsize=65536)
def contrary(low: str, other: str) -> bool:
    """Whether a beginning or an end makes two words opposites: stressed and unstressed, useful and useless."""
    for one, two in ((low, other), (other, low)):
        for begin, instead in _PAIRS:
            if (
                one.startswith(begin)
                and len(one) - len(begin) > 3
                and instead + one[len(begin) :] == two
                and len(two) > 4
            ):
                return True
        for end, instead in _ENDS:
            if one.endswith(end) and one[: -len(end)] + instead == two:
                return True
    return False


def bare(low: str) -> str:
    return low[:-2] if low.endswith(("'s", "’s")) else low


def positions(aligned: Sequence[Aligned]) -> set[int]:
    return {place for one in aligned for place in one.places}
