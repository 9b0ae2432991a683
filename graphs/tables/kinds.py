"""What the cells of a column are: numbers, dates, truth values, categories, identifiers, text; and in which unit.

Every cell of a column must be of its kind, but those that say that nothing is known. A date that may be read in two
ways in all cells of a column is left as text: a guess would be wrong half of the time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus.files.definition import DeclaredColumn
from ..english.dates import DAY_AND_MONTH, read_date
from ..english.names import property_name

Kind = Literal["integer", "number", "date", "boolean", "category", "identifier", "text"]
Value = int | float | str | None
"""A date is text as ISO 8601 writes it, a truth value 0 or 1."""

NOTHING_DECLARED = DeclaredColumn("")
CATEGORIES = 60
"""Different values that a category may have at most; each stands in four rows on the average, and more."""
SAMPLES = 3
MISSING = frozenset(
    ("", "-", "–", "—", "?", "na", "n/a", "n.a.", "nan", "null", "none", "nil", "not available", "not applicable")
)
_TRUE, _FALSE = frozenset(("true", "yes", "y", "t", "1")), frozenset(("false", "no", "n", "f", "0"))
_MONEY = r"(?P<before>[€$£¥%]|(?:eur|usd|gbp|chf|jpy|cny|inr|nok|sek|dkk|pln|czk|aud|cad|nzd|rs\.?)(?![a-z]))?"
"""Of what stands before a number only money is a unit: C1 is a code, and so is Room 12."""
_UNIT = r"(?P<after>[€$£¥%]|[a-zµ°/²³]{1,6})?"
_NUMBER = re.compile(
    rf"{_MONEY} ?(?P<sign>[-+−]?)(?P<digits>\d{{1,3}}(?:[, ' ]\d{{3}})+|\d+)(?P<rest>\.\d+)? ?"
    rf"{_UNIT}",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"(.+?)\s*[(\[]\s*([^()\[\]]{1,12})\s*[)\]]")
_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_./][A-Za-z0-9]+)*")
_IS_COUNT = re.compile(r"(?:count|number|num|total|sum|amount)(?:_|$)")
_IS_ID = re.compile(r"(?:^|_)(?:id|key|code|nr|uuid|isbn|sku)$")


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
    distinct: int = 0
    """Different values; with more than are counted, that many."""
    missing: int = 0
    samples: tuple[str, ...] = ()
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
        self.possible = {"integer", "number", "date", "boolean", "day first", "month first"}
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
        if "boolean" in self.possible and cell.casefold() not in _TRUE | _FALSE:
            self.possible.discard("boolean")
        self.codes = self.codes and len(cell) <= 40 and _CODE.fullmatch(cell) is not None

    def _number(self, cell: str) -> None:
        found = _NUMBER.fullmatch(cell)
        if found is None or (len(found["digits"]) > 1 and found["digits"][0] == "0") or len(found["digits"]) > 15:
            self.possible -= {"integer", "number"}
            return
        if found["rest"]:
            self.possible.discard("integer")
        self.units[(found["before"] or found["after"] or "").casefold()] += 1
        if len(self.units) > 1:
            self.possible -= {"integer", "number"}

    def _date(self, cell: str) -> None:
        if DAY_AND_MONTH.fullmatch(cell):
            for order in ("day first", "month first"):
                if order in self.possible and read_date(cell, order == "day first") is None:
                    self.possible.discard(order)
            if not self.possible & {"day first", "month first"}:
                self.possible.discard("date")
        elif read_date(cell, True) is None:
            self.possible.discard("date")

    def column(self, title: str) -> Column:
        found = _IN_HEADER.fullmatch(title)
        name = property_name(found[1] if found else title)
        unit = found[2] if found else next(iter(self.units), "") if len(self.units) == 1 else ""
        kind = self._kind(name)
        return Column(
            name,
            title,
            kind,
            unit if kind in ("integer", "number") else "",
            day_first="day first" in self.possible,
            distinct=len(self.values),
            missing=self.missing,
            samples=tuple(value for value, _ in self.values.most_common(SAMPLES)),
            is_key=self.declared.is_key,
            target=self.declared.target,
            target_column=self.declared.target_column,
        )

    def _kind(self, name: str) -> Kind:
        if not self.cells:
            return "text"
        lower = {value.casefold() for value in self.values}
        both = (bool(lower & _TRUE) and bool(lower & _FALSE)) or "BOOL" in self.declared.type.upper()
        if "boolean" in self.possible and both and not _IS_COUNT.match(name):
            return "boolean"
        for kind in ("integer", "number"):
            if kind in self.possible:
                return "identifier" if kind == "integer" and _IS_ID.search(name) else kind
        ambiguous = {"day first", "month first"} <= self.possible and any(map(DAY_AND_MONTH.fullmatch, self.values))
        if "date" in self.possible and not ambiguous:
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


def read_cell(cell: str, column: Column) -> Value:
    """The cell as the column's kind; ``None`` where nothing is known."""
    if is_missing(cell):
        return None
    if column.kind == "boolean":
        return int(cell.casefold() in _TRUE)
    if column.kind in ("integer", "number"):
        return read_number(cell)
    if column.kind == "date":
        return read_date(cell, column.day_first)
    return cell


def read_number(cell: str) -> int | float | None:
    found = _NUMBER.fullmatch(cell)
    if found is None:
        return None
    digits = re.sub(r"\D", "", found["digits"])
    sign = -1 if found["sign"] in ("-", "−") else 1
    return sign * (float(digits + found["rest"]) if found["rest"] else int(digits))


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
