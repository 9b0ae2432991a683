"""The graphs of a library that a Cypher engine holds together: of its code, of what its documents name, and of
their tables.

Another one is a class that keeps ``GraphSource``, and an entry of ``SOURCES``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

from ..corpus.store import Store
from ..registry import Registry
from .base import Edge, GraphStore, Node, PartedStore


class GraphSource(Protocol):
    """One graph of a library, as it is when it is first read; an object is made for each projection."""

    name: str

    @property
    def version(self) -> str:
        """Another one after every change of what the graph is made of."""
        ...

    def nodes(self) -> Iterator[Node]:
        """Their ids are unique over all sources."""
        ...

    def edges(self) -> Iterator[Edge]:
        """Their ends may be nodes of a source before this one."""
        ...


SOURCES = Registry(
    "graph source",
    __package__,
    {
        "code": "code.source:CodeSource",
        "knowledge": "knowledge.source:KnowledgeSource",
        "tables": "tables.source:TableSource",
    },
)
"""Each is made with the library's ``Store``."""


def open_sources(store: Store) -> list[GraphSource]:
    return [SOURCES.load(name)(store) for name in SOURCES]


def versions(sources: Sequence[GraphSource]) -> dict[str, str]:
    return {source.name: source.version for source in sources}


def project(sources: Sequence[GraphSource], store: GraphStore, held: Mapping[str, str] | None = None) -> dict[str, str]:
    """Puts the sources as they are now into ``store``: where it can replace a part, only those of another version than
    it holds. Returns the versions that it holds then."""
    now = versions(sources)
    moved = [place for place, source in enumerate(sources) if (held or {}).get(source.name) != now[source.name]]
    if isinstance(store, PartedStore):
        # What points to a part stands behind it: edges that go with a part that is replaced are written anew.
        pointing = sources[moved[0] :] if moved else ()
        store.load_parts(
            {sources[place].name: sources[place].nodes() for place in moved},
            chain.from_iterable(source.edges() for source in pointing),
            kept=[source.name for place, source in enumerate(sources) if place not in moved],
        )
    else:
        store.load(
            chain.from_iterable(source.nodes() for source in sources),
            chain.from_iterable(source.edges() for source in sources),
        )
    return now
