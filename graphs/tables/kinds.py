"""What the cells of a column are: numbers, dates, truth values, categories, identifiers, text; and in which unit.

Every cell of a column must be of its kind, but those that say that nothing is known. A date that may be read in two
ways in all cells of a column is left as text: a guess would be wrong half of the
time; of a few among others the day is read first, and told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus.files.definition import DeclaredColumn
from ..english.dates import DAY_AND_MONTH, read_compact_date, read_date
from ..english.names import property_name
from .cells import DecimalMark, match_number, read_number

Kind = Literal["integer", "number", "date", "boolean", "category", "identifier", "text"]
Value = int | float | str | None
"""A date is text as ISO 8601 writes it, a truth value 0 or 1."""

NOTHING_DECLARED = DeclaredColumn("")
CATEGORIES = 60
"""Different values that a category may have at most; each stands in four rows on the average, and more."""
SAMPLES = 3
FEW_UNCLEAR = 0.25
"""The share of a column's dates that may read in two ways (03/04/2020) where nothing decides which."""
MISSING = frozenset(
    ("", "-", "–", "—", "?", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "not available", "not applicable")
)
_TRUE, _FALSE = frozenset(("true", "yes", "y", "t", "1")), frozenset(("false", "no", "n", "f", "0"))
_IN_HEADER = re.compile(r"(.+?)\s*[(\[]\s*([^()\[\]]{1,12})\s*[)\]]")
_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*")
_IS_COUNT = re.compile(r"(?:count|number|num|total|sum|amount)(?:_|$)")
_IS_ID = re.compile(r"(?:^|_)(?:id|key|code|nr|uuid|isbn|sku)$")
_IS_DATE = re.compile(r"(?:^|_)(?:date|day|on|at|datum)(?:_|$)")


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    """As a property of a node: ``stadium_capacity``."""
    title: str
    """As the header has it."""
    kind: Kind
    unit: str = ""
    day_first: bool = False
    """Of dates such as 03/04/2020."""
    decimal_mark: DecimalMark = "."
    distinct: int = 0
    """Different values; with more than are counted, that many."""
    missing: int = 0
    samples: tuple[str, ...] = ()
    unclear: str = ""
    """A date among others that reads in two ways and was read with the day first."""
    is_key: bool = False
    """Whether a database declares it as the primary key, or a part of it."""
    target: str = ""
    """The table of the same document that it refers to, as declared."""
    target_column: str = ""


