"""Lines of a stretch of text with their offsets, and what a line looks like by itself: list item, fence, table row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]+|\r\n|\r|\n")
ITEM = re.compile(r"(?:[-*+•‣◦]|(?:\d{1,3}|#)[.)]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})\))(?:\s|$)")
FENCE = re.compile(r"(`{3,}|~{3,})(?P<rest>[^`]*)$")
RULE = re.compile(r"([^\w\s])\1{2,}$|[=\-~+|: ]{3,}$")
"""A line of punctuation only: an underline, a table's border, a separator."""


@dataclass(frozen=True, slots=True)
class Line:
    """``text`` lies at ``start`` to ``end`` and has no white space at its ends; a blank line has the empty text."""

    start: int
    end: int
    indent: int
    text: str


def lines(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    r"""The lines of ``text[start:end]`` in order; ``\n``, ``\r\n`` and ``\r`` end one, as for Python's parser."""
    found: list[Line] = []
    ended = True
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        piece = match[0]
        if piece[0] in "\r\n":
            if ended:
                found.append(Line(match.start(), match.start(), 0, ""))
            ended = True
        else:
            found.append(_line(match.start(), piece))
            ended = False
    return found


def _line(start: int, piece: str) -> Line:
    bare = piece.lstrip()
    before = piece[: len(piece) - len(bare)]
    bare = bare.rstrip()
    begin = start + len(before) if bare else start
    return Line(begin, begin + len(bare), len(before.expandtabs(4)) if bare else 0, bare)


def fence_end(rows: Sequence[Line], opening: int) -> int:
    """The index after the fence that opens in line ``opening``; a fence that never closes runs to the end
    (CommonMark)."""
    opened = FENCE.match(rows[opening].text)
    assert opened is not None
    mark = opened[1]
    for index in range(opening + 1, len(rows)):
        bare = rows[index].text
        if bare.startswith(mark) and not bare.strip(mark[0]):
            return index + 1
    return len(rows)


def blank_end(rows: Sequence[Line], index: int) -> int:
    """The index of the first line from ``index`` on that is not blank."""
    while index < len(rows) and not rows[index].text:
        index += 1
    return index


def body_end(rows: Sequence[Line], index: int, indent: int) -> int:
    """The index after the lines from ``index`` on that are deeper than ``indent``, blank lines between them
    included."""
    last = index
    while index < len(rows) and (not rows[index].text or rows[index].indent > indent):
        index += 1
        if rows[index - 1].text:
            last = index
    return last
