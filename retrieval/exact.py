"""Exact look-up: passages that hold an identifier or name of the question as it is written, whatever vectors think."""

from __future__ import annotations

from collections.abc import Sequence

from ..corpus.catalog import evidence
from ..corpus.document import Evidence
from ..corpus.spans.units import CODE_KINDS
from ..corpus.store import Store
from ..corpus.words import content_words, holding, stems, words
from ..questions.kinds import OF_VERSION
from ..questions.names import begins_with
from ..questions.question import Question
from ..questions.question_forms import CAME_WITH, LIGHT
from .passage_sources import is_list_of_changes

MOST, OF_SECTION, OF_CHANGES = 5, 60, 100
"""Passages; an identifier that stands in more of them tells nothing; a heading, above more of them; and passages among
which the lists of changes are looked for."""


def named_passages(store: Store, asked: Question) -> list[Evidence]:
    """Finds passages that hold all identifiers, names and quoted words of the question, where they are few; else those
    that stand below one of its identifiers or quoted words as their heading or term."""
    if OF_VERSION.match(asked.text) and (changed := _of_changes(store, asked)):
        return changed
    things = (*asked.identifiers, *asked.quoted, *asked.names)
    named = [phrase for text in things if (phrase := " ".join(words(text)))]
    if not named:
        return []
    found = _few(store, " AND ".join(f'"{phrase}"' for phrase in dict.fromkeys(named)))
    if not found and (told := _of_items(store, asked, named)):
        return told
    if not found:
        things_above = (*asked.identifiers, *asked.versions, *asked.quoted)
        headings = dict.fromkeys(" ".join(words(text)) for text in things_above)
        found = [hit for phrase in headings if phrase for hit in _first(store, f'heading : "{phrase}"')]
    return list(evidence(store, found, "exact", f"holds {', '.join(things)}"))


def _of_changes(store: Store, asked: Question) -> list[Evidence]:
    """The passages of lists of changes that hold all that came with the version that is asked for."""
    about = [word for word in content_words(asked.text) if not LIGHT.union(CAME_WITH).issuperset(stems(word))]
    query = " AND ".join(f'"{word}"' for word in about)
    rows = [(key, score) for key, _, score in holding(store, query, OF_CHANGES)] if about else []
    hits = evidence(store, rows, "exact", f"changes of {', '.join(about)}")
    return [hit for hit in hits if is_list_of_changes(hit)][:MOST]


def _of_items(store: Store, asked: Question, named: Sequence[str]) -> list[Evidence]:
    """The passages of text in which a line begins with the one identifier and tells of it: "* ``LOCKED``: no lock"."""
    if len(named) != 1 or not asked.identifiers:
        return []
    rows = [(key, score) for key, _, score in holding(store, f'"{named[0]}"', OF_SECTION)]
    hits = evidence(store, rows, "exact", f"tells of {asked.identifiers[0]}")
    told = (hit for hit in hits if any(begins_with(asked.identifiers[0], line) for line in hit.quote.split("\n")))
    return [hit for hit in told if hit.kind not in CODE_KINDS][:MOST]


def _first(store: Store, query: str) -> list[tuple[int, float]]:
    """The passages that match, with their scores, where they are few; else the first of them as they were stored, at
    the beginning of the section; none where they are very many."""
    rows = [(key, score) for key, _, score in holding(store, query, OF_SECTION + 1)]
    return rows if len(rows) <= MOST else sorted(rows)[:1] if len(rows) <= OF_SECTION else []


def _few(store: Store, query: str) -> list[tuple[int, float]]:
    """The passages that match, with their scores; none where they are many."""
    rows = [(key, score) for key, _, score in holding(store, query, MOST + 1)]
    return rows if len(rows) <= MOST else []
