"""The tables of the code graph and how rows get in and out. Knows nothing of what has to be computed when."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from sqlite3 import Connection

from ...corpus.connection import mapped_rows
from ...corpus.soundness import row_sum
from .facts import Facts, SymbolFact, load_facts
from .languages import language_of
from .resolution.attribution import Attribution
from .resolution.edges import EdgeRow
from .resolution.values import INFERRED, OUTSIDE, Unit

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
    """CREATE TABLE code_values (
    round INTEGER NOT NULL, slot TEXT NOT NULL, value TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES code_files ON DELETE CASCADE,
    PRIMARY KEY (round, slot, value, document_id)) WITHOUT ROWID;
CREATE INDEX code_values_document ON code_values (document_id, round);
CREATE TABLE code_reads (
    key TEXT NOT NULL, document_id INTEGER NOT NULL REFERENCES code_files ON DELETE CASCADE,
    PRIMARY KEY (key, document_id)) WITHOUT ROWID;
CREATE INDEX code_reads_document ON code_reads (document_id)""",
    """ALTER TABLE code_files ADD COLUMN crc INTEGER;
ALTER TABLE code_nodes ADD COLUMN crc INTEGER;
CREATE INDEX code_files_unit ON code_files (unit)""",
    """CREATE TABLE code_gaps (
    source INTEGER NOT NULL REFERENCES code_names, line INTEGER NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES code_files ON DELETE CASCADE,
    PRIMARY KEY (document_id, source, line, name, reason)) WITHOUT ROWID;
CREATE INDEX code_gaps_name ON code_gaps (name)""",
    # At how many definitions of that name an inferred call may arrive; an index that has all that callers are made of.
    """ALTER TABLE code_edges ADD COLUMN choices INTEGER NOT NULL DEFAULT 1;
DROP INDEX code_edges_target;
CREATE INDEX code_edges_target ON code_edges (target, type, source, document_id, line, resolution, choices)""",
)
CHECKED = {
    "code files": (
        "SELECT crc, document_id, path, module, interface, body, error, error_line FROM code_files "
        "WHERE crc IS NOT NULL"
    ),
    "definitions": (
        "SELECT crc, id, document_id, label, line, end_line, signature, doc, decorators FROM code_nodes "
        "WHERE crc IS NOT NULL"
    ),
}
"""Checksums and what they are of (``corpus/soundness.py``). Every other column stands in an index, too, with which
SQLite compares it."""
FORM = "8"
"""Of the stored facts; those of another form are read again from the files' texts."""


@dataclass(frozen=True, slots=True)
class CodeFile:
    document: int
    """Row id in ``documents``."""
    path: str
    """What people see."""
    module: str
    """Dotted name, see ``module_name``."""
    text: str


