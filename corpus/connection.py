"""A SQLite connection whose errors are ours, wherever its rows are read. Knows no table and no schema."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import Any

from ..errors import EvidentiaError, InputError, LibraryError, LibraryLocked, StorageError
from . import cancellation

_FOREIGN = (sqlite3.Error, UnicodeEncodeError)
_NO_SPACE = 100_000
"""Bytes. With less than this free, SQLite cannot even make the file by which readers and the writer talk."""


_STEPS = 20_000
"""Of SQLite's machine, about a millisecond, between two looks at whether anybody still waits."""


class Connection(sqlite3.Connection):
    """Its cursors raise our errors: a damaged page is found only when its row is read, far from here."""

    file: Path

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.set_progress_handler(cancellation.over, _STEPS)

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _Cursor)

    def execute(self, *arguments: Any) -> Any:
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        return self.cursor().executemany(*arguments)


class _Cursor(sqlite3.Cursor):
    connection: Connection

    def execute(self, *arguments: Any) -> _Cursor:
        try:
            return super().execute(*arguments)
        except _FOREIGN as error:
            raise _ours(error, self.connection.file) from error

    def executemany(self, *arguments: Any) -> _Cursor:
        try:
            return super().executemany(*arguments)
        except _FOREIGN as error:
            raise _ours(error, self.connection.file) from error

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except _FOREIGN as error:
            raise _ours(error, self.connection.file) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except _FOREIGN as error:
            raise _ours(error, self.connection.file) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except _FOREIGN as error:
            raise _ours(error, self.connection.file) from error


@contextmanager
def mapped_errors(file: Path) -> Iterator[None]:
    """Raises SQLite's and the system's errors as ours."""
    try:
        yield
    except _FOREIGN as error:
        raise _ours(error, file) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(file) from error
        raise _unusable(file, error.strerror or str(error)) from error


def _ours(error: Exception, file: Path) -> EvidentiaError:
    if isinstance(error, UnicodeEncodeError):
        return InputError("this is not valid text (UTF-8)", where=ascii(error.object), fix="write it anew")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return cancellation.stop_error()
    if code == sqlite3.SQLITE_FULL or (
        code == sqlite3.SQLITE_IOERR and file.parent.exists() and disk_usage(file.parent).free < _NO_SPACE
    ):
        return _full(file)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        return _unusable(file, str(error))
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damage_error(file)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryLocked("the library is being written", where=str(file), fix="try again")
    return LibraryError(f"the library's database refused ({error})", where=str(file))


def _unusable(file: Path, why: str) -> StorageError:
    return StorageError(
        f"the library cannot be read or written ({why})",
        where=str(file),
        fix="check that its folder is there, its permissions and its disk",
    )


def _full(file: Path) -> StorageError:
    return StorageError("the disk is full", where=str(file), fix="free some space; nothing that was there is lost")


@contextmanager
def mapped_rows(connection: sqlite3.Connection) -> Iterator[None]:
    """What is made of rows within it: a row that is not as Evidentia writes it is damage, whoever wrote it."""
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise damage_error(getattr(connection, "file", Path("library.db"))) from error


def damage_error(file: Path) -> StorageError:
    return StorageError(
        "the library's file is damaged",
        where=str(file),
        fix="put back a copy, or remove the folder and add the documents again",
    )
