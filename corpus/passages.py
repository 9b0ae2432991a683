"""Rows of the table of passages, for what is derived from all of them or looks one up by its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from math import ceil
from operator import itemgetter
from typing import NamedTuple

from .store import Store


class PassageRow(NamedTuple):
    key: int
    document: int
    start: int
    end: int
    kind: str
    heading: str


_AT_ONCE = 500
"""Passages whose texts are held at once."""
_COLUMNS = 'p.id, p.document_id, p.start, p."end", p.kind, p.heading'


def passage_rows(store: Store) -> list[PassageRow]:
    """All passages, by document and place."""
    rows = store.connection.execute(f"SELECT {_COLUMNS} FROM passages p ORDER BY p.document_id, p.start")  # noqa: S608
    return list(map(PassageRow._make, rows))


def rows_of_document(store: Store, document: int) -> list[PassageRow]:
    """The passages of a document, in order."""
    query = f"SELECT {_COLUMNS} FROM passages p WHERE p.document_id = ? ORDER BY p.start"  # noqa: S608
    return list(map(PassageRow._make, store.connection.execute(query, (document,))))


def passages_across(store: Store, uri: str, start: int, end: int) -> list[int]:
    """The passages of a document that overlap these characters, in order."""
    rows = store.connection.execute(
        "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id "
        'WHERE d.uri = ? AND p.start < ? AND p."end" > ? ORDER BY p.start',
        (uri, end, start),
    )
    return [int(key) for (key,) in rows]


def passage_at(store: Store, uri: str, position: int) -> int | None:
    """The last passage of a document that begins at or before this character."""
    row = store.connection.execute(
        "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.uri = ? AND p.start <= ? "
        "ORDER BY p.start DESC LIMIT 1",
        (uri, position),
    ).fetchone()
    return int(row[0]) if row else None


def passage_at_line(store: Store, document: int, line: int) -> int | None:
    """The shortest passage of a document that holds this line."""
    row = store.connection.execute(
        "SELECT id FROM passages WHERE document_id = ? AND line <= ? AND end_line >= ? "
        "ORDER BY end_line - line LIMIT 1",
        (document, line, line),
    ).fetchone()
    return int(row[0]) if row else None


def has_tables(store: Store) -> bool:
    return bool(store.connection.execute("SELECT EXISTS (SELECT 1 FROM passages WHERE kind = 'table')").fetchone()[0])


def headings_of_prose(store: Store, most: int) -> list[str]:
    """The headings of the first sections that are not Python."""
    rows = store.connection.execute(
        "SELECT p.heading FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.kind = 'section' "
        "AND p.heading != '' AND d.media_type != 'text/x-python' ORDER BY p.id LIMIT ?",
        (most,),
    )
    return [str(heading) for (heading,) in rows]


def texts_spread(store: Store, most: int) -> Iterator[str]:
    """Texts of passages from all over the library, about ``most`` characters together: all where there are no more,
    else every so manieth."""
    whole = store.connection.execute('SELECT total("end" - start) FROM passages').fetchone()[0]
    step = max(1, ceil(whole / most))
    rows = store.connection.execute('SELECT id, "end" - start FROM passages ORDER BY id')
    keys, left = list[int](), most
    for key, length in islice(rows, 0, None, step):
        if left > 0:
            keys.append(key)
            left -= length
    for start in range(0, len(keys), _AT_ONCE):
        for text in passage_texts(store, keys[start : start + _AT_ONCE]).values():
            yield text[:most]


def passage_texts(store: Store, keys: Sequence[int]) -> dict[int, str]:
    """The texts of passages by their id; each document is read once, however long it is and however many passages are
    its."""
    marks = ", ".join("?" * len(keys))
    rows = store.connection.execute(
        f'SELECT document_id, id, start, "end" FROM passages WHERE id IN ({marks}) ORDER BY document_id',  # noqa: S608
        list(keys),
    ).fetchall()
    texts: dict[int, str] = {}
    for document, part in groupby(rows, key=itemgetter(0)):
        query = "SELECT text FROM documents WHERE id = ?"
        text = store.connection.execute(query, (document,)).fetchone()[0]
        texts |= {key: text[start:end] for _, key, start, end in part}
    return texts
