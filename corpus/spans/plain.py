"""Plain text and the text of PDF pages: paragraphs between blank lines."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import Document, Passage
from .lines import lines
from .pack import Block, pack


def split(document: Document) -> list[Passage]:
    return pack(document.text, _blocks(document.text))


def _blocks(text: str) -> Iterator[Block]:
    start = end = -1
    for row in lines(text):
        if row.text:
            start, end = (row.start if start < 0 else start), row.end
        elif start >= 0:
            yield Block(start, end, "prose")
            start = -1
    if start >= 0:
        yield Block(start, end, "prose")
