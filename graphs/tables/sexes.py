"""Women, men, girls, boys: words for the values of a column ``gender`` or ``sex``."""

from __future__ import annotations

from collections.abc import Iterator

from .database import normal
from .model import CellValue, TableModel

_FEMALE = frozenset("woman women female females girl girls lady ladies".split())  # noqa: SIM905
_MALE = frozenset("man men male males boy boys gentleman gentlemen".split())  # noqa: SIM905
_COLUMNS = frozenset(("gender", "sex"))
_CALLED = (
    (_FEMALE, frozenset(("female", "f", "w", "woman", "women"))),
    (_MALE, frozenset(("male", "m", "man", "men"))),
)
"""Words of a question, and the cells that they mean."""


def values_of_sex(model: TableModel, word: str) -> Iterator[CellValue]:
    """The cells of that sex in every table that tells it."""
    for words, cells in _CALLED:
        if word.casefold() not in words:
            continue
        for table in model.tables.values():
            for column in table.columns:
                if column.name.rpartition("_")[2] in _COLUMNS and column.kind in ("category", "text"):
                    for sample in column.samples:
                        if normal(sample) in cells:
                            yield CellValue(table.name, (column.name,), (sample,), 1)
