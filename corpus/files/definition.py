"""The definition of a table of a database, as SQL above its rows: what it declares about columns and keys is read by
people, found by search, and read again by what makes typed rows of the text (``graphs/tables/``).

Each column has a line of its own, in the order of the table's header.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

FENCE = "```sql"
FENCE_END = "```"
_NAME = r'(?:"(?:[^"]|"")*"|[A-Za-z_]\w*)'
_TABLE = re.compile(rf"CREATE TABLE ({_NAME}) \((?: -- ([\d,]+) more rows are left out)?")
_COLUMN = re.compile(rf"  ({_NAME})(?: ([^\"]*?))??(?: REFERENCES ({_NAME}) \(({_NAME})\))?,?")
_KEY = re.compile(rf"  PRIMARY KEY \(({_NAME}(?:, {_NAME})*)\)")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(("primary", "references"))
_STRANGE_TYPE = re.compile(r"[^\w(), ]|\b(?:REFERENCES|PRIMARY)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    name: str
    type: str = ""
    """As declared: ``VARCHAR(20)``; empty where nothing is."""
    is_key: bool = False
    """Whether it is the primary key, or a part of it."""
    target: str = ""
    """The table that it refers to, as a foreign key of this column alone."""
    target_column: str = ""


@dataclass(frozen=True, slots=True)
class TableDefinition:
    name: str
    columns: tuple[DeclaredColumn, ...]
    left_out: int = 0
    """Rows that the text does not have."""


def write_definition(table: TableDefinition) -> str:
    """
    >>> column = DeclaredColumn("maker", "TEXT", target="makers", target_column="id")
    >>> print(write_definition(TableDefinition("goods", (column,))))
    ```sql
    CREATE TABLE goods (
      maker TEXT REFERENCES makers (id)
    );
    ```
    """
    lines = [_column_line(column) for column in table.columns]
    keys = ", ".join(_quote(column.name) for column in table.columns if column.is_key)
    lines += [f"  PRIMARY KEY ({keys})"] if keys else []
    remark = f" -- {table.left_out:,} more rows are left out" if table.left_out else ""
    body = ",\n".join(lines)
    return f"{FENCE}\nCREATE TABLE {_quote(table.name)} ({remark}\n{body}\n);\n{FENCE_END}"


def read_definition(lines: Sequence[str]) -> TableDefinition | None:
    """The definition in the lines between the fences; ``None`` for what ``write_definition`` did not write."""
    head = _TABLE.fullmatch(lines[0]) if len(lines) > 2 and lines[-1] == ");" else None
    if head is None:
        return None
    keys = _KEY.fullmatch(lines[-2])
    columns = [_COLUMN.fullmatch(line) for line in lines[1 : -2 if keys else -1]]
    names = set(map(_unquote, re.findall(_NAME, keys[1]))) if keys else set()
    declared = tuple(_column(found, names) for found in columns if found is not None)
    if len(declared) < len(columns):
        return None
    return TableDefinition(_unquote(head[1]), declared, int((head[2] or "0").replace(",", "")))


def _column(found: re.Match[str], keys: Container[str]) -> DeclaredColumn:
    name, kind, target, column = found.groups(default="")
    own = _unquote(name)
    return DeclaredColumn(own, kind, own in keys, _unquote(target), _unquote(column))


def _column_line(column: DeclaredColumn) -> str:
    kind = "" if _STRANGE_TYPE.search(column.type) else " ".join(column.type.split())
    points = f"REFERENCES {_quote(column.target)} ({_quote(column.target_column)})" if column.target else ""
    return "  " + " ".join(filter(None, (_quote(column.name), kind, points)))


def _quote(name: str) -> str:
    if _PLAIN.fullmatch(name) and name.casefold() not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def _unquote(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
