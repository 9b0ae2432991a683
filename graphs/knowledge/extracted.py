"""What the library's own language model extracted from its documents, kept beside their facts.

It goes with the passages that it was read from: an edited document is read again, a removed one leaves nothing.
Whatever the model said stays what a model said; the sentence of its text that names the same is looked up when it is
shown (``statements.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from ...corpus.phrases.names import normal

SCHEMA = """CREATE TABLE extracted_documents (
    id INTEGER PRIMARY KEY, passage_id INTEGER NOT NULL UNIQUE REFERENCES passages ON DELETE CASCADE,
    document_id INTEGER NOT NULL, model TEXT NOT NULL, calls INTEGER NOT NULL, read INTEGER NOT NULL,
    written INTEGER NOT NULL, seconds REAL NOT NULL, broken INTEGER NOT NULL);
CREATE TABLE extracted_entities (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES extracted_documents ON DELETE CASCADE,
    form TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE INDEX extracted_entities_owner ON extracted_entities (owner);
CREATE TABLE extracted_relations (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES extracted_documents ON DELETE CASCADE,
    source TEXT NOT NULL, target TEXT NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE INDEX extracted_relations_owner ON extracted_relations (owner)"""
"""``passage_id`` is the document's first passage, which an edit takes away; ``start`` and ``end`` are the characters
that the model was given."""
CLAIM = "claim"
"""The kind of what is claimed of something, beside the kinds that the model names."""


@dataclass(frozen=True, slots=True)
class SaidEntity:
    name: str
    kind: str
    description: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SaidRelation:
    source: str
    target: str
    kind: str
    description: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What one document gave, and what it took."""

    entities: Sequence[SaidEntity]
    relations: Sequence[SaidRelation]
    calls: int
    read: int
    """Tokens."""
    written: int
    seconds: float
    broken: int
    """Pieces of which no reply could be used."""


@dataclass(frozen=True, slots=True)
class ModelSpeed:
    """What earlier calls of a model took."""

    calls: int
    read: int
    written: int
    seconds: float


def extracted_firsts(connection: Connection) -> set[int]:
    """The first passages of the documents that are done."""
    return {row[0] for row in connection.execute("SELECT passage_id FROM extracted_documents")}


def put_reading(connection: Connection, document: int, passage: int, model: str, found: DocumentReading) -> None:
    """Keeps it in place of an earlier reading. Names that say nothing, and relations of a thing with itself, are left
    out; each end of a relation is an entity."""
    connection.execute("DELETE FROM extracted_documents WHERE passage_id = ?", (passage,))
    effort = found.calls, found.read, found.written, found.seconds, found.broken
    owner = connection.execute(
        "INSERT INTO extracted_documents (passage_id, document_id, model, calls, read, written, seconds, broken) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (passage, document, model, *effort),
    ).fetchone()[0]
    entities = [
        (owner, form, " ".join(one.name.split()), one.kind, one.description, one.start, one.end)
        for one in found.entities
        if (form := normal(one.name))
    ]
    known = {row[1] for row in entities}
    relations = []
    for one in found.relations:
        ends = normal(one.source), normal(one.target)
        if all(ends) and ends[0] != ends[1]:
            relations.append((owner, *ends, one.kind, one.description, one.start, one.end))
            for form, spelled in zip(ends, (one.source, one.target), strict=True):
                if form not in known:
                    known.add(form)
                    entities.append((owner, form, " ".join(spelled.split()), "", "", one.start, one.end))
    connection.executemany(
        'INSERT INTO extracted_entities (owner, form, name, kind, description, start, "end") '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        entities,
    )
    connection.executemany(
        'INSERT INTO extracted_relations (owner, source, target, kind, description, start, "end") '
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        relations,
    )


def forget_readings(connection: Connection) -> int:
    """Forgets everything that a model extracted; how many documents it was of."""
    return connection.execute("DELETE FROM extracted_documents").rowcount


def speed(connection: Connection, model: str) -> ModelSpeed:
    row = connection.execute(
        "SELECT coalesce(sum(calls), 0), coalesce(sum(read), 0), coalesce(sum(written), 0), coalesce(sum(seconds), 0) "
        "FROM extracted_documents WHERE model = ?",
        (model,),
    ).fetchone()
    return ModelSpeed(*row)


def extracted_counts(connection: Connection) -> tuple[int, int, int]:
    """Documents, entities, relations."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM extracted_documents), (SELECT count(*) FROM extracted_entities), "
        "(SELECT count(*) FROM extracted_relations)"
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


def extracted_entities(connection: Connection) -> list[tuple[str, str, int]]:
    """``(form, name, row)``; rows are below zero, so that they are none of an import's."""
    return connection.execute("SELECT form, name, -id FROM extracted_entities ORDER BY id").fetchall()


def extracted_relations(connection: Connection) -> list[tuple[str, str, int]]:
    return connection.execute("SELECT source, target, -id FROM extracted_relations ORDER BY id").fetchall()


def extracted_saying(connection: Connection, table: str, row: int) -> tuple[str, str, str, tuple[int, int, int]]:
    """``(model, kind, description, (document, start, end))``."""
    query = f"""SELECT d.model, s.kind, s.description, d.document_id, s.start, s."end" FROM extracted_{table} s
        JOIN extracted_documents d ON d.id = s.owner WHERE s.id = ?"""  # noqa: S608
    model, kind, description, *place = connection.execute(query, (-row,)).fetchone()
    return model, kind, description, (place[0], place[1], place[2])
