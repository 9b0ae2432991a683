"""The default graph store: ArcadeDB in this process, one folder per graph, many readers beside one writer.

A graph is a folder of immutable *generations*. Whoever writes builds a new generation beside the old one, closes it,
and switches with one ``os.replace`` of the file ``current``; a crash at any moment leaves the old or the new graph.
Readers never open a generation itself but a private *view* of it: a temporary folder of links with settings of its
own (deadline, no LOAD CSV, bounded ``range``), opened read-only. So any number of processes read at once, a query's
deadline is kept by the engine, and a generation may be deleted while somebody still reads it.

A loop inside one row (``reduce`` and the like) is the one thing that the engine cannot interrupt; the guard bounds how
deep such loops nest, and the view how long ``range`` gets.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from ..corpus import private
from ..errors import GraphError, InputError, LibraryLocked, StorageError
from .arcadedb_engine import CYPHER, create, edge_types, engine_errors, import_engine, plain_rows, schema_of
from .base import Edge, GraphSchema, Node, Rows
from .cypher.anchor import anchor_first
from .cypher.guard import Query, read
from .grouping import group
from .views import HeldFolder

DEADLINES = (1, 2, 5, 10, 30, 60, 300)
"""Seconds. A ``timeout`` is rounded up to one of these, since the engine takes it when a view is opened."""
SEAL = "files.json"
"""Names and sizes of a finished generation's files."""
_GENERATION = re.compile(r"generation-\d+")
_SETTINGS = {
    "opencypher.loadCsv.allowFileUrls": False,
    "opencypher.loadCsv.allowRemoteUrls": False,
    "queryMaxRangeSize": 10_000,
}


class ArcadeStore:
    """``folder`` belongs to this graph alone and is made by the first ``load``. Safe to share between threads."""

    name = "arcadedb"

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).resolve()
        self._views: dict[tuple[str, int], _View] = {}
        self._lock = threading.Lock()

    def load(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Raises ``LibraryLocked`` while another process writes, ``StorageError`` when the folder cannot be written."""
        groups = group(nodes, edges)
        with self._new_generation() as fresh:
            create(fresh / "data", groups)
            _write_schema(fresh, groups.schema)

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> Rows:
        query = read(cypher)
        started = time.perf_counter()
        with self._view(_deadline(timeout)) as view, engine_errors():
            found = view.database.query(CYPHER, anchor_first(query.text), dict(params or {}))
            columns, rows, truncated = view.plain(found, max_rows, query)
            found.close()
        return Rows(columns, rows, truncated, time.perf_counter() - started, query.notes)

    def execute(self, cypher: str, params: Mapping[str, Any] | None = None) -> Rows:
        """Runs on a copy that becomes the next generation, so it costs a copy of the graph: for a few large changes."""
        started = time.perf_counter()
        with self._new_generation() as fresh, engine_errors():
            previous = self._generation()
            if previous:
                shutil.copytree(self.folder / previous / "data", fresh / "data")
            else:
                import_engine().create_database(str(fresh / "data")).close()
            with import_engine().open_database(str(fresh / "data")) as database:
                records = list(database.command(CYPHER, cypher, dict(params or {})))
                columns = tuple(records[0].property_names) if records else ()
                columns, rows, _ = plain_rows(
                    database, records, len(records), columns=columns, edges=edge_types(database), paths=True
                )
                _write_schema(fresh, schema_of(database))
        return Rows(columns, rows, False, time.perf_counter() - started)

    def schema(self) -> GraphSchema:
        with _mapped_os_errors(self.folder, "read"):
            found = json.loads((self.folder / self._loaded() / "schema.json").read_text(encoding="utf-8"))
        labels = {label: tuple(keys) for label, keys in found["labels"].items()}
        return GraphSchema(labels, tuple(tuple(relation) for relation in found["relations"]))

    def is_whole(self) -> bool:
        """By the files' names and sizes: the engine takes an empty file for an empty table, and says nothing."""
        generation = self.folder / (self._generation() or "none")
        try:
            sealed = json.loads((generation / SEAL).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(sealed == _sizes(generation))

    def close(self) -> None:
        """Closes this object's views; another query opens them again."""
        with self._lock:
            for view in self._views.values():
                view.close()
            self._views.clear()

    # --- readers

    @contextmanager
    def _view(self, seconds: int) -> Iterator[_View]:
        with self._lock:
            generation = self._loaded()
            self._close_stale(generation)
            view = self._views.get((generation, seconds)) or self._open(seconds)
            view.users += 1
        try:
            yield view
        finally:
            with self._lock:
                view.users -= 1

    def _close_stale(self, generation: str) -> None:
        for key in [key for key, view in self._views.items() if key[0] != generation and not view.users]:
            self._views.pop(key).close()

    def _open(self, seconds: int) -> _View:
        while True:
            generation = self._loaded()
            try:
                view = _View(self.folder / generation / "data", seconds)
            except (GraphError, OSError) as error:
                if self._loaded() != generation:
                    continue
                if isinstance(error, GraphError):
                    raise
                raise StorageError(
                    f"the graph cannot be opened ({error.strerror or error})",
                    where=str(error.filename or self.folder),
                    fix="check that it is there, and the free space of the folder for temporary files",
                ) from error
            else:
                self._views[generation, seconds] = view
                return view

    # --- generations

    def _generation(self) -> str:
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return ""
        return name if _GENERATION.fullmatch(name) else ""

    def _loaded(self) -> str:
        generation = self._generation()
        if not generation:
            raise GraphError("no graph has been loaded", where=str(self.folder), fix="add documents or code first")
        return generation

    @contextmanager
    def _new_generation(self) -> Iterator[Path]:
        """An empty folder that becomes the graph when the block ends well, and vanishes when it does not."""
        with _mapped_os_errors(self.folder), _writers_lock(self.folder):
            previous = self._generation()
            _remove_others(self.folder, previous)
            fresh = self.folder / f"generation-{int(previous.rpartition('-')[2] or 0) + 1:06d}"
            fresh.mkdir(mode=0o700)
            try:
                yield fresh
                (fresh / SEAL).write_text(json.dumps(_sizes(fresh)), encoding="utf-8")
                private.tighten_tree(fresh)
                _switch(self.folder, fresh)
                private.tighten(self.folder / "current")
            finally:
                _remove_others(self.folder, self._generation())


class _View:
    """One read-only database handle on a folder of links to a generation's files."""

    def __init__(self, generation: Path, seconds: int) -> None:
        self.users = 0
        self._held = HeldFolder()
        folder = self._held.path
        for file in generation.iterdir():
            if file.name != "configuration.json":
                _link(file, folder / file.name)
        settings = {**_SETTINGS, "command.timeout": seconds * 1000}
        (folder / "configuration.json").write_text(json.dumps({"configuration": settings}), encoding="utf-8")
        with engine_errors():
            self.database = import_engine().open_database(str(folder), read_only=True)
            self.edge_types = edge_types(self.database)

    def plain(self, found: Any, limit: int, query: Query) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], bool]:
        return plain_rows(
            self.database, found, limit, columns=query.columns, edges=self.edge_types, paths=query.binds_path
        )

    def close(self) -> None:
        with engine_errors():
            self.database.close()
        self._held.remove()


