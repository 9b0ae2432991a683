"""Whether what lies in the library is what was written there. Every row that answers are made of carries a checksum; a
quote is compared with its document's before it is called checked, the rest when ``doctor`` asks.

A checksum tells damage. It tells nothing of somebody who alters text and checksum together.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .cancellation import check
from .store import Store

FIELDS = "uri, name, text, media_type, digest, title, metadata, marks"
"""Of a document: what is checked."""


def document_sum(values: tuple[str, ...]) -> str:
    """The SHA-256, in hex, of the values of ``FIELDS``."""
    whole = hashlib.sha256()
    for value in values:
        data = value.encode()
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()


def row_sum(*values: Any) -> int:
    """The CRC-32 of a passage's or vector's row without its key."""
    *rest, last = values
    data = last if isinstance(last, bytes) else repr(last).encode(errors="replace")
    return zlib.crc32(data, zlib.crc32(repr(rest).encode(errors="replace")))


def file_sum(path: Path) -> int:
    """The CRC-32 of a file."""
    crc = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            crc = zlib.crc32(part, crc)
    return crc


def is_sound(store: Store, uri: str) -> bool:
    """Whether the document of ``uri`` is as it was read."""
    row = store.connection.execute(f"SELECT checked, {FIELDS} FROM documents WHERE uri = ?", (uri,)).fetchone()  # noqa: S608
    holds = row is not None and _holds(row)
    (store.damaged.discard if holds or row is None else store.damaged.add)(uri)
    return holds


def notes(store: Store) -> tuple[str, ...]:
    """A sentence for each document that was found damaged since the library was opened, and still is; empty as a
    rule."""
    for uri in sorted(store.damaged):
        is_sound(store, uri)
    return tuple(
        f"The stored text of {uri} is not what was read, so it is not quoted: run evidentia doctor."
        for uri in sorted(store.damaged)
    )


def damaged_documents(store: Store) -> list[str]:
    """The URIs of all documents that are not as they were read; every text is read for it."""
    found = []
    for row in store.connection.execute(f"SELECT checked, {FIELDS} FROM documents ORDER BY uri"):  # noqa: S608
        check()
        if not _holds(row):
            found.append(str(row[1]))
    store.damaged.clear()
    store.damaged.update(found)
    return found


def damage(store: Store, further: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each thing that is not as it was written. ``further``: tables beside those of the catalog, each
    with a query that gives their rows' checksums and values."""
    connection = store.connection
    for uri in damaged_documents(store):
        yield f"the stored text of {uri} is not what was read"
    for table, query in {**TABLES, **further}.items():
        wrong = sum(row_sum(*values) != crc for crc, *values in connection.execute(query))
        if wrong:
            yield f"{wrong} of the {table} are not what was written"
    if _words_differ(store):
        yield "the index of words is not that of the text"


TABLES = {
    "passages": (
        'SELECT crc, document_id, start, "end", line, end_line, page, kind, heading, governors FROM passages '
        "WHERE crc IS NOT NULL"
    ),
    "vectors": "SELECT crc, passage_id, vector FROM vectors WHERE crc IS NOT NULL",
    "skipped files": "SELECT crc, uri, reason FROM skipped WHERE crc IS NOT NULL",
}
"""Rows without a checksum are an earlier version's."""


def _holds(row: tuple[str, ...]) -> bool:
    """What an earlier version stored has no checksum and is taken as it is."""
    checked, *values = row
    try:
        return not checked or checked == document_sum(tuple(values))
    except (TypeError, AttributeError):  # a damaged row may hold a number where there was text
        return False


def _words_differ(store: Store) -> bool:
    """Compares the index with one that is made anew beside it."""
    from . import words
    from .fulltext import index_rows

    connection = store.connection
    made = "CREATE VIRTUAL TABLE temp.words_made USING fts5 (heading, body, content = '', tokenize = '{}')"
    connection.execute(made.format(words.TOKENIZE))
    try:
        words.insert(connection, index_rows(store), "temp.words_made")
        for name, of in (("words_there", "main, 'words'"), ("words_new", "temp, 'words_made'")):
            connection.execute(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab ({of}, instance)")
        with (
            closing(_instances(connection, "words_there")) as there,
            closing(_instances(connection, "words_new")) as new,
        ):
            if any(one != other for one, other in zip_longest(there, new)):
                return True
        return any(connection.execute(differing).fetchone() for differing in _OTHER_SIZES)
    finally:
        for name in ("words_there", "words_new", "words_made"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


_OTHER_SIZES = (
    "SELECT id, sz FROM main.words_docsize EXCEPT SELECT id, sz FROM temp.words_made_docsize",
    "SELECT block FROM main.words_data WHERE id = 1 EXCEPT SELECT block FROM temp.words_made_data WHERE id = 1",
)
"""The length of each text, and of all of them, by which the index of words ranks."""


def _instances(connection: sqlite3.Connection, table: str) -> sqlite3.Cursor:
    return connection.execute(f"SELECT term, doc, col, offset FROM temp.{table}")  # noqa: S608
