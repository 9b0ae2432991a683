"""The text around a span of a stored document, cut at whole lines. Reads documents of the library, never files."""

from __future__ import annotations

from ..corpus.document import Document
from ..errors import InputError
from .schema import Excerpt

MAX_SIDE, MAX_QUOTE = 50_000, 200_000
"""Characters on each side of a quote, and of the quote; a line longer than that is cut."""


def excerpt(document: Document, start: int, end: int, lines: int, *, sound: bool = True) -> Excerpt:
    """``lines`` whole lines on each side of ``[start, end)``. ``sound``: the text is what was read.

    Raises ``InputError`` for a span outside the text.
    """
    text = document.text
    if not 0 <= start <= end <= len(text):
        raise InputError(
            f"the span {start}-{end} lies outside the text of {len(text):,} characters",
            where=document.name,
            fix="ask again: the document may have changed",
        )
    if end - start > MAX_QUOTE:
        raise InputError(f"a span may have {MAX_QUOTE:,} characters", where=document.name, fix="ask for a part of it")
    first, last = _line_start(text, start, lines), _line_end(text, end, lines)
    mark = document.mark_at(start)
    return Excerpt(
        uri=document.uri,
        name=document.name,
        title=document.title,
        media_type=document.media_type,
        page=mark.page if mark else None,
        start=start,
        end=end,
        first_line=text.count("\n", 0, first) + 1,
        before=text[first:start],
        quote=text[start:end],
        after=text[end:last],
        more_before=first > 0,
        more_after=last < len(text),
        damaged=not sound,
    )


def _line_start(text: str, at: int, lines: int) -> int:
    """Start of the line ``lines`` lines above the one that holds ``at``, at most ``MAX_SIDE`` characters away."""
    floor = max(0, at - MAX_SIDE)
    for _ in range(lines + 1):
        at = text.rfind("\n", floor, at)
        if at < 0:
            return floor
    return at + 1


def _line_end(text: str, at: int, lines: int) -> int:
    """End of the line ``lines`` lines below the one that holds ``at``, at most ``MAX_SIDE`` characters away."""
    ceiling = min(len(text), at + MAX_SIDE)
    for _ in range(lines + 1):
        at = text.find("\n", at, ceiling) + 1
        if at == 0:
            return ceiling
    return at - 1
