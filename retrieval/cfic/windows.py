"""What a model reads at once: stretches of whole passages, and their sentences, always cut the same way.

A document that fits is one window. The cut never depends on the question, so what was encoded once serves again. Knows
nothing of models: sizes are bytes of UTF-8, and no tokenizer of ours makes more tokens than bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...corpus import catalog, words
from ...corpus.document import Document, Evidence
from ...corpus.passages import PassageRow, rows_of_document
from ...corpus.spans import sentences
from ...corpus.store import Store

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    document: Document
    sentences: tuple[Span, ...]
    """Offsets into the document's text, in order; never empty."""
    score: float
    """The first pass's score of the passage that led here."""

    @property
    def text(self) -> str:
        return self.document.text[self.sentences[0][0] : self.sentences[-1][1]]


def windows(store: Store, hits: Sequence[Evidence], question: str, limit: int) -> list[Window]:
    """Cuts one window of at most ``limit`` bytes for each hit, in order; hits that share theirs are one."""
    found: dict[tuple[str, int], Window] = {}
    for hit in hits:
        document = catalog.load_document(store, hit.span.document) if hit.span else None
        window = _around(store, document, hit, question, limit) if document else None
        if window is not None:
            found.setdefault((window.document.uri, window.sentences[0][0]), window)
    return list(found.values())


def _around(store: Store, document: Document, hit: Evidence, question: str, limit: int) -> Window | None:
    group = next((group for group in _groups(store, document, limit) if any(p.key == hit.key for p in group)), None)
    if group is None:
        return None
    spans = [span for p in group for span in sentences(document.text, p.start, p.end, p.kind)]
    cut = [piece for span in spans for piece in pieces(document.text, *span, limit)]
    runs = list(pack(document.text, cut, limit))
    if not runs:
        return None
    # Of the windows of one long passage, that which shares most words with the question.
    asked, text = set(words.stems(question)), document.text
    nearest = max(runs, key=lambda run: len(asked.intersection(words.stems(text[run[0][0] : run[-1][1]]))))
    return Window(document, nearest, hit.score)


def _groups(store: Store, document: Document, limit: int) -> Iterator[list[PassageRow]]:
    """Runs of passages of at most ``limit`` bytes together; a larger passage is a run of its own."""
    passages = [row for key in catalog.ids_of(store, [document.uri]) for row in rows_of_document(store, key)]
    for first, last in _runs(document.text, [(p.start, p.end) for p in passages], limit):
        yield passages[first:last]


def pack(text: str, spans: Sequence[Span], limit: int) -> Iterator[tuple[Span, ...]]:
    for first, last in _runs(text, spans, limit):
        yield tuple(spans[first:last])


def _runs(text: str, spans: Sequence[Span], limit: int) -> Iterator[tuple[int, int]]:
    """``(first, after last)`` of runs that take as many spans as fit."""
    first, size, before = 0, 0, spans[0][0] if spans else 0
    for at, (_, end) in enumerate(spans):
        added = len(text[before:end].encode())
        if at > first and size + added > limit:
            yield first, at
            first, size = at, 0
            added = len(text[spans[at][0] : end].encode())
        size, before = size + added, end
    if spans:
        yield first, len(spans)


def pieces(text: str, start: int, end: int, limit: int) -> Iterator[Span]:
    """A sentence that no window can hold becomes several, cut at white space where there is some."""
    while start < end:
        stop = start + len(text[start : min(end, start + limit)].encode()[:limit].decode(errors="ignore"))
        if stop < end:
            blank = re.search(r"\s\S*$", text[start:stop])
            stop = start + blank.start() if blank and blank.start() else stop
        yield start, stop
        start = stop
        while start < end and text[start].isspace():
            start += 1