class ColumnCensus:
    """Counts what a column's cells may be, cell by cell; its memory is bounded. What a database declares about the
    column, none of its cells can undo: digits in a column of texts are no number."""

    MOST = 50_000
    """Different values that are told apart."""

    def __init__(self, declared: DeclaredColumn = NOTHING_DECLARED) -> None:
        self.declared = declared
        self.cells = self.missing = 0
        self.possible = {"integer", "number", "date", "boolean", "day first", "month first", "compact date"}
        self.marks: dict[DecimalMark, Literal["integer", "number"]] = {".": "integer", ",": "integer"}
        """Of decimals that all cells may have, each with what they are then."""
        self.units: Counter[str] = Counter()
        self.values: Counter[str] = Counter()
        self.codes = True
        self.possible -= _impossible_kinds(declared)

    def add(self, cell: str) -> None:
        if is_missing(cell):
            self.missing += 1
            return
        self.cells += 1
        if cell in self.values or len(self.values) < self.MOST:
            known = cell in self.values
            self.values[cell] += 1
            if known:
                return
        if self.possible & {"integer", "number"}:
            self._number(cell)
        if "date" in self.possible:
            self._date(cell)
        if "boolean" in self.possible and not is_truth(cell):
            self.possible.discard("boolean")
        self.codes = self.codes and len(cell) <= 40 and _CODE.fullmatch(cell) is not None

    def _number(self, cell: str) -> None:
        units = set[str]()
        for mark in [*self.marks]:
            found = match_number(cell, mark)
            if found is None or (len(found["digits"]) > 1 and found["digits"][0] == "0") or len(found["digits"]) > 15:
                del self.marks[mark]
                continue
            if found["rest"]:
                self.marks[mark] = "number"
            units.add((found["before"] or found["after"] or "").casefold())
        self.units.update(units)
        if not self.marks or len(self.units) > 1:
            self.possible -= {"integer", "number"}
        if "compact date" in self.possible and read_compact_date(cell) is None:
            self.possible.discard("compact date")

    @property
    def decimal_mark(self) -> DecimalMark | None:
        """The one that the cells decide for; ``None`` where they may have either, or are no numbers."""
        marks = [*self.marks] if self.possible & {"integer", "number"} else []
        return marks[0] if len(marks) == 1 else None

    def _date(self, cell: str) -> None:
        if DAY_AND_MONTH.fullmatch(cell):
            for order in ("day first", "month first"):
                if order in self.possible and read_date(cell, order == "day first") is None:
                    self.possible.discard(order)
            if not self.possible & {"day first", "month first"}:
                self.possible.discard("date")
        elif read_date(cell, True) is None:
            self.possible.discard("date")

    def column(self, title: str, usual_mark: DecimalMark = ".") -> Column:
        """``usual_mark`` is that of the table's other columns, for cells that may be read in two ways: 1.234."""
        mark = self.decimal_mark or (usual_mark if usual_mark in self.marks else ".")
        found = _IN_HEADER.fullmatch(title)
        name = property_name(found[1] if found else title)
        unit = found[2] if found else next(iter(self.units), "") if len(self.units) == 1 else ""
        kind = self._kind(name, mark)
        return Column(
            name,
            title,
            kind,
            unit if kind in ("integer", "number") else "",
            day_first="day first" in self.possible,
            decimal_mark=mark,
            distinct=len(self.values),
            missing=self.missing,
            samples=tuple(value for value, _ in self.values.most_common(SAMPLES)),
            unclear=next(iter(self._unclear()), "") if kind == "date" else "",
            is_key=self.declared.is_key,
            target=self.declared.target,
            target_column=self.declared.target_column,
        )

    def _unclear(self) -> list[str]:
        """Dates that read in two ways, and that no other cell decides."""
        both = {"date", "day first", "month first"} <= self.possible
        return [value for value in self.values if DAY_AND_MONTH.fullmatch(value)] if both else []

    def _kind(self, name: str, mark: DecimalMark) -> Kind:
        if not self.cells:
            return "text"
        lower = {value.casefold() for value in self.values}
        both = (bool(lower & _TRUE) and bool(lower & _FALSE)) or "BOOL" in self.declared.type.upper()
        if "boolean" in self.possible and both and not _IS_COUNT.match(name):
            return "boolean"
        if {"compact date", "integer"} <= self.possible and _IS_DATE.search(name):
            return "date"
        if self.possible & {"integer", "number"}:
            kind = self.marks.get(mark, "number") if "integer" in self.possible else "number"
            return "identifier" if kind == "integer" and _IS_ID.search(name) else kind
        if "date" in self.possible and len(self._unclear()) <= FEW_UNCLEAR * len(self.values):
            return "date"
        if self.codes and (
            _IS_ID.search(name)
            or (len(self.values) == self.cells and all(any(map(str.isdigit, value)) for value in self.values))
        ):
            return "identifier"
        few = len(self.values) <= CATEGORIES and self.cells >= 4 * len(self.values)
        return "category" if few else "text"


def _impossible_kinds(declared: DeclaredColumn) -> set[str]:
    """The kinds that a type rules out, by the words that SQLite, too, looks for in it."""
    kind = declared.type.upper()
    found = {"boolean"} if declared.is_key or declared.target else set[str]()
    if any(word in kind for word in ("CHAR", "CLOB", "TEXT", "STRING")):
        return found | {"integer", "number"}
    return found | ({"integer"} if any(word in kind for word in ("REAL", "FLOA", "DOUB", "DEC")) else set())


def is_missing(cell: str) -> bool:
    return cell.casefold() in MISSING


def is_truth(cell: str) -> bool:
    return cell.casefold() in _TRUE | _FALSE


def read_cell(cell: str, column: Column) -> Value:
    """The cell as the column's kind; ``None`` where nothing is known."""
    if is_missing(cell):
        return None
    if column.kind == "boolean":
        return int(cell.casefold() in _TRUE)
    if column.kind in ("integer", "number"):
        return read_number(cell, column.decimal_mark)
    if column.kind == "date":
        return read_compact_date(cell) or read_date(cell, column.day_first)
    return cell


def distinct_names(columns: Sequence[Column]) -> list[str]:
    """The columns' names, numbered where two headers make the same one; ``id`` is called ``key`` in the graph."""
    found: list[str] = []
    taken = {"key"} if any(column.name == "id" for column in columns) else set[str]()
    for column in columns:
        name, number = column.name, 1
        while name in found or name in taken:
            number += 1
            name = f"{column.name}_{number}"
        found.append(name)
    return found


def holds_full_names(column: Column) -> bool:
    """Whether its cells are first names and surnames, as far as samples tell."""
    return (
        column.kind in ("text", "category") and bool(column.samples) and all(map(_FULL_NAME.fullmatch, column.samples))
    )


_FULL_NAME = re.compile(
    r"[^\W\d_a-z][\w'’.-]*(?: (?:[^\W\d_a-z][\w'’.-]*|v[ao]n|d[aei]|de[nr]|al|bin))* [^\W\d_a-z][\w'’-]+"
)
