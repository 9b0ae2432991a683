"""Look-ups in tables: of the row that a question names, the cell of the column that it asks for.

Deterministic: the question's words that stand in the row's own cells say which row it is, the others which column.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..corpus import words
from ..corpus.document import Place
from ..corpus.languages import ENGLISH
from ..corpus.spans.statements import Statement
from .question import Question

_LABEL = 6
"""Words of a label; what is longer is a text."""


def names_row(asked: Question, text: str, row: Statement) -> bool:
    """Whether the question holds all words of the row's label: of its first cell with text in it."""
    label = next((found for cell in row.cells if any(map(str.isalpha, found := text[slice(*cell.value)]))), "")
    stems = words.stems(label, asked.language) if label else []
    return 0 < len(stems) <= _LABEL and set(stems) <= set(words.stems(asked.text, asked.language))


def asked_cell(weights: Mapping[str, float], text: str, row: Statement, language: str = ENGLISH) -> Place | None:
    """Where the value stands that the question asks for, by its stems and their ``weights`` (idf); ``None`` where the
    row is not named or no column is."""
    values = [set(words.stems(text[slice(*cell.value)], language)) for cell in row.cells]
    named = {stem for stem in weights if any(stem in value for value in values)}
    if not named:
        return None
    best, found = 0.0, None
    for cell, value in zip(row.cells, values, strict=True):
        header = set(words.stems(cell.header, language)) if cell.header else set()
        asked = sum(weights[stem] for stem in header if stem in weights and stem not in named)
        label = sum(weights[stem] for stem in value if stem in named)
        if asked - label > best and cell.value[0] < cell.value[1]:
            best, found = asked - label, cell.value
    return found
