"""Markdown, and everything that is converted to it (HTML, Office files, notebooks), as structural blocks.

Follows CommonMark for what matters to cutting: headings, fences, indented code, lists, paragraphs; and GitHub's tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..document import Document, Passage
from .headings import HeadingPath
from .labelled import labelled_records
from .lines import FENCE, ITEM, Line, blank_end, body_end, fence_end, lines
from .pack import Block, pack

_ATX = re.compile(r"(#{1,6})(?=[ \t]|$)")
_SETEXT = re.compile(r"(=+|-+)$")
_DELIMITER = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$")


def split(document: Document) -> list[Passage]:
    return pack(document.text, _with_records(document.text, blocks(document.text)))


def _with_records(text: str, parts: Iterable[Block]) -> Iterator[Block]:
    """The blocks, with the paragraphs of a record as one of its own, so that what names it stands with each."""
    spaced = [one for one in labelled_records(text) if one.spaced]
    waiting = [(one.start, one.end) for one in reversed(spaced)]
    first: Block | None = None
    for block in parts:
        while waiting and waiting[-1][1] <= block.start:
            waiting.pop()
        start, end = waiting[-1] if waiting else (len(text), len(text))
        if block.kind != "prose" or block.start < start:
            if first is not None:
                yield first
            first = None
            yield block
            continue
        first = replace(first or block, end=block.end, kind="record")
        if block.end >= end:
            yield first
            first = None
    if first is not None:
        yield first


def blocks(text: str) -> Iterator[Block]:
    rows = lines(text)
    path = HeadingPath()
    index, joins = _front_matter(rows), False
    if index:
        yield Block(rows[0].start, rows[index - 1].end, "code")
    while (index := blank_end(rows, index)) < len(rows):
        kind, after = _next(rows, index)
        if kind == "heading":
            level, title, last = _title(rows, index)
            path.enter(level, title, (rows[index].start, rows[last].end), joins=joins)
        joins = kind == "heading" and not joins
        yield Block(rows[index].start, _last(rows, index, after).end, kind, str(path), path.places)
        index = after


def _next(rows: Sequence[Line], index: int) -> tuple[str, int]:
    """Kind of the block that begins in line ``index``, and the index after it."""
    row = rows[index]
    if row.indent >= 4:
        return "code", body_end(rows, index, 3)
    if FENCE.match(row.text):
        return "code", fence_end(rows, index)
    if _ATX.match(row.text):
        return "heading", index + 1
    if _is_table(rows, index):
        while index < len(rows) and "|" in rows[index].text:
            index += 1
        return "table", index
    if ITEM.match(row.text):
        return "list", _list_end(rows, index)
    after = _paragraph_end(rows, index)
    if after < len(rows) and _SETEXT.match(rows[after].text) and after - index <= 3:
        return "heading", after + 1
    return "prose", after


def _title(rows: Sequence[Line], index: int) -> tuple[int, str, int]:
    """Level and title of the heading that begins in line ``index``, and the last line of the title."""
    atx = _ATX.match(rows[index].text)
    if atx:
        return len(atx[1]), rows[index].text.strip("#"), index
    after = _paragraph_end(rows, index)
    return (1 if rows[after].text[0] == "=" else 2), " ".join(row.text for row in rows[index:after]), after - 1


def _front_matter(rows: Sequence[Line]) -> int:
    """Index after the YAML between ``---`` lines at the very top, 0 without one."""
    if rows and rows[0].text == "---":
        for index, row in enumerate(rows[1:], start=2):
            if row.text in ("---", "..."):
                return index
    return 0


def _is_table(rows: Sequence[Line], index: int) -> bool:
    if "|" not in rows[index].text or index + 1 == len(rows):
        return False
    return "-" in rows[index + 1].text and "|" in rows[index + 1].text and bool(_DELIMITER.match(rows[index + 1].text))


def _list_end(rows: Sequence[Line], index: int) -> int:
    """A list goes on over deeper lines, items of its level, fences inside, and blank lines between these."""
    indent = rows[index].indent
    after = index
    while after < len(rows):
        row = rows[after]
        if FENCE.match(row.text) and row.indent > indent:
            after = fence_end(rows, after)
        elif not row.text:
            following = blank_end(rows, after)
            if following == len(rows) or not (rows[following].indent > indent or ITEM.match(rows[following].text)):
                return after
            after = following
        elif after > index and row.indent <= indent and not ITEM.match(row.text) and _interrupts(rows, after):
            return after
        else:
            after += 1
    return after


def _paragraph_end(rows: Sequence[Line], index: int) -> int:
    after = index + 1
    while after < len(rows) and not _interrupts(rows, after) and not _SETEXT.match(rows[after].text):
        after += 1
    return after


def _interrupts(rows: Sequence[Line], index: int) -> bool:
    """Whether line ``index`` ends a paragraph by beginning something else (CommonMark: not indented code)."""
    row = rows[index]
    if not row.text or FENCE.match(row.text) or _is_table(rows, index):
        return True
    if row.indent < 4 and _ATX.match(row.text):
        return True
    return bool(re.match(r"(?:[-*+]|1[.)])\s", row.text))


def _last(rows: Sequence[Line], index: int, after: int) -> Line:
    """The last line with text among ``index`` to ``after``."""
    while after - 1 > index and not rows[after - 1].text:
        after -= 1
    return rows[after - 1]
