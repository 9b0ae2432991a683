"""The rows of a verb as plain lines, for a terminal and for a model: what, where, how sure, and the line of code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...corpus.store import Store
from ...graphs.code import CodeAnswer, Row

LONGEST = 120
"""Characters of a line of code that are shown."""


def verb_lines(store: Store, found: Sequence[CodeAnswer]) -> list[str]:
    """One block for each answer. A row that is further away stands further in, below the one that leads to it."""
    source = _Source(store)
    return [line for one in found for line in _block(source, one)]


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
            query = "SELECT name, text FROM documents WHERE id = ?"
            name, text = self._store.connection.execute(query, (document,)).fetchone() or ("", "")
            self._documents[document] = (name, text.split("\n"))
        return self._documents[document]


def _block(source: _Source, one: CodeAnswer) -> Iterator[str]:
    symbol = one.symbol
    if symbol.id:
        place = f"{symbol.file}:{symbol.line}" if symbol.document else "outside this library"
        yield f"{symbol.label.lower()} {symbol.id}  {place}"
    if one.verb == "definition":
        yield from (f"  {text}" for text in (symbol.signature, symbol.doc) if text)
    else:
        yield f"{len(one.rows)} {one.verb}" if one.rows else f"no {one.verb} known"
        yield from (_row(source, row) for row in one.rows)
    if one.unattributed:
        yield f"and {one.unattributed} calls of a method of this name on objects of unknown type"
    yield from one.notes


def _row(source: _Source, row: Row) -> str:
    parts = ["  " * row.distance + row.symbol.id]
    if row.document:
        parts.append(f"{source.name(row.document)}:{','.join(map(str, row.lines))}")
    if row.resolution and row.resolution != "exact":
        parts.append(row.resolution)
    if row.note:
        parts.append(row.note)
    if row.edge and (code := source.line(row.document, row.line)):
        parts.append(f"| {code}")
    return "  ".join(parts)
