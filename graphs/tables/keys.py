"""Which column identifies a table's rows, which ones point to another table, and what tells people which row it is.

What a database declares is taken. Elsewhere a key is a column whose values are all there and all different and whose
name says so; a foreign key is named after the table or the key that it points to, and all its values are there. Values
alone are never enough: two columns of small numbers are contained in each other everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from sqlite3 import Connection

from ...corpus.cancellation import check
from ..english.names import singular
from .kinds import Column
from .model import ForeignKey, Table

RESERVED = frozenset(
    [
        "ENTITY",
        "PASSAGE",
        "DOCUMENT",
        "COMMUNITY",
        "SPELLING",
        "FUNCTION",
        "METHOD",
        "CLASS",
        "MODULE",
        "FILE",
        "VARIABLE",
        "ATTRIBUTE",
        "CONSTANT",
        "SYMBOL",
        "PARAMETER",
        "EXTERNAL",
        "PACKAGE",
        "FIELD",
        "PROPERTY",
        "TYPE",
        "INTERFACE",
        "NEAR",
        "SAYS",
        "MENTIONS",
        "IS",
        "SAME_AS",
        "MEMBER_OF",
        "WITHIN",
        "PART_OF",
        "HEADS",
        "DOCUMENTED_BY",
        "CALLS",
        "CONTAINS",
        "DEFINES",
        "IMPORTS",
        "INHERITS",
        "USES",
        "READS",
        "WRITES",
        "RAISES",
        "OVERRIDES",
        "RETURNS",
        "CATCHES",
        "ROUTES",
        "TESTS",
        "CONFIG",
        "ROUTE",
        "OPTION",
    ]
)
"""Labels and types of the other graphs: a row is none of those."""
_GIVEN = ("given_name", "first_name", "firstname", "forename")
_FAMILY = ("family_name", "last_name", "lastname", "surname")
_OF_ITS_OWN = re.compile(
    r"(?:line_)?(?:manager|supervisor|boss|mentor|parent|superior|leader|predecessor|successor|sponsor|\w+_(?:by|to))"
    r"(?:_(?:id|key|code|no|nr|number))?"
)
"""What a column is called that leads to another row of its table."""
_LINKING = ("identifier", "integer", "text", "category")
"""Kinds of columns that may point to another table without a word of a database."""
_NAMES = ("name", "title", "label")
_ANYBODYS = frozenset(("id", "key", "code", "nr", "no", "number", "uuid", *_NAMES))
"""Words of keys that many tables have under one name, each its own."""


def label_of(name: str) -> str:
    label = singular(name).upper()
    return f"{label}_ROW" if label in RESERVED else label


def with_keys(connection: Connection, tables: Sequence[Table]) -> list[Table]:
    """The tables with their keys, as declared or read from their rows."""
    keyed = [replace(table, key=_primary(connection, table)) for table in tables]
    by_key = {table.name: table for table in keyed if table.key}
    by_title = {(table.uri, table.title.casefold()): table for table in reversed(keyed) if table.key}
    labels = {table.label for table in keyed}
    found = []
    for table in keyed:
        foreign = []
        for column in table.columns:
            target = _declared_target(table, column, by_title)
            if target is None and column.name != table.key and column.kind in _LINKING:
                target = _target(connection, table, column, by_key)
            if target is not None:
                kind = _role(column.name, target)
                kind = f"OF_{kind}" if kind in labels or kind in RESERVED else kind
                foreign.append(ForeignKey(column.name, target.name, target.key, kind))
        found.append(replace(table, foreign=_distinct_types(foreign), shown=_display_columns(connection, table)))
    return found


def _distinct_types(keys: Sequence[ForeignKey]) -> tuple[ForeignKey, ...]:
    found: dict[str, ForeignKey] = {}
    for key in keys:
        found.setdefault(key.type, key)
    return tuple(found.values())


def _primary(connection: Connection, table: Table) -> str:
    declared = [column.name for column in table.columns if column.is_key]
    if len(declared) > 1:
        return ""
    if declared and _is_unique(connection, table, declared[0]):
        return declared[0]
    own = singular(table.name)
    named = [column for column in table.columns if not column.missing and _is_key_name(column.name, own)]
    order = sorted(named, key=lambda column: (not column.name.startswith(own), column.name not in ("id", "key")))
    return next((column.name for column in order if _is_unique(connection, table, column.name)), "")


def _is_key_name(name: str, own: str) -> bool:
    return (
        name in (own, f"{own}_name")
        or re.search(r"(?:^|_)(?:id|key|code|nr|no|number|uuid|isbn|sku)$", name) is not None
    )


def _is_unique(connection: Connection, table: Table, column: str) -> bool:
    query = f'SELECT count(*), count(DISTINCT "{column}") FROM "{table.name}"'  # noqa: S608
    rows, distinct = connection.execute(query).fetchone()
    return bool(rows == distinct and rows)


def _declared_target(table: Table, column: Column, by_title: Mapping[tuple[str, str], Table]) -> Table | None:
    other = by_title.get((table.uri, column.target.casefold())) if column.target else None
    refers = other is not None and other.column(other.key).title.casefold() == column.target_column.casefold()
    return other if refers else None


MOST_TRIED = 8
"""Tables whose keys a column is compared with, those whose names fit best."""


def _target(connection: Connection, table: Table, column: Column, keyed: Mapping[str, Table]) -> Table | None:
    """The table that the column points to: the one whose name fits best and that has all its values."""
    check()
    fitting = [(fit, other) for other in keyed.values() if (fit := _fit(table, column, other))]
    for _, other in sorted(fitting, key=lambda one: (-one[0], one[1].name))[:MOST_TRIED]:
        if _is_contained(connection, table, column.name, other):
            return other
    return None


def _fit(table: Table, column: Column, other: Table) -> int:
    """How well the names say that the column points to ``other``; 0 where they do not."""
    own, name, key = singular(other.name), column.name, other.key
    if other.name == table.name:
        return 0 if name in (key, own) else 2 * bool(_OF_ITS_OWN.fullmatch(name))
    is_own = key.startswith(own)
    if name == key and is_own:
        return 4
    if name == key and not _ANYBODYS.issuperset(name.split("_")) and other.column(key).kind in ("identifier", "text"):
        return 3
    if name in (own, f"{own}_id", f"{own}_key", f"{own}id", f"{own}_{key.rpartition('_')[2]}") and not (
        is_own and name == own and key != own
    ):
        return 3
    if (is_own and name.endswith(f"_{key}")) or name.endswith(f"_{own}_{key.rpartition('_')[2]}"):
        return 2
    codes = column.kind == "identifier" and other.column(key).kind == "identifier" and is_own
    return int(codes and name.endswith("_id") and not any(sample.isdigit() for sample in column.samples))


def _is_contained(connection: Connection, table: Table, column: str, other: Table) -> bool:
    there = f'SELECT count("{column}") FROM "{table.name}"'  # noqa: S608
    stray = (
        f'SELECT 1 FROM "{table.name}" WHERE "{column}" IS NOT NULL '  # noqa: S608
        f'AND "{column}" NOT IN (SELECT "{other.key}" FROM "{other.name}") LIMIT 1'
    )
    return bool(connection.execute(there).fetchone()[0]) and connection.execute(stray).fetchone() is None


def _role(column: str, target: Table) -> str:
    if column == target.key:
        return singular(target.name).upper()
    plain = re.sub(r"_(?:id|key|code|nr|no)$", "", column)
    plain = column.removesuffix(f"_{target.key}") if plain == column else plain
    return plain.upper() or singular(target.name).upper()


def _display_columns(connection: Connection, table: Table) -> tuple[str, ...]:
    names = {column.name: column for column in table.columns}
    own = singular(table.name)
    people = [next((name for name in kind if name in names), "") for kind in (_GIVEN, _FAMILY)]
    for name in (f"{own}_name", own, *_NAMES):
        if name in names and names[name].kind in ("text", "category", "identifier"):
            return (name,)
    if all(people):
        return tuple(people)
    if table.key and names[table.key].kind != "integer" and table.key.startswith(own):
        return (table.key,)
    unique = (one.name for one in table.columns if one.kind == "text" and not one.missing)
    first = next((name for name in unique if _is_unique(connection, table, name)), "")
    codes = [one.name for one in table.columns[:1] if one.kind == "identifier" and not one.missing and not table.key]
    if codes and _is_unique(connection, table, codes[0]):  # a plate, before what it is the plate of
        return (codes[0], first) if first else (codes[0],)
    if first and all(map(_is_code, names[first].samples)):  # a plate with spaces
        second = (one.name for one in table.columns if one.kind == "text" and not one.missing and one.name != first)
        named = next((name for name in second if not any(map(_is_code, names[name].samples))), "")
        return (first, named) if named and _is_unique(connection, table, named) else (first,)
    if first:
        return (first,)
    # Where nothing names a row, its number does, with what else people may know it by.
    others = [one.name for one in table.columns if one.kind in ("text", "category")][:2]
    return (table.key, *others) if table.key in ("id", "key") else tuple(others)


def _is_code(text: str) -> bool:
    """Whether it has digits and no small letters."""
    return any(map(str.isdigit, text)) and not any(map(str.islower, text))
