"""Cells of one row of a table: where each stands. Rows of pipes (Markdown, grid tables) and of separated values."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from ..document import Place

_PIPE = re.compile(r"(?<!\\)\|")
SEPARATORS = ",;\t|"
MOST_CELLS = 2_000
"""Of a row; what stands behind them is text and no cell."""


def pipe_cells(text: str, start: int, end: int) -> list[Place]:
    """The cells of ``| a | b |``; ``\\|`` does not end one. Empty cells have equal ends."""
    bars = [match.start() for match in _PIPE.finditer(text, start, end)]
    edges = [*([] if bars and bars[0] == start else [start - 1]), *bars]
    if not bars or text[bars[-1] + 1 : end].strip():
        edges.append(end)
    return [_bare(text, before + 1, after) for before, after in pairwise(edges)]


def value_cells(text: str, start: int, end: int, separator: str) -> list[Place]:
    """The cells of a row of values; a quoted cell may hold the separator, its quotes are left out."""
    places, at = list[Place](), start
    while at <= end and len(places) < MOST_CELLS:
        if at < end and text[at] == '"':
            close = _closing_quote(text, at + 1, end)
            places.append((at + 1, close))
            after = text.find(separator, close, end)
        else:
            after = text.find(separator, at, end)
            places.append(_bare(text, at, after if after >= 0 else end))
        if after < 0:
            break
        at = after + 1
    return places


def separator_of(row: str) -> str:
    """The separator that a row of values most likely uses; a comma when there is none."""
    counts = Counter(character for character in row if character in SEPARATORS)
    return counts.most_common(1)[0][0] if counts else ","


def _closing_quote(text: str, at: int, end: int) -> int:
    while at < end:
        if text[at] == '"':
            if text[at + 1 : at + 2] != '"':
                return at
            at += 1
        at += 1
    return end


def _bare(text: str, start: int, end: int) -> Place:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
