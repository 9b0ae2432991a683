"""Documents, passages and vectors in the store: what is known, and what changes when a file is added or goes.

Everything else that a search uses is derived from these tables and can be rebuilt from them.
"""

from __future__ import annotations

import json
import os
import random
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from . import words
from .connection import damaged
from .document import Document, Evidence, Governor, Mark, Passage, Span
from .indexed import body_words, heading_words, indexed, listed, words_of
from .soundness import document_sum, row_sum
from .store import Store

SCHEMA = (
    """CREATE TABLE sources (id INTEGER PRIMARY KEY, root TEXT UNIQUE NOT NULL);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    uri TEXT UNIQUE NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, media_type TEXT NOT NULL, digest TEXT NOT NULL,
    title TEXT NOT NULL, metadata TEXT NOT NULL, marks TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL);
CREATE INDEX documents_source ON documents (source_id);
CREATE TABLE skipped (
    source_id INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE, uri TEXT PRIMARY KEY, reason TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, line INTEGER NOT NULL, end_line INTEGER NOT NULL, page INTEGER,
    kind TEXT NOT NULL, heading TEXT NOT NULL);
CREATE INDEX passages_document ON passages (document_id, start);
CREATE TABLE vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL);
CREATE INDEX vectors_passage ON vectors (passage_id);
CREATE TABLE pending (document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE);
CREATE TABLE generations (kind TEXT PRIMARY KEY, file TEXT NOT NULL, revision INTEGER NOT NULL, detail TEXT NOT NULL);
CREATE TABLE jobs (id INTEGER PRIMARY KEY, action TEXT NOT NULL, target TEXT NOT NULL, state TEXT NOT NULL,
    started_at TEXT NOT NULL DEFAULT (datetime('now')), finished_at TEXT);
CREATE VIRTUAL TABLE words USING fts5 (heading, body, content = '', tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE words_seen USING fts5vocab (words, row)""",
    "ALTER TABLE passages ADD COLUMN governors TEXT NOT NULL DEFAULT '[]'",
    """ALTER TABLE documents ADD COLUMN checked TEXT NOT NULL DEFAULT '';
ALTER TABLE passages ADD COLUMN crc INTEGER;
ALTER TABLE vectors ADD COLUMN crc INTEGER""",
    "ALTER TABLE skipped ADD COLUMN crc INTEGER",
    """ALTER TABLE documents ADD COLUMN reading TEXT NOT NULL DEFAULT '';
ALTER TABLE skipped ADD COLUMN reading TEXT NOT NULL DEFAULT ''""",
    """CREATE TABLE unembedded (
    id INTEGER PRIMARY KEY, passage_id INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE, text TEXT NOT NULL);
CREATE INDEX unembedded_passage ON unembedded (passage_id)""",
)
"""``unembedded`` holds the texts that have no vector yet: a run reads all files before it makes the first.
``governors`` holds what stands above a passage, as a JSON list of ``[start, end, line, end_line, page]``;
``checked`` and ``crc`` are checksums (``soundness.py``)."""


READING = "2"
"""Of readers and splitters together: to be raised when one of them gives another text or other passages for a file.
What was read, or read in vain, by others is read again when its folder is next added."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the last run saw of one file, to tell whether it has to be read again."""

    id: int
    """The document's row id; 0 for a file that was skipped."""
    size: int
    mtime_ns: int
    digest: str
    source: int
    """The source that brought it: a file may lie below two added folders."""


OPENING = 300


def open_catalog(store: Store) -> None:
    store.migrate("catalog", SCHEMA)
    if store.get("words") != words.VERSION and not store.read_only:
        _index_words_anew(store)


def _index_words_anew(store: Store) -> None:
    """The index of a library whose words were cut otherwise."""
    with store.transaction() as connection:
        words.clear(connection)
        words.insert(connection, indexed(store))
        store.set("words", words.VERSION)


def source_id(store: Store, root: Path) -> int:
    store.connection.execute("INSERT OR IGNORE INTO sources (root) VALUES (?)", (root.as_posix(),))
    return int(store.connection.execute("SELECT id FROM sources WHERE root = ?", (root.as_posix(),)).fetchone()[0])


def source_known(store: Store, root: Path) -> bool:
    query = "SELECT 1 FROM sources WHERE root = ?"
    return store.connection.execute(query, (root.as_posix(),)).fetchone() is not None


