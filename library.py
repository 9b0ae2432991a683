"""The library: a folder that holds documents, spans, indexes and graphs, and answers questions about them.

This is the SDK's one object; the command line and the HTTP API are thin faces on it.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .agents.answer import Answer, Event
from .agents.ask import Agent, refuse
from .agents.examples import examples
from .agents.extract import (
    FREE,
    ExtractionBudget,
    ExtractionPlan,
    ExtractionReport,
    TokenPrices,
    extract,
    plan_extraction,
)
from .agents.loop import Budget
from .agents.query import GraphAgent
from .agents.reports.verify import Verified, verify
from .agents.tools.asked import AskedGraph, AskedKnowledge, AskedTables
from .corpus import catalog, schema, soundness
from .corpus.document import Document, Evidence
from .corpus.passages import texts_spread
from .corpus.reading import Limits
from .corpus.scope import Where, named_scopes, scope_to
from .corpus.sql_tables import copy_tables
from .corpus.store import Store
from .errors import InputError, NotFoundError
from .graphs.code import CodeGraph
from .ingest import AddReport, Ingest, Progress
from .retrieval import RETRIEVERS, embedders, open_retriever, unfinished
from .retrieval.base import Embedder, Retriever
from .retrieval.cfic import sessions
from .retrieval.compose import Expression
from .retrieval.dense import hnsw
from .retrieval.dense.index import DENSE
from .serving.base import LanguageModel
from .settings import Settings, redact

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

    from .integrations.langchain import LangChainRetriever
    from .integrations.telemetry import Telemetry
    from .serving.models.endpoint import EndpointModel
    from .serving.models.local import LocalTransformers

AnyRetriever = str | Expression | Retriever

_RECHECK = 60
"""Seconds."""
LEARNT = "drafting.safetensors"
"""What guessing has learnt from the model's replies about this library."""
GUESSED_FROM = 1_000_000
"""Characters of passages that a drafter may be fed with."""


