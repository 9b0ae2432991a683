"""The knowledge graph of a library: facts that are kept up to date document by document, and the graph made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...corpus.array_file import DerivedArrays
from ...corpus.cancellation import check
from ...corpus.store import Store
from ...corpus.texts import first_passages, version_of_prose
from .communities import Communities, communities
from .derive import VERSION, build
from .extracted import SCHEMA as EXTRACTED
from .extracted import DocumentReading, extracted_firsts, forget_readings, put_reading
from .extraction import Extraction
from .facts import FORM, NO_PROSE
from .graph import Knowledge, load
from .imports import ImportStats, list_imports, put_import, remove_import
from .quotes import Quotes
from .storage import SCHEMA, facts_of, missing, set_apart, store_facts

BATCH = 100
"""Documents whose facts are committed at once: a run that is killed keeps what it had finished."""


@dataclass(frozen=True, slots=True)
class KnowledgeStats:
    documents: int
    entities: int
    mentions: int
    edges: int
    merges: int


class KnowledgeGraph:
    def __init__(self, store: Store) -> None:
        self.store = store
        store.migrate("knowledge", SCHEMA)
        store.migrate("extracted", (EXTRACTED,))
        self._content = -1, ""
        """The revision, and what the content was then."""

    def update(self, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Reads the documents that are new or other than they were; what is gone went with its document. Returns how
        many were read. Whoever calls it holds the writer's lock."""
        waiting = missing(self.store.connection)
        for first in range(0, len(waiting), BATCH):
            with self.store.transaction() as connection:
                for document, passage in waiting[first : first + BATCH]:
                    check()
                    store_facts(connection, document, passage, facts_of(connection, document))
            progress(min(first + BATCH, len(waiting)), len(waiting))
        return len(waiting)

    def graph(self) -> Knowledge:
        """The graph of the documents as they are now. Raises ``LibraryLocked`` when facts are missing and another
        process writes, and ``StorageError`` when they cannot be written."""
        if missing(self.store.connection):
            with self.store.writing():
                self.update()
        return DerivedArrays("knowledge", self._version, build, load).current(self.store)

    def communities(self) -> Communities:
        return communities(self.store, self.graph(), self._version)

    def quotes(self) -> Quotes:
        """Those of the graph as it is now."""
        return Quotes(self.store, self.graph())

    @property
    def version(self) -> str:
        """Another one after every change of the merges and of a document that holds statements."""
        revision = self.store.revision
        if self._content[0] != revision:
            self._content = revision, version_of_prose(self.store.connection, NO_PROSE)
        return f"{self._version}.{self._content[1]}"

    @property
    def _version(self) -> str:
        counts = (self.store.get(f"knowledge:{what}") or "0" for what in ("apart", "imports"))
        return ".".join((VERSION, FORM, *counts))

    def separate(self, one: str, other: str, apart: bool = True) -> None:
        """Takes a merge of two phrases back, or allows it again."""
        with self.store.writing(), self.store.transaction() as connection:
            set_apart(connection, one, other, apart)
            self._count("apart")

    def put_import(self, name: str, found: Extraction) -> ImportStats:
        """Adds what a model of another index extracted, in place of an import of that name."""
        with self.store.writing(), self.store.transaction() as connection:
            stats = put_import(connection, name, found)
            self._count("imports")
        return stats

    def remove_import(self, name: str) -> None:
        """Raises ``NotFoundError`` for a name that nothing was imported under."""
        with self.store.writing(), self.store.transaction() as connection:
            remove_import(connection, name)
            self._count("imports")

    def put_reading(self, document: int, passage: int, model: str, found: DocumentReading) -> None:
        """Keeps what a model extracted from a document, at once, so that a run that is cut off goes on behind it.
        Whoever calls it holds the writer's lock."""
        with self.store.transaction() as connection:
            put_reading(connection, document, passage, model, found)
            self._count("imports")

    def unread(self) -> list[tuple[int, int]]:
        """``(document, first passage)`` of documents that no model extracted from as they are now."""
        connection = self.store.connection
        done = extracted_firsts(connection)
        return [(each, first) for each, first in first_passages(connection).items() if first not in done]

    def forget_readings(self) -> int:
        """Takes back all that the library's model extracted; returns of how many documents."""
        with self.store.writing(), self.store.transaction() as connection:
            count = forget_readings(connection)
            self._count("imports")
        return count

    def imports(self) -> list[ImportStats]:
        return list_imports(self.store.connection)

    def _count(self, what: str) -> None:
        self.store.set(f"knowledge:{what}", str(int(self.store.get(f"knowledge:{what}") or 0) + 1))

    def stats(self) -> KnowledgeStats:
        graph = self.graph()
        return KnowledgeStats(
            len(graph.documents), len(graph.entities), len(graph.mentions), graph.ends.shape[1], len(graph.merges)
        )
