"""The texts of documents for those who read all of them, or those with a name or word: rows of one connection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from sqlite3 import Connection
from typing import NamedTuple

from .files.head import LEFT_OUT

_COLUMNS = "SELECT id, name, text FROM documents"


FIRST_PASSAGES = "SELECT document_id AS document, min(id) AS first FROM passages GROUP BY document_id"


class NamedText(NamedTuple):
    document: int
    name: str
    text: str


class TextPart(NamedTuple):
    """A passage of a document, as a span of its text."""

    start: int
    end: int
    kind: str
    heading: str


class FileState(NamedTuple):
    """A file as it was when it was read."""

    document: int
    uri: str
    size: int
    mtime_ns: int


def all_texts(connection: Connection) -> Iterator[str]:
    return (row[0] for row in connection.execute("SELECT text FROM documents"))


def texts_with(connection: Connection, *words: str) -> Iterator[NamedText]:
    """The texts that hold one of ``words`` anywhere, by name."""
    holds = " OR ".join("instr(text, ?)" for _ in words)
    return (NamedText(*row) for row in connection.execute(f"{_COLUMNS} WHERE {holds} ORDER BY name", words))


def texts_named(connection: Connection, names: Sequence[str], longest: int = -1) -> list[NamedText]:
    """The texts of files called like one of ``names`` in any folder, by name, of at most ``longest`` characters."""
    marks = " OR ".join("name = ? OR name LIKE ?" for _ in names)
    values = [value for name in names for value in (name, f"%/{name}")]
    query = f"{_COLUMNS} WHERE ({marks}) AND (length(text) <= ? OR ? < 0) ORDER BY name"
    return [NamedText(*row) for row in connection.execute(query, (*values, longest, longest))]


def named_text(connection: Connection, document: int) -> NamedText | None:
    row = connection.execute(f"{_COLUMNS} WHERE id = ?", (document,)).fetchone()
    return NamedText(*row) if row else None


def text_of(connection: Connection, uri: str) -> str | None:
    row = connection.execute("SELECT text FROM documents WHERE uri = ?", (uri,)).fetchone()
    return str(row[0]) if row else None


def documents_of(connection: Connection, media_types: Sequence[str]) -> list[int]:
    """The documents of one of ``media_types``, by id."""
    marks = ", ".join("?" * len(media_types))
    query = f"SELECT id FROM documents WHERE media_type IN ({marks}) ORDER BY id"  # noqa: S608
    return [row[0] for row in connection.execute(query, media_types)]


def names_of(connection: Connection) -> dict[int, tuple[str, str]]:
    """The uri and the name of every document."""
    return {key: (uri, name) for key, uri, name in connection.execute("SELECT id, uri, name FROM documents")}


def media_type_of(connection: Connection, document: int) -> str:
    return str(connection.execute("SELECT media_type FROM documents WHERE id = ?", (document,)).fetchone()[0])


def rows_left_out(connection: Connection, document: int) -> int:
    """The lines of a table's file that its text lacks, since the file is too large."""
    query = f"SELECT json_extract(metadata, '$.{LEFT_OUT}') FROM documents WHERE id = ?"  # noqa: S608
    return int(connection.execute(query, (document,)).fetchone()[0] or 0)


def documents_holding(connection: Connection, documents: Iterable[int], word: str) -> list[int]:
    """The ones among ``documents`` whose text holds ``word`` anywhere, in their order."""
    query = "SELECT 1 FROM documents WHERE id = ? AND instr(text, ?)"
    return [each for each in documents if connection.execute(query, (each, word)).fetchone() is not None]


def text_and_title(connection: Connection, document: int) -> tuple[str, str]:
    """The text and the title of a document. Raises ``LookupError`` for a document that is not there."""
    row = connection.execute("SELECT text, title FROM documents WHERE id = ?", (document,)).fetchone()
    if row is None:
        raise LookupError(document)
    return row[0], row[1]


def parts_of(connection: Connection, document: int) -> list[TextPart]:
    """The passages of a document, in order."""
    query = 'SELECT start, "end", kind, heading FROM passages WHERE document_id = ? ORDER BY start'
    return list(map(TextPart._make, connection.execute(query, (document,))))


def first_passages(connection: Connection) -> dict[int, int]:
    """The lowest key of the passages of each document, by document."""
    return dict(connection.execute(f"{FIRST_PASSAGES} ORDER BY document_id").fetchall())


def version_of_prose(connection: Connection, other_kinds: Collection[str]) -> str:
    """Another one after every change of a document that has a passage of none of ``other_kinds``."""
    marks = ", ".join("?" * len(other_kinds))
    return _version(connection, f"kind NOT IN ({marks})", sorted(other_kinds))


def version_of_types(connection: Connection, media_types: Collection[str]) -> str:
    """Another one after every change of a document of one of ``media_types``."""
    marks = ", ".join("?" * len(media_types))
    return _version(connection, f"media_type IN ({marks})", sorted(media_types))


def _version(connection: Connection, condition: str, values: Sequence[str]) -> str:
    # A document that is read anew has other passages, with other keys.
    query = f"""SELECT d.id, uri, name, min(p.id) FROM documents d LEFT JOIN passages p ON p.document_id = d.id
        WHERE {condition} GROUP BY d.id ORDER BY d.id"""  # noqa: S608
    return sha256(repr(connection.execute(query, values).fetchall()).encode()).hexdigest()[:16]


def file_states(connection: Connection) -> Iterator[FileState]:
    return map(FileState._make, connection.execute("SELECT id, uri, size, mtime_ns FROM documents"))


def names(connection: Connection) -> dict[int, str]:
    return dict(connection.execute("SELECT id, name FROM documents").fetchall())


def uris(connection: Connection) -> dict[int, str]:
    return dict(connection.execute("SELECT id, uri FROM documents").fetchall())


def uri_of(connection: Connection, document: int) -> str | None:
    row = connection.execute("SELECT uri FROM documents WHERE id = ?", (document,)).fetchone()
    return row[0] if row else None
