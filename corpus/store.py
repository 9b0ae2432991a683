"""The library's SQLite file: opening, locking, schema versions, transactions and small settings.

One process writes at a time (a lock file that the system frees when the process dies); any number read meanwhile, each
seeing the last committed state (WAL). Other layers keep their own tables here through ``migrate``. Knows nothing of
what the tables mean.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import InputError, LibraryError, LibraryIncompatible, NotFoundError, StorageError
from ..settings import Settings
from . import permissions
from .connection import Connection, damage_error, mapped_errors
from .writer_lock import hold_writer_lock

if TYPE_CHECKING:
    from .scope import Scope

log = logging.getLogger(__name__)

T = TypeVar("T")

_META = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"


_COMPUTES = re.compile(
    r"\bGENERATED\b|\bAS\s*\(|\bCHECK\s*\(|\bDEFAULT\s*\((?!datetime\('now'\)\))|\)\s*WHERE\b"
    r"|CREATE\s+(?:UNIQUE\s+)?INDEX[^(]*\([^)]*\(|CREATE\s+VIRTUAL\s+TABLE(?![^(]*\bUSING\s+fts5)",
    re.IGNORECASE,
)
"""What a table or an index says that is computed when rows are read or written."""


class Store:
    """The folder of a library with its database. ``folder`` is made when ``create`` is true; otherwise a missing one is
    a ``NotFoundError``. ``cache`` is the folder of the models that work for it, by default that of ``Settings``."""

    def __init__(self, folder: Path, *, create: bool = False, cache: Path | None = None) -> None:
        self.folder = folder
        self.file = folder / "library.db"
        _refuse_name(folder)
        if create:
            _make_folder(folder)
        elif not self.file.exists():
            raise NotFoundError("no library", where=str(folder), fix="run: evidentia add PATH")
        self._refuse_strange()
        self.read_only = not os.access(folder, os.W_OK)
        if not self.read_only:
            with mapped_errors(self.file):
                permissions.make(self.file)
                permissions.tighten_library(folder)
        self.scope: Scope | None = None
        """Of a view that holds some of the documents alone (``scope.py``)."""
        self.damaged: set[str] = set()
        """URIs of documents that were found not to be as they were read (``soundness.py``)."""
        self.cache = cache or Settings().cache
        """The folder of the models that work for this library."""
        self._held: dict[str, Any] = {}
        self._holding = threading.Lock()
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._closed = False
        with mapped_errors(self.file):
            self._refuse_programs()
            if not self.read_only:
                self.connection.execute(_META)

    def _refuse_strange(self) -> None:
        with mapped_errors(self.file):
            found = permissions.find_strange(self.folder)
        if found is not None:
            raise StorageError(
                "the library holds a link, pipe or folder in place of one of its files",
                where=str(found),
                fix="remove it, if you did not put it there; a library may be moved or linked as a whole",
            )

    def _refuse_programs(self) -> None:
        """A library has neither triggers nor views nor columns that are computed; in one from a stranger they would
        run, without end or to take documents away, whenever a table is read or written."""
        for kind, declared in self.connection.execute("SELECT type, sql FROM sqlite_master"):
            strange = kind if kind in ("trigger", "view") else "rule" if _COMPUTES.search(declared or "") else ""
            if not strange:
                continue
            raise StorageError(
                f"the library's file holds a {strange} that Evidentia did not make",
                where=str(self.file),
                fix="do not use it: remove the folder and add the documents again",
            )

    @property
    def files(self) -> Path:
        """The folder of the files that were handed over to the library itself, as the page does; the only one in it
        that can be added."""
        return self.folder / "files"

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's own connection, in autocommit mode outside ``transaction``. Raises ``LibraryError`` after
        ``close``."""
        if self._closed:
            raise LibraryError("the library has been closed", where=str(self.folder), fix="open it again")
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._connect()
            self._opened.append(found)
        return found

    def _connect(self) -> sqlite3.Connection:
        with mapped_errors(self.file):
            connection = sqlite3.connect(
                f"{self.file.resolve().as_uri()}?{self._mode()}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=10,
                factory=Connection,
            )
            connection.file = self.file
            connection.execute("PRAGMA foreign_keys = ON")
            # A library may come from a stranger: SQLite then believes neither its schema nor the sizes in its pages.
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cache_size = -8000")  # kB: what a question touches is more than SQLite's 2,000
            connection.execute("PRAGMA cell_size_check = ON")
            if not self.read_only:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
            return connection

    def _mode(self) -> str:
        """A WAL database needs a writable folder even for reading, unless SQLite may assume that nobody writes. It may
        not where a log lies beside the file: what the log holds would be overlooked."""
        if not self.read_only:
            return "mode=rwc"
        log_file = self.file.with_name("library.db-wal")
        return "mode=ro" if log_file.exists() and log_file.stat().st_size else "mode=ro&immutable=1"

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Writes all or nothing. Nested use joins the outer transaction."""
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        with mapped_errors(self.file):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writer's lock. Raises ``LibraryLocked`` at once when another process holds it."""
        if self.read_only:
            raise StorageError("the library's folder is read-only", where=str(self.folder), fix="check its permissions")
        with hold_writer_lock(self.folder):
            yield

    def migrate(self, component: str, scripts: Sequence[str]) -> None:
        """Brings the tables of ``component`` to version ``len(scripts)``; script i leads from version i to i + 1.

        Raises ``LibraryIncompatible`` when the file was written by a newer version.
        """
        have = self._number(f"schema:{component}")
        if have > len(scripts):
            raise LibraryIncompatible(
                f"the library was written by a newer version ({component} schema {have}, known is {len(scripts)})",
                where=str(self.folder),
                fix="upgrade evidentia, or add the documents to a new library",
            )
        if have == len(scripts):
            return
        if self.read_only:
            raise LibraryIncompatible(
                "the library was written by an older version and its folder is read-only",
                where=str(self.folder),
                fix="open it once from a place where it can be written",
            )
        with self.transaction() as connection:
            for script in scripts[have:]:
                for statement in script.split(";\n"):
                    connection.execute(statement)
            self.set(f"schema:{component}", str(len(scripts)))

    def get(self, key: str) -> str | None:
        with mapped_errors(self.file):
            row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set(self, key: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def revision(self) -> int:
        """A number that grows with every change of the documents; derived files carry the revision that they were made
        from."""
        return self._number("revision")

    def _number(self, key: str) -> int:
        value = self.get(key) or "0"
        if not value.isdecimal() or len(value) > 18:  # what an INTEGER holds
            raise damage_error(self.file)
        return int(value)

    def bump(self) -> int:
        revision = self.revision + 1
        self.set("revision", str(revision))
        return revision

    def hold(self, name: str, make: Callable[[], T]) -> T:
        """What is kept in memory under ``name`` as long as this library is open, made once; its views share it."""
        with self._holding:
            if name not in self._held:
                self._held[name] = make()
            held: T = self._held[name]
            return held

    def close(self) -> None:
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._held.clear()
        self._local = threading.local()
        self._closed = True


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # SQLite has done so itself after some errors
        connection.execute("ROLLBACK")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise LibraryError("the library's path is a file", where=str(folder), fix="name a folder") from error
    except OSError as error:
        raise StorageError(
            f"the library's folder cannot be made ({error.strerror})",
            where=str(folder),
            fix="choose another with --library",
        ) from error


def _refuse_name(folder: Path) -> None:
    try:
        str(folder.resolve()).encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "the library's path is not valid UTF-8", where=ascii(str(folder)), fix="name another folder"
        ) from error
    except RuntimeError as error:  # Python 3.11 and 3.12 say so of links that lead in a circle
        raise InputError("the library's path is a loop of links", where=str(folder), fix="name a folder") from error
