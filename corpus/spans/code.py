"""Code and data of any language by its layout alone: a block is an unindented line with the deeper lines below it.

Blocks are never cut, except those that hold others (classes, namespaces, one large object of a data file), which are
cut at the next level, and lines so long that nobody wrote them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from ..document import Document, Passage, Place
from .lines import Line, lines
from .pack import LIMIT, Block, pieces, runs, windows
from .sections import Section, sections

_CONTAINER = re.compile(
    r"\b(?:class|interface|namespace|module|impl|trait|struct|enum|object|package|extension|describe|mod)\b"
)
_LITERAL = re.compile(r"[\[{(]|[\w\"'-]+:$")
_CLOSER = re.compile(r"(?:[\]})]+[;,]?|end\b.*|\{|else\b.*|\*/|</.*)$")
_HUGE = 3000
"""Word pieces from which any block is opened, whatever its first line says."""
_LONG_LINE = 5000
"""Characters from which a line is cut into windows."""
_LABEL = 200
"""Characters of a line that are kept as what governs the lines below it."""
_DEEPEST = 6
"""Levels that are opened one inside the other."""


def split(document: Document, kind: str = "code") -> list[Passage]:
    """Cuts code by its layout. The heading of a passage is the file's name and the first line of the passage's first
    block."""
    name = PurePosixPath(document.name or document.uri).name
    return [
        Passage(run[0].start, run[-1].end, kind, f"{name} > {run[0].heading}", run[0].governors)
        for run in runs(document.text, list(blocks(document.text, lines(document.text))))
    ]


def data(document: Document) -> list[Passage]:
    """Cuts settings and other data (YAML, JSON, XML) as code, of kind ``data``; keys govern what is below."""
    return split(document, "data")


def settings(document: Document) -> list[Passage]:
    """Cuts settings in sections (TOML, INI) as other data; a passage that begins inside a section ends with it, and the
    section's line governs it."""
    text, name = document.text, PurePosixPath(document.name or document.uri).name
    rows = lines(text)
    known = sections(rows, _LABEL)
    starts = [place[0] for place, _ in known]
    found: list[Passage] = []
    for run in runs(text, list(blocks(text, rows))):
        for part in _by_sections(run, known, starts):
            above, at = _inside(part[0].start, known, starts)
            label = text[slice(*known[at][0])] if above else part[0].heading
            governors = (*above, *part[0].governors)
            found.append(Passage(part[0].start, part[-1].end, "data", f"{name} > {label}", governors))
    return found


def _inside(start: int, known: Sequence[Section], starts: Sequence[int]) -> tuple[tuple[Place, ...], int]:
    """What governs the value at ``start``, and the number of its section."""
    at = bisect_right(starts, start) - 1
    return (tuple(place for place in known[at][1] if place[0] < start) if at >= 0 else ()), at


def _by_sections(run: Sequence[Block], known: Sequence[Section], starts: Sequence[int]) -> Iterator[list[Block]]:
    """The parts of a run that have the same governors: one that begins inside a section ends with it."""
    part = [run[0]]
    governed = bool(_inside(run[0].start, known, starts)[0])
    for block in run[1:]:
        begins = bisect_right(starts, block.start) > bisect_right(starts, part[0].start)
        if governed and begins:
            yield part
            part, governed = [], bool(_inside(block.start, known, starts)[0])
        part.append(block)
    yield part


def table(document: Document) -> list[Passage]:
    """Cuts comma- or tab-separated values between whole rows, each passage under the first row, which names the
    columns."""
    rows = [row for row in lines(document.text) if row.text]
    if not rows:
        return []
    parts = [Block(start, end, "table") for row in rows for start, end in windows(document.text, row.start, row.end)]
    header = (rows[0].start, rows[0].end)
    return [
        Passage(run[0].start, run[-1].end, "table", rows[0].text[:200], () if run[0].start == header[0] else (header,))
        for run in runs(document.text, parts)
    ]


def blocks(text: str, rows: Sequence[Line], depth: int = 0, governors: tuple[Place, ...] = ()) -> Iterator[Block]:
    """The blocks of ``rows``; the ``heading`` of each is its first line that says something. A block that was opened
    governs its parts by the line above each."""
    for group in _groups(rows):
        start, end = group[0].start, group[-1].end
        if len(group) == 1 or any(len(row.text) > _LONG_LINE for row in group):
            for row in group:
                for place in windows(text, row.start, row.end):
                    yield Block(*place, "code", row.text[:80], governors)
        elif pieces(text[start:end]) <= LIMIT or depth == _DEEPEST or not _opens(text, group):
            yield Block(start, end, "code", _label(group), governors)
        else:
            yield from _inner(text, group, depth + 1, governors)


def _groups(rows: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of the lowest indentation with what is deeper; such lines directly below each other stay together."""
    filled = [row for row in rows if row.text]
    base = min((row.indent for row in filled), default=0)
    group: list[Line] = []
    before: Line | None = None
    for row in rows:
        if row.text:
            ended = before is None or not before.text or before.indent > base or bool(_CLOSER.match(before.text))
            if group and row.indent <= base and ended and not _CLOSER.match(row.text):
                yield group
                group = []
            group.append(row)
        before = row
    if group:
        yield group


def _opens(text: str, group: Sequence[Line]) -> bool:
    flat = all(row.indent <= group[0].indent for row in group)
    heads = [row for row in group if row.indent <= group[0].indent]
    length = pieces(text[group[0].start : group[-1].end])
    return (
        flat
        or length > _HUGE
        or bool(_LITERAL.match(heads[0].text))
        or any(_CONTAINER.search(row.text) for row in heads[:8])
    )


def _inner(text: str, group: Sequence[Line], depth: int, governors: tuple[Place, ...]) -> Iterator[Block]:
    """A block opened: its own unindented lines one by one, and the blocks between them, governed by the line above."""
    base = group[0].indent
    deeper: list[Line] = []
    above = governors
    for row in group:
        if row.indent > base:
            deeper.append(row)
            continue
        yield from blocks(text, deeper, depth, above)
        deeper = []
        yield Block(row.start, row.end, "code", _label([row]), governors)
        if re.search(r"\w", row.text):
            above = (*governors, (row.start, min(row.end, row.start + _LABEL)))
    yield from blocks(text, deeper, depth, above)


def _label(group: Sequence[Line]) -> str:
    """The first line that says something: not a comment mark, a brace or an attribute."""
    words = (
        row.text for row in group if re.search(r"\w{2}", row.text) and not row.text.startswith(("//", "#", "/*", "*"))
    )
    return next(words, group[0].text)[:80]
