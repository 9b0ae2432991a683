"""Numbers of tables under their columns: ``Room`` and ``12`` make one word of the full-text index besides, so that
"room 12" finds its row among thousands that hold a 12 elsewhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .spans.statements import statements
from .words import STOPWORDS, stems

_MARK = "ː"
"""A letter that no other word of the index begins with."""
_NUMBER = re.compile(r"\d{1,6}")
_NUMBER_CELL = re.compile(rf"(?:^|[|,;\t])[ \t]*{_NUMBER.pattern}[ \t]*(?:[|,;\t\r\n]|$)", re.MULTILINE)
_LABELLED = re.compile(
    rf"([^\W\d_]+)(?:\s+(?:number|no\.?|nr\.?|#))?\s+({_NUMBER.pattern})(?![\w.,:/-]*\d)", re.IGNORECASE
)
"""A name and a number that is no part of a longer one."""


def cell_words(text: str, kind: str, header: str = "") -> str:
    """The words that numbers in the rows of ``text``, a passage of that kind, make with the names of their columns;
    ``header`` is the header row of a table that began above."""
    if not _NUMBER_CELL.search(text):
        return ""
    found = [
        _word(stem, value)
        for row in statements(text, kind, header)
        for cell in row.cells
        if _NUMBER.fullmatch(value := text[slice(*cell.value)])
        for stem in _names(cell.header)
    ]
    return " ".join(found)


def asked_cells(question: str) -> list[tuple[str, str]]:
    """``(name, number)`` for every "room 12" in a question; the name as a stem."""
    found = _LABELLED.findall(question)
    return [(stems(name)[0], number) for name, number in found if name.lower() not in STOPWORDS]


def asked_cell_words(question: str) -> list[str]:
    return [_word(stem, number) for stem, number in asked_cells(question)]


def _word(stem: str, number: str) -> str:
    return f"{_MARK}{stem}{_MARK}{number}"


@lru_cache(maxsize=1024)
def _names(header: str) -> tuple[str, ...]:
    return tuple(stems(header)) if header else ()