def known_files(store: Store, root: Path) -> dict[str, Known]:
    """Everything at or below ``root``, by uri; what other readers made has neither size nor digest."""
    rows = store.connection.execute(
        "SELECT uri, id, size, mtime_ns, digest, source_id, reading FROM documents "
        "UNION ALL SELECT uri, 0, size, mtime_ns, '', source_id, reading FROM skipped"
    )
    return {
        uri: Known(key, size, mtime_ns, digest, source) if reading == READING else Known(key, -1, mtime_ns, "", source)
        for uri, key, size, mtime_ns, digest, source, reading in rows
        if _below(uri, root)
    }


def gone(known: dict[str, Known], source: int, seen: Container[str], unreadable: Iterable[Path]) -> list[str]:
    """Files of this source, and vanished ones of another, that were not ``seen``; not those below a folder that could
    not be read this time."""
    unknown = tuple(f"{path.as_posix()}/" for path in unreadable)
    return [
        uri
        for uri, before in known.items()
        if uri not in seen
        and not f"{uri}/".startswith(unknown)
        and (before.source == source or not os.path.lexists(uri))
    ]


def skipped(store: Store, root: Path) -> list[tuple[str, str]]:
    """``(uri, reason)`` of what could not be read at or below ``root``."""
    rows = store.connection.execute("SELECT uri, reason FROM skipped ORDER BY uri")
    return [(uri, reason) for uri, reason in rows if _below(uri, root)]


def partial(store: Store, root: Path | None = None) -> list[tuple[str, str]]:
    """``(uri, what the text lacks)`` of documents (at or below ``root``) that could be read in part only."""
    rows = store.connection.execute(
        "SELECT uri, json_extract(metadata, '$.omitted') AS omitted FROM documents "
        "WHERE omitted IS NOT NULL ORDER BY uri"
    )
    return [(uri, omitted) for uri, omitted in rows if root is None or _below(uri, root)]


def put_skipped(store: Store, source: int, path: Path, reason: str, size: int = -1, mtime_ns: int = 0) -> None:
    """``size`` and ``mtime_ns`` of a file that was opened in vain, so that it is tried again only when it changes."""
    row = (source, path.as_posix(), reason, size, mtime_ns, row_sum(path.as_posix(), reason), READING)
    store.connection.execute("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def retry(store: Store, kind: str, reason: str) -> None:
    """Files passed over for a reason of this ``kind`` (a pattern of SQL's LIKE) are tried again, those of this very
    ``reason`` apart: a limit has been changed."""
    store.connection.execute("UPDATE skipped SET size = -1 WHERE reason LIKE ? AND reason != ?", (kind, reason))


def documents_at(store: Store, root: Path, name: str) -> list[int]:
    """Ids of the documents at or below ``root``, or of the display name ``name``, or of a source at ``root``."""
    rows = store.connection.execute(
        "SELECT d.id, d.uri, d.name, s.root FROM documents d JOIN sources s ON s.id = d.source_id"
    )
    return [key for key, uri, shown, source in rows if source == root.as_posix() or shown == name or _below(uri, root)]


def _below(uri: str, root: Path) -> bool:
    return f"{uri}/".startswith(f"{root.as_posix().rstrip('/')}/")


def put_document(
    store: Store,
    source: int,
    document: Document,
    size: int,
    mtime_ns: int,
    passages: Sequence[Passage],
    replaces: int = 0,
) -> list[int]:
    """Inserts the document, its passages and their words, in place of the document ``replaces`` if that is not 0 (what
    other layers hold about it stays until they catch up: it is noted in ``pending``). Returns the passages' ids."""
    connection = store.connection
    if replaces:
        _forget_passages(store, replaces)
        connection.execute("DELETE FROM pending WHERE document_id = ?", (replaces,))
    columns = (
        document.uri,
        document.name,
        document.text,
        document.media_type,
        document.digest,
        document.title,
        json.dumps(dict(document.metadata)),
        json.dumps([asdict(mark) for mark in document.marks]),
    )
    document_id = connection.execute(
        "INSERT INTO documents (id, source_id, uri, name, text, media_type, digest, title, metadata, marks, size, "
        "mtime_ns, checked, reading) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET uri = excluded.uri, "
        "name = excluded.name, text = excluded.text, media_type = excluded.media_type, digest = excluded.digest, "
        "title = excluded.title, metadata = excluded.metadata, marks = excluded.marks, size = excluded.size, "
        "mtime_ns = excluded.mtime_ns, checked = excluded.checked, reading = excluded.reading RETURNING id",
        (replaces or None, source, *columns, size, mtime_ns, document_sum(columns), READING),
    ).fetchone()[0]
    connection.execute("INSERT INTO pending VALUES (?)", (document_id,))
    first = int(
        connection.execute(
            "SELECT 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'passages'), 0)"
        ).fetchone()[0]
    )
    ids = list(range(first, first + len(passages)))
    breaks = line_breaks(document.text)
    rows = []
    for key, passage in zip(ids, passages, strict=True):
        above = [_place(span_at(document, *place, breaks)) for place in passage.governors]
        place = _place(span_at(document, passage.start, passage.end, breaks))
        row = (document_id, *place, passage.kind, passage.heading, json.dumps(above))
        rows.append((key, *row, row_sum(*row)))
    connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    words.insert(
        connection,
        (
            (
                key,
                heading_words(document.title, passage.heading, document.text, passage.governors),
                body_words(document.text, passage.start, passage.end, passage.kind, passage.governors),
            )
            for key, passage in zip(ids, passages, strict=True)
        ),
    )
    return ids


def _place(span: Span) -> tuple[int, int, int, int, int | None]:
    return span.start, span.end, span.line, span.end_line, span.page


def remove_documents(store: Store, ids: Iterable[int]) -> None:
    """With their passages, words and vectors, and whatever other layers hung below them."""
    for document_id in ids:
        _forget_passages(store, document_id)
        store.connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def _forget_passages(store: Store, document_id: int) -> None:
    connection = store.connection
    title, text = connection.execute("SELECT title, text FROM documents WHERE id = ?", (document_id,)).fetchone()
    rows = connection.execute(
        'SELECT id, start, "end", kind, heading, governors FROM passages WHERE document_id = ?', (document_id,)
    ).fetchall()
    words.delete(connection, words_of(store, rows, title, text))
    connection.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))


