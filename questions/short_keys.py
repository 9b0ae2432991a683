"""Keys that are cut short or written as one word: BATTDATE for the battery's date, ``ext.`` for the extension."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..corpus.abbreviations import USUAL
from ..corpus.spans.statement import Statement
from ..corpus.words import stems
from .assertion import Fault
from .question import Question
from .question_forms import LIGHT

_KEY = re.compile(r"\s*(?P<key>[^\W_][\w./-]*(?: [\w./-]+)?)[ \t.]*:\s")
_GLUED = re.compile(r"[A-Z]{5,}\d*")
"""A key of capitals, long enough to be several words."""
_CUT = re.compile(r"[^\W\d_]{3,}\.")
_WORD = re.compile(r"[^\W\d_]+")
_PREFIX, _WHOLE = 3, 4
"""Letters of a word that is cut short, and of one that is not, at least."""
_SKIPPED = frozenset({"of", "the", "a", "an", "in", "is", "are", "was", "were"})


@dataclass(frozen=True, slots=True)
class ShortKey:
    key: str
    words: tuple[str, ...]
    """Of the question, in lower case, that the key stands for."""


def read_key(question: str, statement: str) -> ShortKey | None:
    """Reads the key of a statement ``KEY : value`` as words of the question."""
    found = _KEY.match(statement)
    read = _read(question, found["key"]) if found else ()
    return ShortKey(found["key"], read) if found and read else None


def asked_value(asked: Question, statement: str, names: Sequence[str]) -> str:
    """The value of a line of a record, where the question names the key and, by one of its ``names``, the record; else
    nothing."""
    found = _KEY.match(statement)
    if found is None:
        return ""
    said = set(stems(asked.text, asked.language))
    named = any(said & (set(stems(name, asked.language)) - LIGHT) for name in names)
    keyed = set(stems(found["key"])) <= said or bool(_read(asked.text, found["key"]))
    return statement[found.end() :].strip() if named and keyed else ""


def read_columns(question: str, row: Statement) -> Statement:
    """A row with the names of its columns as the question has them, where they are cut short and no other column has
    these words."""
    if not row.cells:
        return row
    shown = " ".join(cell.header.lower() for cell in row.cells)
    read = [_read(question, cell.header) if len(cell.header) >= _PREFIX else () for cell in row.cells]
    if not any(read):
        return row
    cells = (
        replace(cell, header=f"{cell.header} {' '.join(words)}") if words and not any(map(shown.count, words)) else cell
        for cell, words in zip(row.cells, read, strict=True)
    )
    return replace(row, cells=tuple(cells))


def told_by_record(question: str, statement: str) -> str:
    """What a line ``KEY : value`` says without its words: that it is of a host or device, that an amount is what is
    left, how high a number is."""
    if _KEY.match(statement) is None:
        return ""
    high = _HOW.search(question) if any(map(str.isdigit, statement)) else None
    left = "left remaining" if _LEFT.search(question) and not _TIMED.search(question) else ""
    return f"host device machine {high[1] if high else ''} {left}"


_HOW = re.compile(r"\bhow (high|low|large|big|full)\b", re.IGNORECASE)
_LEFT = re.compile(
    r"how (?:much|many) (?:[\w-]+ ){1,3}(?:is|are|do (?:we|i) have)(?: there)?(?: still)? (?:left|remaining)\b",
    re.IGNORECASE,
)
_TIMED = re.compile(r"how (?:much|many) (?:time|seconds|minutes|hours|days|weeks|months|years)\b", re.IGNORECASE)
_EMPTY = re.compile(r"(?:n/?a|none|unknown|unset|not available|[-–—?.]*)\s*", re.IGNORECASE)


def key_faults(read: ShortKey | None, statement: str) -> list[Fault]:
    found: list[Fault] = [("likely", f"“{read.key}” was read as “{' '.join(read.words)}”")] if read else []
    key = _KEY.match(statement)
    if key and _EMPTY.fullmatch(statement, key.end()):
        found.append(("unsure", "gives no value"))
    return found


@lru_cache(maxsize=4096)
def _read(question: str, key: str) -> tuple[str, ...]:
    asked = [word.lower() for word in _WORD.findall(question)]
    low = key.lower().rstrip(".")
    if low in asked:
        return ()
    if " " not in key:
        whole = next((word for word in asked if low in USUAL.get(word, ())), "")
        if not whole and _CUT.fullmatch(key):
            whole = next((word for word in asked if word.startswith(low) and len(word) > len(low) + 1), "")
        if whole:
            return (whole,)
    if not _GLUED.fullmatch(key):
        return ()
    content = [word for word in asked if word not in _SKIPPED]
    letters = low.rstrip("0123456789")
    several = (run for at in range(len(content)) for run in _runs(letters, content[at:]) if len(run) > 1)
    return next(several, ()) or _part_of(letters, content)


def _runs(key: str, following: Sequence[str], *, cut: bool = False) -> Iterator[tuple[str, ...]]:
    """Runs of words whose beginnings, one behind the other, are the key; a single letter for one of them alone."""
    if not following:
        return
    word, *rest = following
    for piece in _pieces(key, word):
        single = len(piece) == 1
        if single and cut:
            continue
        if piece == key:
            yield (word,)
        else:
            yield from ((word, *others) for others in _runs(key[len(piece) :], rest, cut=cut or single))


def _pieces(key: str, word: str) -> list[str]:
    found = [usual for usual in USUAL.get(word, ()) if key.startswith(usual)]
    common = next(
        (at for at, (one, other) in enumerate(zip(key, word, strict=False)) if one != other), min(len(key), len(word))
    )
    found += [
        key[:length] for length in range(common, 0, -1) if length >= _PREFIX or length == 1 or length == len(word)
    ]
    return list(dict.fromkeys(found))


def _part_of(key: str, content: Sequence[str]) -> tuple[str, ...]:
    """A whole word at the beginning or end of the key, where what is left may be a word too."""
    part = next(
        (
            word
            for word in content
            if len(word) >= _WHOLE and len(key) - len(word) >= _PREFIX and (key.startswith(word) or key.endswith(word))
        ),
        "",
    )
    return (part,) if part else ()
