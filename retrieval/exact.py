"""Exact look-up: passages that hold an identifier or name of the question as it is written, whatever vectors think."""

from __future__ import annotations

from ..corpus.catalog import evidence
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..corpus.words import holding, words
from .question import Question

MOST = 5
"""Passages; an identifier that stands in more of them tells nothing."""


def named_passages(store: Store, asked: Question) -> list[Evidence]:
    """Passages that hold all identifiers, names and quoted words of the question, where they are few."""
    things = (*asked.identifiers, *asked.quoted, *asked.names)
    named = [phrase for text in things if (phrase := " ".join(words(text)))]
    if not named:
        return []
    query = " AND ".join(f'"{phrase}"' for phrase in dict.fromkeys(named))
    rows = [(key, score) for key, _, score in holding(store, query, MOST + 1)]
    found = rows if len(rows) <= MOST else []
    return list(evidence(store, found, "exact", f"holds {', '.join(things)}"))