class Names(dict[str, int]):
    """Texts as small numbers, so that an edge row is short. New ones are written by ``keep``."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.execute("SELECT name, id FROM code_names").fetchall())
        self._connection = connection
        self._highest = max(self.values(), default=0)
        self._fresh: list[tuple[int, str, str]] = []

    def __missing__(self, name: str) -> int:
        return self.add(name)

    def add(self, name: str) -> int:
        """The number of a text that has none."""
        self._highest += 1
        self._fresh.append((self._highest, name, _last(name)))
        self[name] = self._highest
        return self._highest

    def keep(self) -> None:
        """Before rows that refer to the numbers."""
        self._connection.executemany("INSERT INTO code_names VALUES (?, ?, ?)", self._fresh)
        self._fresh.clear()


def _last(name: str) -> str:
    return name.rpartition(".")[2].partition("#")[0].removeprefix(OUTSIDE)


def _count_choices(targets: Set[str]) -> int:
    """A class and its constructor of the same name are one."""
    return sum(target.rpartition(".")[0] not in targets for target in targets)


class Batch:
    """Rows for one statement, written some thousands at a time: to run it costs as much as ten rows."""

    def __init__(self, connection: Connection, statement: str, names: Names | None = None) -> None:
        """``names``: the numbers that the rows refer to."""
        self._connection, self._statement, self._names = connection, statement, names
        self._rows: list[tuple[object, ...]] = []

    def add(self, rows: Iterable[tuple[object, ...]]) -> None:
        self._rows += rows
        if len(self._rows) > _BATCH:
            self.flush()

    def flush(self) -> None:
        if self._names is not None:
            self._names.keep()
        self._connection.executemany(self._statement, self._rows)
        self._rows.clear()


_BATCH = 5_000


def forget(connection: Connection, documents: Iterable[int]) -> None:
    connection.executemany("DELETE FROM code_files WHERE document_id = ?", [(document,) for document in documents])


def forget_graph(connection: Connection, documents: Iterable[int]) -> None:
    """Nodes and edges only; the facts stay."""
    keys = [(document,) for document in documents]
    connection.executemany("DELETE FROM code_edges WHERE document_id = ?", keys)
    connection.executemany("DELETE FROM code_nodes WHERE document_id = ?", keys)
    connection.executemany("DELETE FROM code_gaps WHERE document_id = ?", keys)


def forget_names(connection: Connection) -> None:
    """Those that no node and no edge has any more."""
    connection.execute("""DELETE FROM code_names WHERE id NOT IN (
        SELECT id FROM code_nodes UNION SELECT source FROM code_gaps
        UNION SELECT source FROM code_edges UNION SELECT target FROM code_edges)""")


def mentioning(connection: Connection, name: str) -> Iterator[int]:
    """Documents whose references can hang on the name."""
    for (document,) in connection.execute("SELECT document_id FROM code_mentions WHERE name = ?", (name,)):
        yield document


def store_files(connection: Connection, files: Sequence[CodeFile], step: Callable[[], None]) -> dict[int, Facts]:
    """The facts of each file, by document; ``step`` is called after each."""
    found = {}
    keys = [(file.document,) for file in files]
    connection.executemany("DELETE FROM code_mentions WHERE document_id = ?", keys)
    mentions = Batch(connection, "INSERT OR IGNORE INTO code_mentions VALUES (?, ?)")
    for file in files:
        facts = found[file.document] = language_of(file.path).read(file.path, file.module, file.text)
        stored = facts.columns()
        crc = row_sum(file.document, file.path, file.module, *stored)
        connection.execute(
            """INSERT INTO code_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (document_id) DO UPDATE SET
                path = excluded.path, module = excluded.module, unit = excluded.unit, interface = excluded.interface,
                body = excluded.body, error = excluded.error, error_line = excluded.error_line, crc = excluded.crc""",
            (file.document, file.path, file.module, file.module, *stored, crc),
        )
        names = facts.mentions(stored[0]).union(file.module.split("."))
        mentions.add([(name, file.document) for name in sorted(names)])
        step()
    mentions.flush()
    return found


def name_units(connection: Connection) -> None:
    """Files with the same module name get that of their repository (the first folder of their path) in front where
    there are several, and then a number where that does not tell them apart."""
    shared = connection.execute("""SELECT document_id, module, path FROM code_files
        WHERE module IN (SELECT module FROM code_files GROUP BY module HAVING count(*) > 1)
        ORDER BY path, document_id""").fetchall()
    connection.execute("UPDATE code_files SET unit = module WHERE unit != module")
    repositories: dict[str, set[str]] = {}
    suffixes: dict[str, set[str]] = {}
    for _, module, path in shared:
        repositories.setdefault(module, set()).add(path.partition("/")[0])
        suffixes.setdefault(module, set()).add(path.rpartition(".")[2])
    taken = {row[0] for row in connection.execute("SELECT module FROM code_files")} - repositories.keys()
    for document, module, path in shared:
        front = f"{path.partition('/')[0]}." if len(repositories[module]) > 1 else ""
        python = language_of(path).naming.packages
        behind = "" if python or len(suffixes[module]) == 1 else f"_{path.rpartition('.')[2]}"
        name = re.sub(r"[^\w.]", "_", front) + module + behind
        unit, number = name, 1
        while unit in taken:
            number += 1
            unit = f"{name}#{number}"
        taken.add(unit)
        connection.execute("UPDATE code_files SET unit = ? WHERE document_id = ?", (unit, document))


def read_units(connection: Connection, documents: Iterable[int] | None = None) -> Iterator[Unit]:
    """All files or these, without their bodies."""
    columns = "SELECT document_id, unit, module, path, interface FROM code_files"
    if documents is None:
        rows: Iterable[tuple[int, str, str, str, str]] = connection.execute(columns)
    else:
        query = f"{columns} WHERE document_id = ?"
        rows = (connection.execute(query, (document,)).fetchone() for document in documents)
    for document, name, module, path, interface in rows:
        with mapped_rows(connection):
            facts = load_facts(interface)
        yield Unit(name, module, document, facts, path)


def exports(connection: Connection, document: int) -> Sequence[str]:
    """The names in ``__all__`` of a file; of a document that is no code, or says nothing, none."""
    row = connection.execute("SELECT interface FROM code_files WHERE document_id = ?", (document,)).fetchone()
    with mapped_rows(connection):
        return (load_facts(row[0]).exports or ()) if row else ()


class Bodies(dict[int, Unit]):
    """Document -> its unit, one of ``units``, whose body is read when it is first asked for."""

    def __init__(self, connection: Connection, units: Iterable[Unit], whole: Iterable[int]) -> None:
        """``whole``: documents whose units have their bodies."""
        super().__init__()
        self._connection = connection
        self._units = {unit.document: unit for unit in units}
        self.update((document, self._units[document]) for document in whole)

    def __missing__(self, document: int) -> Unit:
        unit = self._units[document]
        row = self._connection.execute("SELECT body FROM code_files WHERE document_id = ?", (document,)).fetchone()
        with mapped_rows(self._connection):
            unit.facts.load_body(row[0])
        self[document] = unit
        return unit

    def close(self) -> None:
        for unit in self.values():
            unit.facts.drop_body()


def given_by(connection: Connection, documents: Iterable[int]) -> set[str]:
    """Slots that these files say something of."""
    query = "SELECT DISTINCT slot FROM code_values WHERE document_id = ?"
    return {row[0] for document in documents for row in connection.execute(query, (document,))}


def relatives(connection: Connection, classes: Iterable[str]) -> set[str]:
    """All that inherits from one of the classes, or that one of them inherits from, as the edges say."""
    query = """WITH RECURSIVE
        start (id) AS (SELECT id FROM code_names WHERE name IN (SELECT value FROM json_each(?1))),
        up (id) AS (SELECT id FROM start UNION
            SELECT target FROM code_edges JOIN up ON source = up.id WHERE type = 'INHERITS'),
        down (id) AS (SELECT id FROM start UNION
            SELECT source FROM code_edges JOIN down ON target = down.id WHERE type = 'INHERITS')
        SELECT name FROM code_names WHERE id IN (SELECT id FROM up UNION SELECT id FROM down)"""
    return {row[0] for row in connection.execute(query, (json.dumps(sorted(classes)),))}


def forget_reads(connection: Connection, documents: Iterable[int]) -> None:
    connection.executemany("DELETE FROM code_reads WHERE document_id = ?", [(document,) for document in documents])


class Reads(dict[int, set[str]]):
    """Document -> what its outcome hangs on, besides the names that it mentions; as far as this update has found."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._batch = Batch(connection, "INSERT OR IGNORE INTO code_reads VALUES (?, ?)")

    def add(self, document: int, keys: Set[str]) -> None:
        known = self.setdefault(document, set())
        self._batch.add([(key, document) for key in sorted(keys - known)])
        known |= keys

    def flush(self) -> None:
        self._batch.flush()


