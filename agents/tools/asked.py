"""The library's graphs with their verbs, as Python asks them: ``graph.verb("callers", "Graph.add_edge")``,
``knowledge.verb("entity", "Azure")``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...corpus.document import Evidence
from ...corpus.store import Store
from ...errors import NotFoundError
from ...graphs.base import Edge, Node
from ...graphs.code import CodeAnswer
from ...graphs.knowledge import KnowledgeGraph
from ...graphs.knowledge.choosing import Encode
from ...graphs.served import ServedGraph
from ...graphs.tables import TableGraph
from ...graphs.tables.card import TableCard, cards
from ...retrieval.base import Embedder
from ...retrieval.fusion import FusedRetriever
from ...retrieval.lexical import LexicalRetriever
from ..answer import Answer
from .base import Value
from .knowledge import knowledge_verb
from .tables import table_verb
from .verbs import verb_named

if TYPE_CHECKING:
    from networkx import MultiDiGraph


class AskedGraph(ServedGraph):
    def verb(self, verb: str, /, *values: Value, **named: Value) -> list[CodeAnswer]:
        """Asks one question of the code graph: one answer per symbol that is meant, best first. Raises
        ``NotFoundError`` for an unknown verb and for an unknown symbol (with suggestions), ``InputError`` for arguments
        that the verb does not take."""
        entry = verb_named(verb)
        return entry.run(self.code, **entry.arguments(values, named))

    def to_networkx(self) -> MultiDiGraph:
        """The whole graph for networkx: nodes by id with their properties, edges keyed by type. Raises ``MissingExtra``
        without networkx."""
        from ...graphs.export import to_networkx

        return to_networkx(*self.parts())

    def parts(self) -> tuple[Iterator[Node], Iterator[Edge]]:
        """All nodes and edges of the code."""
        from ...graphs.code.source import edges, nodes

        return nodes(self.code), edges(self.code)


class AskedKnowledge(KnowledgeGraph):
    """``embedder`` finds what is near to a question and what says the same; without it words do."""

    def __init__(self, store: Store, embedder: Callable[[], Embedder] | None = None) -> None:
        super().__init__(store)
        self._embedder = embedder

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds passages for a question that the graph answers."""
        if self._embedder is None:
            return LexicalRetriever(self.store).search(question, k)
        return FusedRetriever(self.store, self._embedder).search(question, k)

    @property
    def encode(self) -> Encode | None:
        return None if self._embedder is None else self._embedder().encode

    def verb(self, verb: str, /, *values: Value, **named: Value) -> Answer:
        """Asks one question of the knowledge graph, which is answered with quotes. Raises ``NotFoundError`` for an
        unknown verb, for a name that no document mentions (with suggestions) and where there is nothing to quote,
        ``InputError`` for arguments that the verb does not take."""
        entry = knowledge_verb(verb)
        arguments = entry.arguments(values, named)
        answer = entry.run(self, " ".join([verb, *map(str, values)]), **arguments)
        if answer is None:
            raise NotFoundError(
                "the documents hold nothing that can be quoted for this", where=verb, fix="add documents of prose"
            )
        return answer

    def to_networkx(self) -> MultiDiGraph:
        """Entities, passages, documents and communities for networkx, as Cypher has them. Raises ``MissingExtra``
        without networkx."""
        from ...graphs.export import to_networkx

        return to_networkx(*self.parts())

    def parts(self) -> tuple[Iterator[Node], Iterator[Edge]]:
        """All nodes and edges but those to code, which is a graph of its own."""
        from ...graphs.knowledge.source import edges, nodes

        quotes, found = self.quotes(), self.communities()
        return nodes(quotes, found), edges(quotes, found, code=False)


class AskedTables(TableGraph):
    def verb(self, verb: str, /, *values: Value, **named: Value) -> Answer:
        """Asks one question of the tables, which is answered with rows and their query. Raises ``NotFoundError`` for an
        unknown verb and where there is no such table, ``InputError`` for arguments that the verb does not take."""
        entry = table_verb(verb)
        return entry.run(self, **entry.arguments(values, named))

    def ask(self, question: str) -> Answer:
        """Answers from rows alone; the status is ``not_found``, with a reason, where they cannot answer."""
        return self.verb("ask", question)

    def schema(self, name: str = "") -> list[TableCard]:
        """Describes all tables, or one. Raises ``NotFoundError`` where there is none."""
        return cards(self.model(), name)

    def to_networkx(self) -> MultiDiGraph:
        """Rows and foreign keys for networkx, as Cypher has them. Raises ``MissingExtra`` without networkx."""
        from ...graphs.export import to_networkx
        from ...graphs.tables.source import edges, nodes

        model = self.model()
        return to_networkx(nodes(model), edges(model))
