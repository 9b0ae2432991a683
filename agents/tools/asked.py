"""The library's graph with its verbs, as Python asks it: ``graph.verb("callers", "Graph.add_edge")``."""

from __future__ import annotations

from ...graphs.code import CodeAnswer
from ...graphs.served import ServedGraph
from .base import Value
from .verbs import verb_named


class AskedGraph(ServedGraph):
    def verb(self, verb: str, /, *values: Value, **named: Value) -> list[CodeAnswer]:
        """One answer per symbol that is meant, best first. Raises ``NotFoundError`` for an unknown verb and for an
        unknown symbol (with suggestions), ``InputError`` for arguments that the verb does not take."""
        entry = verb_named(verb)
        return entry.run(self.code, **entry.arguments(values, named))
