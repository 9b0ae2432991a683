"""What was imported from other indexes, in the library's tables: kept beside the facts of the documents, by name.

Whatever a model said stays what a model said. It is evidence of nothing; a sentence of the text that the model had
read may be, where that text is in the library (``statements.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Connection

from ...corpus.phrases.names import normal
from ...errors import NotFoundError
from .extracted import extracted_entities, extracted_relations, extracted_saying
from .extraction import Extraction

SCHEMA = """CREATE TABLE knowledge_imports (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
CREATE TABLE knowledge_import_texts (
    id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES knowledge_imports ON DELETE CASCADE,
    text TEXT NOT NULL);
CREATE TABLE knowledge_import_entities (
    id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES knowledge_imports ON DELETE CASCADE,
    form TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, description TEXT NOT NULL, texts TEXT NOT NULL);
CREATE TABLE knowledge_import_relations (
    id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES knowledge_imports ON DELETE CASCADE,
    source TEXT NOT NULL, target TEXT NOT NULL, description TEXT NOT NULL, texts TEXT NOT NULL)"""


@dataclass(frozen=True, slots=True)
class ImportStats:
    name: str
    kind: str
    entities: int
    relations: int
    texts: int


@dataclass(frozen=True, slots=True)
class Saying:
    """What a model said of an entity or of two, and the rows of the texts that it had read."""

    origin: str
    """The import's name, or the library's own model."""
    description: str
    texts: tuple[int, ...]
    kind: str = ""
    """What the model calls it, where it is the library's own."""
    place: tuple[int, int, int] | None = None
    """What the library's own model had read: the document's id, and characters of it."""


@dataclass(frozen=True, slots=True)
class ImportedRows:
    """``(form, name, row)`` of entities, ``(source form, target form, row)`` of relations; by row, those of the
    library's own model behind the others."""

    entities: list[tuple[str, str, int]]
    relations: list[tuple[str, str, int]]


def put_import(connection: Connection, name: str, found: Extraction) -> ImportStats:
    """Takes the place of an import of that name. Entities without a name, relations without both ends, are left out."""
    connection.execute("DELETE FROM knowledge_imports WHERE name = ?", (name,))
    owner = connection.execute(
        "INSERT INTO knowledge_imports (name, kind) VALUES (?, ?) RETURNING id", (name, found.kind)
    ).fetchone()[0]
    rows: dict[str, int] = {}
    for key, text in found.texts.items():
        rows[key] = connection.execute(
            "INSERT INTO knowledge_import_texts (import_id, text) VALUES (?, ?) RETURNING id", (owner, text)
        ).fetchone()[0]
    entities = [
        (owner, form, " ".join(one.name.split()), one.kind, one.description, _rows(one.sources, rows))
        for one in found.entities
        if (form := normal(one.name))
    ]
    known = {row[1] for row in entities}
    relations = []
    for one in found.relations:
        ends = normal(one.source), normal(one.target)
        if all(ends) and ends[0] != ends[1]:
            relations.append((owner, *ends, one.description, _rows(one.sources, rows)))
            for form, spelled in zip(ends, (one.source, one.target), strict=True):
                if form not in known:
                    known.add(form)
                    entities.append((owner, form, " ".join(spelled.split()), "", "", "[]"))
    connection.executemany(
        "INSERT INTO knowledge_import_entities (import_id, form, name, kind, description, texts) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        entities,
    )
    connection.executemany(
        "INSERT INTO knowledge_import_relations (import_id, source, target, description, texts) VALUES (?, ?, ?, ?, ?)",
        relations,
    )
    return ImportStats(name, found.kind, len(entities), len(relations), len(rows))


def _rows(keys: tuple[str, ...], rows: Mapping[str, int]) -> str:
    return json.dumps([rows[key] for key in keys if key in rows])


def remove_import(connection: Connection, name: str) -> None:
    """Raises ``NotFoundError`` with the names that there are."""
    names = tuple(one.name for one in list_imports(connection))
    if name not in names:
        raise NotFoundError("nothing was imported under that name", where=name, suggestions=names[:5])
    connection.execute("DELETE FROM knowledge_imports WHERE name = ?", (name,))


def list_imports(connection: Connection) -> list[ImportStats]:
    def count(table: str) -> str:
        return f"(SELECT count(*) FROM knowledge_import_{table} WHERE import_id = i.id)"  # noqa: S608

    rows = connection.execute(
        f"SELECT name, kind, {count('entities')}, {count('relations')}, {count('texts')} "  # noqa: S608
        "FROM knowledge_imports i ORDER BY name"
    )
    return [ImportStats(*row) for row in rows]


def imported_rows(connection: Connection) -> ImportedRows:
    entities = connection.execute("SELECT form, name, id FROM knowledge_import_entities ORDER BY id")
    relations = connection.execute("SELECT source, target, id FROM knowledge_import_relations ORDER BY id")
    return ImportedRows(
        entities.fetchall() + extracted_entities(connection), relations.fetchall() + extracted_relations(connection)
    )


def entity_saying(connection: Connection, row: int) -> Saying:
    return _saying(connection, "entities", row)


def relation_saying(connection: Connection, row: int) -> Saying:
    return _saying(connection, "relations", row)


def _saying(connection: Connection, table: str, row: int) -> Saying:
    if row < 0:
        model, kind, said, place = extracted_saying(connection, table, row)
        return Saying(model, " ".join(said.split()), (), kind, place)
    query = f"""SELECT i.name, s.description, s.texts FROM knowledge_import_{table} s
        JOIN knowledge_imports i ON i.id = s.import_id WHERE s.id = ?"""  # noqa: S608
    name, description, texts = connection.execute(query, (row,)).fetchone()
    return Saying(name, " ".join(description.split()), tuple(json.loads(texts)))


def import_text(connection: Connection, row: int) -> str:
    return str(connection.execute("SELECT text FROM knowledge_import_texts WHERE id = ?", (row,)).fetchone()[0])
