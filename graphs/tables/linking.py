"""What the words of a question may mean in these tables: values of cells, columns, tables, numbers that compare.

Values are found by an index of the tables' own cells, columns and tables by their names. A stretch of words may mean
several things; which one it means is decided for each table that may answer (``translate.py``).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from ...corpus.cancellation import check
from ...corpus.words import STOPWORDS
from ..english.intent import is_code_letter
from ..english.names import name_fit, name_roots, property_names, singular
from ..english.tokens import QuestionToken, tokens_of
from ..english.words import (
    ASKING,
    DEEDS,
    LIGHT,
    MEASURES,
    MONEY_NOUNS,
    NUMBERS,
    PEOPLE,
    SAME_NAMES,
    SHORT_FORMS,
    SORTS,
    kin,
    root,
)
from .column_times import links_of_time, roots_without_time
from .database import normal
from .demonyms import countries_of
from .kinds import holds_full_names
from .model import CellValue, Table, TableModel
from .money import column_of_money
from .periods import amounts_in
from .sexes import values_of_sex
from .spellings import is_written_so, spellings_of
from .word_links import WHOLE, ColumnName, Linked, TableName, WordLink

LONGEST = 12
"""Words of a value."""
_BEFORE_NAMES, _NAME_LETTERS = frozenset(("in", "from", "at", "near")), 4
"""Words before the name of a place, which people write in small letters too; its letters."""
_BEFORE_THINGS = frozenset(("the", "of", "is", "are", "was", "were", "do", "does", "did", "a", "an"))
"""Words before the one thing that is called so: "how much are pears"."""
A_DAY = 0.7
"""What "day" says of the one column of dates, and "payment" of the one of amounts."""
BY_ITS_COLUMN = 0.9
_OF_ROWS = frozenset(("date", "no", "nr", "id", "number", "code", "key", "ref"))
_BETWEEN = frozenset(("of", "per", "in", "to", "at", "for", "by"))
"""Words within names of columns."""
WITHOUT_TIME = 0.85
"""What a column's name says without its time, which tells it from another: "rent" of "rent until August"."""
A_MEASURE = 0.8
"""What an adjective says of the column that measures it."""
ENDING = 0.92
"""What the last words of a longer name say."""
_TIMES = frozenset((root("day"), root("date")))
DERIVED = 0.85
"""What a noun counts for that is made of the word that was said: "paid" for payments."""
FEW = 12
"""Values of a column that a name may stand for where none is called just so."""
_ALIKE = frozenset(("price", "priced", "cost", "costs"))
"""Words of one root that tables tell apart."""
_ASKED_BEFORE = {root(word) for word in ("which", "many")}
_COMMANDS = {root(word) for word in LIGHT}


def link(model: TableModel, question: str) -> Linked:
    tokens = tokens_of(question)
    found = [*links_of_time(model, question, tokens)]
    times = {at for one in found for at in range(one.start, one.end)}
    others = [*_amounts(question, tokens), *_numbered_rows(model, tokens), *_how(model, tokens)]
    found += [one for one in others if times.isdisjoint(range(one.start, one.end))]
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
        silent = words[0].text.casefold() in STOPWORDS - {"own"} or words[-1].text.casefold() in STOPWORDS
        if silent and not (len(words) == 1 and is_code_letter(tokens, start)):
            continue
        if len(words) == 1 and (words[0].text in ASKING or (start == 0 and words[0].root in _COMMANDS)):
            continue
        beside = [token.root for token in (*tokens[max(0, start - 1) : start], *tokens[end : end + 1])]
        one = _meaning_of(model, question, words, (start, end), beside)
        if one is not None:
            found.append(one)
            taken.update(range(start, end))
    for one in _named_in_part(model, question, tokens, taken):
        found.append(one)
        taken.update(range(one.start, one.end))
    return Linked(tokens, tuple(sorted(found, key=lambda one: one.start)))


def _meaning_of(
    model: TableModel, question: str, words: Sequence[QuestionToken], place: tuple[int, int], beside: Collection[str]
) -> WordLink | None:
    before = question[: words[0].start].split()[-1:]
    values = tuple(_values(model, question[words[0].start : words[-1].end], words, beside, "".join(before).casefold()))
    if not values and len(words) == 1:
        values = tuple(values_of_sex(model, words[0].text)) or _of_country(model, words[0].text)
    columns = tuple(_columns(model, words))
    measured = {one.table for one in columns if one.fit >= WHOLE and _is_number(model.tables[one.table], one.column)}
    tables = tuple(one for one in _tables(model, words) if one.table not in measured)  # the stock, of a table of stock
    named = {one.table for one in tables if one.fit == ENDING}
    values = tuple(one for one in values if one.table not in named)  # "deaths" of la_riots_deaths is no type "Death"
    if (
        len(words) > 1
        and not values
        and max((*(one.fit for one in columns), *(one.fit for one in tables)), default=0.0) < WHOLE
    ):
        return None
    return WordLink(*place, values, columns, tables) if values or columns or tables else None


