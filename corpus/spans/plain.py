"""Plain text: paragraphs between blank lines, below the headings that a number or an underline tells; what is laid out
by spaces in them stands apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..document import Document, Passage
from .headings import HeadingPath, numbered_heading
from .labelled import LabelledRecord
from .laid_out import apart, layouts
from .lines import Line, blank_end, lines
from .pack import Block, pack
from .units import COLUMNS


def split(document: Document) -> list[Passage]:
    return pack(document.text, _blocks(document.text))


def _blocks(text: str) -> Iterator[Block]:
    rows = lines(text)
    path, styles, last = HeadingPath(), list[str](), tuple[int, ...]()
    index = 0
    while (index := blank_end(rows, index)) < len(rows):
        first, numbered, level = rows[index], numbered_heading(rows[index].text), 0
        underlined = _is_underlined(rows, index)
        after = index + 2 if underlined else _paragraph_end(rows, index)
        if numbered and (underlined or (after == index + 1 and numbered.follows(last))):
            level, last = numbered.level, numbered.number or last
        elif underlined:
            level = _level_of(rows[index + 1].text[0], styles)
        if level:
            offset = numbered.title if numbered else 0
            path.enter(level, first.text[offset:], (first.start + offset, first.end))
        block = Block(first.start, rows[after - 1].end, "heading" if level else "prose", str(path), path.places)
        yield from [block] if level else _laid_out(text, block)
        index = after


def _laid_out(text: str, block: Block) -> Iterator[Block]:
    """The paragraph, with what is laid out by spaces in it as blocks of their own."""
    shown = text[block.start : block.end]
    for (start, end, _), layout in apart(shown, layouts(shown), [(0, len(shown), True)]):
        kind = "prose" if layout is None else "record" if isinstance(layout, LabelledRecord) else "columns"
        yield replace(block, start=block.start + start, end=block.start + end, kind=kind)


def _paragraph_end(rows: Sequence[Line], index: int) -> int:
    while index < len(rows) and rows[index].text:
        index += 1
    return index


def _is_underlined(rows: Sequence[Line], index: int) -> bool:
    if index + 1 == len(rows):
        return False
    title, line = rows[index].text, rows[index + 1].text
    return (
        not COLUMNS.search(title)
        and len(line) >= 3
        and line[0] in "=-~^*#"
        and not line.strip(line[0])
        and title[0].isalnum()
    )


def _level_of(sign: str, styles: list[str]) -> int:
    """The level of an underlined title: signs of underlines count in the order in which they appear."""
    if sign not in styles:
        styles.append(sign)
    return 1 + styles.index(sign)
