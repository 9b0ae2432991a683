from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia.corpus.catalog import put_document, remove_documents
from evidentia.corpus.document import Document
from evidentia.corpus.schema import open_catalog
from evidentia.corpus.sources import source_id
from evidentia.corpus.spans import split
from evidentia.corpus.store import Store
from evidentia.graphs.knowledge import KnowledgeGraph
from evidentia.graphs.knowledge.graph import Knowledge

CALLS = {
    "q1.md": (
        "# First call\n\nSatya Nadella is the chief executive officer of Microsoft. Microsoft acquired LinkedIn. "
        "The revenue of Azure grew. Constant currency (CC) is used for comparison.\n"
    ),
    "q2.md": (
        "# Second call\n\nAmy Hood spoke about Azure and Office 365. The gross margin of Azure improved. "
        "LinkedIn hired Jeff Weiner. Microsoft Corporation sells Office 365. Growth in CC was small.\n"
    ),
    "q3.md": (
        "# Jeff Weiner\n\nHe was born in New York on June 17, 1970. Before that he worked for Yahoo.\n\n"
        "# Yahoo\n\nYahoo is an internet company. The gross margin of Yahoo fell. Its revenue fell too.\n"
    ),
}


class Shelf:
    """A store of small documents, without vectors, and the knowledge graph on it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, create=True)
        open_catalog(self.store)
        self.graph = KnowledgeGraph(self.store)
        self._ids: dict[str, int] = {}

    def put(self, name: str, text: str) -> None:
        title = text.partition("\n")[0].strip("# ") if text.startswith("#") else ""
        document = Document(f"/shelf/{name}", name, text, "text/markdown", str(hash(text)), title)
        with self.store.transaction():
            source = source_id(self.store, Path("/shelf"))
            put_document(self.store, source, document, len(text), 0, split(document), self._ids.get(name, 0))
            self.store.bump()
        query = "SELECT id FROM documents WHERE name = ?"
        self._ids[name] = self.store.connection.execute(query, (name,)).fetchone()[0]

    def drop(self, name: str) -> None:
        with self.store.transaction():
            remove_documents(self.store, [self._ids.pop(name)])
            self.store.bump()

    def names(self) -> set[str]:
        return set(self._ids)

    def told(self) -> dict[str, object]:
        """The whole graph, by names and places alone."""
        graph = self.graph.graph()
        uris = dict(self.store.connection.execute("SELECT id, uri FROM documents"))
        places = [uris[key] for key in graph.documents.tolist()]
        members = sorted(
            (one.level, sorted(graph.name(entity) for entity in one.members))
            for one in self.graph.communities().all.values()
        )
        return {
            "entities": {
                graph.name(one): (
                    graph.kind(one),
                    sorted(graph.aliases(one)),
                    [(places[at.document], at.start, at.end) for at in graph.places(one)],
                )
                for one in graph.entities
            },
            "edges": {
                (graph.name(one), graph.name(other)): tuple(map(float, counts))
                for one, other, *counts in zip(
                    *graph.ends.tolist(),
                    graph.together.tolist(),
                    graph.beside.tolist(),
                    graph.further.tolist(),
                    graph.referred.tolist(),
                    graph.weight.tolist(),
                    graph.near.tolist(),
                    strict=True,
                )
            },
            "sections": sorted(
                (graph.name(entity), places[document], first, last)
                for entity, document, first, last in graph.sections.tolist()
            ),
            "merges": {
                (one.one, one.other, one.reason, places[one.document] if one.only_there else "") for one in graph.merges
            },
            "references": sorted(
                (graph.name(person), places[graph.sentences[sentence, 0]], *graph.sentences[named, 1:3].tolist(), *rest)
                for person, sentence, named, *rest in graph.references.tolist()
            ),
            "communities": members,
        }


@pytest.fixture(scope="session")
def new_shelf() -> Callable[[Path], Shelf]:
    return Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path / "library")
    for name, text in CALLS.items():
        made.put(name, text)
    return made


@pytest.fixture
def graph(shelf: Shelf) -> Knowledge:
    return shelf.graph.graph()
