"""The way from structural blocks to passages: whole blocks of one section, packed to about what the embedder reads at
once.

Knows nothing of formats. A block is never cut, except prose longer than a passage may be, which becomes runs of whole
sentences, and a list longer than that, which becomes runs of whole items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from ..document import Passage, Place
from .lines import ITEM, RULE, lines
from .sentence import sentences

TARGET = 230
"""Word pieces that a packed passage aims at, about 180 words of English: what MiniLM reads at once."""
LIMIT = 320
"""Word pieces up to which a paragraph or a section stays one passage, about 250 words."""
LONGEST_RECORD = 6000
"""Characters up to which a record of lines stays one passage, so that what it is a record of stands with each line."""
_STEP = 1200
"""Characters of a window into text that has no sentences."""
_PIECE = re.compile(r"[A-Za-z]{1,9}|\d{1,3}|[^\W\d_]|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document's text. ``kind``: ``heading``, ``prose``, ``list``, ``table``, ``code``, ``record`` or
    ``columns``. ``heading``: the path of headings above it."""

    start: int
    end: int
    kind: str
    heading: str = ""
    governors: tuple[Place, ...] = ()
    """The headings above it, and of a part of a longer block what stands at that block's head."""


def pieces(text: str) -> int:
    """About how many word pieces BERT's vocabulary makes of a text, judged by its words' lengths: within 15 % of the
    truth for nine of ten passages of prose and code."""
    return _PIECE.subn("", text)[1]


def pack(text: str, blocks: Iterable[Block]) -> list[Passage]:
    """Packs blocks into passages. Both stand in order, without overlap, none empty, and cover all that is not white
    space."""
    return [passage for section in _sections(blocks) for passage in _pack(text, section)]


def _sections(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Runs below the same headings, which they begin with; headings with nothing below them join the next."""
    section: list[Block] = []
    for block in blocks:
        ends = block.kind == "heading" or (section and block.heading != section[-1].heading)
        if ends and section and section[-1].kind != "heading":
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _pack(text: str, section: Sequence[Block]) -> Iterator[Passage]:
    body = list(_body(text, section))
    heading = section[-1].heading
    if not body:
        start, end = section[0].start, section[-1].end
        yield Passage(start, end, "section", heading, _above(section[0].governors, start))
        return
    body[0] = replace(body[0], start=section[0].start)
    for run in runs(text, body):
        kinds = {block.kind for block in run}
        kind = kinds.pop() if len(kinds) == 1 else ""
        start, end = run[0].start, run[-1].end
        kind = kind if kind in ("table", "code") else "section"
        yield Passage(start, end, kind, heading, _above(run[0].governors, start))


def _body(text: str, section: Sequence[Block]) -> Iterator[Block]:
    """The blocks below the headings, long ones in parts; each part is governed by what stands at its block's head."""
    before = ""
    lead: tuple[Place, ...] = ()
    for block in section:
        if block.kind == "heading":
            continue
        introduced = before == "prose" and block.kind in ("list", "table", "code", "columns")
        parts = _parts(text, replace(block, governors=(*block.governors, *lead)) if introduced else block)
        yield from parts
        before = block.kind
        # The last sentence of a paragraph that ends in a colon leads in what follows.
        leads = block.kind == "prose" and text[block.start : block.end].endswith((":", "："))
        lead = tuple(sentences(text, block.start, block.end)[-1:]) if leads else ()


def _above(governors: Sequence[Place], start: int) -> tuple[Place, ...]:
    return tuple(place for place in governors if place[1] <= start)


def runs(text: str, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Puts consecutive blocks together, each run at most ``TARGET`` unless one block alone is larger, and of about
    equal length, so that no scrap is left at the end. All of them together when they are no more than ``LIMIT``."""
    sizes = [pieces(text[block.start : block.end]) for block in blocks]
    total = sum(min(length, TARGET) for length in sizes)
    aim = total / max(1, ceil(total / TARGET))
    cut = sum(sizes) > LIMIT
    run, held = list[Block](), 0
    for block, length in zip(blocks, sizes, strict=True):
        if run and cut and (held >= aim or held + length > TARGET):
            yield run
            run, held = [], 0
        run.append(block)
        held += length
    if run:
        yield run


def _parts(text: str, block: Block) -> list[Block]:
    whole = block.kind == "code" or (block.kind == "record" and block.end - block.start <= LONGEST_RECORD)
    if whole or pieces(text[block.start : block.end]) <= LIMIT:
        return [block]
    if block.kind == "columns":
        return _lines(text, block)
    if block.kind == "table":
        return _rows(text, block)
    if block.kind == "list":
        items = _items(text, block)
        return [part for item in items for part in (_parts(text, item) if len(items) > 1 else [item])]
    stretches = [
        stretch for start, end in sentences(text, block.start, block.end) for stretch in windows(text, start, end)
    ]
    return [replace(block, start=start, end=end) for start, end in stretches]


def _lines(text: str, block: Block) -> list[Block]:
    """The rows of a list with columns, each with the lines on which it goes on."""
    rows = [row for row in lines(text, block.start, block.end) if row.text]
    indent = min(row.indent for row in rows)
    starts = [block.start, *(row.start for row in rows[1:] if row.indent <= indent), block.end]
    return [replace(block, start=start, end=start + len(text[start:end].rstrip())) for start, end in pairwise(starts)]


def _rows(text: str, block: Block) -> list[Block]:
    """The rows of a table of pipes; the first one, with the line of dashes below it, governs the others. Any other
    table stays whole."""
    rows = [row for row in lines(text, block.start, block.end) if row.text]
    if len(rows) < 3 or "|" not in rows[0].text or not RULE.match(rows[1].text):
        return [block]
    header = (rows[0].start, rows[0].end)
    return [
        replace(block, end=rows[1].end),
        *(replace(block, start=row.start, end=row.end, governors=(*block.governors, header)) for row in rows[2:]),
    ]


def _items(text: str, block: Block) -> list[Block]:
    """The items of the outermost level. One that holds code stays whole; any other may be cut like prose."""
    rows = lines(text, block.start, block.end)
    starts = [row.start for row in rows if row.indent <= rows[0].indent and ITEM.match(row.text)]
    edges = [block.start, *(start for start in starts if start > block.start), block.end]
    items = []
    for start, end in pairwise(edges):
        stretch = text[start:end]
        fenced = "```" in stretch or "~~~" in stretch or "::" in stretch
        items.append(replace(block, start=start, end=start + len(stretch.rstrip()), kind="code" if fenced else "prose"))
    return items


def windows(text: str, start: int, end: int, step: int = _STEP) -> Iterator[tuple[int, int]]:
    """Yields the stretch itself, or pieces of about ``step`` characters, cut at white space, of one twice as long."""
    while end - start > 2 * step:
        cut = max(text.rfind(" ", start + step // 2, start + step), text.rfind("\n", start + step // 2, start + step))
        cut = cut if cut > 0 else start + step
        yield from _trim(text, start, cut)
        start = cut
    yield from _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    stretch = text[start:end]
    if bare := stretch.strip():
        start += len(stretch) - len(stretch.lstrip())
        yield start, start + len(bare)
