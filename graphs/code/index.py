"""The code graph of a library, kept in its SQLite file: after every ``update`` it equals a graph built afresh.

Each file's facts are stored; its nodes and edges are derived from them and from the interfaces of the other files.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from ...retrieval.store import Store
from .affected import touched_names
from .facts import Facts, load_facts, read_facts
from .library import Library, Unit
from .resolve import EdgeFact, edges

SCHEMA = (
    """CREATE TABLE code_files (
    document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    path TEXT NOT NULL, module TEXT NOT NULL, unit TEXT NOT NULL, interface TEXT NOT NULL, body TEXT NOT NULL,
    error TEXT NOT NULL, error_line INTEGER NOT NULL);
CREATE TABLE code_mentions (
    name TEXT NOT NULL, document_id INTEGER NOT NULL REFERENCES code_files ON DELETE CASCADE,
    PRIMARY KEY (name, document_id)) WITHOUT ROWID;
CREATE INDEX code_mentions_document ON code_mentions (document_id);
CREATE TABLE code_names (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, last TEXT NOT NULL);
CREATE INDEX code_names_last ON code_names (last);
CREATE TABLE code_nodes (
    id INTEGER PRIMARY KEY REFERENCES code_names, document_id INTEGER NOT NULL REFERENCES code_files ON DELETE CASCADE,
    label TEXT NOT NULL, line INTEGER NOT NULL, end_line INTEGER NOT NULL, signature TEXT NOT NULL, doc TEXT NOT NULL,
    decorators TEXT NOT NULL);
CREATE INDEX code_nodes_document ON code_nodes (document_id);
CREATE TABLE code_edges (
    source INTEGER NOT NULL REFERENCES code_names, type TEXT NOT NULL, target INTEGER NOT NULL REFERENCES code_names,
    resolution TEXT NOT NULL, line INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES code_files ON DELETE CASCADE,
    PRIMARY KEY (source, type, target, document_id, line, resolution)) WITHOUT ROWID;
CREATE INDEX code_edges_target ON code_edges (target, type);
CREATE INDEX code_edges_document ON code_edges (document_id)""",
)

_COVERAGE = """SELECT type, resolution, name LIKE 'external:*%' AS nameless, count(*) FROM code_edges
    JOIN code_names ON code_names.id = target GROUP BY type, resolution, nameless ORDER BY type, resolution, nameless"""

_MOST = 0.6
"""Share of the files above which picking the affected ones costs more than it saves."""


@dataclass(frozen=True, slots=True)
class CodeFile:
    document: int
    """Row id in ``documents``."""
    path: str
    """What people see."""
    module: str
    """Dotted name, see ``module_name``."""
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not Python 3: listed, and no part of the graph but as an empty module."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class CodeStats:
    files: int
    resolved: int
    """Files whose edges were computed in this update."""
    nodes: int
    edges: int
    problems: tuple[Problem, ...]
    version: int
    """Grows with every update that changed something; a projection of another version is stale."""


@dataclass(frozen=True, slots=True)
class Coverage:
    counts: tuple[tuple[str, str, int], ...]
    """(edge type, resolution, number of edges)."""
    nameless: int
    """Of the unknown ones, calls of a method on an object whose type is not known (``external:*.name``)."""
    unreadable: int
    """Files that did not parse."""

    def total(self, resolution: str, kind: str = "") -> int:
        return sum(count for edge, certainty, count in self.counts if certainty == resolution and kind in ("", edge))


class CodeGraph:
    def __init__(self, store: Store) -> None:
        self.store = store
        store.migrate("code", SCHEMA)

    @property
    def version(self) -> int:
        return int(self.store.get("code:version") or 0)

    def update(self, changed: Iterable[CodeFile], removed: Iterable[int] = ()) -> CodeStats:
        """Takes in new and edited files (also those whose module name changed) and forgets ``removed`` documents.

        Call it before the rows in ``documents`` go: when they went first, everything is resolved again, since nobody
        knows any more what the lost files defined.
        """
        changed = list(changed)
        with self.store.transaction() as connection:
            units = self._units()
            lost = len(units) != int(self.store.get("code:files") or 0)
            gone = units.keys() & set(removed)
            if not changed and not gone and not lost:
                return self.stats()
            before = self._interfaces()
            _forget(connection, gone | {file.document for file in changed})
            for file in changed:
                _store_file(connection, file)
            _name_units(connection)
            moved = any(units.get(document, unit) != unit for document, unit in self._units().items())
            documents = self._affected(None if lost or moved else before, {file.document for file in changed})
            self._write(connection, documents)
            self._stamp()
        return self.stats(len(documents))

    def _stamp(self) -> None:
        rows = self.store.connection.execute(_COVERAGE).fetchall()
        self.store.set("code:coverage", json.dumps(rows))
        self.store.set("code:files", str(self._count("code_files")))
        self.store.set("code:version", str(self.version + 1))

    def coverage(self) -> Coverage:
        """How many edges are proven, guessed, or lead outside; for telling what an answer could not see."""
        rows = json.loads(self.store.get("code:coverage") or "[]")
        counts: dict[tuple[str, str], int] = {}
        for kind, resolution, _, count in rows:
            counts[kind, resolution] = counts.get((kind, resolution), 0) + count
        nameless = sum(count for _, _, is_nameless, count in rows if is_nameless)
        return Coverage(tuple((*key, count) for key, count in counts.items()), nameless, len(self.problems()))

    def stats(self, resolved: int = 0) -> CodeStats:
        files, nodes, links = (self._count(table) for table in ("code_files", "code_nodes", "code_edges"))
        return CodeStats(files, resolved, nodes, links, self.problems(), self.version)

    def problems(self) -> tuple[Problem, ...]:
        rows = self.store.connection.execute("SELECT path, error_line, error FROM code_files WHERE error != '' ORDER BY path")
        return tuple(Problem(*row) for row in rows)

    def _count(self, table: str) -> int:
        return int(self.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def _units(self) -> dict[int, str]:
        return dict(self.store.connection.execute("SELECT document_id, unit FROM code_files"))

    def _interfaces(self) -> dict[str, Facts]:
        rows = self.store.connection.execute("SELECT unit, interface FROM code_files")
        return {unit: load_facts(interface) for unit, interface in rows}

    def _affected(self, before: dict[str, Facts] | None, changed: set[int]) -> set[int]:
        everything = set(self._units())
        names = None if before is None else touched_names(before, self._interfaces())
        if names is None:
            return everything
        found = changed | {document for name in names for document in self._mentioning(name)}
        return found if len(found) < _MOST * len(everything) else everything

    def _mentioning(self, name: str) -> Iterator[int]:
        for (document,) in self.store.connection.execute("SELECT document_id FROM code_mentions WHERE name = ?", (name,)):
            yield document

    def _write(self, connection: Connection, documents: Collection[int]) -> None:
        """Nodes and edges of these files, computed anew."""
        for document in documents:
            connection.execute("DELETE FROM code_edges WHERE document_id = ?", (document,))
            connection.execute("DELETE FROM code_nodes WHERE document_id = ?", (document,))
        names = _Names(connection)
        library = Library(_units(connection, documents))
        for unit in library.units:
            if unit.document in documents:
                _insert_nodes(connection, names, unit)
                _insert_edges(connection, names, unit, edges(library, unit))


class _Names:
    """Texts as small numbers, so that an edge row is short."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = dict(connection.execute("SELECT name, id FROM code_names"))

    def __call__(self, name: str) -> int:
        if name not in self._known:
            last = name.rpartition(".")[2].partition("#")[0].removeprefix("external:")
            cursor = self._connection.execute("INSERT INTO code_names (name, last) VALUES (?, ?)", (name, last))
            self._known[name] = int(cursor.lastrowid or 0)
        return self._known[name]


