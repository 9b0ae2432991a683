"""The stored text of code files, and the definition that a line of one belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from ....corpus.texts import named_text
from ..languages import Language, language_of
from ..symbols import COLUMNS, Symbol, symbol


@dataclass(frozen=True, slots=True)
class CodeText:
    document: int
    name: str
    text: str
    symbols: Sequence[Symbol]
    """Definitions, the module first."""

    @property
    def language(self) -> Language:
        return language_of(self.name)

    def owner(self, line: int) -> Symbol:
        """The innermost function, method or class around a line; else the module."""
        around = [item for item in self.symbols if item.line <= line <= item.end_line and item.label in _OWNERS]
        return max(around, key=lambda item: (item.line, -item.end_line), default=self.symbols[0])


_OWNERS = ("MODULE", "CLASS", "FUNCTION", "METHOD")


def code_texts(connection: Connection, documents: Iterable[int] | None = None) -> Iterator[CodeText]:
    """The code files that the graph reads, all or these."""
    wanted = None if documents is None else set(documents)
    for document in code_documents(connection):
        if wanted is not None and document not in wanted:
            continue
        rows = connection.execute(f"SELECT {COLUMNS} WHERE d.document_id = ? ORDER BY d.line, d.id", (document,))
        symbols = sorted(map(symbol, rows), key=lambda item: item.label != "MODULE")
        found = named_text(connection, document)
        if symbols and found is not None:
            yield CodeText(*found, symbols)


def code_documents(connection: Connection) -> list[int]:
    """Those that the graph reads, by path."""
    return [row[0] for row in connection.execute("SELECT document_id FROM code_files ORDER BY path, document_id")]
