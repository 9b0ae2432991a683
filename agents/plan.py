"""For models that are strong enough to plan: LangChain's agent loop with our retrievers and graph verbs as its tools.

Whatever a tool returns is kept as evidence, so that what the model says at the end is checked like any written answer.
Small local models never come here (``LanguageModel.plans``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..corpus.document import Evidence
from ..corpus.store import Store
from ..errors import EvidentiaError, MissingExtra
from ..graphs.served import ServedGraph
from ..retrieval.base import Retriever
from ..serving.base import LanguageModel
from . import code
from .route import Route

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

MAX_STEPS = 16
"""LangGraph's limit of turns: each tool call takes two."""
PASSAGES = 5

_SYSTEM = (
    "You answer questions about a library of documents and code. Find evidence with the tools first; never answer from "
    "memory. Answer in a few short sentences in the words of the evidence. If the tools find nothing, say: Not found."
)


@dataclass
class Toolbox:
    """The tools of one question, and what they have found so far."""

    store: Store
    graph: ServedGraph
    retriever: Retriever
    evidence: list[Evidence] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def search(self, question: str) -> str:
        """Search documents and code for passages about a question."""
        hits = self.retriever.search(question, PASSAGES)
        self.evidence += hits
        return "\n\n".join(f"{hit.name} {hit.heading}\n{hit.quote}" for hit in hits) or "nothing found"

    def callers(self, symbol: str) -> str:
        """Who calls a function or method; dotted names such as Graph.add_edge are fine."""
        return self._verb("callers", symbol)

    def callees(self, symbol: str) -> str:
        """What a function or method calls."""
        return self._verb("callees", symbol)

    def definition(self, symbol: str) -> str:
        """Where a symbol is defined."""
        return self._verb("definition", symbol)

    def subclasses(self, symbol: str) -> str:
        """Which classes inherit from a class."""
        return self._verb("subclasses", symbol)

    def references(self, symbol: str) -> str:
        """Where a symbol is used."""
        return self._verb("references", symbol)

    def cypher(self, query: str) -> str:
        """Run one read-only Cypher query on the code graph; labels MODULE, CLASS, FUNCTION, METHOD, FIELD."""
        rows = self.graph.query(query, max_rows=50)
        text = "\n".join(" | ".join(map(str, row)) for row in rows.rows)
        self.evidence.append(
            Evidence(
                text,
                1.0,
                "graph",
                f"{len(rows.rows)} rows",
                name="code graph",
                kind="rows",
                query=query,
                rows=rows.rows,
            )
        )
        return text or "no rows"

    def _verb(self, verb: str, symbol: str) -> str:
        answer = code.answer(self.store, self.graph, Route(verb, symbol, True, ""), symbol)
        if answer is None:
            return "nothing known"
        self.evidence += [citation.evidence for citation in answer.citations]
        return answer.text

    def tools(self) -> list[BaseTool]:
        named = (
            self.search,
            self.callers,
            self.callees,
            self.definition,
            self.subclasses,
            self.references,
            self.cypher,
        )
        return [self._told(tool) for tool in named]

    def _told(self, tool: Callable[[str], str]) -> BaseTool:
        """An error goes back to the model as text, so that it can try another way; every call is noted."""
        from langchain_core.tools import StructuredTool

        def run(**arguments: str) -> str:
            self.calls.append(f"{tool.__name__}({', '.join(arguments.values())})")
            try:
                return tool(*arguments.values())
            except EvidentiaError as error:
                return f"error: {error}"

        shape = StructuredTool.from_function(tool)
        return StructuredTool.from_function(
            run, name=shape.name, description=shape.description, args_schema=shape.args_schema
        )


def plan(model: LanguageModel, question: str, toolbox: Toolbox) -> str:
    """The model's last word; ``toolbox`` then holds the evidence and the calls.

    Raises ``MissingExtra`` without LangChain, ``ModelError`` when the endpoint fails.
    """
    try:
        from langchain.agents import create_agent
    except ImportError as error:
        raise MissingExtra("langchain", "langchain") from error
    from langgraph.errors import GraphRecursionError

    from ..serving.langchain import chat_model

    agent = create_agent(chat_model(model), tools=toolbox.tools(), system_prompt=_SYSTEM)
    turns = {"messages": [{"role": "user", "content": question}]}
    try:
        done = agent.invoke(turns, {"recursion_limit": MAX_STEPS})
    except GraphRecursionError:
        return ""
    return str(done["messages"][-1].text)
