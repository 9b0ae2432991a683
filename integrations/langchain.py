"""A library as LangChain's retriever and tools. Raises ``MissingExtra`` without the extra ``langchain``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..agents.answer import Answer
from ..errors import MissingExtra
from .metadata import Search, metadata

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.tools import BaseTool, StructuredTool
except ImportError as error:
    raise MissingExtra("langchain-core", "langchain") from error


class LangChainRetriever(BaseRetriever):
    """Passages of a library, best first; each document's metadata says where it stands."""

    search: Any
    """A ``Search``."""
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [Document(page_content=one.quote, metadata=metadata(one)) for one in self.search(query, self.k)]


def tools(search: Search, ask: Callable[[str], Answer]) -> list[BaseTool]:
    """``ask_library`` answers with quotes and their places; ``search_library`` gives passages."""

    def ask_library(question: str) -> str:
        """Answer a question from the documents and code of the library, with verbatim quotes and where they stand."""
        answer = ask(question)
        fit = [f"fits: {answer.fit}"] if answer.fit else []
        cited = [
            f"[{each.number}] {each.place}{'' if each.verified else '  (not in the stored document any more)'}"
            for each in answer.citations
        ]
        return "\n".join([answer.full_text, *fit, *(f"note: {note}" for note in answer.notes), *cited])

    def search_library(question: str, k: int = 5) -> str:
        """Find passages about something in the documents and code of the library."""
        found = search(question, max(1, min(k, 20)))
        return "\n\n".join(f"{one.name}:{one.span.line if one.span else ''}\n{one.quote}" for one in found)

    return [StructuredTool.from_function(ask_library), StructuredTool.from_function(search_library)]