_LOOKED_AT = 8


def stands_in(store: Store, word: str) -> bool:
    """Whether ``word`` itself, in lower case, is in one of the first passages that hold its stem."""
    rows = store.connection.execute(
        "SELECT d.title || ' ' || p.heading || ' ' || substr(d.text, 1 + p.start, p.\"end\" - p.start) "
        "FROM words w JOIN passages p ON p.id = w.rowid JOIN documents d ON d.id = p.document_id "
        "WHERE words MATCH ? LIMIT ?",
        (f'"{word}"', _LOOKED_AT),
    )
    return any(word in words.words(text) for (text,) in rows)


def touch(store: Store, document_id: int, size: int, mtime_ns: int) -> None:
    """The file was written anew with the same content."""
    store.connection.execute("UPDATE documents SET size = ?, mtime_ns = ? WHERE id = ?", (size, mtime_ns, document_id))


def load_document(store: Store, uri: str) -> Document | None:
    row = store.connection.execute(
        "SELECT uri, name, text, media_type, digest, title, metadata, marks FROM documents WHERE uri = ?", (uri,)
    ).fetchone()
    if row is None:
        return None
    uri, name, text, media_type, digest, title, metadata, places = row
    try:
        return Document(uri, name, text, media_type, digest, title, json.loads(metadata), _marks(places))
    except (ValueError, TypeError) as error:
        raise damaged(store.file) from error


def opening(store: Store, uri: str) -> str:
    """The first lines of a document, at most ``OPENING`` characters: what tells it from others like it."""
    row = store.connection.execute("SELECT substr(text, 1, ?) FROM documents WHERE uri = ?", (OPENING, uri)).fetchone()
    text = str(row[0]) if row else ""
    return text if len(text) < OPENING else text.rpartition("\n")[0]


def stored_text(store: Store, span: Span) -> str | None:
    """What the stored document holds at ``span``: every quote is compared with it before it is shown."""
    row = store.connection.execute(
        "SELECT substr(text, ?, ?) FROM documents WHERE uri = ?", (span.start + 1, span.end - span.start, span.document)
    ).fetchone()
    return str(row[0]) if row else None


def evidence(store: Store, hits: Iterable[tuple[int, float]], retriever: str, why: str) -> Iterator[Evidence]:
    """Turns ``(passage id, score)`` into evidence in the given order, without ids that are gone or out of scope."""
    scores = dict(hits)
    marks = ", ".join("?" * len(scores))
    rows = store.connection.execute(
        'SELECT p.id, d.id, d.uri, p.start, p."end", p.line, p.end_line, p.page, d.name, p.heading, p.kind, '  # noqa: S608
        f"p.governors FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id IN ({marks}) ORDER BY d.id",
        list(scores),
    ).fetchall()
    found: dict[int, Evidence] = {}
    for document, part in groupby(rows, key=itemgetter(1)):
        if store.scope is not None and document not in store.scope.documents:
            continue
        text = document_text(store, document)
        for key, _, *place, name, heading, kind, stored in part:
            span = Span(*place)
            above = tuple(Span(span.document, *place) for place in listed(store, stored))
            governors = tuple(Governor(text[one.start : one.end], one) for one in above)
            quote, score = text[span.start : span.end], scores[key]
            found[key] = Evidence(quote, score, retriever, why, span, name, heading, kind, key, governors=governors)
    yield from (found[key] for key in scores if key in found)


