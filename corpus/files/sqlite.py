"""SQLite databases: each table of a user under its name, with its definition and its rows.

A copy in memory is opened, so that nothing beside the file is looked at and nothing is ever written: no log is played
back, no lock taken. The schema is believed in nothing: no trigger can run, no view and no virtual table is read (they
are named), no extension is loaded, and no function that the schema calls may do more than compute.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...errors import ReadError
from .content import Content
from .data_table import DataTables, one_line
from .definition import DeclaredColumn, TableDefinition
from .formats import Format
from .secrets import is_secret_column

_MAGIC = b"SQLite format 3\0"
_VERSIONS = slice(18, 20)
"""Bytes of the header that say whether a log lies beside the file; a copy in memory has none."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)
_LIBRARY = frozenset(("meta", "sources", "documents", "passages", "vectors", "generations", "jobs"))
"""Tables that the file of an Evidentia library has."""
_SHADOWS = frozenset(
    ("data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node", "rowid", "parent")
)
"""What the tables that lie below a virtual one are called after it."""
_MOST_TABLES = 2_000


@dataclass(frozen=True, slots=True)
class _Columns:
    definition: TableDefinition
    sources: tuple[str, ...]
    """The columns' own names, which need not be a line of text."""


def read(data: bytes, form: Format) -> Content:
    """Raises ``ReadError`` for what is no database, is damaged or encrypted, and for an Evidentia library's own."""
    if not data.startswith(_MAGIC):
        raise ReadError("it is no SQLite database, or an encrypted one")
    with _damage_as_read_error(), closing(_open(data)) as database:
        schema = _schema(database)
        names = [name for name, kind in schema.items() if kind == "table"]
        if _LIBRARY.issubset(names):
            raise ReadError("it is the file of an Evidentia library", fix="add the documents themselves")
        tables = DataTables(min(len(names), _MOST_TABLES))
        for name in names[:_MOST_TABLES]:
            _write(database, name, tables)
        if len(names) > _MOST_TABLES:
            tables.leave_out(f"{len(names) - _MOST_TABLES:,} tables beyond the first {_MOST_TABLES:,}")
        for kind in ("view", "virtual table"):
            if named := [one_line(name) for name, its in schema.items() if its == kind]:
                tables.leave_out(f"{kind}{'s' if len(named) > 1 else ''} {', '.join(named)}")
    metadata = {"tables": str(len(names))}
    return Content(tables.pages.text, form.media_type, metadata=metadata, marks=tables.pages.marks, omitted=tables.gaps)


@contextmanager
def _damage_as_read_error() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise ReadError(
            f"the SQLite file is damaged ({error})", fix="save a copy by: sqlite3 FILE '.recover'"
        ) from error


def _open(data: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.text_factory = partial(str, encoding="utf-8", errors="replace")
    database.execute("PRAGMA trusted_schema = OFF")
    copy = bytearray(data)
    copy[_VERSIONS] = b"\1\1"
    database.deserialize(copy)
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")
    return database


_TABLE = re.compile(r"\s*CREATE\s+TABLE\b", re.IGNORECASE)
"""What is declared as anything else is made by a module or a query, whatever its row calls it."""


def _schema(database: sqlite3.Connection) -> Mapping[str, str]:
    """``table``, ``view`` or ``virtual table`` by name; what SQLite and virtual tables keep for themselves is left
    out."""
    query = "SELECT name, type, rootpage, sql FROM sqlite_master WHERE type IN ('table', 'view')"
    rows = database.execute(query).fetchall()
    virtual = {
        name
        for name, kind, page, declared in rows
        if kind == "table" and (not page or not _TABLE.match(declared or ""))
    }
    shadows = {f"{name}_{part}" for name in virtual for part in _SHADOWS}
    return {
        name: "virtual table" if name in virtual else kind
        for name, kind, *_ in rows
        if name not in shadows and not name.casefold().startswith("sqlite_")
    }


def _write(database: sqlite3.Connection, name: str, tables: DataTables) -> None:
    heading = one_line(name) or "table"
    try:
        columns = _columns(database, name, tables)
        if columns.sources:
            # A BLOB is not even loaded to be left out.
            shown = ", ".join(
                f"CASE typeof({one}) WHEN 'blob' THEN zeroblob(0) ELSE {one} END"
                for one in map(_quote, columns.sources)
            )
            of = f"FROM {_quote(name)} NOT INDEXED"
            rows = database.execute(f"SELECT {shown} {of}")
            tables.write(columns.definition, rows, lambda: _number(database, f"SELECT count(*) {of}"), heading)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
            raise
        tables.leave_out(f"table {heading} ({error})")


def _columns(database: sqlite3.Connection, name: str, tables: DataTables) -> _Columns:
    """Generated columns are columns; hidden ones, and those of secrets, are none."""
    query = "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)"
    found = [one for one in database.execute(query, (name,)).fetchall() if one[3] != 1]
    secret = [one[0] for one in found if is_secret_column(one[0])]
    for one in secret:
        tables.leave_out(f"column {one_line(one)} of {one_line(name)}, which may hold secrets")
    kept = [one for one in found if one[0] not in secret]
    targets = _targets(database, name)
    declared = tuple(
        DeclaredColumn(one_line(own), one_line(kind or ""), bool(place), *targets.get(own.casefold(), ("", "")))
        for own, kind, place, _ in kept
    )
    return _Columns(TableDefinition(one_line(name), declared), tuple(own for own, *_ in kept))


def _targets(database: sqlite3.Connection, name: str) -> dict[str, tuple[str, str]]:
    """Table and column that each column refers to which is a foreign key by itself."""
    query = 'SELECT id, "from", "table", "to" FROM pragma_foreign_key_list(?)'
    keys: dict[int, list[tuple[str, str, str | None]]] = {}
    for key, *parts in database.execute(query, (name,)):
        keys.setdefault(key, []).append((parts[0], parts[1], parts[2]))
    found: dict[str, tuple[str, str]] = {}
    for parts in keys.values():
        own, target, column = parts[0]
        column = column or _primary_key(database, target)
        if len(parts) == 1 and column:
            found.setdefault(own.casefold(), (one_line(target), one_line(column)))
    return found


def _primary_key(database: sqlite3.Connection, name: str) -> str:
    """The one column of it; empty where there are several, or none."""
    query = "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0"
    found = [str(one) for (one,) in database.execute(query, (name,))]
    return found[0] if len(found) == 1 else ""


def _number(database: sqlite3.Connection, query: str) -> int:
    found: Any = database.execute(query).fetchone()
    return int(found[0])


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
