"""The HTTP API: each route checks its input, hands the work to a thread and replies with JSON or with events."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from ..agents.answer import Answer, Sentence, Step
from ..corpus.document import Evidence
from ..errors import InputError
from ..graphs.base import GraphRows
from ..retrieval import RETRIEVERS
from . import verbs
from .adding import adding
from .dependencies import AtDesk
from .events import event_reply, event_schema
from .excerpt import excerpt
from .removal import removal
from .reply import JsonReply, event
from .schema import (
    RETRIEVER,
    AnswerBody,
    Excerpt,
    FailureBody,
    GraphQuery,
    GraphQuestionBody,
    Health,
    Listed,
    QuestionBody,
    QuestionText,
)

Event = Step | Sentence | Answer


health = APIRouter()
api = APIRouter(
    prefix="/api",
    responses={"default": {"model": FailureBody, "description": "What went wrong, where, and what to do"}},
)


@health.get("/health", responses={200: {"model": Health}})
async def healthy() -> JsonReply:
    """Says that the server runs; tells nothing of the library."""
    return JsonReply({"status": "ok"})


@api.post("/ask", responses={200: {"model": AnswerBody}})
async def ask(body: QuestionBody, request: Request, desk: AtDesk) -> JsonReply:
    """One question, one answer whose quotes were checked."""
    call = partial(desk.library.ask, body.question, write=body.write, retriever=body.retriever, where=body.where)
    return JsonReply((await desk.lanes.of(body.retriever, write=body.write).run(request, call)).to_dict())


@api.post(
    "/ask/stream",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"text/event-stream": {"schema": event_schema("step", "sentence", "answer", "error")}},
            "description": "Events `step`, `sentence`, then `answer` or `error`; each carries one JSON object",
        }
    },
)
async def ask_stream(body: QuestionBody, request: Request, desk: AtDesk) -> StreamingResponse:
    """The same, told as it happens. What fails before the first event is a plain HTTP error."""
    start = partial(desk.library.stream, body.question, write=body.write, retriever=body.retriever, where=body.where)
    first, found = await desk.lanes.of(body.retriever, write=body.write).stream(request, start)
    return event_reply(first, found, _event)


def _event(found: Event) -> bytes:
    if isinstance(found, Answer):
        return event("answer", found.to_dict())
    return event(type(found).__name__.lower(), found)


@api.get("/search", responses={200: {"model": list[Evidence]}})
async def search(
    request: Request,
    desk: AtDesk,
    question: Annotated[QuestionText, Query()],
    k: Annotated[int, Query(ge=1, le=100)] = 10,
    retriever: Annotated[str | None, Query(description=RETRIEVER, examples=list(RETRIEVERS))] = None,
    where: Annotated[list[str], Query(description="The only folders, files or patterns that are searched.")] = [],  # noqa: B006
) -> JsonReply:
    """The best passages, without an answer."""
    if not question.strip():
        raise InputError("the question is empty", fix="name what to look for")
    call = partial(desk.library.search, question, k, retriever, where=where)
    return JsonReply(await desk.lanes.of(retriever).run(request, call))


@api.get("/status")
async def status(request: Request, desk: AtDesk) -> dict[str, Any]:
    """What the library holds, what could not be read, and which models it uses."""
    return await desk.lanes.quick.run(request, desk.library.status)


@api.get("/documents", responses={200: {"model": list[Listed]}})
async def documents(request: Request, desk: AtDesk, most: Annotated[int, Query(ge=1, le=10_000)] = 1000) -> JsonReply:
    """What the library holds, by name."""

    def rows() -> list[dict[str, Any]]:
        uploads = desk.uploads if desk.changeable else None
        found = desk.library.documents(most)
        return [{**each, "removable": uploads is not None and uploads.holds(Path(each["uri"]))} for each in found]

    return JsonReply(await desk.lanes.quick.run(request, rows))


@api.get("/examples", responses={200: {"model": list[str]}})
async def examples(request: Request, desk: AtDesk) -> JsonReply:
    """Questions made from what the library holds."""
    return JsonReply(await desk.lanes.quick.run(request, desk.library.examples))


@api.get("/document", responses={200: {"model": Excerpt}})
async def document(
    request: Request,
    desk: AtDesk,
    uri: str,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int | None, Query(ge=0)] = None,
    lines: Annotated[int, Query(ge=0, le=2000)] = 40,
) -> JsonReply:
    """The stored text around characters `start` to `end`, with `lines` whole lines on each side."""

    def cut() -> Excerpt:
        found, sound = desk.library.document(uri), desk.library.is_sound(uri)
        return excerpt(found, start, start if end is None else end, lines, sound=sound)

    return JsonReply(await desk.lanes.quick.run(request, cut))


@api.post("/graph/ask", responses={200: {"model": AnswerBody}})
async def graph_ask(body: GraphQuestionBody, request: Request, desk: AtDesk) -> JsonReply:
    """One question over the graphs of code, documents and tables, answered by the rows of a query that is shown."""
    call = partial(desk.library.ask_graph, body.question, write=body.write)
    return JsonReply((await desk.lanes.of(None, write=body.write).run(request, call)).to_dict())


@api.post("/graph/query", responses={200: {"model": GraphRows}})
async def graph_query(body: GraphQuery, request: Request, desk: AtDesk) -> JsonReply:
    """The rows of a read-only Cypher query."""
    call = partial(desk.library.graph.query, body.cypher, body.params, max_rows=body.max_rows)
    return JsonReply(await desk.lanes.searching.run(request, call))


api.include_router(verbs.graph)
api.include_router(verbs.knowledge)
api.include_router(verbs.tables)
api.include_router(adding)
api.include_router(removal)
