"""What the words of a question may mean in these tables: values of cells, columns, tables, numbers that compare.

Values are found by an index of the tables' own cells, columns and tables by their names. A stretch of words may mean
several things; which one it means is decided for each table that may answer (``translate.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...corpus.cancellation import check
from ...corpus.words import STOPWORDS
from ..english.amounts import Amount, amounts_of
from ..english.names import name_fit, name_roots, property_names, singular
from ..english.tokens import QuestionToken, tokens_of
from ..english.words import ASKING, LIGHT, NUMBERS, SORTS, root
from .database import normal
from .model import CellValue, Table, TableModel

LONGEST = 12
"""Words of a value."""
WHOLE = 0.9
"""Of a name of which all was said."""
FEW = 12
"""Values of a column that a name may stand for where none is called just so."""
_COMMANDS = {root(word) for word in LIGHT}


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
    amount: Amount | None = None
    everything: bool = False
    """It names what all rows have: no condition."""


@dataclass(frozen=True, slots=True)
class Linked:
    tokens: tuple[QuestionToken, ...]
    links: tuple[WordLink, ...]
    """In the order of the question; no two share a word."""


def link(model: TableModel, question: str) -> Linked:
    tokens = tokens_of(question)
    amounts = (WordLink(one.start, one.end, amount=one) for one in amounts_of(question, tokens))
    found = [*amounts, *_numbered_rows(model, tokens)]
    taken = {at for one in found for at in range(one.start, one.end)}
    stretches = [
        (start, end)
        for length in range(min(LONGEST, len(tokens)), 0, -1)
        for start in range(len(tokens) - length + 1)
        for end in (start + length,)
    ]
    for start, end in stretches:
        if not taken.isdisjoint(range(start, end)):
            continue
        words = tokens[start:end]
        if words[0].text.casefold() in STOPWORDS - {"own"} or words[-1].text.casefold() in STOPWORDS:
            continue
        if len(words) == 1 and (words[0].text in ASKING or (start == 0 and words[0].root in _COMMANDS)):
            continue
        one = _meaning_of(model, question, words, start, end)
        if one is not None:
            found.append(one)
            taken.update(range(start, end))
    for one in _named_in_part(model, question, tokens, taken):
        found.append(one)
        taken.update(range(one.start, one.end))
    return Linked(tokens, tuple(sorted(found, key=lambda one: one.start)))


def _meaning_of(
    model: TableModel, question: str, words: Sequence[QuestionToken], start: int, end: int
) -> WordLink | None:
    values = tuple(_values(model, question[words[0].start : words[-1].end], words))
    columns = tuple(_columns(model, words))
    tables = tuple(_tables(model, words))
    if (
        len(words) > 1
        and not values
        and max((*(one.fit for one in columns), *(one.fit for one in tables)), default=0.0) < WHOLE
    ):
        return None
    return WordLink(start, end, values, columns, tables) if values or columns or tables else None


def _values(model: TableModel, text: str, words: Sequence[QuestionToken]) -> Iterator[CellValue]:
    """Cells that are written so. Small letters do not mean a name: "best" is not George Best. They do mean a sort of
    things: "kitchen products"."""
    if len(words) == 1 and text.isdigit():
        return
    spellings = {normal(text)}
    spellings |= {f"{one[:-1]}" for one in spellings if one.endswith("s")}
    spellings |= {one.replace(" ", "-") for one in spellings}
    found = _look_up(model, spellings) or _look_up(model, {singular(one) for one in spellings})
    lower = text == text.lower()
    for one in found:
        written = " ".join(map(str, one.values))
        column = model.tables[one.table].column(one.columns[0])
        if (
            not lower
            or written == written.lower()
            or column.name.rpartition("_")[2] in SORTS
            or (column.kind == "identifier" and any(map(str.isdigit, text)))
        ):
            yield one


def _look_up(model: TableModel, spellings: set[str]) -> list[CellValue]:
    tight = {one.replace(" ", "").replace("-", "") for one in spellings}
    marks = ", ".join("?" * len(tight))
    rows = model.run(f"SELECT owner, columns, value, rows FROM cell_values WHERE tight IN ({marks})", [*tight])  # noqa: S608
    return [_cell_value(*row) for row in rows]


def _cell_value(owner: str, columns: str, value: str, rows: int) -> CellValue:
    return CellValue(owner, tuple(json.loads(columns)), tuple(json.loads(value)), rows)


def _columns(model: TableModel, words: Sequence[QuestionToken]) -> Iterator[ColumnName]:
    asked = [word.root for word in words]
    together = root("".join(word.text for word in words))
    for table in model.tables.values():
        for column in table.columns:
            fit = max(name_fit(asked, together, name) for name in property_names(table.name, column.name) or (("",),))
            if fit >= 0.3:
                yield ColumnName(table.name, column.name, fit)


def _tables(model: TableModel, words: Sequence[QuestionToken]) -> Iterator[TableName]:
    asked = [word.root for word in words]
    together = root("".join(word.text for word in words))
    for table in model.tables.values():
        name = name_roots(singular(table.name))
        fit = name_fit(asked, together, name)
        if fit >= 0.3:
            yield TableName(table.name, fit)


def _numbered_rows(model: TableModel, tokens: Sequence[QuestionToken]) -> Iterator[WordLink]:
    """ "Order 14", "order number 14": a row by its table's name and its key, be there such a row or not."""
    for at, token in enumerate(tokens):
        if not at or not (token.text.isascii() and token.text.isdigit()):
            continue
        start = at - (at > 1 and tokens[at - 1].text.casefold() in ("number", "no", "nr", "id"))
        named = [
            table
            for table in model.tables.values()
            if name_roots(singular(table.name)) == (tokens[start - 1].root,) and _is_number(table)
        ]
        if named:
            values = tuple(CellValue(table.name, (table.key,), (_key_of(table, token.text),), 1) for table in named)
            yield WordLink(start, at + 1, values=values)


