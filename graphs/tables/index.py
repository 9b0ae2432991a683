"""The tables of a library: facts that are kept up to date document by document, and the model made of them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from ...corpus.array_file import DerivedArrays
from ...corpus.cancellation import check
from ...corpus.store import Store
from ...corpus.texts import documents_of, version_of_types
from ...errors import NotFoundError
from .database import VERSION, build, load
from .derived import DerivedEdge, check_edge, store_edge, stored_edges
from .model import Table, TableModel
from .reading import OF_TABLES
from .storage import FORM, SCHEMA, missing, store_tables, version_of_facts
from .text_tables import TEXTS


class TableGraph:
    def __init__(self, store: Store) -> None:
        self.store = store
        store.migrate("tables", SCHEMA)
        self._content = -1, ""
        """The revision, and what the content was then."""

    def update(self, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Reads the documents that are new or other than they were; what is gone went with its document. Returns how
        many were read. Whoever calls it holds the writer's lock. ``progress`` counts those that are made of tables:
        texts that may hold some take no time."""
        waiting = missing(self.store.connection)
        made_of_tables = set(documents_of(self.store.connection, OF_TABLES))
        total, done = sum(document in made_of_tables for document, _ in waiting), 0
        for document, passage in waiting:
            check()
            with self.store.transaction() as connection:
                store_tables(connection, document, passage)
            if document in made_of_tables:
                done += 1
                progress(done, total)
        return len(waiting)

    @property
    def is_empty(self) -> bool:
        """Whether no document holds a table. Cheap: every question asks it."""
        return self.store.connection.execute("SELECT 1 FROM table_facts LIMIT 1").fetchone() is None

    def model(self) -> TableModel:
        """The tables of the documents as they are now. Raises ``LibraryLocked`` when facts are missing and another
        process writes, and ``StorageError`` when they cannot be written."""
        if missing(self.store.connection):
            with self.store.writing():
                self.update()
        return DerivedArrays("tables", self._version, build, load).current(self.store)

    @property
    def version(self) -> str:
        """Another one after every change of a document that is made of tables, or of a table within a text."""
        revision = self.store.revision
        if self._content[0] != revision:
            connection = self.store.connection
            made = version_of_types(connection, OF_TABLES)
            self._content = revision, f"{made}.{version_of_facts(connection, TEXTS)}"
        return f"{self._version}.{self._content[1]}"

    def derive(self, table: str, name: str, cases: Sequence[str] = ()) -> None:
        """Declares an edge of the rows of ``table`` by cases such as ``home_team_id if home_score > away_score``; none
        takes it away. Raises ``InputError`` for what the table does not have."""
        edge = DerivedEdge(table, name, tuple(cases))
        others = [one for one in self.derived_edges if (one.table, one.name) != (table, name)]
        if cases:
            model = self.model()
            declared = {key: _without(one, self.derived_edges) for key, one in model.tables.items()}
            check_edge(edge, declared)
        elif len(others) == len(self.derived_edges):
            raise NotFoundError(
                "there is no such edge",
                where=f"{table} {name}",
                suggestions=tuple(f"{one.table} {one.name}" for one in self.derived_edges),
            )
        with self.store.writing(), self.store.transaction() as connection:
            store_edge(connection, edge)

    @property
    def derived_edges(self) -> list[DerivedEdge]:
        """The edges that were declared."""
        return stored_edges(self.store.connection)

    @property
    def _version(self) -> str:
        declared = json.dumps([asdict(one) for one in self.derived_edges])
        return f"{VERSION}.{FORM}.{zlib.crc32(declared.encode()):08x}"


def _without(table: Table, edges: Sequence[DerivedEdge]) -> Table:
    """The table as its document has it."""
    own = {one.column for one in edges if one.table == table.name}
    return replace(
        table,
        columns=tuple(one for one in table.columns if one.name not in own),
        foreign=tuple(one for one in table.foreign if one.column not in own),
    )
