"""Tables behind an SQL address, copied into a SQLite file, which is then read as any other (the extra ``sql``).

Rows are only selected, and views are not copied. No password is kept or shown: the file is called after the database
and its host, and what a driver says is shown without it. Columns of secrets are copied empty.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from ..errors import InputError, ReadError, require
from ..settings import redact
from . import permissions
from .cancellation import check
from .files.data_table import one_line
from .files.secrets import is_secret_column

_BATCH = 1_000
_FILE = "sqlite:///"
_TYPE = re.compile(r"[A-Za-z][A-Za-z ]*(?:\(\d+(?:, ?\d+)?\))?")
_LONGEST_MESSAGE = 300


def copy_tables(address: str, folder: Path, most_bytes: int) -> Path:
    """The file that the tables are copied to, anew at each call; of ``sqlite:///…`` the file itself.

    Raises ``MissingExtra``, ``InputError`` for an address that cannot be read or tables of more than ``most_bytes``,
    and ``ReadError`` where the database cannot be asked.
    """
    if address.startswith(_FILE):
        return Path(unquote(address.removeprefix(_FILE).partition("?")[0]))
    require("sqlalchemy", "sql")
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError
    from sqlalchemy.pool import NullPool

    shown = redact(address)
    try:
        url = make_url(address)
        engine = create_engine(url, poolclass=NullPool)
    except (ArgumentError, ValueError):
        fix = "write it as postgresql://user@host/database"
        raise InputError("the SQL address cannot be read", where=shown, fix=fix) from None
    except ImportError as error:
        raise InputError(f"a driver is missing ({error})", where=shown, fix="install it with pip") from None
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    name = PurePosixPath(url.database or "database").name
    name = re.sub(r"[^\w.@-]+", "_", f"{name}@{url.host}" if url.host else name)
    file = folder / f"{name}{f'-{url.port}' if url.port else ''}.sqlite"
    try:
        with _new_file(file) as copy, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # types that SQLAlchemy does not know are copied as text
            with engine.connect() as connection:
                _copy_all(connection, copy, most_bytes, shown)
    except SQLAlchemyError as error:
        said = _without_secrets(str(getattr(error, "orig", None) or error), url)
        raise ReadError(f"the database cannot be asked ({said})", where=shown, fix="check address and rights") from None
    except sqlite3.Error as error:
        raise ReadError(f"a table cannot be copied ({error})", where=shown, fix="export it as CSV") from None
    return file


@contextmanager
def _new_file(file: Path) -> Iterator[sqlite3.Connection]:
    """A database that takes the place of ``file`` when all went well."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = file.with_name(f".{file.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    permissions.make(made)
    try:
        with closing(sqlite3.connect(made, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        made.replace(file)
    finally:
        with suppress(FileNotFoundError):
            made.unlink()


def _copy_all(connection: Any, copy: sqlite3.Connection, most_bytes: int, shown: str) -> None:
    from sqlalchemy import MetaData, Table, inspect

    room = most_bytes
    for name in sorted(inspect(connection).get_table_names()):
        table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
        copy.execute(_definition(table))
        for rows in _batches(connection, table):
            check()
            room -= sum(8 + len(str(value)) for row in rows for value in row)
            if room < 0:
                raise InputError(
                    f"its tables hold more than {most_bytes:,} bytes",
                    where=shown,
                    fix="EVIDENTIA_MAX_FILE_BYTES allows more",
                )
            marks = ", ".join("?" * len(table.columns))
            copy.executemany(f"INSERT INTO {_quote(name)} VALUES ({marks})", rows)  # noqa: S608


def _batches(connection: Any, table: Any) -> Iterator[list[tuple[object, ...]]]:
    """Reads in the order of their keys, so that the same rows make the same file."""
    from sqlalchemy import null, select

    columns = [null().label(one.name) if is_secret_column(one.name) else one for one in table.columns]
    query = select(*columns).order_by(*table.primary_key.columns)
    found = connection.execution_options(stream_results=True).execute(query)
    for part in found.partitions(_BATCH):
        yield [tuple(map(_storable, row)) for row in part]


def _definition(table: Any) -> str:
    lines = [f"{_quote(column.name)} {_type_name(column.type)}" for column in table.columns]
    if keys := [column.name for column in table.primary_key.columns]:
        lines.append(f"PRIMARY KEY ({_quote_all(keys)})")
    for key in table.foreign_key_constraints:
        target, columns = key.elements[0].target_fullname, [one.target_fullname for one in key.elements]
        there = [one.rpartition(".")[2] for one in columns]
        lines.append(
            f"FOREIGN KEY ({_quote_all(key.column_keys)}) "
            f"REFERENCES {_quote(target.rpartition('.')[0].rpartition('.')[2])} ({_quote_all(there)})"
        )
    return f"CREATE TABLE {_quote(table.name)} ({', '.join(lines)})"


def _type_name(kind: Any) -> str:
    """The type as SQLite takes it; empty for one that cannot be written plainly."""
    try:
        found = _TYPE.match(str(kind))
    except Exception:  # noqa: BLE001  (a type of a dialect that cannot be written outside of it may raise anything)
        return ""
    return "" if found is None or found[0].upper().startswith("NULL") else found[0].strip()


def _storable(value: object) -> object:
    if value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return b""  # counted where the file is read
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _without_secrets(text: str, url: Any) -> str:
    secrets = [url.password or "", *(str(one) for one in url.query.values())]
    for secret in filter(None, (form for one in secrets for form in (one, quote(one)))):
        text = text.replace(secret, "…")
    return one_line(text)[:_LONGEST_MESSAGE]


def _quote_all(names: Sequence[str]) -> str:
    return ", ".join(map(_quote, names))


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
