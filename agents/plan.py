"""For models that are strong enough to plan: LangChain's agent loop with our retrievers and graph verbs as its tools.

Whatever a tool returns is kept as evidence, so that what the model says at the end is checked like any written answer.
Small local models never come here (``LanguageModel.plans``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..corpus.document import Evidence
from ..corpus.store import Store
from ..errors import EvidentiaError, MissingExtra
from ..retrieval.base import Retriever
from ..serving.base import LanguageModel
from .tools.asked import AskedGraph, AskedKnowledge
from .tools.library import PLANNED, TOOLS, run
from .tools.tool import Tool
from .write import CUT

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

MAX_STEPS = 16
"""LangGraph's limit of turns: each tool call takes two."""
LONGEST = 60
"""Lines of a result that the model reads."""

_SYSTEM = (
    "You answer questions about a library of documents and code. Find evidence with the tools first; never answer from "
    "memory. Answer in a few short sentences in the words of the evidence. If the tools find nothing, say: Not found."
)


@dataclass
class Toolbox:
    """The tools of one question, and what they have found so far."""

    store: Store
    graph: AskedGraph
    knowledge: AskedKnowledge
    retriever: Retriever
    evidence: list[Evidence] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def search(self, question: str, k: int = 10, retriever: str = "fused") -> list[Evidence]:
        return self.retriever.search(question, k)

    def tools(self) -> list[BaseTool]:
        return [self._chained(TOOLS[name]) for name in PLANNED]

    def _chained(self, tool: Tool) -> BaseTool:
        """As LangChain calls it. An error goes back to the model as text, so that it can try another way; every call is
        noted."""
        from langchain_core.tools import StructuredTool

        def call(**arguments: object) -> str:
            self.calls.append(f"{tool.name}({', '.join(map(str, arguments.values()))})")
            try:
                found = run(tool, self, arguments)
            except EvidentiaError as error:
                return f"error: {error}"
            self.evidence += found.evidence
            return "\n".join(found.lines[:LONGEST])

        return StructuredTool(name=tool.name, description=tool.description, args_schema=tool.schema(), func=call)


def plan(model: LanguageModel, question: str, toolbox: Toolbox) -> str:
    """The model's last word, with ``CUT`` where it was not finished; ``toolbox`` then holds the evidence and the calls.

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
    last = done["messages"][-1]
    return f"{last.text}{CUT}" if last.response_metadata.get("finish_reason") == "length" else str(last.text)