class CodeTables:
    """Nodes, edges and gaps on their way into the store."""

    def __init__(self, connection: Connection) -> None:
        self._names = Names(connection)
        marks = "INSERT OR IGNORE INTO code_nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._nodes = Batch(connection, marks, self._names)
        self._edges = Batch(connection, "INSERT INTO code_edges VALUES (?, ?, ?, ?, ?, ?, ?)", self._names)
        self._gaps = Batch(connection, "INSERT INTO code_gaps VALUES (?, ?, ?, ?, ?)", self._names)

    def add_nodes(self, unit: Unit, symbols: Iterable[SymbolFact]) -> None:
        names, document = self._names, unit.document
        rows = [(names[unit.full(symbol.path)], document, symbol.label, *symbol.details()) for symbol in symbols]
        self._nodes.add([(*row, row_sum(*row)) for row in rows])

    def add_edges(self, unit: Unit, found: Collection[EdgeRow]) -> None:
        names, document = self._names, unit.document
        # In the order of the texts, since a set is walked in another order in each process.
        ends = {edge[0] for edge in found} | {edge[2] for edge in found}
        for name in sorted(ends.difference(names)):
            names.add(name)
        targets: dict[tuple[str, int, str], set[str]] = {}
        rows = []
        for source, kind, target, resolution, line in found:
            if kind == "CALLS" and resolution == INFERRED:
                targets.setdefault((source, line, _last(target)), set()).add(target)
            else:
                rows.append((names[source], kind, names[target], resolution, line, document, 1))
        for (source, line, _), meant in targets.items():
            choices = _count_choices(meant)
            rows += [(names[source], "CALLS", names[target], INFERRED, line, document, choices) for target in meant]
        self._edges.add(sorted(rows))

    def add_gaps(self, unit: Unit, found: Iterable[Attribution]) -> None:
        """Calls that cannot be attributed, with their places and reasons."""
        names, document = self._names, unit.document
        rows = {(names[gap.source], gap.line, gap.name, gap.reason, document) for gap in found if gap.reason}
        self._gaps.add(sorted(rows))

    def flush(self) -> None:
        for batch in (self._nodes, self._edges, self._gaps):
            batch.flush()