def _is_number(table: Table, column: str) -> bool:
    return column != table.key and table.column(column).kind in ("integer", "number")


def _of_country(model: TableModel, adjective: str) -> tuple[CellValue, ...]:
    spellings = set(countries_of(adjective))
    return tuple(one for one in (_look_up(model, spellings) if spellings else ()) if len(one.columns) == 1)


def _values(
    model: TableModel, text: str, words: Sequence[QuestionToken], beside: Collection[str], behind: str
) -> Iterator[CellValue]:
    """Cells that are written so. One word in small letters means no name ("best" is not George Best), but a sort of
    things ("kitchen products"), what stands beside the name of its column ("the canoe section"), a place behind the
    word for it ("in crete"), or the one row that is called so ("the library"): ``behind`` is the word before."""
    if len(words) == 1 and text.isdigit() and not (text.startswith("0") and len(text) > 1):
        return
    plain, others = spellings_of(text)
    found = _look_up(model, plain)
    lower = text == text.lower()
    for one in found or _look_up(model, others):
        written = " ".join(map(str, one.values))
        table = model.tables[one.table]
        column = table.column(one.columns[0])
        if (found or is_written_so(text, column.samples)) and (
            not lower
            or len(words) > 1
            or written == written.lower()
            or column.name.rpartition("_")[2] in SORTS
            or root(column.name.rpartition("_")[2]) in beside
            or (behind in _BEFORE_NAMES and len(text) >= _NAME_LETTERS)
            or (behind in _BEFORE_THINGS and table.shown == (column.name,) and column.distinct == table.rows)
            or (column.kind == "identifier" and any(map(str.isdigit, text)))
            # "Which primate …", "how many rodents": a thing that is asked for, and a sort that several rows are of.
            or (column.kind == "category" and one.rows > 1 and not _ASKED_BEFORE.isdisjoint(beside))
        ):
            yield one


def _look_up(model: TableModel, spellings: set[str]) -> list[CellValue]:
    tight = {one.replace(" ", "").replace("-", "") for one in spellings}
    marks = ", ".join("?" * len(tight))
    rows = model.run(f"SELECT owner, columns, value, rows FROM cell_values WHERE tight IN ({marks})", [*tight])  # noqa: S608
    return [_cell_value(*row) for row in rows if row[0] in model.tables]


def _cell_value(owner: str, columns: str, value: str, rows: int) -> CellValue:
    return CellValue(owner, tuple(json.loads(columns)), tuple(json.loads(value)), rows)


def _columns(model: TableModel, words: Sequence[QuestionToken]) -> Iterator[ColumnName]:
    asked = [word.root for word in words]
    plain = [word.root for word in words if word.text.casefold() not in _BETWEEN]
    between = {word.text.casefold() for word in words} & _BETWEEN
    together = root("".join(word.text for word in words).replace("-", ""))
    nouns = {root(singular(name)) for name in model.tables}
    said = {word.text.casefold() for word in words}
    for table in model.tables.values():
        literal = any(said <= {*column.name.split("_")} for column in table.columns)
        for column in table.columns:
            ways = [asked, plain] if between and between.issubset(column.name.split("_")) else [asked]
            names = _column_names(table.name, column.name) or (("",),)
            fit = max(_fit(said, together, name) for name in names for said in ways)
            if tuple(asked) == roots_without_time(column.title):
                fit = max(fit, WITHOUT_TIME)
            whole = fit in (1.0, WITHOUT_TIME, A_DAY)
            if not whole and words[-1].text.casefold() not in PEOPLE and holds_full_names(column):
                continue  # "which boat" is no "safety boat", where that says who is on it
            if fit == ENDING and asked[0] in nouns:
                continue  # "which team won" is no "home_team_win"
            if len(asked) == 1 and fit < WHOLE and words[0].text.casefold() in NUMBERS:
                continue  # "what three capitals" is no "three_letters"
            if literal and said & _ALIKE and not said <= {*column.name.split("_")}:
                continue  # a price is no cost where the table has both
            if len(asked) == 1 and asked[0] in _TIMES and column.kind == "date" and _is_only_date(table):
                fit = max(fit, A_DAY)
            money = len(asked) == 1 and asked[0] not in nouns and words[0].text.casefold() in MONEY_NOUNS
            if money and column.name == column_of_money(table, words[0].text.casefold()):
                fit = max(fit, A_DAY)
            if fit >= 0.3:
                yield ColumnName(table.name, column.name, fit)


def _is_only_date(table: Table) -> bool:
    return sum(one.kind == "date" for one in table.columns) == 1


