"""The library's own words as a dictionary: which compounds hold a word, and which word a misspelt one was meant for.

Words are stems as the full-text index holds them. Nothing is added to what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .abbreviations import USUAL
from .languages import ENGLISH
from .store import Store
from .words import count_passages, holding, stem_words, words

_PART, _LINK, _COMPOUNDS = 5, 2, 12
"""Letters that a part of a compound has at least, letters that may join two parts, and compounds looked at per word."""


def compounds(store: Store, terms: Iterable[str]) -> list[str]:
    """Finds stems of the library that are compounds of one of ``terms``, or parts of one that is a compound itself: the
    library's own words are the dictionary (Koehn and Knight, *Empirical methods for compound splitting*, 2003)."""
    known = [
        row[0] for row in store.connection.execute("SELECT term FROM words_seen WHERE length(term) >= ?", (_PART,))
    ]
    found: dict[str, None] = {}
    for term in terms:
        if len(term) < _PART:
            continue
        longer = [
            other for other in known if len(other) > len(term) and (other.startswith(term) or other.endswith(term))
        ]
        found |= dict.fromkeys(sorted(longer, key=len)[:_COMPOUNDS])
        heads = [other for other in known if len(other) < len(term) and term.startswith(other)]
        tails = [other for other in known if len(other) < len(term) and term.endswith(other)]
        for head in heads:
            for tail in tails:
                if len(head) + len(tail) <= len(term) <= len(head) + len(tail) + _LINK:
                    found |= {head: None, tail: None}
    return list(found)


def other_spellings(store: Store, text: str) -> list[str]:
    """The words and phrases of the library that write words of ``text`` joined or apart: wifi, Wi-Fi, wi fi."""
    found = []
    cut = words(text)
    for one, other in pairwise(cut):
        if _holds(store, f"{one}{other}"):
            found.append(f"{one}{other}")
    for word in cut:
        if word.isalpha() and _LEAST <= len(word) <= _MOST and not _holds(store, word):
            parts = ((word[:at], word[at:]) for at in range(2, len(word) - 1))
            found += [f"{one} {other}" for one, other in parts if _is_phrase(store, one, other)]
    return found


def short_keys(store: Store, text: str) -> list[str]:
    """The words of the library that are the beginnings of two words of ``text`` in one: BATTDATE for a battery's
    date."""
    following = pairwise(word for word in words(text) if word.isalpha() and word not in _JOINING)
    joined = {
        f"{head}{tail}"
        for one, other in following
        for head in _beginnings(one, _BEGINNING)
        for tail in _beginnings(other, 2)
        if len(head) > 1 or len(tail) > _BEGINNING
    }
    joined = {word for word in joined if len(word) >= _KEY}
    stems = dict(zip(stem_words(sorted(joined), ENGLISH), sorted(joined), strict=True))
    marks = ", ".join("?" * len(stems))
    rows = store.connection.execute(f"SELECT term FROM words_seen WHERE term IN ({marks})", list(stems)).fetchall()  # noqa: S608
    whole = set(stem_words(words(text), ENGLISH))
    return [stems[term] for (term,) in rows if term not in whole]


def _beginnings(word: str, least: int) -> list[str]:
    return [word[0], *(word[:length] for length in range(least, len(word) + 1)), *USUAL.get(word, ())]


_JOINING = frozenset({"of", "the", "a", "an", "in"})
_BEGINNING, _KEY = 3, 5
"""Letters of a word's beginning in such a key, and of the key, at least."""
_LEAST, _MOST = 4, 16
"""Letters of a word that is cut in two."""


def _holds(store: Store, word: str) -> bool:
    return count_passages(store, stem_words([word], ENGLISH)[0]) > 0


def _is_phrase(store: Store, one: str, other: str) -> bool:
    return _holds(store, one) and _holds(store, other) and bool(holding(store, f'"{one} {other}"', 1))


def _at_an_end(part: str, whole: str) -> bool:
    return whole.startswith(part) or whole.endswith(part)


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Correction:
    word: str
    slip: bool
    """One letter doubled or not, left out, added, or two swapped, side by side or around a third: an error of the hand,
    not another word."""


def corrections(store: Store, word: str, language: str = ENGLISH) -> list[Correction]:
    """Finds words one error away from ``word`` whose stem the library holds, slips first and then by how often it does.

    The errors are those of Damerau (*A technique for computer detection and correction of spelling errors*, 1964).
    """
    near = _one_error_away(word)
    stems = dict(zip(near, stem_words(list(near), language), strict=True))
    marks = ", ".join("?" * len(set(stems.values())))
    rows = store.connection.execute(f"SELECT term, doc FROM words_seen WHERE term IN ({marks})", [*set(stems.values())])  # noqa: S608
    held = dict(rows.fetchall())
    found = [other for other in near if stems[other] in held]
    found.sort(key=lambda other: (not near[other], -held[stems[other]], other))
    return [Correction(other, near[other]) for other in found]


def _one_error_away(word: str) -> dict[str, bool]:
    """Each word, and whether it differs by a slip; the first letter stays what it is, but for a swap."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    changed = {head + letter + tail[1:]: False for head, tail in cuts[1:] if tail for letter in _LETTERS}
    added = {head + letter + tail: True for head, tail in cuts[1:] for letter in _LETTERS}
    dropped = {head + tail[1:]: True for head, tail in cuts[1:] if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:]: True for head, tail in cuts if len(tail) > 1}
    swapped |= {head + tail[2] + tail[1] + tail[0] + tail[3:]: True for head, tail in cuts[1:] if len(tail) > 2}
    return {other: slip for other, slip in (changed | added | dropped | swapped).items() if other != word}
