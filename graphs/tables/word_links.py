"""Words of a question, and what each stretch of them may mean in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from ..english.tokens import QuestionToken
from .model import CellValue
from .periods import AmountBounds

WHOLE = 0.9
"""Of a name of which all was said."""


@dataclass(frozen=True, slots=True)
class ColumnName:
    table: str
    column: str
    fit: float
    """The share of its name that was said."""


@dataclass(frozen=True, slots=True)
class TableName:
    table: str
    fit: float


@dataclass(frozen=True, slots=True)
class WordLink:
    """Words ``start`` to ``end`` (exclusive) of the question, and all that they may mean."""

    start: int
    end: int
    values: tuple[CellValue, ...] = ()
    columns: tuple[ColumnName, ...] = ()
    tables: tuple[TableName, ...] = ()
    amount: AmountBounds | None = None
    everything: bool = False
    """It names what all rows have: no condition."""


@dataclass(frozen=True, slots=True)
class Linked:
    tokens: tuple[QuestionToken, ...]
    links: tuple[WordLink, ...]
    """In the order of the question; no two share a word."""

    @property
    def within_names(self) -> frozenset[int]:
        """Words of names of several words, of columns, tables or cells: "first" of "first aid"."""
        names = (
            one
            for one in self.links
            if one.end - one.start > 1
            and (
                one.values
                or any(each.fit >= WHOLE for each in one.columns)
                or any(each.fit >= WHOLE for each in one.tables)
            )
        )
        return frozenset(at for one in names for at in range(one.start, one.end))
