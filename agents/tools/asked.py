"""The library's graph with its verbs, as Python asks it: ``graph.verb("callers", "Graph.add_edge")``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...graphs.code import CodeAnswer
from ...graphs.served import ServedGraph
from .base import Value
from .verbs import verb_named

if TYPE_CHECKING:
    from networkx import MultiDiGraph


class AskedGraph(ServedGraph):
    def verb(self, verb: str, /, *values: Value, **named: Value) -> list[CodeAnswer]:
        """One answer per symbol that is meant, best first. Raises ``NotFoundError`` for an unknown verb and for an
        unknown symbol (with suggestions), ``InputError`` for arguments that the verb does not take."""
        entry = verb_named(verb)
        return entry.run(self.code, **entry.arguments(values, named))

    def to_networkx(self) -> MultiDiGraph:
        """The whole graph for networkx: nodes by id with their properties, edges keyed by type. Raises ``MissingExtra``
        without networkx."""
        from ...graphs.code.to_networkx import to_networkx

        return to_networkx(self.code)
