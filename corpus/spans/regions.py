"""A file of code as the regions that its syntax tree gives: each definition, and what lies between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..document import Passage
from . import code
from .lines import Line
from .pack import LIMIT, Block, pieces, runs


@dataclass(frozen=True, slots=True)
class Region:
    """Lines ``first`` up to ``last`` (0-based, exclusive) of one function, or of a class or module itself."""

    first: int
    last: int
    kind: str
    heading: str
    body: tuple[int, ...] = ()
    """First lines of the statements inside but a docstring, where a region that is too long may be cut."""


def with_comments(rows: Sequence[Line], floor: int, first: int, comments: tuple[str, ...]) -> int:
    """The first line (0-based) of a definition that begins at ``first``: of the comment directly above, or of comments
    that stand alone between the definition before (which ends at ``floor``) and this one."""
    between = [row.text for row in rows[floor:first] if row.text]
    if floor and all(text.startswith(comments) for text in between):
        return floor
    while first > floor and rows[first - 1].text.startswith(comments):
        first -= 1
    return first


def passages(text: str, rows: Sequence[Line], region: Region, comments: tuple[str, ...]) -> Iterator[Passage]:
    filled = [index for index in range(region.first, region.last) if rows[index].text]
    if not filled:
        return
    whole = Block(rows[filled[0]].start, rows[filled[-1]].end, "code", region.heading)
    if region.kind == "function" or pieces(text[whole.start : whole.end]) <= LIMIT:
        yield Passage(whole.start, whole.end, region.kind, region.heading)
        return
    for run in runs(text, list(_statements(text, rows, region, filled, comments))):
        yield Passage(run[0].start, run[-1].end, region.kind, region.heading)


def _statements(
    text: str, rows: Sequence[Line], region: Region, filled: Sequence[int], comments: tuple[str, ...]
) -> Iterator[Block]:
    """The region cut before its statements, or before the comments above them; a long one further by its layout.

    What comes first, the class line with its docstring or the module's docstring, stays whole.
    """
    cuts = set()
    for first in region.body:
        while first > filled[0] and rows[first - 1].text.startswith(comments):
            first -= 1
        cuts.add(first)
    edges = [filled[0], *sorted(cut for cut in cuts if filled[0] < cut <= filled[-1]), filled[-1] + 1]
    for first, last in pairwise(edges):
        inside = [row for row in rows[first:last] if row.text]
        if first not in cuts or pieces(text[inside[0].start : inside[-1].end]) <= LIMIT:
            yield Block(inside[0].start, inside[-1].end, "code")
        else:
            yield from code.blocks(text, rows[first:last])