def _tables(model: TableModel, words: Sequence[QuestionToken]) -> Iterator[TableName]:
    asked = [word.root for word in words]
    together = root("".join(word.text for word in words))
    for table in model.tables.values():
        fit = max(
            _fit(asked, together, name_roots(singular(table.name))),
            ENDING * _ends_name(model, words, table.name),
            BY_ITS_COLUMN * _fit(asked, together, name_roots(_noun_of_first(table))),
            DERIVED * (len(words) == 1 and _is_deed(words[0], singular(table.name))),
        )
        if fit >= 0.3:
            yield TableName(table.name, fit)


def _ends_name(model: TableModel, words: Sequence[QuestionToken], name: str) -> bool:
    """Whether the word is the last of the table's name, and of no other's: "shops" of ``uk_shops``."""
    last = name.rpartition("_")[2]
    others = {root(singular(one.rpartition("_")[2])) for one in model.tables if one != name}
    plain = len(words) == 1 and "_" in name and words[0].text.casefold() == last and last != singular(last)
    return plain and words[0].root not in others


def _is_deed(word: QuestionToken, noun: str) -> bool:
    """Whether the word says what those rows are made of: "paid" of payments, "wrote" of authors."""
    if word.text.casefold() in LIGHT or len(word.root) > len(root(noun)):
        return False
    return kin(word.root, root(noun)) or word.root == root(DEEDS.get(noun, ""))


def _noun_of_first(table: Table) -> str:
    """What the first column says of the rows: those of "booking date" are bookings."""
    name, _, last = table.columns[0].name.rpartition("_")
    leads = any(key.column == table.columns[0].name for key in table.foreign)
    return name if last in _OF_ROWS and not leads else ""


def _fit(asked: Sequence[str], together: str, name: Sequence[str]) -> float:
    """The share of ``name`` that was said."""
    if len(name) > len(asked) > 1 and tuple(asked) == tuple(name[-len(asked) :]):
        return ENDING
    return name_fit(asked, together, name) if asked else 0.0


@lru_cache(maxsize=16_384)
def _column_names(table: str, column: str) -> tuple[tuple[str, ...], ...]:
    """The names of a column, also with its short words written out."""
    found = [*property_names(table, column)]
    found += [tuple(map(root, name)) for same in SAME_NAMES if tuple(column.split("_")) in same for name in same]
    parts = column.split("_")
    if any(word in SHORT_FORMS for word in parts):
        own = set(name_roots(singular(table)))
        whole = tuple(root(SHORT_FORMS.get(word, word)) for word in parts)
        found += [whole, tuple(one for one in whole if one not in own)]
    return tuple(dict.fromkeys(one for one in found if one and one != (root("name"),)))


def _amounts(question: str, tokens: Sequence[QuestionToken]) -> Iterator[WordLink]:
    """Numbers and dates that something is compared with, and dates that stand alone."""
    taken: set[int] = set()
    for found in amounts_in(question):
        within = [at for at, token in enumerate(tokens) if token.start < found.end and token.end > found.start]
        if within and taken.isdisjoint(within):
            taken.update(within)
            yield WordLink(within[0], within[-1] + 1, amount=found.amount)


def _how(model: TableModel, tokens: Sequence[QuestionToken]) -> Iterator[WordLink]:
    """ "How tall": the columns of heights."""
    if len(tokens) < 3 or tokens[0].text.casefold() != "how":
        return
    nouns = {root(noun) for noun in MEASURES.get(tokens[1].text.casefold(), ())}
    columns = tuple(
        ColumnName(table.name, column.name, A_MEASURE)
        for table in model.tables.values()
        for column in table.columns
        if column.kind in ("integer", "number")
        and nouns & {root(SHORT_FORMS.get(word, word)) for word in column.name.split("_")}
    )
    if columns:
        yield WordLink(1, 2, columns=columns)


def _numbered_rows(model: TableModel, tokens: Sequence[QuestionToken]) -> Iterator[WordLink]:
    """ "Order 14", "order number 14": a row by its table's name and its key, be there such a row or not."""
    for at, token in enumerate(tokens):
        if not at or not (token.text.isascii() and token.text.isdigit()):
            continue
        start = at - (at > 1 and tokens[at - 1].text.casefold() in ("number", "no", "nr", "id"))
        named = [
            table
            for table in model.tables.values()
            if name_roots(singular(table.name)) == (tokens[start - 1].root,) and _has_number_as_key(table)
        ]
        if named:
            values = tuple(CellValue(table.name, (table.key,), (_key_of(table, token.text),), 1) for table in named)
            yield WordLink(start, at + 1, values=values)


def _has_number_as_key(table: Table) -> bool:
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
    found = model.run(query, [f"% {word} %" for word in words])
    rows = [_cell_value(*row) for row in found if row[0] in model.tables]
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