class Library:
    """``folder`` (default: ``settings.library``) is made when it is missing, unless ``create`` is false.

    ``model`` and ``embedder`` replace those that ``settings`` name. One library may be used from several threads, and
    many processes may read it while one writes.

    >>> library = Library("my-library")                  # doctest: +SKIP
    >>> library.add("docs")                              # doctest: +SKIP
    >>> print(library.ask("What is the default?").text)  # doctest: +SKIP
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        *,
        settings: Settings | None = None,
        create: bool = True,
        model: LanguageModel | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self.settings = settings or Settings.from_env()
        self.store = Store(Path(folder or self.settings.library), create=create, cache=self.settings.cache)
        schema.open_catalog(self.store)
        sessions.allow(self.store, self.settings.session_bytes)
        self.code = CodeGraph(self.store)
        self.knowledge = AskedKnowledge(self.store, self.embedder)
        self.tables = AskedTables(self.store)
        self.graph = AskedGraph(self.code, self.store.folder / "graph", self.settings.graph)
        self._lock = threading.RLock()
        self._soundness: tuple[float, list[str]] = (-math.inf, [])
        """When the stored texts were compared last, and those that were damaged."""
        self._checking = threading.Lock()
        self._counted: tuple[int, dict[str, Any]] = (-1, {})
        """The code graph's version, and what was counted of it."""
        self._model, self._embedder = model, embedder
        self._load_embedder = cache(partial(embedders.load, settings=self.settings))
        self._own: LocalTransformers | EndpointModel | None = None
        self._telemetry = self._open_telemetry()
        self._agent = Agent(
            self.store,
            self.graph,
            self.knowledge,
            tables=self.tables,
            embedder=self.embedder,
            model=self.model,
            max_question_chars=self.settings.max_question_chars,
            budget=Budget.of(self.settings),
        )

    def add(
        self,
        *paths: str | Path,
        include: Iterable[str] = (),
        graph_only: bool = False,
        progress: Progress | None = None,
    ) -> AddReport:
        """Brings files and folders up to date: what has not changed is not read, what is gone is taken out. The code
        graph comes before the vectors, and either answers as soon as it is there.

        ``include``: patterns, besides those of the settings, of files that are read although they would be passed over.
        ``graph_only``: leaves the vectors to the next ``add`` or ``repair``; until then words alone find passages.

        Raises ``NotFoundError`` for a missing path and ``LibraryLocked`` when another process writes.
        """
        report = AddReport()
        with self._telemetry.add(report, progress) if self._telemetry else nullcontext(progress) as told:
            self._ingest(told, tuple(include)).add(paths, report, vectors=not graph_only)
        self._forget(report)
        return report

    def copy_tables(self, address: str) -> Path:
        """Copies the tables behind an SQL address (``postgresql://user@host/database``) into a file of the library's
        own, which ``add`` then takes: ``library.add(library.copy_tables(address))``. A later call copies them anew.

        Raises ``MissingExtra`` without SQLAlchemy, ``InputError`` and ``ReadError`` where it cannot be done.
        """
        return copy_tables(address, self.store.files, self.settings.max_file_bytes)

    def plan_extraction(self, prices: TokenPrices = FREE) -> ExtractionPlan:
        """What it takes to have the model extract from the documents that it has not read yet. Nothing is called."""
        return plan_extraction(self.knowledge, self.settings.model, prices)

    def extract(self, budget: ExtractionBudget, progress: Progress | None = None) -> ExtractionReport:
        """Has it do that within the budget; a later call goes on. Raises ``ModelError`` and ``LibraryLocked``."""
        return extract(self.knowledge, self.model(), budget, partial(progress, "extraction") if progress else None)

    def remove(self, path: str | Path) -> AddReport:
        """Takes out an added folder or one document; the files themselves stay."""
        report = AddReport()
        self._ingest(None).remove(str(path), report)
        self._forget(report)
        return report

    def repair(self) -> list[str]:
        """Finishes what a killed run left half done and makes a damaged index anew; one sentence for each thing
        mended."""
        with self.store.writing():
            return DENSE.discard_damaged(self.store) + self._ingest(None).repair()

    def ask(
        self, question: str, *, write: bool = False, retriever: str | Expression | None = None, where: Where = ()
    ) -> Answer:
        """``write`` lets the language model answer in its words; they are shown only where evidence carries them.
        ``where``: folders, files or patterns that alone are searched; ``in:folder`` in the question does the same.

        Raises ``NotFoundError`` when nothing lies there.
        """
        *_, answer = self.stream(question, write=write, retriever=retriever, where=where)
        assert isinstance(answer, Answer)
        return answer

    def ask_graph(self, question: str, *, write: bool = False) -> Answer:
        """Answers from the rows of a query over the graphs of code, documents and tables, which it shows; where none
        answers, the text is searched and the answer says why. ``write`` lets the language model write the query."""
        return GraphAgent(self._agent).ask(question, write=write)

    async def aask(
        self, question: str, *, write: bool = False, retriever: str | Expression | None = None, where: Where = ()
    ) -> Answer:
        """``ask`` in a thread of its own, for callers that must not wait."""
        return await asyncio.to_thread(self.ask, question, write=write, retriever=retriever, where=where)

    def stream(
        self, question: str, *, write: bool = False, retriever: str | Expression | None = None, where: Where = ()
    ) -> Iterator[Event]:
        """The steps and sentences of ``ask`` as they come, then the ``Answer``."""
        question, store = self._apply_scope(question, where)
        events = replace(self._agent, store=store).ask(question, written=write, retriever=retriever)
        return self._telemetry.ask(question, events) if self._telemetry else events

    def search(
        self, question: str, k: int = 10, retriever: AnyRetriever | None = None, *, where: Where = ()
    ) -> list[Evidence]:
        """``retriever``: a name, an expression such as ``lexical + dense >> reader`` (as text or a value of
        ``retrieval.compose``), or a retriever of your own; that of the settings unless it is given."""
        retriever = self.settings.retriever if retriever is None else retriever
        question, store = self._apply_scope(question, where)
        refuse(question, self.settings.max_question_chars, None)
        if k < 1:
            raise InputError("ask for at least one passage", where=f"k={k}", fix="give k from 1 up")
        return self._open(retriever, store).search(question, k)

    def retriever(self, retriever: AnyRetriever | None = None, *, where: Where = ()) -> Retriever:
        """One to be searched as often as wanted; see ``search``."""
        _, store = self._apply_scope("", where)
        return self._open(self.settings.retriever if retriever is None else retriever, store)

    def _open(self, retriever: AnyRetriever, store: Store) -> Retriever:
        if retriever == "graph":
            raise InputError("graph gives rows, not passages", fix=f"use one of: {', '.join(RETRIEVERS)}")
        return open_retriever(retriever, store, self.embedder, self.model)

    def as_retriever(
        self, k: int = 10, retriever: AnyRetriever | None = None, *, where: Where = ()
    ) -> LangChainRetriever:
        """The library as LangChain's ``BaseRetriever``. Raises ``MissingExtra`` without the extra ``langchain``."""
        from .integrations.langchain import LangChainRetriever

        return LangChainRetriever(search=partial(self.search, retriever=retriever, where=where), k=k)

    def as_tools(self) -> list[BaseTool]:
        """LangChain tools that ask and search the library. Raises ``MissingExtra`` without the extra ``langchain``."""
        from .integrations.langchain import tools

        return tools(self.search, self.ask)

    def as_llamaindex_retriever(self, k: int = 10, retriever: AnyRetriever | None = None, *, where: Where = ()) -> Any:
        """The library as LlamaIndex's ``BaseRetriever``. Raises ``MissingExtra`` without the extra ``llamaindex``."""
        from .integrations.llamaindex import LlamaIndexRetriever

        return LlamaIndexRetriever(partial(self.search, retriever=retriever, where=where), k)

    def _apply_scope(self, question: str, where: Where) -> tuple[str, Store]:
        """The question without its ``in:folder``, and the documents that it is asked of."""
        _refuse_broken(question)
        bare, named = named_scopes(question)
        return bare, scope_to(self.store, [*([where] if isinstance(where, str) else where), *named])

    def verify(self, report: str) -> Verified:
        """Checks every citation of a report in Markdown (its form: ``agents/reports/markdown.py``) against what is
        stored: whether the quote stands there, and whether it carries the claim.

        Raises ``InputError`` for a report that cites nothing.
        """
        _refuse_broken(report)
        return verify(self.store, lambda claim, k: self.search(claim[: self.settings.max_question_chars], k), report)

    def document(self, uri: str) -> Document:
        found = catalog.load_document(self.store, uri)
        if found is None:
            raise NotFoundError("no such document in the library", where=uri, fix="run: evidentia status")
        return found

    def documents(self, most: int = 1000) -> list[dict[str, str]]:
        """The first ``most`` by name: ``uri``, ``name`` and ``title`` of each."""
        rows = catalog.document_rows(self.store, most)
        return [{"uri": row.uri, "name": row.name, "title": row.title} for row in rows]

    def examples(self) -> list[str]:
        """Questions made from what the library holds; none for an empty one."""
        return examples(self.store)

    def is_sound(self, uri: str) -> bool:
        """Whether the stored text of this document is what was read."""
        return soundness.is_sound(self.store, uri)

    def status(self) -> dict[str, Any]:
        """JSON-ready: what the library holds, what it could not read, and whether something waits to be mended."""
        return {
            "folder": str(self.store.folder.resolve()),
            **catalog.overview(self.store),
            "embedder": self.store.get("embedder") or embedders.name_for(self.store, self.settings),
            "model": (self.settings.endpoint and f"{self.settings.model} at {redact(self.settings.endpoint)}")
            or self.settings.model,
            "graph": {"engine": self.settings.graph, **self._code_counts()},
            "unfinished": unfinished.running(self.store),
            "stale": DENSE.is_stale(self.store),
            "damaged": self._damaged_documents(),
        }

    def _damaged_documents(self) -> list[str]:
        """Documents that are not as they were read. Every text is read for it, so not more often than once a minute."""
        checked, found = self._soundness
        if time.monotonic() - checked <= _RECHECK:
            return found
        # One thread reads; the others say what was found before, if anything was.
        if not self._checking.acquire(blocking=checked < 0):
            return found
        try:
            if self._soundness[0] == checked:
                self._soundness = time.monotonic(), soundness.damaged_documents(self.store)
            return self._soundness[1]
        finally:
            self._checking.release()

    def embedder(self) -> Embedder:
        """The embedder that was given, or the one that made the library's vectors, or would."""
        with self._lock:
            if self._embedder is not None:
                return self._embedder
            return self._load_embedder(embedders.name_for(self.store, self.settings))

    def model(self) -> LanguageModel:
        """Raises ``ModelError`` when it is not on this machine."""
        with self._lock:
            if self._model is None:
                from .serving import load

                self._model = self._own = load(
                    self.settings.model,
                    self.settings,
                    self.store.folder / LEARNT,
                    partial(texts_spread, self.store, GUESSED_FROM),
                )
            return self._model

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
        self.graph.close()
        self.store.close()

    def _open_telemetry(self) -> Telemetry | None:
        if not self.settings.telemetry:
            return None
        from .integrations.telemetry import Telemetry

        return Telemetry(self.settings.telemetry)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _forget(self, report: AddReport) -> None:
        """What drafting has learnt may hold traces of text that is gone."""
        if not (report.removed or report.changed):
            return
        (self.store.folder / LEARNT).unlink(missing_ok=True)
        if self._model is not None:
            from .serving.base import Learning

            if isinstance(self._model, Learning):
                self._model.forget()

    def _code_counts(self) -> dict[str, Any]:
        version, (known, counts) = self.code.version, self._counted
        if known != version:
            stats, coverage = self.code.stats(), self.code.coverage()
            counts = {
                "files": stats.files,
                "nodes": stats.nodes,
                "edges": stats.edges,
                "exact": coverage.total("exact"),
                "inferred": coverage.total("inferred"),
                "unknown": coverage.total("unknown"),
                "problems": [asdict(problem) for problem in stats.problems],
            }
            self._counted = version, counts
        return counts

    def _ingest(self, progress: Progress | None, include: tuple[str, ...] = ()) -> Ingest:
        silent: Callable[[str, int, int], None] = lambda stage, done, total: None  # noqa: E731
        plan = hnsw.Plan.of(self.settings)
        limits = Limits(seconds=self.settings.file_seconds)
        most = self.settings.max_file_bytes
        return Ingest(
            self.store,
            self.embedder,
            self.code,
            knowledge=self.knowledge,
            tables=self.tables,
            max_file_bytes=most,
            limits=limits,
            progress=progress or silent,
            plan=plan,
            include=(*self.settings.include, *include),
        )


def _refuse_broken(question: str) -> None:
    """Half of a surrogate pair, as a command line makes it of bytes that are no UTF-8, has no words and no vector."""
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            "the question is not valid text (UTF-8)", where=ascii(question), fix="type it again"
        ) from error