def _forget(connection: Connection, documents: Iterable[int]) -> None:
    connection.executemany("DELETE FROM code_files WHERE document_id = ?", [(document,) for document in documents])


def _store_file(connection: Connection, file: CodeFile) -> None:
    facts = read_facts(file.module, file.text, package=file.path.endswith("__init__.py"))
    connection.execute(
        "INSERT INTO code_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (file.document, file.path, file.module, file.module, facts.interface(), facts.body(), facts.error, facts.error_line),
    )
    names = facts.mentions() | set(file.module.split("."))
    connection.executemany("INSERT INTO code_mentions VALUES (?, ?)", [(name, file.document) for name in sorted(names)])


def _name_units(connection: Connection) -> None:
    """Of files with the same module name the first by path has it; the others are numbered."""
    shared = connection.execute("""SELECT document_id, module, row_number() OVER (PARTITION BY module ORDER BY path, document_id)
        FROM code_files WHERE module IN (SELECT module FROM code_files GROUP BY module HAVING count(*) > 1)""").fetchall()
    connection.execute("UPDATE code_files SET unit = module WHERE unit != module")
    for document, module, number in shared:
        unit = module if number == 1 else f"{module}#{number}"
        connection.execute("UPDATE code_files SET unit = ? WHERE document_id = ?", (unit, document))


def _units(connection: Connection, whole: Collection[int]) -> Iterator[Unit]:
    """All files; those in ``whole`` with their bodies."""
    for document, unit, module, interface in connection.execute("SELECT document_id, unit, module, interface FROM code_files"):
        body = None
        if document in whole:
            (body,) = connection.execute("SELECT body FROM code_files WHERE document_id = ?", (document,)).fetchone()
        yield Unit(unit, module, document, load_facts(interface, body))


def _insert_nodes(connection: Connection, names: _Names, unit: Unit) -> None:
    connection.executemany(
        "INSERT INTO code_nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (names(unit.full(s.path)), unit.document, s.label, s.line, s.end_line, s.signature, s.doc, " ".join(s.decorators))
            for s in unit.facts.symbols
        ],
    )


def _insert_edges(connection: Connection, names: _Names, unit: Unit, found: Iterable[EdgeFact]) -> None:
    connection.executemany(
        "INSERT INTO code_edges VALUES (?, ?, ?, ?, ?, ?)",
        sorted((names(e.source), e.type, names(e.target), e.resolution, e.line, unit.document) for e in found),
    )
