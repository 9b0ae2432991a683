"""The tables of the knowledge graph: each document's facts, and which merges of names somebody has taken back."""

from __future__ import annotations

from sqlite3 import Connection

from ...corpus.soundness import row_sum
from ...corpus.texts import FIRST_PASSAGES, parts_of, text_and_title
from .facts import FORM, DocumentFacts, read_facts
from .imports import SCHEMA as IMPORTS

SCHEMA = (
    """CREATE TABLE knowledge_facts (
    document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    form TEXT NOT NULL, first_passage INTEGER NOT NULL, phrases TEXT NOT NULL, mentions BLOB NOT NULL,
    sentences BLOB NOT NULL, definitions BLOB NOT NULL, abbreviations TEXT NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE knowledge_apart (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE knowledge_reports (community TEXT PRIMARY KEY, report TEXT NOT NULL) WITHOUT ROWID""",
    # Facts are read again in any case: their form is another.
    """DROP TABLE knowledge_facts;
CREATE TABLE knowledge_facts (
    document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    form TEXT NOT NULL, first_passage INTEGER NOT NULL, phrases TEXT NOT NULL, mentions BLOB NOT NULL,
    sentences BLOB NOT NULL, definitions BLOB NOT NULL, abbreviations TEXT NOT NULL, sections BLOB NOT NULL,
    crc INTEGER NOT NULL)""",
    IMPORTS,
    """DROP TABLE knowledge_facts;
CREATE TABLE knowledge_facts (
    document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    form TEXT NOT NULL, first_passage INTEGER NOT NULL, phrases TEXT NOT NULL, mentions BLOB NOT NULL,
    sentences BLOB NOT NULL, definitions BLOB NOT NULL, abbreviations TEXT NOT NULL, sections BLOB NOT NULL,
    pronouns BLOB NOT NULL, crc INTEGER NOT NULL)""",
)
"""``first_passage`` tells a document that was read anew: its passages have other ids then. ``knowledge_apart`` holds
pairs of phrases that are not to be merged, the smaller first."""
CHECKED = {
    "facts of the knowledge graph": (
        "SELECT crc, document_id, phrases, mentions, sentences, definitions, abbreviations, sections, pronouns "
        "FROM knowledge_facts"
    )
}
"""Checksums and what they are of (``corpus/soundness.py``)."""


def missing(connection: Connection) -> list[tuple[int, int]]:
    """``(document, first passage)`` of documents whose facts are not there, of an older text, or of an older form."""
    return connection.execute(
        f"SELECT p.document, p.first FROM ({FIRST_PASSAGES}) p "  # noqa: S608
        "LEFT JOIN knowledge_facts f ON f.document_id = p.document AND f.first_passage = p.first AND f.form = ? "
        "WHERE f.document_id IS NULL ORDER BY p.document",
        (FORM,),
    ).fetchall()


def facts_of(connection: Connection, document: int) -> DocumentFacts:
    """Read from the stored text."""
    text, title = text_and_title(connection, document)
    return read_facts(text, title, parts_of(connection, document))


def store_facts(connection: Connection, document: int, first_passage: int, facts: DocumentFacts) -> None:
    stored = facts.columns()
    row = (document, FORM, first_passage, *stored, row_sum(document, *stored))
    connection.execute("INSERT OR REPLACE INTO knowledge_facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def apart(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute("SELECT one, other FROM knowledge_apart")
    return {(str(one), str(other)) for one, other in rows}


def set_apart(connection: Connection, one: str, other: str, held: bool) -> None:
    pair = tuple(sorted((one, other)))
    connection.execute(
        "INSERT OR IGNORE INTO knowledge_apart VALUES (?, ?)"
        if held
        else "DELETE FROM knowledge_apart WHERE one = ? AND other = ?",
        pair,
    )
