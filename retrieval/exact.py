"""Exact look-up: passages that hold an identifier or name of the question as it is written, whatever vectors think."""

from __future__ import annotations

from ..corpus.catalog import evidence
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..corpus.words import holding, words
from ..questions.question import Question

MOST = 5
"""Passages; an identifier that stands in more of them tells nothing."""


def named_passages(store: Store, asked: Question) -> list[Evidence]:
    """Finds passages that hold all identifiers, names and quoted words of the question, where they are few; else those
    that stand below one of its identifiers or quoted words as their heading or term."""
    things = (*asked.identifiers, *asked.quoted, *asked.names)
    named = [phrase for text in things if (phrase := " ".join(words(text)))]
    if not named:
        return []
    found = _few(store, " AND ".join(f'"{phrase}"' for phrase in dict.fromkeys(named)))
    if not found:
        headings = dict.fromkeys(" ".join(words(text)) for text in (*asked.identifiers, *asked.quoted))
        found = [hit for phrase in headings if phrase for hit in _few(store, f'heading : "{phrase}"')]
    return list(evidence(store, found, "exact", f"holds {', '.join(things)}"))


def _few(store: Store, query: str) -> list[tuple[int, float]]:
    """The passages that match, with their scores; none where they are many."""
    rows = [(key, score) for key, _, score in holding(store, query, MOST + 1)]
    return rows if len(rows) <= MOST else []