def _is_number(table: Table) -> bool:
    """Whether the table's key is one."""
    return bool(table.key) and all(sample.isdigit() for sample in table.column(table.key).samples)


def _key_of(table: Table, text: str) -> int | str:
    return int(text) if table.column(table.key).kind == "integer" else text


def _named_in_part(
    model: TableModel, question: str, tokens: Sequence[QuestionToken], taken: set[int]
) -> Iterator[WordLink]:
    """Names that are a part of longer ones: "World Cup 2006" of "2006 FIFA World Cup". The longest run that few cells
    hold."""
    at = 0
    while at < len(tokens):
        check()
        run = at
        while (
            run < min(len(tokens), at + LONGEST)
            and run not in taken
            and (tokens[run].is_name or (run > at and len(tokens[run].text) < 4))
        ):
            run += 1
        end = next((end for end in range(run, at, -1) if tokens[end - 1].is_name and tokens[at].is_name), at)
        one = None
        while end > at and at not in taken:
            one = _part(model, tokens, at, end)
            if one is not None:
                break
            end -= 1
        if one is not None:
            yield one
        at = end if one is not None else at + 1


def _part(model: TableModel, tokens: Sequence[QuestionToken], start: int, end: int) -> WordLink | None:
    words = [word for token in tokens[start:end] for word in normal(token.text).split()]
    if (
        not words
        or all(word in STOPWORDS or word in NUMBERS for word in words)
        or all(map(str.isdigit, words))
        or (start == 0 and end == 1)
    ):
        return None
    tests = " AND ".join("' ' || normal || ' ' LIKE ?" for _ in words)
    query = f"SELECT owner, columns, value, rows FROM cell_values WHERE {tests}"  # noqa: S608
    rows = [_cell_value(*row) for row in model.run(query, [f"% {word} %" for word in words])]
    counts: dict[tuple[str, tuple[str, ...]], int] = {}
    for one in rows:
        key = one.table, one.columns
        counts[key] = counts.get(key, 0) + 1
    few = tuple(one for one in rows if counts[one.table, one.columns] <= FEW)
    if few:
        return WordLink(start, end, values=few)
    whole = any(
        len(columns) == 1 and number >= 0.9 * model.tables[table].column(columns[0]).distinct
        for (table, columns), number in counts.items()
    )
    return WordLink(start, end, everything=True) if whole else None