def passage_texts(store: Store, keys: Sequence[int]) -> dict[int, str]:
    """Of passages by id; each document is read once, however long it is and however many passages are its."""
    marks = ", ".join("?" * len(keys))
    rows = store.connection.execute(
        f'SELECT document_id, id, start, "end" FROM passages WHERE id IN ({marks}) ORDER BY document_id',  # noqa: S608
        list(keys),
    ).fetchall()
    found: dict[int, str] = {}
    for document, part in groupby(rows, key=itemgetter(0)):
        text = document_text(store, document)
        found |= {key: text[start:end] for _, key, start, end in part}
    return found


def document_text(store: Store, document: int) -> str:
    """The stored text of the document with that row id."""
    return str(store.connection.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()[0])


def sample(store: Store, count: int, seed: int = 0) -> list[str]:
    """The stored texts of up to ``count`` documents, the same for a seed as long as the library is the same."""
    known = [int(row[0]) for row in store.connection.execute("SELECT id FROM documents ORDER BY id")]
    return [document_text(store, one) for one in random.Random(seed).sample(known, min(count, len(known)))]  # noqa: S311


def line_breaks(text: str) -> list[int]:
    """Offsets just behind each newline."""
    breaks, at = [], text.find("\n")
    while at >= 0:
        breaks.append(at + 1)
        at = text.find("\n", at + 1)
    return breaks


def span_at(document: Document, start: int, end: int, breaks: Sequence[int]) -> Span:
    last = max(start, end - 1)
    plain = Span(document.uri, start, end, bisect_right(breaks, start) + 1, bisect_right(breaks, last) + 1)
    return in_original(document.marks, plain)


def marks(store: Store, uri: str) -> tuple[Mark, ...]:
    row = store.connection.execute("SELECT marks FROM documents WHERE uri = ?", (uri,)).fetchone()
    try:
        return _marks(row[0]) if row else ()
    except (ValueError, TypeError) as error:
        raise damaged(store.file) from error


@lru_cache(maxsize=64)
def _marks(text: str) -> tuple[Mark, ...]:
    return tuple(Mark(**mark) for mark in json.loads(text))


def in_original(places: Sequence[Mark], span: Span) -> Span:
    """``span`` with the page and, where the original file has lines of its own, the lines of that file."""
    first, last = (_mark(places, at) for at in (span.start, max(span.start, span.end - 1)))
    if first is None:
        return span
    if first.line is None or last is None or last.line is None:
        return replace(span, page=first.page)
    return replace(span, page=first.page, line=first.line, end_line=max(first.line, last.line))


def _mark(places: Sequence[Mark], position: int) -> Mark | None:
    index = bisect_right(places, position, key=lambda mark: mark.start) - 1
    return places[index] if index >= 0 else None


_OVERVIEW = """SELECT json_object(
    'counts', json_object(
        'sources', (SELECT count(*) FROM sources), 'documents', (SELECT count(*) FROM documents),
        'passages', (SELECT count(*) FROM passages),
        'unembedded', (SELECT count(*) FROM unembedded), 'vectors', (SELECT count(*) FROM vectors),
        'skipped', (SELECT count(*) FROM skipped)),
    'sources', (SELECT json_group_array(root) FROM (SELECT root FROM sources ORDER BY root)),
    'skipped', (SELECT json_group_array(json_object('path', uri, 'reason', reason))
        FROM (SELECT uri, reason FROM skipped ORDER BY uri)),
    'partial', (SELECT json_group_array(json_object('path', uri, 'omitted', omitted))
        FROM (SELECT uri, json_extract(metadata, '$.omitted') AS omitted FROM documents
            WHERE omitted IS NOT NULL ORDER BY uri)))"""


def overview(store: Store) -> dict[str, Any]:
    """``counts`` of rows, ``sources``, ``skipped`` and ``partial`` documents. One statement of one row: each step of a
    statement gives other threads the interpreter, and is late when they are busy."""
    found: dict[str, Any] = json.loads(store.connection.execute(_OVERVIEW).fetchone()[0])
    return found
