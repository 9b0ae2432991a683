"""Lexical search: BM25 as SQLite's FTS5 computes it (k1 1.2, b 0.75), with Porter stemming.

FTS5 is part of the library's transactions: an edit touches the words of its own passages only, and a crash leaves
nothing half done. Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from __future__ import annotations

from ..corpus.catalog import evidence
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..corpus.words import content_words, words

MOST_TERMS = 64
HEADING_WEIGHT, BODY_WEIGHT = 0.5, 1.0


class LexicalRetriever:
    name = "lexical"

    def __init__(self, store: Store, embedder: object = None, model: object = None) -> None:
        self._store = store

    def search(self, question: str, k: int) -> list[Evidence]:
        terms = content_words(question) or words(question)
        if not terms:
            return []
        query = " OR ".join(f'"{term}"' for term in terms[:MOST_TERMS])
        hits = self._store.connection.execute(
            "SELECT rowid, -bm25(words, ?, ?) AS score FROM words WHERE words MATCH ? ORDER BY score DESC LIMIT ?",
            (HEADING_WEIGHT, BODY_WEIGHT, query, k),
        )
        return list(evidence(self._store, hits.fetchall(), self.name, f"words: {', '.join(terms[:12])}"))
