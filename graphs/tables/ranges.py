"""Cells that are ranges, "under 7", "11-14", "October to March", and the numbers, months and days that they hold.

A question names one value; the condition is on the cells as they are written, so that people see why they fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from ..english.dates import month_number
from ..english.words import number_of, root
from .draft import Draft
from .model import TableModel
from .plan import ColumnReference, Condition
from .times import is_month
from .word_links import WordLink

MOST_DIFFERENT = 200
"""Cells of a column of ranges."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_N = r"(\d+(?:\.\d+)?)"
_EVERYTHING = re.compile(r"(?:all|any|every|open|everyone|everybody|daily|no limit)\b.*|year[- ]round", re.IGNORECASE)
_FORMS = (
    (rf"(?:under|below|less than|younger than|<) ?{_N}", (None, 1), (True, True)),
    (rf"(?:up to|at most|max\.?|maximum|until|<=|≤) ?{_N}", (None, 1), (True, False)),
    (rf"(?:over|above|more than|older than|>) ?{_N}", (1, None), (True, True)),
    (rf"(?:from|at least|min\.?|minimum|>=|≥) ?{_N}(?: ?\+)?", (1, None), (False, True)),
    (rf"{_N} ?(?:\+|(?:and|or) (?:over|up|older|above|more)|upwards)", (1, None), (False, True)),
    (rf"{_N} ?(?:and|or) (?:under|younger|below|less)", (None, 1), (True, False)),
    (rf"(?:from |between )?{_N} ?(?:-|–|—|to|and|until|till) ?{_N}", (1, 2), (False, False)),
    (_N, (1, 1), (False, False)),
)
"""How a range of numbers is written, which of its numbers are its ends, and whether these are outside."""
_UNIT = re.compile(
    r"\s*(?:years?(?: olds?)?|yrs?|y/?o|people|persons|players|ages?|aged|age|kg|cm|mm|m|km|g|l)\b\.?", re.IGNORECASE
)
_PARTS = re.compile(r"\s*(?:,|;|&|\band\b)\s*")
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b|\bthrough\b)\s*")
_AGE = re.compile(
    r"\b(?:aged? |age of )(?P<one>\d+|[a-z]+)\b|(?P<two>\b\d+|\b[a-z]+)[- ]years?[- ](?:olds?|of age)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NumberRange:
    low: float
    high: float
    low_out: bool
    high_out: bool

    def holds(self, value: float) -> bool:
        above = value > self.low or (value == self.low and not self.low_out)
        return above and (value < self.high or (value == self.high and not self.high_out))


@lru_cache(maxsize=4096)
def read_range(text: str) -> NumberRange | None:
    """
    >>> read_range("under 7").holds(7), read_range("11-14 years").holds(14), read_range("16 and over").holds(90)
    (False, True, True)
    """
    plain = " ".join(_UNIT.sub(" ", text).split())
    if _EVERYTHING.fullmatch(plain) or _EVERYTHING.fullmatch(text):
        return NumberRange(-inf, inf, True, True)
    for form, ends, outside in _FORMS:
        if found := re.fullmatch(form, plain, re.IGNORECASE):
            low, high = (float(found[at]) if at else sign * inf for at, sign in zip(ends, (-1, 1), strict=True))
            return NumberRange(low, high, *outside) if low <= high else None
    return None


@lru_cache(maxsize=4096)
def read_cycle(text: str, kind: str) -> frozenset[int] | None:
    """The months (1 to 12) or days of the week (0 to 6) that the text tells, over the turn of the year, too.

    >>> sorted(read_cycle("October to March", "month"))
    [1, 2, 3, 10, 11, 12]
    """
    size, first = (12, 1) if kind == "month" else (7, 0)
    if _EVERYTHING.fullmatch(text):
        return frozenset(range(first, first + size))
    found: set[int] = set()
    for part in _PARTS.split(text):
        ends = [_place(one, kind) for one in _TO.split(part.strip())]
        if not 1 <= len(ends) <= 2 or None in ends:
            return None
        low, high = ends[0], ends[-1]
        assert low is not None
        assert high is not None
        found |= {first + (low - first + step) % size for step in range((high - low) % size + 1)}
    return frozenset(found)


def _place(word: str, kind: str) -> int | None:
    if kind == "month":
        return month_number(word) or None
    plain = word.casefold().rstrip(".").removesuffix("s") or "-"
    fitting = [at for at, day in enumerate(_DAYS) if day.startswith(plain) and len(plain) >= 3]
    return fitting[0] if len(fitting) == 1 else None


def add_range(draft: Draft, link: WordLink, before: WordLink | None) -> bool:
    """Whether the amount lies in ranges of a column, and the condition is made: a month in the only column of months, a
    number in the column that the words before it name."""
    assert link.amount is not None
    value = link.amount.value
    if is_month(value):
        return _add(draft, "month", int(str(value)[2:]), link, names=None)
    if isinstance(value, str) or link.amount.operator != "=" or before is None:
        return False
    return _add(draft, "number", value, link, names=before)


def add_ages(draft: Draft) -> None:
    """ "A five year old", "aged 12": the column of ranges that speaks of ages."""
    for found in _AGE.finditer(draft.intent.question):
        value = number_of(found["one"] or found["two"] or "")
        within = [
            at for at, one in enumerate(draft.linked.tokens) if one.start < found.end() and one.end > found.start()
        ]
        if value is None or not within or draft.used & set(within):
            continue
        reference = _column_of_ranges(draft, "number", None, "age")
        if reference is not None:
            _add_condition(draft, reference, "number", value)
            draft.used.update(within)
            draft.score += 0.9 * len(within)


def add_weekdays(draft: Draft) -> None:
    """ "On Tuesday", where a column tells days as ranges: "Mon-Fri"."""
    for at, token in enumerate(draft.linked.tokens):
        day = _place(token.text, "day") if token.is_name and at not in draft.used else None
        reference = _column_of_ranges(draft, "day", None) if day is not None else None
        if reference is not None and day is not None:
            _add_condition(draft, reference, "day", day)
            draft.used.add(at)
            draft.score += 0.9


def _add(draft: Draft, kind: str, value: float, link: WordLink, names: WordLink | None) -> bool:
    reference = _column_of_ranges(draft, kind, names)
    if reference is None:
        return False
    _add_condition(draft, reference, kind, value)
    draft.use(link, 0.9)
    if names is not None:
        draft.use(names, 0.9)
    return True


def _add_condition(draft: Draft, of: ColumnReference, kind: str, value: float) -> None:
    cells = ranges_of(draft.model, draft.owner(of.path).name, of.column, kind)
    fitting = tuple(cell for cell in cells if _holds(cell, kind, value))
    draft.conditions.append(Condition(of, "=", fitting or (f"{value:g}",)))


def _holds(cell: str, kind: str, value: float) -> bool:
    if kind == "number":
        found = read_range(cell)
        return found is not None and found.holds(value)
    return value in (read_cycle(cell, kind) or ())


def _column_of_ranges(draft: Draft, kind: str, names: WordLink | None, word: str = "") -> ColumnReference | None:
    """The one column of such ranges in the table, that the words name or whose name has the word."""
    named = None if names is None else {(one.table, one.column) for one in names.columns}
    found = [
        column.name
        for column in draft.table.columns
        if column.kind in ("text", "category")
        and (named is None or (draft.table.name, column.name) in named)
        and (not word or root(word) in map(root, column.name.split("_")))
        and ranges_of(draft.model, draft.table.name, column.name, kind)
    ]
    return ColumnReference((), found[0]) if len(found) == 1 else None


def ranges_of(model: TableModel, table: str, column: str, kind: str) -> Sequence[str]:
    """The different cells of the column, where all are such ranges and one has two ends; else none."""
    query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL ORDER BY 1'  # noqa: S608
    cells = [str(row[0]) for row in model.run(query, most=MOST_DIFFERENT + 1)]
    if not cells or len(cells) > MOST_DIFFERENT:
        return ()
    if kind == "number":
        ranges = [read_range(cell) for cell in cells]
        wide = any(one is not None and one.low < one.high for one in ranges)
        return cells if None not in ranges and wide else ()
    cycles = [read_cycle(cell, kind) for cell in cells]
    wide = any(one is not None and len(one) > 1 for one in cycles)
    return cells if None not in cycles and wide else ()
