"""Lexical search: BM25 as SQLite's FTS5 computes it (k1 1.2, b 0.75), over stems (``corpus/words.py``).

FTS5 is part of the library's transactions: an edit touches the words of its own passages only, and a crash leaves
nothing half done. Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from __future__ import annotations

import re

from ..corpus.catalog import evidence
from ..corpus.cell_words import asked_cell_words
from ..corpus.document import Evidence
from ..corpus.languages import COMPOUNDING, language_of
from ..corpus.sign_words import asked_sign_words
from ..corpus.store import Store
from ..corpus.vocabulary import compounds, other_spellings, short_keys
from ..corpus.words import content_words, holding, stem_words, strip_endings, words
from ..questions.days import numeric_forms, possible_days

MOST_TERMS = 64
HEADING_WEIGHT, BODY_WEIGHT = 0.5, 1.0


_VERSION = re.compile(r"\b(?:version|release)s? (\d+)\b", re.I)
"""Which texts and file names write as one word: "version 5" is v5."""


class LexicalRetriever:
    name = "lexical"

    def __init__(self, store: Store, embedder: object = None, model: object = None) -> None:
        self._store = store

    def search(self, question: str, k: int) -> list[Evidence]:
        language = language_of(question)
        terms = (content_words(question, language) or words(question))[:MOST_TERMS]
        if not terms:
            return []
        wanted = dict.fromkeys([*terms, *strip_endings(terms, language)])
        if language in COMPOUNDING:
            wanted |= dict.fromkeys(compounds(self._store, stem_words(terms, language)))
        wanted |= dict.fromkeys(other_spellings(self._store, question))
        signs = asked_sign_words(question)
        wanted |= dict.fromkeys(signs)
        wanted |= dict.fromkeys(short_keys(self._store, question))
        wanted |= dict.fromkeys(asked_cell_words(question))
        wanted |= dict.fromkeys(form for day in possible_days(question) for form in numeric_forms(day))
        wanted |= dict.fromkeys(f"v{number}" for number in _VERSION.findall(question))
        query = " OR ".join(f'"{term}"' for term in wanted)
        if signs:  # whatever else they say, passages without the sign do not tell what it means
            query = f'"{signs[0]}" AND ({query})'
        hits = [(key, score) for key, _, score in holding(self._store, query, k, (HEADING_WEIGHT, BODY_WEIGHT))]
        return list(evidence(self._store, hits, self.name, f"words: {', '.join(terms[:12])}"))
