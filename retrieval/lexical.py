"""Lexical search: BM25 as SQLite's FTS5 computes it (k1 1.2, b 0.75), with Porter stemming.

FTS5 is part of the library's transactions: an edit touches the words of its own passages only, and a crash leaves
nothing half done. Identifiers are indexed whole and in parts: ``shortestPath`` is also *shortest* and *path*.
Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from .base import Embedder, Evidence
from .store import Store

STOPWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after again all also am an and any are as at be because been before being below between
        both but by can could did do does doing down during each few for from further had has have having he her
        here hers him his how i if in into is it its itself just me more most my no nor not now of off on once
        only or other our out over own same she should so some such than that the their them then there these
        they this those through to too under until up very was we were what when where which while who whom whose
        why will with would you your
        """,
    )
)

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Row = tuple[int, str, str]


def words(text: str) -> list[str]:
    """Letters and digits, in order, camel case also in its parts; lower case."""
    found: list[str] = []
    for word in _WORD.findall(text):
        found.append(word.lower())
        parts = _CAMEL.split(word) if not (word.islower() or word.isupper() or word.istitle()) else ()
        if len(parts) > 1:
            found.extend(part.lower() for part in parts)
    return found


def content_words(text: str) -> list[str]:
    """Distinct words without stopwords, in order of appearance."""
    return list(dict.fromkeys(word for word in words(text) if word not in STOPWORDS))


def stems(text: str) -> list[str]:
    """Stems of the distinct content words, in order; all words when there is nothing but stopwords."""
    found = content_words(text) or list(dict.fromkeys(words(text)))
    return list(dict.fromkeys(_stemmer().stemWords(found)))


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("porter")


def idf(store: Store, terms: Iterable[str]) -> dict[str, float]:
    """log(1 + (N - n + 0.5) / (n + 0.5)) per stem; a word that occurs nowhere weighs most."""
    total = int(store.connection.execute("SELECT count(*) FROM passages").fetchone()[0])
    weights = {}
    for term in terms:
        row = store.connection.execute("SELECT doc FROM words_seen WHERE term = ?", (term,)).fetchone()
        seen = row[0] if row else 0
        weights[term] = math.log(1 + (total - seen + 0.5) / (seen + 0.5))
    return weights


def insert(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """``(passage id, heading, body)``."""
    connection.executemany("INSERT INTO words (rowid, heading, body) VALUES (?, ?, ?)", _prepared(rows))


def delete(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """The same rows that were inserted: an index without content must be told what to forget."""
    connection.executemany(
        "INSERT INTO words (words, rowid, heading, body) VALUES ('delete', ?, ?, ?)", _prepared(rows)
    )


def _prepared(rows: Iterable[Row]) -> Iterable[Row]:
    return ((key, " ".join(words(heading)), " ".join(words(body))) for key, heading, body in rows)


class LexicalRetriever:
    name = "lexical"

    def __init__(self, store: Store, embedder: Callable[[], Embedder] | None = None) -> None:
        self._store = store

    def search(self, question: str, k: int) -> list[Evidence]:
        terms = content_words(question) or words(question)
        if not terms:
            return []
        from .catalog import evidence

        query = " OR ".join(f'"{term}"' for term in terms[:64])
        hits = self._store.connection.execute(
            "SELECT rowid, -bm25(words, 0.5, 1.0) AS score FROM words WHERE words MATCH ? ORDER BY score DESC LIMIT ?",
            (query, k),
        )
        return list(evidence(self._store, hits.fetchall(), self.name, f"words: {', '.join(terms[:12])}"))
