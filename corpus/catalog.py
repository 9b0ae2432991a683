"""Documents, passages and vectors in the store: what is known, and what changes when a file is added or goes.

Everything else that a search uses is derived from these tables and can be rebuilt from them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from . import schema, words
from .connection import damage_error, mapped_rows
from .document import Document, Evidence, Governor, Mark, Passage, Span, plain_name
from .fulltext import body_words, heading_words, read_governors, words_of
from .languages import ENGLISH, language_of
from .places import line_breaks, span_at
from .soundness import document_sum, row_sum
from .store import Store

OPENING = 300


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
        (replaces or None, source, *columns, size, mtime_ns, document_sum(columns), schema.READING),
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
    """Removes documents with their passages, words and vectors, and whatever other layers hung below them."""
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


def stands_in(store: Store, word: str, language: str = ENGLISH) -> bool:
    """Whether ``word`` itself, in lower case, is in one of the first passages that hold its stem."""
    term = word if language == ENGLISH else words.stem_words([word], language)[0]
    rows = store.connection.execute(
        "SELECT d.title || ' ' || p.heading || ' ' || substr(d.text, 1 + p.start, p.\"end\" - p.start) "
        "FROM words w JOIN passages p ON p.id = w.rowid JOIN documents d ON d.id = p.document_id "
        "WHERE words MATCH ? LIMIT ?",
        (f'"{term}"', _LOOKED_AT),
    )
    return any(word in words.words(text) for (text,) in rows)


def touch(store: Store, document_id: int, size: int, mtime_ns: int) -> None:
    """Notes that the file was written anew with the same content."""
    store.connection.execute("UPDATE documents SET size = ?, mtime_ns = ? WHERE id = ?", (size, mtime_ns, document_id))


def load_document(store: Store, uri: str) -> Document | None:
    row = store.connection.execute(
        "SELECT uri, name, text, media_type, digest, title, metadata, marks FROM documents WHERE uri = ?", (uri,)
    ).fetchone()
    if row is None:
        return None
    uri, name, text, media_type, digest, title, metadata, places = row
    try:
        return Document(
            uri,
            plain_name(name),
            text,
            media_type=media_type,
            digest=digest,
            title=title,
            metadata=json.loads(metadata),
            marks=_marks(places),
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise damage_error(store.file) from error


def opening(store: Store, uri: str) -> str:
    """The first lines of a document, at most ``OPENING`` characters: what tells it from others like it."""
    row = store.connection.execute("SELECT substr(text, 1, ?) FROM documents WHERE uri = ?", (OPENING, uri)).fetchone()
    text = str(row[0]) if row else ""
    return text if len(text) < OPENING else text.rpartition("\n")[0]


def openings(store: Store, most: int) -> list[str]:
    """The first characters of at most so many documents, evenly drawn."""
    last = store.connection.execute("SELECT coalesce(max(id), 0) FROM documents").fetchone()[0]
    step = max(1, last // most)
    query = "SELECT substr(text, 1, ?) FROM documents WHERE id % ? = 0 LIMIT ?"
    return [str(row[0]) for row in store.connection.execute(query, (OPENING, step, most))]


def drawn_languages(store: Store) -> list[str]:
    """The languages of documents that are evenly drawn, by their ISO 639-1 codes."""
    return [language_of(text) for text in openings(store, _DRAWN)]


_DRAWN = 60
"""Documents whose language is looked at."""


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
            with mapped_rows(store.connection):
                span = _span(*place)
                above = tuple(_span(span.document, *place) for place in read_governors(store, stored))
            governors = tuple(Governor(text[one.start : one.end], one) for one in above)
            quote, score = text[span.start : span.end], scores[key]
            found[key] = Evidence(
                quote,
                score,
                retriever,
                why=why,
                span=span,
                name=plain_name(name),
                heading=heading,
                kind=kind,
                key=key,
                governors=governors,
            )
    yield from (found[key] for key in scores if key in found)


def _span(document: str, *numbers: Any) -> Span:
    """Raises ``TypeError`` where a number is none: SQLite keeps a text in a column of numbers."""
    if any(not isinstance(number, int | None) for number in numbers):
        raise TypeError
    return Span(document, *numbers)


class DocumentRow(NamedTuple):
    """A document without its text."""

    key: int
    uri: str
    name: str
    title: str
    media_type: str
    digest: str


_ROW = "SELECT id, uri, name, title, media_type, digest FROM documents"


def document_rows(store: Store, most: int = -1, skip: int = 0) -> list[DocumentRow]:
    """The documents by name; ``most``: that many at most, behind the first ``skip``."""
    rows = store.connection.execute(f"{_ROW} ORDER BY name, id LIMIT ? OFFSET ?", (most, skip))
    return list(map(_document_row, rows))


def _document_row(row: tuple[Any, ...]) -> DocumentRow:
    found = DocumentRow._make(row)
    return found._replace(name=plain_name(found.name))


def document_row(store: Store, document: int) -> DocumentRow | None:
    row = store.connection.execute(f"{_ROW} WHERE id = ?", (document,)).fetchone()
    return _document_row(row) if row else None


def documents_called(store: Store, name: str, most: int) -> list[DocumentRow]:
    """The documents of this uri or display name; where there are none, those whose display name ends so, by name."""
    for condition, value in (("uri = ?1 OR name = ?1", name), ("substr(name, -length(?1)) = ?1", f"/{name}")):
        rows = store.connection.execute(f"{_ROW} WHERE {condition} ORDER BY name LIMIT ?2", (value, most)).fetchall()
        if rows:
            return list(map(_document_row, rows))
    return []


def documents_named(store: Store, words: Sequence[str], most: int) -> list[DocumentRow]:
    """The documents whose name or title holds one of these words, which are in lower case, by name."""
    condition = " OR ".join(f"instr(lower(name || ' ' || title), ?{at}) > 0" for at in range(2, len(words) + 2))
    query = f"{_ROW} WHERE {condition} ORDER BY name LIMIT ?1"
    return list(map(_document_row, store.connection.execute(query, (most, *words))))


def ids_of(store: Store, uris: Iterable[str]) -> list[int]:
    """The row ids of the documents of these uris, as far as there are any."""
    query = "SELECT id FROM documents WHERE uri = ?"
    rows = [store.connection.execute(query, (uri,)).fetchone() for uri in uris]
    return [int(row[0]) for row in rows if row]


def has_documents(store: Store) -> bool:
    return store.connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is not None


class PlacedDocument(NamedTuple):
    """A document and the source that brought it."""

    key: int
    name: str
    uri: str
    root: str
    media_type: str


def placed_documents(store: Store) -> list[PlacedDocument]:
    rows = store.connection.execute(
        "SELECT d.id, d.name, d.uri, s.root, d.media_type FROM documents d JOIN sources s ON s.id = d.source_id"
    )
    return [PlacedDocument(key, plain_name(name), *more) for key, name, *more in rows.fetchall()]


def pending(store: Store) -> set[int]:
    """The documents whose text has changed since other layers last looked."""
    return {int(key) for (key,) in store.connection.execute("SELECT document_id FROM pending")}


def clear_pending(store: Store) -> None:
    store.connection.execute("DELETE FROM pending")


def document_text(store: Store, document: int) -> str:
    """The stored text of the document with that row id, which is there."""
    text = text_or_none(store, document)
    assert text is not None
    return text


def text_or_none(store: Store, document: int) -> str | None:
    """The stored text of a document; ``None`` for one that has gone."""
    row = store.connection.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()
    return None if row is None else str(row[0])


def sample(store: Store, count: int, seed: int = 0) -> list[str]:
    """The stored texts of up to ``count`` documents, the same for a seed as long as the library is the same."""
    known = [int(row[0]) for row in store.connection.execute("SELECT id FROM documents ORDER BY id")]
    return [document_text(store, one) for one in random.Random(seed).sample(known, min(count, len(known)))]  # noqa: S311


def marks(store: Store, uri: str) -> tuple[Mark, ...]:
    row = store.connection.execute("SELECT marks FROM documents WHERE uri = ?", (uri,)).fetchone()
    try:
        return _marks(row[0]) if row else ()
    except (ValueError, TypeError, RecursionError) as error:
        raise damage_error(store.file) from error


@lru_cache(maxsize=64)
def _marks(text: str) -> tuple[Mark, ...]:
    return tuple(Mark(**mark) for mark in json.loads(text))


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