def _link(file: Path, link: Path) -> None:
    try:
        link.symlink_to(file)
    except OSError:  # Windows lets only some users make links
        shutil.copyfile(file, link)


def _deadline(timeout: float) -> int:
    for seconds in DEADLINES:
        if 0 < timeout <= seconds:
            return seconds
    raise InputError(f"a timeout of {timeout:g} s is out of range", fix=f"give at most {DEADLINES[-1]} seconds")


@contextmanager
def _writers_lock(folder: Path) -> Iterator[None]:
    import filelock

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / "lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise LibraryLocked("the graph is being written", where=str(folder), fix="wait until that ends") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _mapped_os_errors(folder: Path, deed: str = "written") -> Iterator[None]:
    try:
        yield
    except (OSError, JSONDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise StorageError(
            f"the graph could not be {deed} ({why})", where=str(folder), fix="check free space and permissions"
        ) from error


def _switch(folder: Path, fresh: Path) -> None:
    for path in [*fresh.rglob("*"), fresh]:
        _sync(path)
    pointer = folder / "current.new"
    pointer.write_text(fresh.name, encoding="ascii")
    _sync(pointer)
    os.replace(pointer, folder / "current")
    _sync(folder)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows syncs no folders
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sizes(generation: Path) -> dict[str, int]:
    """Bytes of each file but the seal itself."""
    files = [*generation.glob("*.json"), *(generation / "data").iterdir()]
    return {file.name: file.stat().st_size for file in sorted(files) if file.name != SEAL}


def _remove_others(folder: Path, kept: str) -> None:
    for path in folder.glob("generation-*"):
        if path.name != kept:
            shutil.rmtree(path, ignore_errors=True)


def _write_schema(folder: Path, schema: GraphSchema) -> None:
    (folder / "schema.json").write_text(json.dumps(asdict(schema), ensure_ascii=False), encoding="utf-8")
