"""The words of a text as search sees them: cut, stemmed, weighed, and kept in the library's full-text index.

Identifiers count whole and in parts: ``shortestPath`` is also *shortest* and *path*.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterable
from functools import cache
from typing import Any

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
