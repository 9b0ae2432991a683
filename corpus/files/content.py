"""What a reader gives: the text of one file, without its place in the library."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..document import Mark

_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Control characters and lone surrogates: no database or terminal takes them."""


@dataclass(frozen=True, slots=True)
class Content:
    text: str
    media_type: str
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    omitted: tuple[str, ...] = ()
    """What the file holds and this text does not, one phrase each: ``2 pictures without text``."""


def clean(text: str) -> str:
    r"""Cleans converted text: leaves it ``\n`` as its only line end, and no characters that no store can hold."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n"))


def count_phrases(lost: Mapping[str, int]) -> tuple[str, ...]:
    """Makes phrases for ``omitted``. A ``|`` stands where the name takes its plural: ``picture| without text``."""
    return tuple(f"{count:,} {name.replace('|', 's' if count > 1 else '')}" for name, count in lost.items())


def sum_phrases(phrases: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Adds up phrases for ``omitted`` of several texts, where they are of the same name (of ``names``)."""
    lost: Counter[str] = Counter()
    others: dict[str, None] = {}
    known = tuple(names)
    for phrase in phrases:
        digits = phrase.partition(" ")[0].replace(",", "")
        count = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
        name = next((one for one in known if count_phrases({one: count}) == (phrase,)), "")
        if name:
            lost[name] += count
        else:
            others[phrase] = None
    return (*count_phrases(lost), *others)


class Pages:
    """Text that is put together piece by piece, with a mark where each begins."""

    def __init__(self) -> None:
        self.length = 0
        """Characters so far."""
        self._pieces: list[str] = []
        self._marks: list[Mark] = []

    def add(self, text: str, *, page: int | None = None, line: int | None = None, label: str = "") -> None:
        """Adds a piece. ``text`` is stored as given; an empty one leaves no mark."""
        if text:
            self._marks.append(Mark(self.length, page, line, label))
            self._pieces.append(text)
            self.length += len(text)

    def space(self, text: str) -> None:
        """Adds what lies between two pieces."""
        self._pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(self._marks)
