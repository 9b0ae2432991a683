"""What the knowledge graph gives to a question: an answer of quotes, or the reason why the question is searched for."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import LibraryLocked, NotFoundError, StorageError
from ...graphs.knowledge.linking import linked
from ..answer import Answer
from ..tools.asked import AskedKnowledge
from ..tools.knowledge import Meant


@dataclass(frozen=True, slots=True)
class Outcome:
    answer: Answer | None
    said: str
    """What the trace says."""


def answer(knowledge: AskedKnowledge, meant: Meant, question: str) -> Outcome:
    try:
        stray = _stray(knowledge, meant) if meant.verb.only_names else ""
        if stray:
            return Outcome(None, f"{stray}: searched for")
        found = meant.verb.run(knowledge, question, **meant.verb.arguments((), meant.arguments))
    except (NotFoundError, LibraryLocked, StorageError) as error:
        return Outcome(None, f"{error} Searched for.")
    if found is None:
        return Outcome(None, "nothing that can be quoted: searched for")
    edges = len(found.metadata["graph"]["edges"])
    nodes = len(found.metadata["graph"]["nodes"])
    return Outcome(found, f"{len(found.citations)} quotes; {nodes} entities and {edges} edges")


def _stray(knowledge: AskedKnowledge, meant: Meant) -> str:
    """Why one of the things asked about is no name that the documents mention; empty where all are."""
    graph = knowledge.graph()
    for value in meant.arguments.values():
        entity = linked(graph, value)
        if entity is None:
            return f"{value} is not mentioned"
        if graph.kind(entity) != "name":
            return f"{value} is no name"
    return ""
