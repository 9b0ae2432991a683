"""A tool that a model is given: a name, a description, parameters, and text as its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ...corpus.document import Document, Evidence
from ...corpus.store import Store
from ..answer import Answer
from .asked import AskedGraph, AskedKnowledge, AskedTables
from .base import BOTH, Door, Parameter, Value, Verb, check_arguments
from .knowledge import KnowledgeVerb
from .lines import verb_lines
from .tables import TableVerb

_JSON: Mapping[type, str] = {str: "string", int: "integer", bool: "boolean"}


class SearchRoom(Protocol):
    """The parts of a library that most tools need."""

    @property
    def store(self) -> Store: ...
    @property
    def graph(self) -> AskedGraph: ...
    @property
    def knowledge(self) -> AskedKnowledge: ...
    @property
    def tables(self) -> AskedTables: ...
    def search(self, question: str, k: int = 10, retriever: str = "fused") -> list[Evidence]: ...


class LibraryRoom(SearchRoom, Protocol):
    """A whole library."""

    def ask(self, question: str, *, write: bool = False, retriever: str | None = None) -> Answer: ...
    def document(self, uri: str) -> Document: ...
    def status(self) -> dict[str, Any]: ...
    def add(self, *paths: str) -> object: ...


@dataclass(frozen=True, slots=True)
class ToolResult:
    lines: Sequence[str]
    """For a model to read; whole, however long."""
    evidence: tuple[Evidence, ...] = ()
    """What a sentence that a model writes of it may cite."""


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    description: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., ToolResult]
    """``run(room, **arguments)``; ``room`` is a ``SearchRoom`` or, where the tool needs it, a ``LibraryRoom``."""
    doors: frozenset[Door] = BOTH
    """Where it is offered."""
    writes: bool = False
    """Changes the library; offered where that was allowed."""

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments, without what an experienced reader guesses."""
        required = [each.name for each in self.parameters if each.default is None]
        properties = {each.name: _property(each) for each in self.parameters}
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}

    def arguments(self, given: Mapping[str, object]) -> dict[str, Value]:
        """The values that a model has given as ``run`` takes them. Raises ``InputError`` for what does not fit."""
        return check_arguments(self.name, self.parameters, given)


def _property(parameter: Parameter) -> dict[str, Any]:
    described = {} if parameter.obvious else {"description": parameter.description}
    return {"type": _JSON[parameter.kind], **described}


def tool_of(verb: Verb) -> Tool:
    def run(room: SearchRoom, **arguments: Value) -> ToolResult:
        found = verb.run(room.graph.code, **arguments)
        answer = verb.say(room.store, "", verb, found)
        return ToolResult(verb_lines(room.store, found), _evidence(answer) if answer else ())

    return Tool(verb.name, verb.description, verb.parameters, run, doors=verb.doors)


def tool_of_knowledge(verb: KnowledgeVerb) -> Tool:
    def run(room: SearchRoom, **arguments: Value) -> ToolResult:
        answer = room.knowledge.verb(verb.name, **arguments)
        places = [f"[{citation.number}] {citation.place}" for citation in answer.citations]
        return ToolResult([*answer.text.splitlines(), *places], _evidence(answer))

    return Tool(f"kg-{verb.name}", verb.description, verb.parameters, run, doors=verb.doors)


def tool_of_tables(verb: TableVerb) -> Tool:
    def run(room: SearchRoom, **arguments: Value) -> ToolResult:
        answer = room.tables.verb(verb.name, **arguments)
        return ToolResult(answer.text.splitlines(), _evidence(answer))

    return Tool(f"table-{verb.name}", verb.description, verb.parameters, run, doors=verb.doors)


def _evidence(answer: Answer) -> tuple[Evidence, ...]:
    return tuple(citation.evidence for citation in answer.citations)
