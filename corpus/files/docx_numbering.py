"""Automatic numbers of a Word file as they are printed: ``3.``, ``2.1``, ``(b)``, ``Article IV``.

Source: ECMA-376 part 1, section 17.9. All lists of one abstract numbering count on, unless they say where they begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from .docx_styles import W, is_on, value, whole
from .numerals import numeral

_PLACE = re.compile("%([1-9])")
_LEVELS = 9
_DEEPEST = 5
"""Numberings that may refer to one another."""


@dataclass(frozen=True, slots=True)
class NumberLevel:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    """The level (from 1) above which a paragraph makes this one begin anew; 0 for none, None for any."""
    legal: bool = False
    """Whether all its numbers are decimal."""
    style: str = ""


class Numbering:
    def __init__(self, root: Any) -> None:
        """``root`` of ``numbering.xml``, or None."""
        self._abstract: dict[str, Any] = {}
        self._linked: dict[str, str] = {}
        self._numbers: dict[str, Any] = {}
        for one in root if root is not None else ():
            if one.tag == W + "abstractNum":
                key = one.get(W + "abstractNumId", "")
                self._abstract[key] = one
                if linked := value(one, "styleLink"):
                    self._linked[linked] = key
            elif one.tag == W + "num":
                self._numbers[one.get(W + "numId", "")] = one
        self._levels: dict[str, tuple[str, list[NumberLevel], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def is_numbered(self, number: str | None) -> bool:
        return number in self._numbers

    def level_of(self, number: str, style: str) -> int | None:
        """The level that belongs to a paragraph style."""
        _, levels, _ = self._of(number)
        return next((index for index, level in enumerate(levels) if level.style == style and style), None)

    def next(self, number: str, level: int) -> str:
        """Counts one paragraph; returns its number as printed, ``-`` for a bullet and empty for none."""
        abstract, levels, starts = self._of(number)
        level = min(max(level, 0), len(levels) - 1)
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        if number not in self._begun:
            self._begun.add(number)
            for index in starts:
                counts[index] = None
        now = counts[level]
        for above in range(level):
            if counts[above] is None:
                counts[above] = starts.get(above, levels[above].start)
        counts[level] = starts.get(level, levels[level].start) if now is None else now + 1
        for below in range(level + 1, len(levels)):
            restart = levels[below].restart
            if restart is None or level < restart:
                counts[below] = None
        return _print_label(levels, level, counts)

    def _of(self, number: str) -> tuple[str, list[NumberLevel], dict[int, int]]:
        if number not in self._levels:
            self._levels[number] = self._read(number)
        return self._levels[number]

    def _read(self, number: str) -> tuple[str, list[NumberLevel], dict[int, int]]:
        element = self._numbers[number]
        abstract = value(element, "abstractNumId") or ""
        for _ in range(_DEEPEST):
            linked = self._linked.get(value(self._abstract.get(abstract), "numStyleLink") or "")
            if linked is None:
                break
            abstract = linked
        levels = [NumberLevel()] * _LEVELS
        _read_levels(self._abstract.get(abstract), levels)
        starts: dict[int, int] = {}
        for one in element.iterfind(W + "lvlOverride"):
            _read_levels(one, levels)
            start, index = whole(value(one, "startOverride")), whole(one.get(W + "ilvl"))
            if start is not None and index is not None and 0 <= index < _LEVELS:
                starts[index] = start
        return abstract, levels, starts


def _read_levels(parent: Any, levels: list[NumberLevel]) -> None:
    for one in parent.iterfind(W + "lvl") if parent is not None else ():
        index = whole(one.get(W + "ilvl")) or 0
        if 0 <= index < _LEVELS:
            start = whole(value(one, "start"))
            levels[index] = replace(
                NumberLevel(),
                start=1 if start is None else start,
                form=value(one, "numFmt") or "decimal",
                text=value(one, "lvlText") or "",
                restart=whole(value(one, "lvlRestart")),
                legal=is_on(one.find(W + "isLgl")),
                style=value(one, "pStyle") or "",
            )


def _print_label(levels: list[NumberLevel], level: int, counts: list[int | None]) -> str:
    here = levels[level]
    if here.form == "bullet":
        return "-"

    def place(match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        form = "decimal" if here.legal and levels[index].form != "decimalZero" else levels[index].form
        return "" if form in ("none", "bullet") else numeral(counts[index] or 0, form)

    return " ".join(_PLACE.sub(place, here.text).split())
