"""The passages for one part of a question: from the retriever that was asked for, or from all of them together."""

from __future__ import annotations

from collections.abc import Generator

from ...corpus.document import Evidence
from ...questions.question import Question
from ...retrieval import open_retriever
from ...retrieval.compose import Expression
from ...retrieval.exact import named_passages
from ...retrieval.fusion import FusedRetriever, by_rank
from ...retrieval.multihop.retriever import TOLD
from ...retrieval.rows import named_rows
from ..answer import Step
from ..answers.newer import with_newer
from . import code_graph
from .sources import Sources
from .trace import Trace, plural

PASSAGES = 10


def search(
    sources: Sources, asked: Question, retriever: str | Expression | None, trace: Trace
) -> Generator[Step, None, list[Evidence]]:
    """Finds passages. Without ``retriever`` it fuses text search, the passages that hold an identifier, the rows of
    tables that are named, and the definitions of named symbols."""
    if retriever is not None:
        hits = open_retriever(retriever, sources.store, sources.embedder, sources.model).search(asked.text, PASSAGES)
        told = sum(TOLD in hit.why for hit in hits)
        by_model = f", {told} of them by what a model extracted" if told else ""
        yield trace.step(str(retriever), plural(len(hits), "passage") + by_model)
        return by_rank(hits)
    named = code_graph.definitions(sources.store, sources.graph, asked.text)
    if named:
        yield trace.step("graph", "; ".join(hit.why for hit in named))
    exact = named_passages(sources.store, asked)
    if exact:
        yield trace.step("exact", "; ".join(dict.fromkeys(hit.why for hit in exact)))
    rows = named_rows(sources.store, asked)
    if rows:
        yield trace.step("rows", plural(len(rows), "passage"))
    hits = FusedRetriever(sources.store, sources.embedder).search(asked.text, PASSAGES, named, exact, rows)
    yield trace.step("fused", plural(len(hits), "passage"))
    return with_newer(sources.store, asked, hits)
