"""The rows of a verb as plain lines, for a terminal and for a model: what, where, how sure, and the line of code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...corpus.catalog import document_row, text_or_none
from ...corpus.store import Store
from ...graphs.code import CodeAnswer, CodeRow

LONGEST = 120
"""Characters of a line of code that are shown."""


def verb_lines(store: Store, found: Sequence[CodeAnswer]) -> list[str]:
    """All blocks of ``verb_blocks``, one below the other."""
    return [line for block in verb_blocks(store, found) for line in block]


def verb_blocks(store: Store, found: Sequence[CodeAnswer]) -> list[list[str]]:
    """The lines of each answer. A row that was found from another one stands further in than that."""
    source = _Source(store)
    subjects = ["", *(one.symbol.id for one in found)]
    return [
        list(_block(source, one, is_new=one.symbol.id != before)) for one, before in zip(found, subjects, strict=False)
    ]


class _Source:
    """Lines of the stored documents, each document read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._documents: dict[int, tuple[str, list[str]]] = {}

    def name(self, document: int) -> str:
        return self._document(document)[0]

    def line(self, document: int, number: int) -> str:
        lines = self._document(document)[1]
        return lines[number - 1].strip()[:LONGEST] if 0 < number <= len(lines) else ""

    def _document(self, document: int) -> tuple[str, list[str]]:
        if document not in self._documents:
            row, text = document_row(self._store, document), text_or_none(self._store, document) or ""
            self._documents[document] = (row.name if row else "", text.split("\n"))
        return self._documents[document]


def _block(source: _Source, one: CodeAnswer, *, is_new: bool) -> Iterator[str]:
    symbol = one.symbol
    if symbol.id and is_new:
        place = f"{symbol.file}:{symbol.line}" if symbol.document else "outside this library"
        yield f"{symbol.label.lower()} {symbol.id}  {place}"
    if one.verb == "definition":
        yield from (f"  {text}" for text in (symbol.signature, symbol.doc) if text)
        return
    if one.rows:
        yield count_rows(one)
    else:
        yield f"cannot tell whether there are {one.verb}, because" if one.doubts else f"no {one.verb}"
        yield from one.doubts
    yield from one.notes
    shows_edge = len({row.edge for row in one.rows}) > 1
    depths: dict[str, int] = {}
    for row in one.rows:
        depths[row.symbol.id] = depths.get(row.via, 0) + 1
        yield "  " * depths[row.symbol.id] + _row(source, row, shows_edge=shows_edge)
    if one.rows and one.doubts:
        yield "there may be more:"
        yield from one.doubts


def count_rows(one: CodeAnswer) -> str:
    """The number of rows with its noun: ``1 caller``, ``2 callers``."""
    return f"{len(one.rows)} {one.verb}" if len(one.rows) != 1 else f"1 {_SINGULAR.sub('', one.verb)}"


_SINGULAR = re.compile(r"(?<=ss)es$|(?<!s)s$|(?<=definition)s(?= )")


def certainty(row: CodeRow) -> str:
    """How certain a row is: ``inferred`` or ``unknown``; empty where it is sure, or the note says that it cannot be
    told."""
    return "" if row.resolution == "exact" or row.note.startswith("cannot tell") else row.resolution


def _row(source: _Source, row: CodeRow, *, shows_edge: bool) -> str:
    parts = [row.symbol.id]
    if row.document:
        parts.append(f"{source.name(row.document)}:{','.join(map(str, row.lines))}")
    if shows_edge and row.edge not in ("", "CALLS"):
        parts.append(row.edge.lower())
    if doubt := certainty(row):
        parts.append(doubt)
    if row.note:
        parts.append(row.note)
    if row.edge and (code := source.line(row.document, row.line)):
        parts.append(f"| {code}")
    return "  ".join(parts)
