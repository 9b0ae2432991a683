"""What the full-text index holds of a passage: its words, those of what stands above it, and the numbers of tables
under their columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .cell_words import cell_words
from .connection import damage_error
from .sign_words import sign_words
from .store import Store
from .words import Row

MOST_ABOVE = 4_000
"""Characters of one thing above a passage that the index holds with it."""


def index_rows(store: Store) -> Iterator[tuple[int, str, str]]:
    """What the full-text index should hold: ``(passage id, heading, body)``."""
    for document, title, text in store.connection.execute("SELECT id, title, text FROM documents"):
        rows = store.connection.execute(
            'SELECT id, start, "end", kind, heading, governors FROM passages WHERE document_id = ?', (document,)
        )
        yield from words_of(store, rows, title, text)


def words_of(store: Store, rows: Iterable[tuple[Any, ...]], title: str, text: str) -> Iterator[Row]:
    for key, start, end, kind, heading, above in rows:
        governors = read_governors(store, above)
        yield (
            key,
            heading_words(title, heading, text, governors),
            body_words(text, start, end, kind, governors),
        )


def heading_words(title: str, heading: str, text: str, governors: Iterable[Sequence[int]]) -> str:
    """What the full-text index holds as a passage's heading: also the lead-in or header row that it was cut from."""
    more = [shown for start, end, *_ in governors if (shown := _beginning_of(text[start:end])) not in heading]
    return " ".join([title, heading, *more])


def _beginning_of(above: str) -> str:
    """The header row of a table of thousands of columns stands above each of its passages."""
    return above[:MOST_ABOVE].strip("#= ")


def body_words(text: str, start: int, end: int, kind: str, governors: Sequence[Sequence[int]]) -> str:
    """What the full-text index holds as a passage's text: of a table also its numbers under their
    columns; and the signs that it tells the meaning of."""
    body = text[start:end]
    if signs := sign_words(body):
        body = f"{body} {signs}"
    if kind != "table" and "\n|" not in body:
        return body
    header = text[slice(*governors[-1][:2])] if kind == "table" and governors else ""
    return f"{body} {cell_words(body, kind, header)}"


def read_governors(store: Store, text: str) -> list[list[Any]]:
    """What a passage's row says stands above it."""
    try:
        found: list[list[Any]] = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise damage_error(store.file) from error
    return found
