"""The noun of quotation: a statement, the cells of one that is a row, and the places that govern it."""

from __future__ import annotations

from dataclasses import dataclass

from ..document import Place


@dataclass(frozen=True, slots=True)
class StatementCell:
    """A value of a row, and the name of its column (empty where it has none)."""

    header: str
    value: Place


@dataclass(frozen=True, slots=True)
class Statement:
    start: int
    end: int
    kind: str
    """``sentence``, ``item``, ``row``, ``value``, ``code`` or ``label``."""
    governors: tuple[Place, ...] = ()
    """In the same text, outermost first."""
    cells: tuple[StatementCell, ...] = ()
    """Of a row."""

    @property
    def label(self) -> bool:
        """Whether it only governs others (a heading, a header row, a lead-in, a delimiter) and is never an answer."""
        return self.kind == "label"
