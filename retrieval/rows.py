"""Exact look-up of rows: passages of tables with the row that holds most of what the question names, whatever the
vectors think. Bounded: the passages that words find first are looked through row by row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter

from ..corpus import words
from ..corpus.catalog import evidence
from ..corpus.cell_words import asked_cell_words
from ..corpus.document import Evidence
from ..corpus.passages import has_tables, passage_texts
from ..corpus.spans.kept import kept_statements
from ..corpus.spans.statements import Statement
from ..corpus.store import Store
from ..questions.days import numeric_forms, possible_days
from ..questions.lookup import asked_cell, cells_of, names_row, of_other_row
from ..questions.question import Question
from .quoting import header_row

HELD, LOOKED_THROUGH, READ = 4000, 400, 40
"""Passages that words find, those whose rows are weighed by their words, and those whose rows are read cell by cell."""
MOST, TERMS = 5, 6
"""Passages that are given; words that are looked for, the rarest of the question."""
NAMED, COLUMN, LEAST = 3.0, 2.0, 0.5
"""Added for a row that the question names, and for one that has the column asked for; the share of the question's
weight that a row must hold that is not named."""
_NAMING = re.compile(r"(?<=[\s(\"'])[^\W\d_a-z][\w-]*|[\w-]*\d[\w-]*")
"""Words that name a row: with a capital behind the first word, or a digit."""
_PREFIX = 4
"""Letters that two forms of a word share at least."""


def named_rows(store: Store, asked: Question) -> list[Evidence]:
    """Finds passages with the row that the question names."""
    if not has_tables(store):
        return []
    weights = words.idf(store, words.stems(asked.text, asked.language))
    held = {stem: weight for stem, weight in weights.items() if words.count_passages(store, stem)}
    rarest = dict(sorted(held.items(), key=lambda entry: -entry[1])[:TERMS])
    named = [" ".join(words.words(token)) for token in _NAMING.findall(asked.text)]
    numbered = asked_cell_words(asked.text)
    dated = [form for day in possible_days(asked.text) for form in numeric_forms(day)]
    found = _passages(store, dated, " OR ") or _passages(store, [*named, *numbered], " AND ")
    found = found or _passages(store, [*rarest, *numbered], " OR ")
    texts = passage_texts(store, [key for key, _ in _in_turn(found)[:LOOKED_THROUGH]])
    weighed = {key: _fullest(text, rarest) for key, text in texts.items()}
    fullest = sorted(((key, of) for key, of in found if weighed.get(key)), key=lambda entry: -weighed[entry[0]])
    hits = evidence(store, [(key, weighed[key]) for key, _ in _in_turn(fullest)[:READ]], "rows", "holds the row")
    scored = [(_best_row(hit, asked, weights), hit) for hit in hits]
    best = max((score for score, _ in scored), default=0.0)
    return [hit for score, hit in scored if score == best > 0][:MOST]


def _passages(store: Store, terms: Sequence[str], join: str) -> list[tuple[int, int]]:
    """Passages of tables and the documents that they are of, which hold all or some of ``terms``; those with most of
    them first."""
    if not terms:
        return []
    query = join.join(f'"{term}"' for term in dict.fromkeys(terms))
    return [(key, document) for key, document, _ in words.holding(store, query, HELD, kind="table")]


def _in_turn(passages: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first of each document, then the second of each: a long table hides no short one."""
    turns = Counter[int]()
    placed = []
    for key, document in passages:
        placed.append((turns[document], (key, document)))
        turns[document] += 1
    return [passage for _, passage in sorted(placed, key=itemgetter(0))]


def _fullest(text: str, weights: Mapping[str, float]) -> float:
    """About how much of ``weights`` the best line of the text holds."""
    forms = {stem: re.compile(_form(stem), re.IGNORECASE) for stem in weights}
    return max(sum(weights[stem] for stem, form in forms.items() if form.search(line)) for line in text.split("\n"))


def _form(stem: str) -> str:
    """A pattern of the words that may have this stem."""
    if not stem.isalpha():
        return rf"\b{re.escape(stem)}\b"
    return rf"\b{re.escape(stem if len(stem) <= _PREFIX else stem[:-1])}"


def _best_row(hit: Evidence, asked: Question, weights: Mapping[str, float]) -> float:
    rows = kept_statements(hit.quote, hit.kind, header_row(hit))
    return max((_score(hit.quote, row, asked, weights) for row in rows if row.cells), default=0.0)


def _score(text: str, row: Statement, asked: Question, weights: Mapping[str, float]) -> float:
    cells = cells_of(text, row)
    if of_other_row(asked, cells):
        return 0.0
    present = set(words.stems(text[row.start : row.end], asked.language))
    held = sum(weight for stem, weight in weights.items() if stem in present)
    named = names_row(asked, cells)
    if not named and held < LEAST * sum(weights.values()):
        return 0.0
    return held + NAMED * named + COLUMN * (asked_cell(asked, weights, text, row) is not None)
