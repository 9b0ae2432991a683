"""A library of scripted answers: what the page and the API do with each kind of answer must not depend on a search."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn

from evidentia.agents.answer import Answer, Citation, Sentence, Step
from evidentia.app.openai.served_model import Models
from evidentia.app.server import config, create_app
from evidentia.corpus.cancellation import check
from evidentia.corpus.document import Document, Evidence, Span
from evidentia.corpus.scope import Where
from evidentia.errors import InputError, ModelError, NotFoundError, QueryRefused
from evidentia.graphs.base import GraphRows
from evidentia.settings import Settings

from .browsing import ARGUMENTS, CHROMIUM

GUIDE = """# Guide to the pump

The pump moves water from the well to the tank. It starts by itself when the tank is half empty.

## Settings

| name | default | meaning |
|------|---------|---------|
| rate | 4 l/s   | how fast it pumps |

The default rate is four litres in a second,
unless the file pump.toml says otherwise.
Values above nine are refused.

## Starting it by hand

1. Open the *valve*.
2. Run `pump start`, then see [the log](https://example.org/log) or [its script](javascript:alert(1)):

   ```sh
   tail -f pump.log  # **not** emphasis
   ```

<script>document.title = "taken"</script> is text here, and so is <img src=x onerror="document.title='taken'">.
"""
CODE = '''def start(rate: float = 4.0) -> None:
    """Start the pump."""
    check(rate)
    motor.run(rate)


def check(rate: float) -> None:
    if rate > 9:
        raise ValueError(rate)
'''
DOCUMENTS = {
    "/books/guide.md": Document(
        "/books/guide.md", "books/guide.md", GUIDE, "text/markdown", "0" * 64, "Guide to the pump"
    ),
    "/books/pump.py": Document("/books/pump.py", "books/pump.py", CODE, "text/x-python", "1" * 64),
}


def cite(
    number: int,
    quote: str,
    uri: str = "/books/guide.md",
    retriever: str = "dense+lexical",
    kind: str = "section",
    why: str = "similarity 0.71; words: default, rate",
) -> Citation:
    document = DOCUMENTS[uri]
    start = document.text.index(quote)
    line = document.text.count("\n", 0, start) + 1
    span = Span(uri, start, start + len(quote), line, line + quote.count("\n"))
    return Citation(
        number, quote, Evidence(quote, 0.9, retriever, why, span, document.name, "Settings", kind, number), True
    )


def known_retriever(name: str, *more: str) -> None:
    if name not in ("dense", "lexical", "fused", *more):
        raise InputError(f"there is no retriever named {name}", fix="use one of: dense, lexical, fused")


class ScriptedLibrary:
    """Answers by the first word that it knows in the question; ``closed`` tells when a stream was closed early."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.closed, self.hold = threading.Event(), threading.Event()
        self.graph, self.knowledge, self.tables = ScriptedGraph(), ScriptedVerbs(), ScriptedVerbs()

    def ask(self, question: str, *, write: bool = False, retriever: str | None = None, where: Where = ()) -> Answer:
        *_, answer = self.stream(question, write=write, retriever=retriever)
        return answer

    def ask_graph(self, question: str, *, write: bool = False) -> Answer:
        return self.ask(question, write=write)

    def stream(
        self, question: str, *, write: bool = False, retriever: str | None = None, where: Where = ()
    ) -> Iterator[Step | Sentence | Answer]:
        if not question.strip():
            raise InputError("the question is empty", fix="ask something, such as: What does it do?")
        known_retriever(retriever or "fused", "graph")
        steps = (
            Step("route", "not a question for a graph: searched the text", 0.0002),
            Step("fused", "10 passages", 0.0313),
            Step("read", "the best of 24 sentences", 0.0891),
            Step("verify", "quotes equal the stored text", 0.0011),
        )
        yield steps[0]
        try:
            yield from self._rest(question, write, steps)
        finally:
            self.closed.set()

    def _rest(self, question: str, write: bool, steps: tuple[Step, ...]) -> Iterator[Step | Sentence | Answer]:
        if "break" in question:
            raise ZeroDivisionError("a secret detail")
        if "model" in question:
            raise ModelError(
                "the model is not on this machine", where="SmolLM2-135M-Instruct", fix="run: evidentia model get"
            )
        while "forever" in question:
            check()
            yield Step("fused", "still looking", 0.01)
            time.sleep(0.01)
        if "wait" in question:
            self.hold.wait(10)
        yield from steps[1:]
        yield from self._answers(question, write, steps)

    def _answers(self, question: str, write: bool, steps: tuple[Step, ...]) -> Iterator[Sentence | Answer]:
        rate = cite(1, "The default rate is four litres in a second,\nunless the file pump.toml says otherwise.")
        if "calls" in question:
            rows = (
                ("start", "CALLS", "books/pump.py", 1, "exact"),
                ("refill", "CALLS", "books/tank.py", 48, "inferred"),
            )
            found = Evidence(
                "start\nrefill",
                1.0,
                "graph",
                "2 rows",
                None,
                "code graph",
                "",
                "rows",
                0,
                "MATCH (c)-[:CALLS]->(t:FUNCTION {id: 'books/pump.py:check'}) RETURN c.id AS id",
                rows,
            )
            line = cite(2, "check(rate)", "/books/pump.py", "graph", "code", "CALLS start, exact")
            yield Answer(
                question,
                "check is called by 2 [1]: start [2], refill (inferred)",
                "rows",
                (Citation(1, found.quote, found, True), line),
                trace=steps,
                metadata={"columns": ["symbol", "edge", "file", "line", "resolution"]},
            )
        elif "moon" in question:
            near = cite(1, "The pump moves water from the well to the tank.")
            text = f"Not found here. The nearest that was found, which may be about something else: {near.place} [1]"
            yield Answer(question, text, "not_found", (near,), trace=steps)
        elif "script" in question:
            quote = cite(1, GUIDE.splitlines()[-1])
            yield Answer(question, f"{quote.quote} [1]", "quoted", (quote,), trace=steps)
        elif "by hand" in question or "settings" in question:
            begin, end = ("| name", "pumps |") if "settings" in question else ("1. Open", "   ```\n\n")
            start = GUIDE.index(begin)
            laid = cite(1, GUIDE[start : GUIDE.index(end, start) + len(end)].strip())
            at = laid.quote.find("Run `pump start`")
            laid = replace(laid, focus=((at, laid.quote.index(" or [its", at)),) if at >= 0 else ())
            yield Answer(question, f"{laid.quote} [1]", "quoted", (laid,), trace=steps)
        elif write:
            first = Sentence("The pump moves four litres in a second by default.", True, 1)
            yield first
            texts = (first, Sentence("It was invented in 1804.", False, None))
            yield Answer(question, f"{first.text} [1]", "written", (rate,), texts, steps, "SmolLM2-135M-Instruct")
        else:
            code = cite(
                2,
                "def start(rate: float = 4.0) -> None:",
                "/books/pump.py",
                "lexical",
                "function",
                "words: rate, start",
            )
            yield Answer(question, f"{rate.quote} [1]\n{code.quote} [2]", "quoted", (rate, code), trace=steps)

    def search(self, question: str, k: int = 10, retriever: str = "fused", *, where: Where = ()) -> list[Evidence]:
        known_retriever(retriever or "fused")
        return [cite(1, "The pump moves water from the well to the tank.").evidence][:k]

    def document(self, uri: str) -> Document:
        if uri not in DOCUMENTS:
            raise NotFoundError("no such document in the library", where=uri, fix="run: evidentia status")
        return DOCUMENTS[uri]

    def documents(self, most: int = 1000) -> list[dict[str, str]]:
        return [{"uri": each.uri, "name": each.name, "title": each.title} for each in DOCUMENTS.values()][:most]

    def examples(self) -> list[str]:
        return ["Who calls `pump`?", "Where is “The well” described?"]

    def is_sound(self, uri: str) -> bool:
        return uri in DOCUMENTS

    def status(self) -> dict[str, Any]:
        return {
            "folder": "/home/ada/.local/share/evidentia/library",
            "counts": {"sources": 1, "documents": 2, "passages": 9, "vectors": 9, "skipped": 1},
            "sources": ["/books"],
            "skipped": [{"path": "/books/old.pdf", "reason": "the PDF is damaged: no pages"}],
            "partial": [{"path": "/books/plan.docx", "omitted": "2 pictures without text"}],
            "embedder": "all-MiniLM-L6-v2",
            "model": "SmolLM2-135M-Instruct",
            "graph": {"engine": "arcadedb", "files": 1, "symbols": 3},
            "unfinished": [],
            "stale": False,
            "damaged": [],
        }


class ScriptedGraph:
    def query(self, cypher: str, params: dict[str, Any] | None = None, *, max_rows: int = 200) -> GraphRows:
        if "DELETE" in cypher:
            raise QueryRefused("only reads are allowed, found DELETE", where=cypher, fix="use MATCH … RETURN")
        return GraphRows(("name", "line"), (("start", 1), ("check", float("nan")))[:max_rows], seconds=0.002)

    def verb(self, verb: str, name: str = "", **_: object) -> list[dict[str, str]]:
        if name != "check":
            raise NotFoundError("no such symbol", where=name, suggestions=("check",))
        return [{"verb": verb, "symbol": name}]


class ScriptedVerbs:
    """The verbs of the knowledge graph, or of the tables."""

    def verb(self, verb: str, **arguments: object) -> Answer:
        if "unknown" in arguments.values():
            raise NotFoundError("no such name", where="unknown", suggestions=("Alba",))
        return Answer(verb, "Alba: 2 mentions in 1 document", "quoted")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def scripted() -> ScriptedLibrary:
    return ScriptedLibrary()


@contextmanager
def listening(
    library: Any, token: str | None = None, models: Models | None = None, *, may_add: bool = False
) -> Iterator[str]:
    """A real server on a free port of this machine; gives its address."""
    server = uvicorn.Server(config(create_app(library, models=models, token=token, may_add=may_add)))
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def address(scripted: ScriptedLibrary) -> Iterator[str]:
    with listening(scripted) as found:
        yield found


@pytest.fixture
def guarded(scripted: ScriptedLibrary) -> Iterator[str]:
    """The same behind the token ``sesame``."""
    with listening(scripted, token="sesame") as found:
        yield found
