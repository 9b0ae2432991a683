"""The default graph store: ArcadeDB on this machine, one folder per graph, many readers beside one writer.

A graph is a folder of immutable *generations*. Whoever writes builds a new generation beside the old one, closes it,
and switches with one ``os.replace`` of the file ``current``; a crash at any moment leaves the old or the new graph.
What writes runs in this process, since only this project's own code writes. Queries run in processes of their own, on
views (``readers.py``): so any number of processes read at once, a query ends at its limits whatever it is, and
a generation may be deleted while somebody still reads it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from ....corpus import permissions
from ....corpus.soundness import file_sum
from ....errors import GraphError, InputError, LibraryLocked, StorageError
from ...base import Edge, GraphRows, GraphSchema, Node
from ...cypher.anchor import anchor_first
from ...cypher.guard import read
from ..grouping import group
from .engine import CYPHER, create, edge_types, engine_errors, import_engine, plain_rows, schema_of
from .readers import Readers
from .worker import WorkerQuery

DEADLINES = (1, 2, 5, 10, 30, 60, 300)
"""Seconds: the engine takes a deadline when a view is opened. A query between two of these is killed at its own."""
SEAL = "files.json"
"""Names and checksums of a finished generation's files."""
_GENERATION = re.compile(r"generation-\d+")


class ArcadeStore:
    """``folder`` belongs to this graph alone and is made by the first ``load``. Safe to share between threads."""

    name = "arcadedb"

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).resolve()
        self._readers = Readers(self.folder, self._loaded_name)

    def load(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Raises ``LibraryLocked`` while another process writes, ``StorageError`` when the folder cannot be written."""
        groups = group(nodes, edges)
        with self._new_generation() as fresh:
            create(fresh / "data", groups)
            _write_schema(fresh, groups.schema)

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> GraphRows:
        query = read(cypher)
        started = time.perf_counter()
        asked = WorkerQuery(anchor_first(query.text), dict(params or {}), max_rows, query.columns, query.binds_path)
        columns, rows, truncated = self._readers.answer(asked, timeout, _deadline(timeout))
        return GraphRows(columns, rows, truncated, time.perf_counter() - started, query.notes)

    def execute(self, cypher: str, params: Mapping[str, Any] | None = None) -> GraphRows:
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
        return GraphRows(columns, rows, False, time.perf_counter() - started)

    def schema(self) -> GraphSchema:
        while True:
            generation = self._loaded_name()
            try:
                with _mapped_os_errors(self.folder, "read"):
                    found = json.loads((self.folder / generation / "schema.json").read_text(encoding="utf-8"))
                break
            except StorageError:
                if self._loaded_name() == generation:  # otherwise a newer one has taken its place meanwhile
                    raise
        labels = {label: tuple(keys) for label, keys in found["labels"].items()}
        return GraphSchema(labels, tuple(tuple(relation) for relation in found["relations"]))

    def is_whole(self) -> bool:
        """Whether the files' names and checksums are those of the seal: the engine takes an empty file for an empty
        table, and says nothing."""
        generation = self.folder / (self._generation() or "none")
        try:
            return bool(json.loads((generation / SEAL).read_text(encoding="utf-8")) == _sums(generation))
        except (OSError, ValueError):  # another process may have put a newer one in its place
            return False

    def close(self) -> None:
        """Ends the processes that read; another query starts them again."""
        self._readers.close()

    # --- generations

    def _generation(self) -> str:
        try:
            name = (self.folder / "current").read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return ""
        return name if _GENERATION.fullmatch(name) else ""

    def _loaded_name(self) -> str:
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
                (fresh / SEAL).write_text(json.dumps(_sums(fresh)), encoding="utf-8")
                permissions.tighten_tree(fresh)
                _switch(self.folder, fresh)
                permissions.tighten(self.folder / "current")
            finally:
                _remove_others(self.folder, self._generation())


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


def _sums(generation: Path) -> dict[str, int]:
    """The sums of all files but the seal itself."""
    files = [*generation.glob("*.json"), *(generation / "data").iterdir()]
    return {str(file.relative_to(generation)): file_sum(file) for file in sorted(files) if file.name != SEAL}


def _remove_others(folder: Path, kept: str) -> None:
    for path in folder.glob("generation-*"):
        if path.name != kept:
            shutil.rmtree(path, ignore_errors=True)


def _write_schema(folder: Path, schema: GraphSchema) -> None:
    (folder / "schema.json").write_text(json.dumps(asdict(schema), ensure_ascii=False), encoding="utf-8")
