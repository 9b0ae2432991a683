"""What goes on in the next column or on the next page: paragraphs that are cut, and tables."""

from __future__ import annotations

import re

from .pdf_blocks import CODE, ENDED, HEADING, ITEM, PARAGRAPH, SMALL, TABLE, PdfBlock, PdfBody

_LOOK_BACK = 6
"""Blocks between the two parts of a paragraph, at most: notes, captions, tables."""
_CAPTION = re.compile(r"(?:figure|fig\.|table|tab\.|listing|abbildung|tabelle|tableau)\s", re.IGNORECASE)


def join(out: list[PdfBlock], block: PdfBlock, body: PdfBody, *, fresh: bool) -> None:
    """Adds the block, or its lines to one that it goes on. ``fresh`` when a column or a page begins with it."""
    earlier = _continue_block(out, block, body) if fresh else None
    if earlier is None:
        out.append(block)
    elif block.table is not None and earlier.table is not None:
        rows = block.table.rows
        if rows and earlier.table.rows and rows[0] == earlier.table.rows[0]:
            rows = rows[1:]
        earlier.table.rows += rows
        earlier.pages += block.pages[: len(rows)]
    else:
        earlier.lines += block.lines
        earlier.full = block.full


def _continue_block(out: list[PdfBlock], block: PdfBlock, body: PdfBody) -> PdfBlock | None:
    if block.kind == TABLE:
        last = out[-1] if out else None
        same = last is not None and last.table is not None and block.table is not None
        return last if same and _same_columns(last, block) else None  # type: ignore[arg-type]
    if block.kind != PARAGRAPH or block.first or not block.text or _CAPTION.match(block.text):
        return None
    for last in reversed(out[-_LOOK_BACK:]):
        if last.kind in (PARAGRAPH, ITEM) and abs(last.size - block.size) < 0.6 and not _CAPTION.match(last.text):
            text = last.text
            begins = block.text[0]
            goes_on = (
                begins.islower()
                or text.endswith("-")
                or (last.full and _in_step(last, block) and (begins.isalnum() or begins in "(“\"'"))
            )
            return last if goes_on and not ENDED.search(text) else None
        if last.kind in (HEADING, CODE) or (
            last.kind != TABLE and last.size > SMALL * body.size and not _CAPTION.match(last.text)
        ):
            return None
    return None


def _in_step(last: PdfBlock, block: PdfBlock) -> bool:
    """Columns of one page are equally wide."""
    return last.lines[-1].page != block.lines[0].page or 0.75 < last.column / max(1.0, block.column) < 1.33


def _same_columns(last: PdfBlock, block: PdfBlock) -> bool:
    above, below = last.table, block.table
    if above is None or below is None or len(above.columns) != len(below.columns):
        return False
    return all(
        x0 < right + 3 and x1 > left - 3 for (x0, x1), (left, right) in zip(above.columns, below.columns, strict=True)
    )
