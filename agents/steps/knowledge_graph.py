"""The knowledge graph's part in an answer: quotes, or the reason why the text is searched instead."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import LibraryLocked, NotFoundError, StorageError
from ...graphs.knowledge.linking import find_entity
from ..answer import Answer
from ..tools.asked import AskedKnowledge
from ..tools.knowledge import KnowledgeMatch


@dataclass(frozen=True, slots=True)
class Outcome:
    answer: Answer | None
    said: str
    """The line of the trace."""


def answer(knowledge: AskedKnowledge, match: KnowledgeMatch, question: str) -> Outcome:
    try:
        stray = _stray(knowledge, match) if match.verb.only_names else ""
        if stray:
            return Outcome(None, f"{stray}: searched the text")
        found = match.verb.run(knowledge, question, **match.verb.arguments((), match.arguments))
    except (NotFoundError, LibraryLocked, StorageError) as error:
        return Outcome(None, f"{error} Searched the text instead.")
    if found is None or not found.citations:
        return Outcome(None, "nothing that can be quoted: searched the text")
    shown = found.metadata["graph"]
    said = f"{len(found.citations)} quotes; {len(shown['nodes'])} entities and {len(shown['edges'])} edges"
    return Outcome(found, "; ".join([said, *found.reasons]))


def _stray(knowledge: AskedKnowledge, match: KnowledgeMatch) -> str:
    """Why one of the things asked about is no name that the documents mention; empty where all are."""
    graph = knowledge.graph()
    for value in match.arguments.values():
        entity = find_entity(graph, value)
        if entity is None:
            return f"{value} is not mentioned"
        if graph.kind(entity) != "name":
            return f"{value} is not a name"
    return ""
