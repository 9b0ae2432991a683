"""The words of a text as search sees them: cut, stemmed, weighed, and kept in the library's full-text index.

Identifiers count whole and in parts: ``shortestPath`` is also *shortest* and *path*. Scripts without spaces are cut
into pairs of neighbours (Nie et al., *On the use of words and n-grams for Chinese information retrieval*, 2000).
"""

from __future__ import annotations

import math
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from .languages import ENGLISH, FUNCTION_WORDS, STEMMERS, UNSPACED, language_of
from .scope import IN_SCOPE
from .store import Store

VERSION = "7"
"""Of how words are cut and stemmed: an index of another version is made anew."""

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

_ASKING = re.compile(
    "什么时候|为什么|什么|多少|哪里|哪儿|哪个|哪些|哪年|怎么样|怎样|怎么|如何|何时|何地|是否|谁|吗|呢|请问|的|了|是"
    "|どのように|どうやって|どのくらい|どれくらい|いくつ|いくら|どこ|どの|どれ|どう|なぜ|いつ|誰|何年|何|でしょうか|ですか|ますか|ました|ません|です|ます"
    "|[はがをにのへともでや]|から|まで|누구|언제|어디|무엇|왜|어떻게|얼마나|몇"
)
"""Words that ask, and particles, of scripts without spaces."""

TOKENIZE = "porter unicode61"
"""Of the full-text index."""
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

Row = tuple[int, str, str]


def words(text: str) -> list[str]:
    """Cuts a text into words: letters and digits, in order, camel case also in its parts; lower case. Full-width
    letters are as any others."""
    if text.isascii():
        return list(_cut(text))
    found: list[str] = []
    last = 0
    text = unicodedata.normalize("NFKC", text)
    for run in UNSPACED.finditer(text):
        found.extend(_cut(text[last : run.start()]))
        # Neighbouring letters two by two; a letter that stands alone.
        letters = "".join(filter(str.isalnum, run[0]))
        found.extend(letters[at : at + 2] for at in range(max(1, len(letters) - 1)) if letters)
        last = run.end()
    found.extend(_cut(text[last:]))
    return found


def _cut(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        yield word.lower()
        parts = _CAMEL.split(word) if not (word.islower() or word.isupper() or word.istitle()) else ()
        if len(parts) > 1:
            yield from (part.lower() for part in parts)


def content_words(text: str, language: str = ENGLISH) -> list[str]:
    """The distinct words without stopwords of English and of the ``language``, in order of appearance."""
    if UNSPACED.search(text):
        text = _ASKING.sub(" ", unicodedata.normalize("NFKC", text))
    stop = STOPWORDS if language == ENGLISH else STOPWORDS | FUNCTION_WORDS.get(language, frozenset())
    found = dict.fromkeys(word for word in words(text) if word not in stop)
    several = any(len(word) > 1 for word in found)
    return [word for word in found if not (several and len(word) == 1 and UNSPACED.match(word))]


def stems(text: str, language: str = ENGLISH) -> list[str]:
    """The stems of the distinct content words, in order; all words when there is nothing but stopwords."""
    found = content_words(text, language) or list(dict.fromkeys(words(text)))
    return list(dict.fromkeys(stem_words(found, language)))


def stem_words(found: Sequence[str], language: str) -> list[str]:
    """The stems of words as the index holds them: by the language's own rules, without accents, then by Porter's."""
    found = strip_endings(found, language)
    bare = [word if word.isascii() else _without_accents(word) for word in found]
    stemmed: list[str] = _stemmer("porter").stemWords(bare)
    return stemmed


def strip_endings(found: Sequence[str], language: str) -> Sequence[str]:
    """Strips the endings of their language from words. English is left to Porter's rules, which the index applies
    itself."""
    bare: Sequence[str] = _stemmer(STEMMERS[language]).stemWords(found) if language in STEMMERS else found
    return bare


def _without_accents(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not "\u0300" <= letter <= "\u036f")


@cache
def _stemmer(algorithm: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(algorithm)


def idf(store: Store, terms: Iterable[str]) -> dict[str, float]:
    """The inverse document frequency log(1 + (N - n + 0.5) / (n + 0.5)) per stem; a word that occurs nowhere weighs
    most."""
    total = int(store.connection.execute("SELECT count(*) FROM passages").fetchone()[0])
    weights = {}
    for term in terms:
        held = count_passages(store, term)
        weights[term] = math.log(1 + (total - held + 0.5) / (held + 0.5))
    return weights


def holding(
    store: Store, query: str, k: int, weights: tuple[float, float] = (1.0, 1.0), kind: str | None = None
) -> list[tuple[int, int, float]]:
    """Finds ``(passage, document, BM25 score)`` of the ``k`` best passages in scope (of one ``kind``) for a query of
    the full-text index; ``weights`` are those of headings and text."""
    scope = store.scope
    return store.connection.execute(
        f"SELECT p.id, p.document_id, -bm25(words, ?, ?) AS score FROM words w JOIN passages p ON p.id = w.rowid "  # noqa: S608
        f"WHERE words MATCH ? AND (? IS NULL OR p.kind = ?) AND (? IS NULL OR {IN_SCOPE}) ORDER BY score DESC LIMIT ?",
        (*weights, query, kind, kind, scope and scope.ids, scope and scope.ids, k),
    ).fetchall()


def count_passages(store: Store, term: str) -> int:
    """How many passages hold the stem."""
    row = store.connection.execute("SELECT doc FROM words_seen WHERE term = ?", (term,)).fetchone()
    return int(row[0]) if row else 0


def insert(connection: sqlite3.Connection, rows: Iterable[Row], table: str = "words") -> None:
    """Inserts rows of ``(passage id, heading, body)``."""
    connection.executemany(f"INSERT INTO {table} (rowid, heading, body) VALUES (?, ?, ?)", _prepare(rows))  # noqa: S608


def clear(connection: sqlite3.Connection) -> None:
    """Forgets all rows at once."""
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")


def delete(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Deletes the same rows that were inserted: an index without content must be told what to forget."""
    connection.executemany("INSERT INTO words (words, rowid, heading, body) VALUES ('delete', ?, ?, ?)", _prepare(rows))


def _prepare(rows: Iterable[Row]) -> Iterable[Row]:
    for key, heading, body in rows:
        language = language_of(body)
        above, below = (" ".join(strip_endings(words(text), language)) for text in (heading, body))
        yield key, above, below
