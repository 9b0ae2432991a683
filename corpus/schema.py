"""The tables of the corpus, version by version; opening a library of an older version brings it up to the last one.

The tables of other layers are theirs (``Store.migrate``).
"""

from __future__ import annotations

from . import words
from .fulltext import index_rows
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


READING = "7"
"""Of readers and splitters together: to be raised when one of them gives another text or other passages for a file.
What was read, or read in vain, by others is read again when its folder is next added."""


def open_catalog(store: Store) -> None:
    store.migrate("catalog", SCHEMA)
    if store.get("words") != words.VERSION and not store.read_only:
        with store.transaction() as connection:
            words.clear(connection)
            words.insert(connection, index_rows(store))
            store.set("words", words.VERSION)
