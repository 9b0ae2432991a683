"""Where a manual shows what is typed and printed, in place of saying something: fences, indented code, literal blocks
and doctests. Such a stretch may repeat a question, an answer of another day or the output of a made-up program.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import markdown, rst
from .lines import FENCE, blank_end, fence_end, lines
from .pack import Block

MANUALS = (".md", ".rst", ".html")
"""How the names of manuals end."""


def examples(text: str, name: str) -> list[tuple[int, int]]:
    """The offsets of the examples in ``text``, a passage of the document ``name``, in order; none outside manuals."""
    if not name.endswith(MANUALS):
        return []
    structured = name.endswith(".rst")
    blocks = rst.blocks(text) if structured else markdown.blocks(text)
    return [place for block in blocks for place in _shown_places(text, block, structured)]


def _shown_places(text: str, block: Block, structured: bool) -> Iterator[tuple[int, int]]:
    if block.kind == "code":
        yield (_literal(text, block) if structured else block.start), block.end
    else:
        rows = lines(text, block.start, block.end)
        index = 0
        while index < len(rows):
            after = fence_end(rows, index) if FENCE.match(rows[index].text) else index + 1
            if after > index + 1:
                yield rows[index].start, rows[after - 1].end
            index = after


def _literal(text: str, block: Block) -> int:
    """Where the shown part begins: the paragraph that announces a literal block belongs to the same block."""
    rows = lines(text, block.start, block.end)
    if rows[0].text.startswith(("..", ">>>")):
        return block.start
    blank = next(index for index, row in enumerate(rows) if not row.text)
    return rows[blank_end(rows, blank)].start
