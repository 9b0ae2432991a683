"""The library's own words as a dictionary: which compounds hold a word, and which word a misspelt one was meant for.

Words are stems as the full-text index holds them. Nothing is added to what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable

from .store import Store

_PART, _LINK, _COMPOUNDS = 5, 2, 12
"""Letters that a part of a compound has at least, letters that may join two parts, and compounds looked at per word."""


def compounds(store: Store, terms: Iterable[str]) -> list[str]:
    """Stems of the library that are compounds of one of ``terms``, or parts of one that is a compound itself: the
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


def _at_an_end(part: str, whole: str) -> bool:
    return whole.startswith(part) or whole.endswith(part)


_DOUBLED, _EDIT = 0.5, 1.0
_SHORT, _LONG = 4, 8
"""Letters of a word up to which only a doubled letter is forgiven, and from which on two errors are."""


def meant(store: Store, term: str) -> str:
    """The stem of the library that ``term``, which it does not hold, was most likely meant for; empty for none.

    Errors counted are those of Damerau (*A technique for computer detection and correction of spelling errors*, 1964);
    a letter doubled or not counts half. The first letter is taken to be right.
    """
    if len(term) < _SHORT or not term.isalpha():
        return ""
    limit = _DOUBLED if len(term) == _SHORT else _EDIT if len(term) < _LONG else 2 * _EDIT
    rows = store.connection.execute(
        "SELECT term, doc FROM words_seen WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (term[0], chr(ord(term[0]) + 1), len(term) - 2, len(term) + 2),
    )
    near = [(errors, -seen, other) for other, seen in rows if (errors := _errors(term, other)) <= limit]
    return min(near)[2] if near else ""


def _errors(one: str, other: str) -> float:
    """Letters left out, added, changed or swapped with their neighbour."""
    above: list[float] = []
    row = [_EDIT * at for at in range(len(other) + 1)]
    for i, letter in enumerate(one, start=1):
        before, above, row = above, row, [_EDIT * i]
        for j, wanted in enumerate(other, start=1):
            added = _DOUBLED if j > 1 and wanted == other[j - 2] else _EDIT
            dropped = _DOUBLED if i > 1 and letter == one[i - 2] else _EDIT
            best = min(above[j - 1] + _EDIT * (letter != wanted), above[j] + dropped, row[j - 1] + added)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before[j - 2] + _EDIT)
            row.append(best)
    return row[-1]
