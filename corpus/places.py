"""Offsets into a document's text as places that people look up: lines, pages, the lines of the original file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from .document import Document, Mark, Span


def line_breaks(text: str) -> list[int]:
    """The offsets just behind each newline."""
    breaks, at = [], text.find("\n")
    while at >= 0:
        breaks.append(at + 1)
        at = text.find("\n", at + 1)
    return breaks


def span_at(document: Document, start: int, end: int, breaks: Sequence[int]) -> Span:
    last = max(start, end - 1)
    plain = Span(document.uri, start, end, bisect_right(breaks, start) + 1, bisect_right(breaks, last) + 1)
    return in_original(document.marks, plain)


def in_original(places: Sequence[Mark], span: Span) -> Span:
    """``span`` with the page, the label and, where the original file has lines of its own, the lines of that file."""
    first, last = (_mark(places, at) for at in (span.start, max(span.start, span.end - 1)))
    if first is None:
        return span
    if first.line is None or last is None or last.line is None:
        return replace(span, page=first.page, label=first.label)
    return replace(span, page=first.page, label=first.label, line=first.line, end_line=max(first.line, last.line))


def _mark(places: Sequence[Mark], position: int) -> Mark | None:
    index = bisect_right(places, position, key=lambda mark: mark.start) - 1
    return places[index] if index >= 0 else None
